"""GDAL's OAPIF driver, as pyogrio carries it and as the system has it."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box, shape

from tests.contract.traffic import Request, Traffic

pytestmark = pytest.mark.client

LAYER = "ouderen-gemeente"
DAYS = ("peilmoment", "stroomBegin", "stroomEind")
COROP = "ouderen-corop"
WINDOW = (4.8, 52.2, 5.2, 52.5)
METRES = (100_000.0, 470_000.0, 140_000.0, 500_000.0)
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
TYPES = {"integer": "Integer", "number": "Real", "boolean": "Integer(Boolean)", "string": "String"}

type Properties = dict[str, Any]
type Ogrinfo = Callable[..., str]

CONDITIONS: dict[str, Callable[[Properties], bool]] = {
    "regioCode = 'CR23' AND indeling = 2022": (
        lambda p: (p["regioCode"], p["indeling"]) == ("CR23", 2022)
    ),
    "personen >= 100000": lambda p: p["personen"] is not None and p["personen"] >= 100_000,
    "aandeelCorporatie > 30.5": (
        lambda p: p["aandeelCorporatie"] is not None and p["aandeelCorporatie"] > 30.5
    ),
    "aandeelCorporatie = 30.3": lambda p: p["aandeelCorporatie"] == 30.3,
    "regioCode IN ('CR01', 'CR23', 'CR40')": lambda p: p["regioCode"] in {"CR01", "CR23", "CR40"},
    "regioNaam LIKE 'Groot-%'": lambda p: p["regioNaam"].startswith("Groot-"),
    "vrijgekomenCorporatiewoningen IS NULL": lambda p: p["vrijgekomenCorporatiewoningen"] is None,
    "peilmoment = '2022-01-01'": lambda p: p["peilmoment"] == "2022-01-01",
    "peilmoment >= '2023-12-31'": lambda p: p["peilmoment"] >= "2023-12-31",
    "peilmoment >= '2019-01-01' AND peilmoment <= '2019-01-31'": (
        lambda p: "2019-01-01" <= p["peilmoment"] <= "2019-01-31"
    ),
}


@pytest.fixture(scope="module")
def ogrinfo() -> Ogrinfo:
    """Run ogrinfo on a layer and return what it says; a complaint fails the test."""
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo is not installed (package gdal-bin)")

    def run(service: str, layer: str, *options: str) -> str:
        command = [program, "-ro", *options, source(service, layer), layer]
        answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        assert answer.stderr == ""
        return answer.stdout

    return run


@pytest.fixture(autouse=True)
def _driver() -> None:
    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("pyogrio was built without the OAPIF driver")


@pytest.fixture
def overheard(traffic: Traffic) -> Iterator[Callable[[], list[Request]]]:
    """Give what GDAL in this process has asked since the test began."""
    since = traffic.count()
    pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": traffic.address})
    yield lambda: traffic.asked(since=since)
    pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": None})


@pytest.fixture(scope="module")
def corop(web: httpx2.Client) -> list[dict[str, Any]]:
    answer = web.get(f"/collections/{COROP}/items?limit=1000")
    features: list[dict[str, Any]] = answer.json()["features"]
    return features


def source(service: str, layer: str) -> str:
    return f"OAPIF:{service}/collections/{layer}"


def count_of(text: str) -> int:
    found = re.search(r"Feature Count: (\d+)", text)
    assert found is not None, text
    return int(found[1])


def items(requests: list[Request]) -> list[Request]:
    return [request for request in requests if request.path.endswith("/items")]


def test_every_collection_is_a_layer(service: str, web: httpx2.Client) -> None:
    every = web.get("/collections").json()["collections"]
    served = {entry["id"] for entry in every if entry["itemType"] == "feature"}

    names = [name for name, _ in pyogrio.list_layers(f"OAPIF:{service}")]

    assert {LAYER, "herindelingen"} <= served
    assert sorted(names) == sorted(served)


def test_types_are_read_from_the_first_features(service: str) -> None:
    info = pyogrio.read_info(source(service, LAYER), layer=LAYER)

    types = dict(zip(info["fields"].tolist(), info["ogr_types"], strict=True))
    assert info["features"] > 4000
    assert types["personen"] == "OFTInteger"
    assert types["aandeelCorporatie"] == "OFTReal"
    assert types["peilmoment"] == "OFTDate"
    assert types["personenStatus"] == "OFTString"


def test_the_system_gives_every_field_the_type_of_the_schema(
    service: str, web: httpx2.Client, ogrinfo: Ogrinfo
) -> None:
    declared = web.get(f"/collections/{LAYER}/schema").json()["properties"]
    del declared["geometry"]

    text = ogrinfo(service, LAYER, "-so", "-oo", "PAGE_SIZE=1000")

    found = dict(re.findall(r"^(\w+): (\w+(?:\(Boolean\))?) \(", text, re.MULTILINE))
    assert {name: found[name] for name in declared} == {
        name: "Date" if entry.get("format") == "date" else TYPES[entry["type"]]
        for name, entry in declared.items()
    }


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("peilmoment = '2022-01-01'", 345),
        ("peilmoment >= '2023-12-31'", 342),
        ("peilmoment >= '2019-01-01' AND peilmoment <= '2019-01-31'", 355),
        ("regioCode = 'GM0363' AND indeling = 2022", 2),
    ],
)
def test_conditions_give_exactly_the_features_that_meet_them(
    service: str, where: str, count: int
) -> None:
    _, _, shapes, _ = pyogrio.raw.read(
        source(service, LAYER), layer=LAYER, columns=["regioCode"], where=where
    )

    assert len(shapes) == count


@pytest.mark.parametrize("where", CONDITIONS)
def test_a_condition_means_the_same_in_both_versions(
    service: str, corop: list[dict[str, Any]], ogrinfo: Ogrinfo, where: str
) -> None:
    expected = [entry["id"] for entry in corop if CONDITIONS[where](entry["properties"])]

    table = pyogrio.read_dataframe(
        source(service, COROP), layer=COROP, columns=["id"], where=where, read_geometry=False
    )
    text = ogrinfo(service, COROP, "-so", "-oo", "PAGE_SIZE=1000", "-where", where)

    assert sorted(table["id"]) == sorted(expected)
    assert count_of(text) == len(expected)
    assert 0 < len(expected) < len(corop)


def test_a_window_gives_what_touches_it(
    service: str, corop: list[dict[str, Any]], ogrinfo: Ogrinfo
) -> None:
    window = box(*WINDOW)
    expected = [entry["id"] for entry in corop if shape(entry["geometry"]).intersects(window)]

    table = pyogrio.read_dataframe(source(service, COROP), layer=COROP, bbox=WINDOW)
    text = ogrinfo(service, COROP, "-so", "-oo", "PAGE_SIZE=1000", "-spat", *map(str, WINDOW))

    assert sorted(table["id"]) == sorted(expected)
    assert count_of(text) == len(expected) > 0


def test_a_window_in_metres_is_asked_in_metres(
    service: str, web: httpx2.Client, overheard: Callable[[], list[Request]]
) -> None:
    window = box(*METRES)
    features = web.get(f"/collections/{COROP}/items", params={"limit": "1000", "crs": RD}).json()[
        "features"
    ]
    expected = [entry["id"] for entry in features if shape(entry["geometry"]).intersects(window)]

    table = pyogrio.read_dataframe(
        source(service, COROP), layer=COROP, bbox=METRES, CRS="EPSG:28992"
    )

    assert sorted(table["id"]) == sorted(expected)
    assert table.crs == "EPSG:28992"
    last = items(overheard())[-1].query
    assert (last["crs"], last["bbox-crs"]) == (RD, RD)


def test_metres_are_metres(service: str) -> None:
    bounds = pyogrio.read_bounds(
        f"OAPIF:{service}/collections/grenzen-land", layer="grenzen-land", where="indeling = 2022"
    )[1]
    info = pyogrio.read_info(source(service, LAYER), layer=LAYER, CRS="EPSG:28992")

    assert info["crs"] == "EPSG:28992"
    assert (bounds[0] < 4, bounds[3] > 53) == (True, True)


def test_a_layer_is_read_whole_in_one_request(
    service: str, overheard: Callable[[], list[Request]]
) -> None:
    table = pyogrio.read_dataframe(source(service, COROP), layer=COROP)

    whole = [request for request in items(overheard()) if request.query["limit"] == "1000"]
    assert len(table) == 480
    assert len(whole) == 1


@pytest.mark.parametrize(
    ("option", "size"), [("PAGE_SIZE", 100), ("INITIAL_REQUEST_PAGE_SIZE", 50)]
)
def test_pages_of_another_size_give_the_same(
    service: str, overheard: Callable[[], list[Request]], option: str, size: int
) -> None:
    table = pyogrio.read_dataframe(
        source(service, COROP), layer=COROP, read_geometry=False, **{option: size}
    )

    assert table["id"].nunique() == len(table) == 480
    assert str(size) in {request.query["limit"] for request in items(overheard())}


def test_one_feature_is_asked_by_its_id(
    service: str, overheard: Callable[[], list[Request]]
) -> None:
    table = pyogrio.read_dataframe(
        source(service, COROP), layer=COROP, where="id = 'CR23-2022-01-01'"
    )

    assert table["regioNaam"].tolist() == ["Groot-Amsterdam"]
    assert overheard()[-1].path == f"/collections/{COROP}/items/CR23-2022-01-01"


def test_what_is_read_equals_what_was_sent(service: str, corop: list[dict[str, Any]]) -> None:
    table = pyogrio.read_dataframe(source(service, COROP), layer=COROP).set_index("id")

    for feature in corop:
        row = table.loc[feature["id"]]
        assert row["geometry"].equals(shape(feature["geometry"]))
        for name, value in feature["properties"].items():
            if value is None:
                assert pd.isna(row[name]), name
            elif name in DAYS:
                assert pd.Timestamp(row[name]) == pd.Timestamp(value)
            else:
                assert row[name] == value, name


def test_a_geopackage_is_made_without_a_complaint(
    service: str, corop: list[dict[str, Any]], tmp_path: Path
) -> None:
    program = shutil.which("ogr2ogr")
    if program is None:
        pytest.skip("ogr2ogr is not installed (package gdal-bin)")
    target = tmp_path / "corop.gpkg"
    command = [program, "-f", "GPKG", "-t_srs", "EPSG:28992", "-oo", "PAGE_SIZE=1000"]

    answer = subprocess.run(
        [*command, str(target), source(service, COROP), COROP],
        check=True,
        capture_output=True,
        text=True,
    )

    table = pyogrio.read_dataframe(target)
    assert (answer.stdout, answer.stderr) == ("", "")
    assert sorted(table["id"]) == sorted(entry["id"] for entry in corop)
    assert set(table.geom_type) == {"MultiPolygon"}
    assert table.crs == "EPSG:28992"
    assert table["personen"].sum() == sum(entry["properties"]["personen"] for entry in corop)
