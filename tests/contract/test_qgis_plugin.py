"""The QGIS plugin as a person uses it, in QGIS without a screen.

One process of QGIS does everything in order (``qgis_plugin_probe.py``): it installs the zip, opens the
panel, chooses, adds layers, loses the service, gets new figures, and starts again in English.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from filelock import FileLock
from PIL import Image

from tests.contract.served import serving
from tests.contract.test_swap import make_live
from tests.miniland import miniland_snapshot, observations

pytestmark = pytest.mark.client

_PYTHON = "/usr/bin/python3"  # QGIS comes with the system, for the Python of the system
_PROBE = Path(__file__).with_name("qgis_plugin_probe.py")
_PACKAGE = Path(__file__).parents[2] / "qgis_plugin" / "package.py"
MORE = 10_000
"""By how much the new figures are higher than the old ones."""

type Seen = dict[str, Any]


@dataclass(frozen=True)
class Changing:
    """A store whose first snapshot is live and whose second is to come."""

    root: Path
    first: str
    second: str


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Changing:
    root = tmp_path_factory.mktemp("changing")
    figures = more = observations()
    for name in ("waarde", "ondergrens", "bovengrens"):
        at = more.schema.get_field_index(name)
        raised = pc.cast(pc.add(more[name], MORE), pa.int64())
        more = more.set_column(at, more.schema.field(at), raised)
    first, second = miniland_snapshot(root, figures).id, miniland_snapshot(root, more).id
    make_live(root, first)
    return Changing(root, first, second)


@pytest.fixture(scope="module")
def other_service(changing: Changing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(changing.root, tmp_path_factory.mktemp("log") / "serve.log") as running:
        yield f"{running.url}/v1"


@pytest.fixture(scope="module")
def seen(
    request: pytest.FixtureRequest, service: str, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    """What the probe saw; all test processes share one run."""
    if not Path(_PYTHON).exists() or _run(["-c", "import qgis.core"], {}).returncode:
        pytest.skip("QGIS for Python is not installed (package python3-qgis)")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    result = shared / "qgis-plugin.json"
    with FileLock(shared / "qgis-plugin.lock"):
        if not result.exists():
            changing: Changing = request.getfixturevalue("changing")
            other: str = request.getfixturevalue("other_service")
            home = tmp_path_factory.mktemp("qgis-plugin")
            packing = [sys.executable, str(_PACKAGE), str(home)]
            packed = subprocess.run(packing, check=True, capture_output=True, text=True)
            command = [
                str(_PROBE), packed.stdout.strip(), f"{service}/v1", other,
                str(changing.root), changing.second, str(shared),
            ]  # fmt: skip
            done = _run(command, _surroundings(home))
            assert done.returncode == 0, done.stderr
            said = json.loads(done.stdout) | {"first": changing.first, "second": changing.second}
            result.write_text(json.dumps(said), encoding="utf-8")
        found: Seen = json.loads(result.read_text(encoding="utf-8"))
        return found


def _run(command: list[str], surroundings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PYTHON, *command],
        env={"PATH": os.environ["PATH"]} | surroundings,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def _surroundings(home: Path) -> dict[str, str]:
    places = ("HOME", "QGIS_CUSTOM_CONFIG_PATH", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    return {"QT_QPA_PLATFORM": "offscreen"} | dict.fromkeys(places, str(home))


def test_qgis_installs_the_zip_and_starts_the_plugin(seen: Seen) -> None:
    assert seen["installed"]
    assert seen["started"]


def test_the_panel_opens_when_its_button_is_pressed(seen: Seen) -> None:
    panel = seen["opens"]

    assert (panel["before"], panel["after"], panel["pressed"], panel["icon"]) == (
        False, True, True, True,
    )  # fmt: skip
    assert panel["kept"].endswith("/v1")


def test_everything_the_service_has_can_be_chosen(seen: Seen, web: httpx2.Client) -> None:
    offered = seen["opens"]["offered"]
    styles = web.get("/v1/styles").json()["styles"]

    indicators = {name for style in styles for name in style["indicatoren"]}
    assert offered["thema"][:2] == ["Ouderen", "Studenten"]
    assert offered["niveau"] == [
        "land", "provincie", "COROP-gebied", "veiligheidsregio", "gemeente",
    ]  # fmt: skip
    assert len(offered["indicator"]) == len(indicators)
    assert not indicators & set(offered["indicator"])  # all have a title


def test_it_says_what_is_still_to_be_chosen(seen: Seen) -> None:
    assert not seen["opens"]["can add"]
    assert seen["opens"]["missing"] == "Kies nog: thema, niveau, indeling, indicator."


def test_each_choice_narrows_the_others(seen: Seen) -> None:
    everything, narrowed = seen["opens"]["offered"], seen["narrows"]

    assert set(everything["thema"]) - set(narrowed["2019"]["thema"]) == {
        "Vergunninghouders", "Vergunninghouders, vergelijking",
    }  # fmt: skip
    assert narrowed["vergunninghouders"]["jaar"] == ["2021", "2022", "2023"]
    assert narrowed["te verplaatsen"]["thema"] == ["Eerlijke verdeling"]
    assert "gemeente" not in narrowed["te verplaatsen"]["niveau"]
    assert narrowed["cleared"] == everything


def test_indicators_are_found_by_words_of_their_title(seen: Seen) -> None:
    found = seen["narrows"]["search"]

    assert found
    assert all("corporatie" in title and "rijgekomen" in title for title in found)


def test_a_layer_has_exactly_the_gemeenten_of_its_year(seen: Seen) -> None:
    layer = seen["one_year"]

    assert (layer["count"], layer["days"]) == (345, ["2022-01-01"])
    assert layer["moments"] == ["31 december 2022 (345)", "1 januari 2022 (345)"]
    assert not layer["temporal"]


def test_a_layer_has_the_titles_of_the_schema_as_aliases(seen: Seen, web: httpx2.Client) -> None:
    schema = web.get("/v1/collections/ouderen-gemeente/schema").json()["properties"]

    titles = {name: entry["title"] for name, entry in schema.items() if name != "geometry"}
    assert seen["one_year"]["aliases"] == titles


def test_a_layer_has_the_frozen_classes_and_draws_each(seen: Seen, web: httpx2.Client) -> None:
    layer = seen["one_year"]
    scheme = web.get("/v1/styles/ouderen-gemeente/aandeelCorporatie").json()["schema"]

    expected = dict(zip(scheme["labels"]["nl"], scheme["kleuren"], strict=True))
    assert layer["said"].endswith(": 345 regio's.")  # nothing was wrong with its style
    assert expected.items() <= layer["classes"].items()
    assert set(scheme["kleuren"]) <= layer["colours"].keys()


def test_a_series_draws_its_newest_peilmoment_until_time_is_chosen(seen: Seen) -> None:
    assert all(len(entry["drawn"]) > 2 for entry in seen["series"].values())
    assert seen["series"]["taakstelling"]["days"][-1] == "2025-07-01"


def test_example_figures_say_so_in_the_panel_and_in_the_layer(seen: Seen) -> None:
    assert seen["one_year"]["example"]
    assert seen["one_year"]["name"] == (
        "Ouderen per gemeente: Aandeel in een corporatiewoning, 1 januari 2022 (voorbeeldcijfers)"
    )


def test_a_series_shows_one_state_of_every_region_in_a_year(seen: Seen) -> None:
    series = seen["series"]

    assert series["personen"]["active"]
    assert series["personen"]["frames"] == {
        "2021": [12, ["2021-01-01"]],
        "2022": [12, ["2022-01-01"]],
    }
    assert series["vrijgekomenCorporatiewoningen"]["frames"] == {
        "2021": [12, ["2021-12-31"]],
        "2022": [12, ["2022-12-31"]],
    }
    assert series["personen"]["step"] == [12.0, "2018-01-01"]


def test_a_series_of_half_years_shows_both_in_a_year(seen: Seen) -> None:
    assert seen["series"]["taakstelling"]["frames"]["2022"] == [24, ["2022-01-01", "2022-07-01"]]


def test_a_service_that_is_down_gives_a_message_and_no_more(seen: Seen) -> None:
    down = seen["down"]

    assert not down["connected"]
    assert "antwoordt niet als deze dienst" in down["said"]
    assert (down["state"], down["offered"], down["can add"]) == ("Geen verbinding.", 0, False)
    assert down["layers"] == 0


def test_another_address_gives_the_reason(seen: Seen) -> None:
    assert "404" in seen["down"]["other"]
    assert seen["down"]["no address"].startswith("'kaart' is geen adres")


def test_without_new_figures_nothing_changes(seen: Seen) -> None:
    assert seen["renewed"]["unchanged"] == (
        f"Geen nieuwe cijfers sinds momentopname {seen['first']}."
    )


def test_a_layer_follows_when_the_service_has_new_figures(seen: Seen) -> None:
    renewed = seen["renewed"]
    numbers = {code: value for code, value in renewed["before"].items() if value is not None}

    assert {code: renewed["after"][code] for code in numbers} == {
        code: value + MORE for code, value in numbers.items()
    }
    assert renewed["after"]["GM0002"] is None  # confidential, before and after
    assert renewed["snapshot"] == seen["second"]
    assert renewed["restyled"]
    assert seen["second"] in renewed["said"]
    assert renewed["answers"] == "Ouderen"


def test_what_a_person_changed_in_a_layer_stays(seen: Seen) -> None:
    assert seen["renewed"]["kept"] == 12


def test_a_cell_without_a_number_is_struck_out_in_the_table(seen: Seen) -> None:
    assert seen["renewed"]["struck"] == ["GM0002"]


def test_unloading_leaves_nothing_behind(seen: Seen) -> None:
    assert seen["unloaded"] == {"done": True, "docks": 0, "actions": 0}


def test_the_panel_is_in_english_for_who_has_qgis_in_english(seen: Seen) -> None:
    panel = seen["english"]

    assert panel["started"]
    assert (panel["title"], panel["button"]) == ("Focus groups on the map", "Add layer")
    assert panel["offered"]["thema"][0] == "Older people"
    assert panel["offered"]["niveau"][-1] == "municipalities"
    assert panel["moment"] == "31 December 2023 (342)"
    assert panel["example"].startswith("Example figures")


@pytest.mark.parametrize("probe", ["one_year", "english"])
def test_the_panel_is_drawn_beside_the_map(seen: Seen, probe: str) -> None:
    with Image.open(seen[probe]["picture"]) as picture:
        assert picture.size == (1100, 760)
        assert len(picture.convert("RGB").getcolors(100_000) or ()) > 20
