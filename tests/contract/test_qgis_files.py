"""The files for QGIS as QGIS itself opens them from a running server: valid, counted, named, dated, drawn.

One process of QGIS opens them all (``qgis_files_probe.py``).
"""

import json
import os
from pathlib import Path
from typing import Any

import httpx2
import pytest
from filelock import FileLock

from tests.contract.qgis_process import need_qgis, run_in_qgis

pytestmark = pytest.mark.client

_PROBE = Path(__file__).with_name("qgis_files_probe.py")
_SCARCE = 20
"""Pixels of which a class has more, where it is drawn."""

GEMEENTEN = {2018: 380, 2019: 355, 2020: 355, 2021: 352, 2022: 345, 2023: 342}
COUNTS = {
    "ouderen-provincie": [12, 144],
    "taakstelling-provincie": [12, 192],
    "grenzen-provincie": [12, 108],
    "herindelingen": [88],
}
OF_PERIODS = {
    "ouderen-provincie": {"peilmoment"},
    "taakstelling-provincie": {"periodeBegin", "periodeEind"},
    "grenzen-provincie": {"peilmoment", "geldigTotEnMet"},
    "herindelingen": {"datum"},
}


@pytest.fixture(scope="session")
def opened(service: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS found in the files."""
    need_qgis()
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with FileLock(shared / "qgis-files.lock"):
        result = shared / "qgis-files.json"
        if not result.exists():
            home = tmp_path_factory.mktemp("qgis-files")
            result.write_text(run_in_qgis(_PROBE, service, str(home), home=home), encoding="utf-8")
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return found


def colours_of(web: httpx2.Client, collection: str, indicator: str) -> set[str]:
    scheme = web.get(f"/styles/{collection}/{indicator}").json()["schema"]
    return set(scheme["kleuren"])


def drawn(colours: dict[str, int]) -> set[str]:
    return {colour for colour, pixels in colours.items() if pixels > _SCARCE}


@pytest.mark.parametrize("name", COUNTS)
def test_a_layer_definition_loads_with_every_feature(opened: dict[str, Any], name: str) -> None:
    found = opened[name]

    assert found["loaded"]
    assert len(found["groups"]) == 1
    assert [layer["read"] for layer in found["layers"]] == COUNTS[name]
    assert [layer["count"] for layer in found["layers"]] == COUNTS[name]
    for layer in found["layers"]:
        assert layer["valid"]
        assert layer["crs"] == "EPSG:4326"


@pytest.mark.parametrize("name", COUNTS)
def test_the_newest_is_visible_and_the_layer_of_all_periods_follows_the_time(
    opened: dict[str, Any], name: str
) -> None:
    layers = opened[name]["layers"]

    assert [layer["visible"] for layer in layers] == [True, False][: len(layers)]
    assert [layer["temporal"] for layer in layers] == [False, True][-len(layers) :]


@pytest.mark.parametrize("name", COUNTS)
def test_days_are_dates_and_fields_have_their_titles(
    opened: dict[str, Any], web: httpx2.Client, name: str
) -> None:
    schema = web.get(f"/collections/{name}/schema").json()["properties"]
    titles = {key: schema[key]["title"] for key in schema.keys() - {"id", "geometry"}}

    for layer in opened[name]["layers"]:
        assert {layer["types"][field] for field in OF_PERIODS[name]} == {"Date"}
        assert layer["types"].keys() - {"id"} == titles.keys()
        assert titles.items() <= layer["aliases"].items()


def test_an_analysis_is_a_layer_of_edges(opened: dict[str, Any]) -> None:
    (layer,) = opened["striking"]["layers"]

    assert (layer["valid"], layer["read"], layer["temporal"]) == (True, GEMEENTEN[2023], False)
    assert layer["styles"] == ["default"]


def test_a_layer_says_whose_figures_it_has_and_on_what_terms(opened: dict[str, Any]) -> None:
    layer = opened["ouderen-provincie"]["layers"][0]

    assert "Voorbeeldcijfers" in layer["abstract"]
    assert any("85980NED" in source for source in layer["rights"])
    assert "CC BY 4.0" in layer["licences"]
    assert layer["title"] == "Ouderen per provincie"


def test_every_indicator_is_a_style(opened: dict[str, Any], web: httpx2.Client) -> None:
    layer = opened["ouderen-provincie"]["layers"][1]

    schemes = web.get("/styles/ouderen-provincie").json()["indicatoren"]
    assert layer["style"] == "Personen"
    assert len(layer["styles"]) == len(schemes)


def test_an_indicator_and_a_moment_that_are_asked_are_drawn_in_every_class(
    opened: dict[str, Any], web: httpx2.Client
) -> None:
    found = opened["share"]

    assert (found["read"], found["count"]) == (GEMEENTEN[2022], GEMEENTEN[2022])
    assert found["style"].startswith("Aandeel in een corporatiewoning")
    assert colours_of(web, "ouderen-gemeente", "aandeelCorporatie") <= drawn(found["colours"])


def test_a_project_opens_with_every_layer(opened: dict[str, Any]) -> None:
    project = opened["project"]

    assert project["read"]
    assert len(project["valid"]) == 36
    assert all(project["valid"].values())
    assert list(project["groups"])[:2] == ["Ouderen", "Studenten"]
    assert project["groups"]["Ouderen"][-1] == "Gemeenten"
    assert project["visible"] == ["ouderen_gemeente"]
    assert "Voorbeeldcijfers" in project["abstract"]


def test_a_project_opens_on_the_country_in_metres(opened: dict[str, Any]) -> None:
    project = opened["project"]

    west, south, east, north = project["canvas"]
    assert project["crs"] == "EPSG:28992"
    assert west < 14_000
    assert south < 307_000
    assert east > 277_000
    assert 620_000 < north < 650_000


def test_a_project_opens_on_the_newest_figures_of_all(opened: dict[str, Any]) -> None:
    project = opened["project"]

    assert project["frame"] == ["2023-12-31T00:00:00Z", "2023-12-31T23:59:59Z"]
    assert project["clock"] == project["frame"]  # of the map, set by the temporal controller
    assert project["circles"]["#f2ede1"] > 100_000  # the land under the circles


@pytest.mark.parametrize(("year", "count"), GEMEENTEN.items())
def test_a_frame_of_a_year_has_exactly_that_year(
    opened: dict[str, Any], year: int, count: int
) -> None:
    assert opened["project"]["years"][str(year)] == {f"{year}-01-01": count}


def test_a_frame_of_a_half_year_has_exactly_that_half(opened: dict[str, Any]) -> None:
    assert opened["project"]["halves"] == {"2019-01-01": 40}


def test_another_style_keeps_names_and_time_and_is_drawn_in_every_class(
    opened: dict[str, Any], web: httpx2.Client
) -> None:
    project = opened["project"]
    colours = colours_of(web, "ouderen-gemeente", "aandeelEenpersoons")

    assert project["changed"]
    assert project["temporal"]
    assert project["aliases"] == len(opened["share"]["types"])
    assert colours <= drawn(project["share"])


def test_without_the_time_slider_the_newest_is_drawn(
    opened: dict[str, Any], web: httpx2.Client
) -> None:
    """QGIS would wait for ever on a rule that looks for it among the features."""
    colours = colours_of(web, "ouderen-gemeente", "aandeelEenpersoons")

    assert colours <= drawn(opened["project"]["unclocked"])
    assert opened["project"]["unclocked"] != opened["project"]["share"]


def test_a_packed_project_opens(opened: dict[str, Any]) -> None:
    assert opened["packed"] == {"read": True, "valid": [True] * 5}


def test_in_metres_a_layer_lies_where_it_is(opened: dict[str, Any]) -> None:
    if opened["metres"] is None:
        pytest.skip(f"QGIS {opened['version']} is here; layers in metres from 3.30 on")

    assert opened["metres"] == {"crs": "EPSG:28992", "codes": 12}
