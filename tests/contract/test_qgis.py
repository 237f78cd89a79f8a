"""QGIS, without its windows: what it makes of a layer and what it asks for that.

One process of QGIS does all probes (``qgis_probe.py``); its requests are written down.
"""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx2
import pytest
from filelock import FileLock
from shapely.geometry import box, shape

from tests.contract.traffic import Request, Traffic

_PYTHON = "/usr/bin/python3"  # QGIS comes with the system, for the Python of the system
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

    def need(self, version: int, what: str) -> None:
        if self.found["version"] < version:
            major, minor = divmod(version // 100, 100)
            pytest.skip(f"QGIS {self.found['version']} is here; {what} from {major}.{minor} on")


@pytest.fixture(scope="session")
def seen(service: str, traffic: Traffic, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    present = (
        Path(_PYTHON).exists()
        and not subprocess.run(
            [_PYTHON, "-c", "import qgis.core"], check=False, capture_output=True
        ).returncode
    )
    if not present:
        pytest.skip("QGIS for Python is not installed (package python3-qgis)")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with FileLock(shared / "qgis.lock"):
        if not (shared / "qgis.json").exists():
            _probe(service, traffic, tmp_path_factory.mktemp("qgis"), shared / "qgis.json")
        return Seen((shared / "qgis.json").read_text(encoding="utf-8"))


def _probe(service: str, traffic: Traffic, home: Path, result: Path) -> None:
    places = ("QGIS_CUSTOM_CONFIG_PATH", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    surroundings = {"QT_QPA_PLATFORM": "offscreen", "PATH": os.environ["PATH"], "HOME": str(home)}
    done = subprocess.run(
        [_PYTHON, str(_PROBE), service, traffic.host, str(traffic.port)],
        env=surroundings | dict.fromkeys(places, str(home)),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = json.loads(done.stdout)
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
    assert [entry.query["datetime"] for entry in seen.read(f"year-{year}")] == [f"{year}-01-01"]


def test_an_open_period_is_asked_in_mixed_forms_and_answered(seen: Seen) -> None:
    assert seen.found["period"] == ["2023-01-01", "2023-12-31"]
    assert {entry.query["datetime"] for entry in seen.read("period")} == {
        "2023-01-01/9999-12-31T00:00:00Z"
    }


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
