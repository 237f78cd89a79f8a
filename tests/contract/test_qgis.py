"""QGIS, without its windows: what it makes of a layer and what it asks for that.

One process of QGIS does all probes (``qgis_probe.py``); its requests are written down.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx2
import pytest
from filelock import FileLock
from shapely.geometry import box, shape

from tests.contract.qgis_process import need_qgis, run_in_qgis
from tests.contract.traffic import Request, Traffic

pytestmark = pytest.mark.client

_PROBE = Path(__file__).with_name("qgis_probe.py")
_PROBES = {"/", "/conformance", "/openapi", "/openapi.json"}

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
GEMEENTEN = {2018: 380, 2019: 355, 2020: 355, 2021: 352, 2022: 345, 2023: 342}
TYPES = {"integer": "int", "number": "double", "boolean": "bool", "string": "QString"}

type Properties = dict[str, Any]
MEANINGS: dict[str, Callable[[Properties], bool]] = {
    "equal": lambda p: (p["regioCode"], p["indeling"]) == ("CR23", 2022),
    "greater": lambda p: p["personen"] is not None and p["personen"] >= 100_000,
    "between": lambda p: (
        p["aandeelCorporatie"] is not None and 20.5 <= p["aandeelCorporatie"] <= 30.5
    ),
    "in": lambda p: p["regioCode"] in {"CR01", "CR23", "CR40"},
    "like": lambda p: p["regioNaam"].startswith("Groot-"),
    "ilike": lambda p: p["regioNaam"].startswith("Groot-"),
    "missing": lambda p: p["vrijgekomenCorporatiewoningen"] is None,
    "not": lambda p: (
        p["personen"] is not None and p["personen"] >= 100_000 and p["indeling"] != 2022
    ),
    "date": lambda p: p["peilmoment"] >= "2023-12-31",
}
# as QGIS 3.40.6 wrote them for the expressions of the probe
SENT = {
    "equal": "((regioCode%20%3D%20'CR23')%20AND%20(indeling%20%3D%202022))",
    "greater": "(personen%20%3E%3D%20100000)",
    "between": "aandeelCorporatie%20BETWEEN%2020.5%20AND%2030.5",
    "in": "regioCode%20IN%20('CR01','CR23','CR40')",
    "like": "(regioNaam%20LIKE%20'Groot-%25')",
    "ilike": "(CASEI(regioNaam)%20LIKE%20CASEI('groot-%25'))",
    "missing": "(vrijgekomenCorporatiewoningen%20IS%20NULL)",
    "not": "((NOT%20((personen%20%3C%20100000)))%20AND%20(indeling%20%3C%3E%202022))",
    "date": "(peilmoment%20%3E%3D%20DATE('2023-12-31'))",
}
BOTH = "application/geo+json, application/json"


class Seen:
    """What QGIS found and asked, by probe."""

    def __init__(self, text: str) -> None:
        document = json.loads(text)
        self.found: dict[str, Any] = document["found"]
        self._requests = [Request(**entry) for entry in document["requests"]]

    def asked(self, probe: str) -> list[Request]:
        return [entry for entry in self._requests if entry.chapter == probe]

    def read(self, probe: str) -> list[Request]:
        """Return the requests for features, without those that look what there is."""
        return [
            entry
            for entry in self.asked(probe)
            if entry.method == "GET"
            and entry.path.endswith("/items")
            and entry.query.get("limit") not in {"1", "10"}
        ]

    def moments(self, probe: str) -> list[str]:
        """Return how every request for features says when: where it can, QGIS sends CQL2."""
        queries = [entry.query for entry in self.read(probe)]
        return [query.get("datetime") or query["filter"] for query in queries]

    def need(self, version: int, what: str) -> None:
        if self.found["version"] < version:
            major, minor = divmod(version // 100, 100)
            pytest.skip(f"QGIS {self.found['version']} is here; {what} from {major}.{minor} on")


@pytest.fixture(scope="session")
def seen(service: str, traffic: Traffic, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    need_qgis()
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with FileLock(shared / "qgis.lock"):
        if not (shared / "qgis.json").exists():
            _probe(service, traffic, tmp_path_factory.mktemp("qgis"), shared / "qgis.json")
        return Seen((shared / "qgis.json").read_text(encoding="utf-8"))


def _probe(service: str, traffic: Traffic, home: Path, result: Path) -> None:
    told = run_in_qgis(_PROBE, service, traffic.host, str(traffic.port), home=home)
    found = json.loads(told)
    requests = [asdict(entry) for probe in found for entry in traffic.asked(probe)]
    result.write_text(json.dumps({"found": found, "requests": requests}), encoding="utf-8")


@pytest.fixture(scope="module")
def corop(web: httpx2.Client) -> list[dict[str, Any]]:
    answer = web.get("/collections/ouderen-corop/items?limit=1000")
    features: list[dict[str, Any]] = answer.json()["features"]
    return features


def schema(web: httpx2.Client, name: str) -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = web.get(f"/collections/{name}/schema").json()[
        "properties"
    ]
    return {key: entry for key, entry in properties.items() if key not in {"geometry", "id"}}


def test_a_layer_opens_with_its_shape_and_place(seen: Seen) -> None:
    layer = seen.found["described"]

    assert layer["valid"]
    assert layer["shape"] == "MultiPolygon"
    assert layer["crs"] in {"EPSG:4326", "OGC:CRS84"}
    assert layer["extent"] == pytest.approx([3.27, 50.73, 7.32, 53.51], abs=0.05)


def test_every_field_has_the_type_of_the_schema(seen: Seen, web: httpx2.Client) -> None:
    declared = {
        name: "QDate" if entry.get("format") == "date" else TYPES[entry["type"]]
        for name, entry in schema(web, "ouderen-gemeente").items()
    }

    found = seen.found["described"]["fields"]

    assert {name: kind for name, kind in found.items() if name != "id"} == declared


def test_newer_versions_take_titles_as_aliases(seen: Seen, web: httpx2.Client) -> None:
    seen.need(34400, "a layer gets aliases from the schema")

    titles = {name: entry["title"] for name, entry in schema(web, "ouderen-gemeente").items()}
    assert titles.items() >= seen.found["described"]["aliases"].items()
    assert seen.found["described"]["aliases"]["personen"] == titles["personen"]


def test_the_layer_tells_what_it_is_and_on_what_terms(seen: Seen) -> None:
    layer = seen.found["described"]

    assert layer["licences"] == ["CC BY 4.0"]
    assert {"gemeente", "ouderen", "CBS"} <= set(layer["keywords"])
    assert "Voorbeeldcijfers" in layer["abstract"]
    assert layer["title"]
    assert layer["links"] > 5


def test_the_layer_cannot_be_edited(seen: Seen) -> None:
    assert not seen.found["described"]["editable"]


def test_opening_looks_at_ten_features_and_no_more(seen: Seen) -> None:
    paths = [entry.path for entry in seen.asked("described")]

    assert len(paths) == len(set(paths)) + paths.count("/collections/ouderen-gemeente/items") - 1
    assert seen.read("described") == []


def test_a_layer_loads_in_one_request(seen: Seen) -> None:
    whole = seen.found["whole"]

    assert (whole["count"], whole["read"], whole["valid"]) == (144, 144, True)
    assert [entry.query["limit"] for entry in seen.read("whole")] == ["1000"]


@pytest.mark.parametrize(("year", "count"), GEMEENTEN.items())
def test_a_year_is_exactly_the_gemeenten_of_that_year_in_one_request(
    seen: Seen, year: int, count: int
) -> None:
    found = seen.found[f"year-{year}"]

    assert found == {"accepted": True, "count": count, "codes": count, "moments": [f"{year}-01-01"]}
    assert seen.moments(f"year-{year}") in (
        [f"{year}-01-01"],
        [f"(peilmoment = DATE('{year}-01-01'))"],
    )


def test_an_open_period_is_left_to_the_service(seen: Seen) -> None:
    assert seen.found["period"] == ["2023-01-01", "2023-12-31"]
    assert seen.moments("period") in (
        ["2023-01-01/9999-12-31T00:00:00Z"],
        ["(peilmoment >= DATE('2023-01-01'))"],
    )


@pytest.mark.parametrize("name", MEANINGS)
def test_an_expression_gives_what_it_says(
    seen: Seen, corop: list[dict[str, Any]], name: str
) -> None:
    if name == "between":
        seen.need(34000, "an expression may have BETWEEN")
    properties = [feature["properties"] for feature in corop]
    expected = sorted(entry["regioCode"] for entry in properties if MEANINGS[name](entry))

    assert seen.found[f"expression-{name}"] == expected
    assert 0 < len(expected) < len(corop)


def test_equality_is_left_to_the_service(seen: Seen) -> None:
    seen.need(34000, "equality is left to the service")

    asked = seen.read("expression-equal")[0].query
    assert (asked.get("regioCode"), asked.get("indeling")) == ("CR23", "2022") or "filter" in asked


@pytest.mark.parametrize("name", ["greater", "between", "in", "like", "ilike", "missing", "not"])
def test_conditions_are_left_to_the_service(seen: Seen, name: str) -> None:
    seen.need(33200, "CQL2 is sent")

    asked = seen.read(f"expression-{name}")
    assert len(asked) == 1
    assert asked[0].query["filter-lang"] == "cql2-text"
    assert asked[0].query["filter"]


def test_a_window_asks_for_its_own_part(seen: Seen, web: httpx2.Client) -> None:
    window = box(4.8, 52.2, 5.2, 52.5)
    features = web.get("/collections/ouderen-provincie/items?limit=1000").json()["features"]
    touching = [entry for entry in features if shape(entry["geometry"]).intersects(window)]

    assert seen.found["window"] == sorted(entry["properties"]["regioCode"] for entry in touching)
    assert [float(number) for number in seen.read("window")[0].query["bbox"].split(",")] == (
        pytest.approx(window.bounds)
    )


def test_metres_are_asked_and_drawn_as_metres(seen: Seen, web: httpx2.Client) -> None:
    seen.need(33000, "a layer can be asked in metres")

    found = seen.found["metres"]
    asked = seen.read("metres")[0].query
    assert (found["valid"], found["crs"]) == (True, "EPSG:28992")
    assert (asked["crs"], asked["bbox-crs"]) == (RD, RD)
    assert found["boxes"].keys() == {"PV24", "PV26", "PV27", "PV28"}
    item = web.get("/collections/ouderen-provincie/items/PV27-2023-12-31", params={"crs": RD})
    assert found["boxes"]["PV27"] == pytest.approx(shape(item.json()["geometry"]).bounds, abs=0.01)


@pytest.mark.parametrize("name", SENT)
def test_what_a_newer_version_sends_gives_the_same(
    web: httpx2.Client, corop: list[dict[str, Any]], name: str
) -> None:
    """CQL2 as version 3.40 writes it, whatever version is here."""
    query = f"limit=1000&filter={SENT[name]}&filter-lang=cql2-text"

    answer = web.get(f"/collections/ouderen-corop/items?{query}", headers={"accept": BOTH})

    assert answer.status_code == 200, answer.text
    assert [entry["id"] for entry in answer.json()["features"]] == [
        entry["id"] for entry in corop if MEANINGS[name](entry["properties"])
    ]


def test_the_requests_with_which_a_newer_version_opens_a_layer(web: httpx2.Client) -> None:
    oas = "application/vnd.oai.openapi+json;version=3.0, application/openapi+json;version=3.0"
    layer = "/collections/ouderen-gemeente"
    accepted = {
        "/": "application/json",
        "/openapi": f"{oas}, application/json",
        layer: "application/json",
        "/conformance": "application/json",
        f"{layer}/queryables": "application/schema+json",
        f"{layer}/items?limit=10": BOTH,
        f"{layer}/items?limit=1": BOTH,
        f"{layer}/items?limit=1000&datetime=2019-01-01%2F9999-12-31T00:00:00Z": BOTH,
    }

    answers = {url: web.get(url, headers={"accept": text}) for url, text in accepted.items()}

    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(
        answers, 200
    )
    for url, answer in answers.items():
        assert answer.headers["content-type"].split(";")[0] in accepted[url]
    api = answers["/openapi"].json()
    assert api["components"]["parameters"]["limit"]["schema"]["default"] == 1000
    filtering = {
        "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators", "cql2/1.0/conf/case-insensitive-comparison",
    }  # fmt: skip
    declared = {
        uri.removeprefix("http://www.opengis.net/spec/")
        for uri in answers["/conformance"].json()["conformsTo"]
    }
    assert filtering <= declared
    allowed = web.request("OPTIONS", f"{layer}/items").headers["allow"]
    assert "POST" not in allowed  # to QGIS it would mean that features can be added
