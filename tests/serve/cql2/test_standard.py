"""Examples of OGC 21-065r2 in both notations, and the expressions that QGIS sends."""

import json
from typing import Any

import pytest

from spatial.domain.crs import CRS84
from spatial.serve.cql2.classes import FILTER_CLASSES
from spatial.serve.cql2.read import JSON, TEXT, read_filter
from spatial.store.catalogue import Field

_FIELDS = {
    name: Field(name, kind, name, name)
    for name, kind in [
        ("city", "string"), ("name", "string"), ("road_class", "string"), ("etat_vol", "string"),
        ("balance", "number"), ("depth", "number"), ("category", "integer"), ("jaar", "integer"),
        ("aandeel_ouderen", "number"), ("updated", "date"), ("touchdown", "date"),
        ("liftOff", "date"), ("peildatum", "date"), ("isActive", "boolean"),
    ]
}  # fmt: skip


def _op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


def _of(name: str) -> dict[str, str]:
    return {"property": name}


_POINT = {"type": "Point", "coordinates": [36.319836, 32.288087]}
_RING = [[43.72, -79.29], [43.73, -79.29], [43.73, -79.28], [43.72, -79.29]]
_LINE = {"type": "LineString", "coordinates": [[43.71, -79.3], [43.74, -79.28]]}
_TRIANGLE = "POLYGON((43.72 -79.29, 43.73 -79.29, 43.73 -79.28, 43.72 -79.29))"
_FLIGHT = "INTERVAL('1969-07-16T13:32:00Z', '1969-07-24T16:50:35Z')"
_APOLLO = {"interval": ["1969-07-16T13:32:00Z", "1969-07-24T16:50:35Z"]}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("city='Toronto'", _op("=", _of("city"), "Toronto")),
        ("balance-150.0 > 0", _op(">", _op("-", _of("balance"), 150.0), 0)),
        ("updated >= date('1970-01-01')", _op(">=", _of("updated"), {"date": "1970-01-01"})),
        ("geometry IS NOT NULL", _op("not", _op("isNull", _of("geometry")))),
        ("name LIKE 'Smith%'", _op("like", _of("name"), "Smith%")),
        ("depth BETWEEN 100.0 and 150.0", _op("between", _of("depth"), 100.0, 150.0)),
        ("city IN ('Toronto','New York')", _op("in", _of("city"), ["Toronto", "New York"])),
        ("category NOT IN (1,2,3,4)", _op("not", _op("in", _of("category"), [1, 2, 3, 4]))),
        (
            "CASEI(road_class) IN (CASEI('Οδος'),CASEI('Straße'))",
            _op("in", _op("casei", _of("road_class")), [_op("casei", "Οδος"), _op("casei", "Straße")]),
        ),
        (
            "ACCENTI(etat_vol) = ACCENTI('débárquér')",
            _op("=", _op("accenti", _of("etat_vol")), _op("accenti", "débárquér")),
        ),
        (
            "S_INTERSECTS(geometry,POINT(36.319836 32.288087))",
            _op("s_intersects", _of("geometry"), _POINT),
        ),
        (
            f"S_CROSSES(LINESTRING(43.71 -79.3, 43.74 -79.28), {_TRIANGLE})",
            _op("s_crosses", _LINE, {"type": "Polygon", "coordinates": [_RING]}),
        ),
        (
            "S_INTERSECTS(geometry, BBOX(160.6,-55.95,-170,-25.89))",
            _op("s_intersects", _of("geometry"), {"bbox": [160.6, -55.95, -170, -25.89]}),
        ),
        (
            f"T_INTERSECTS(updated, {_FLIGHT})",
            _op("t_intersects", _of("updated"), _APOLLO),
        ),
        (
            f"T_DURING(INTERVAL(touchdown, liftOff), {_FLIGHT})",
            _op("t_during", {"interval": [_of("touchdown"), _of("liftOff")]}, _APOLLO),
        ),
        (
            "T_FINISHEDBY(INTERVAL(touchdown, liftOff), INTERVAL('..', '1969-07-24'))",
            _op(
                "t_finishedBy",
                {"interval": [_of("touchdown"), _of("liftOff")]},
                {"interval": ["..", "1969-07-24"]},
            ),
        ),
        (
            "updated = TIMESTAMP('1969-07-20T20:17:40Z')",
            _op("=", _of("updated"), {"timestamp": "1969-07-20T20:17:40Z"}),
        ),
        ("isActive AND NOT balance > depth", _op(
            "and", _of("isActive"), _op("not", _op(">", _of("balance"), _of("depth"))))),
        ("'Via dell''Avvento' = name", _op("=", "Via dell'Avvento", _of("name"))),
    ],
)  # fmt: skip
def test_examples_of_the_standard_are_the_same_in_text_and_json(text: str, tree: Any) -> None:
    as_json = read_filter(json.dumps(tree), JSON, _FIELDS, CRS84)

    assert read_filter(text, TEXT, _FIELDS, CRS84) == as_json


@pytest.mark.parametrize(
    "text",
    [
        '((jaar = 2019) AND ("aandeel_ouderen" > 20))',
        "peildatum >= '2019-01-01'",
        "\"peildatum\" >= '2019-01-01T00:00:00Z'",
        "(((jaar = 2019) OR (jaar = 2020)) OR (jaar = 2021))",
        "(NOT (city IN ('Amsterdam','Utrecht')))",
        "CASEI(city) LIKE CASEI('%dam')",
        "(aandeel_ouderen BETWEEN 10 AND 20.5)",
        "city IS NULL",
        "S_INTERSECTS(geometry,MULTIPOLYGON(((4 52,5 52,5 53,4 52))))",
        "S_INTERSECTS(geometry,Polygon ((4 52, 5 52, 5 53, 4 52)))",
        "S_INTERSECTS(geometry,BBOX(4,52,5,53))",
    ],
)
def test_what_qgis_sends_is_read(text: str) -> None:
    assert read_filter(text, TEXT, _FIELDS, CRS84).kind == "boolean"


def test_no_class_is_claimed_of_what_is_refused() -> None:
    assert not [uri for uri in FILTER_CLASSES if uri.endswith(("array-functions", "/functions"))]
    assert len(set(FILTER_CLASSES)) == len(FILTER_CLASSES)
