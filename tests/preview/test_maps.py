import base64
import hashlib
import json
import re
from itertools import chain
from typing import Any

import pytest

from spatial.domain.status import OF_FIGURES
from spatial.preview.assets import Assets
from spatial.preview.classes import CIRCLE, CIRCLE_BELOW
from spatial.preview.maps import draw_series
from spatial.store.snapshot import Snapshot
from tests.preview.country import HOSTILE
from tests.preview.unpacking import unpacked, untopology


@pytest.fixture(scope="module")
def page(country: Snapshot, libraries: Assets) -> str:
    return draw_series(country, "ouderen-gemeente", "aandeelCorporatie", libraries)


def values(page: str) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="gegevens">(.*?)</script>', page, re.DOTALL
    )
    assert found
    document: dict[str, Any] = json.loads(found[1])
    document["topologie"] = untopology(document["topologie"])
    choices = [choice.get("panelen", []) for choice in document["keuzen"]]
    for pane in chain(document["panelen"], *choices):
        for moment in pane["momenten"]:
            moment.update(unpacked(moment, pane["decimalen"]))
    return document


def test_a_page_loads_nothing_from_anywhere(page: str) -> None:
    remote = re.findall(r"(?:src|href|action|data)\s*=|url\(|@import|fetch\(|XMLHttpRequest", page)

    assert set(remote) <= {"href=", "url("}
    assert re.findall(r"href=\"([^\"]*)\"", page) == ["#tabel"]
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", page))
    assert "http://" not in page
    assert "https://" not in page


def test_two_builds_give_the_same_bytes(country: Snapshot, libraries: Assets, page: str) -> None:
    assert draw_series(country, "ouderen-gemeente", "aandeelCorporatie", libraries) == page


def test_a_hostile_name_stays_text(page: str) -> None:
    assert "<script>alert" not in page
    assert "&#39;s-Oord &lt;/script&gt;" in page
    names = [
        geometry["properties"]["naam"]
        for geometry in values(page)["topologie"]["objects"]["gemeente-2021"]["geometries"]
    ]
    assert HOSTILE in names


def test_the_policy_names_every_script_and_style_and_nothing_else(page: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in [*scripts, *styles]
    ]

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)

    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;; ")
    assert [rule for rule in policy[1].split("; ") if "sha256" not in rule][1:] == [
        "img-src blob:",
        "base-uri &#39;none&#39;",
        "form-action &#39;none&#39;",
    ]
    assert re.findall(r"sha256-([^&]*)", policy[1].replace("&#43;", "+")) == hashes
    assert " style=" not in page
    assert not re.findall(r"\son\w+=", page.split("<script>", maxsplit=1)[0])


def test_the_page_says_its_language_title_and_size(page: str) -> None:
    assert '<html lang="nl">' in page
    assert "<title>Ouderen: aandeel in een corporatiewoning, per gemeente</title>" in page
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert "user-scalable" not in page


def test_notices_stand_above_the_map_and_in_the_legend(page: str) -> None:
    text = page[: page.index("<script")]
    assert text.count("Voorbeeldcijfers: door de computer gemaakt") == 2
    assert text.count("Schematische grenzen: gemaakt uit") == 2


def test_every_status_without_number_has_its_own_pattern_in_the_legend(page: str) -> None:
    legend = page[page.index('<aside class="legenda"') : page.index("</aside>")]

    for status in OF_FIGURES:
        if not status.has_value:
            assert status.label_nl in legend
    fills = re.findall(r'fill="url\(#(patroon-\w)\)"', legend)
    assert len(set(fills)) == len(fills) == 4
    assert all(f'<pattern id="{fill}"' in page for fill in fills)


def test_the_table_has_a_row_for_every_region_of_any_indeling(page: str) -> None:
    table = page[page.index("<tbody>") : page.index("</tbody>")]

    assert table.count('<tr data-code="GM') == 9
    assert table.count("<td>") == 9 * 4
    assert table.count("<td>x") == 2 * 1 + 2 * 2


def test_geometry_is_written_once_per_indeling(page: str) -> None:
    document = values(page)

    assert set(document["topologie"]["objects"]) == {"gemeente-2021", "gemeente-2022"}
    used = [moment["vormen"] for moment in document["panelen"][0]["momenten"]]
    assert used == ["gemeente-2021"] * 2 + ["gemeente-2022"] * 2


def test_a_map_with_several_moments_has_a_slider_with_buttons(page: str) -> None:
    assert '<input type="range" id="moment" min="0" max="3"' in page
    assert all(f'id="{name}"' in page for name in ("vorige", "volgende", "afspelen"))


def test_a_count_is_drawn_as_circles(country: Snapshot, libraries: Assets) -> None:
    page = draw_series(country, "taakstelling-gemeente", "taakstelling", libraries)

    document = values(page)
    assert document["kleuren"] == []
    assert len(document["punten"]["gemeente-2021"]) == 8
    assert "L.CircleMarker" in page
    assert "<title>Taakstelling huisvesting vergunninghouders, per gemeente</title>" in page


def test_a_balance_has_circles_on_both_sides_of_0(country: Snapshot, libraries: Assets) -> None:
    page = draw_series(country, "taakstelling-gemeente", "saldo", libraries)
    legend = page[page.index('<aside class="legenda"') : page.index("</aside>")]

    fills = re.findall(r'<circle[^>]* fill="(#\w+)"', legend)
    assert fills[:3] == [CIRCLE] * 3
    assert fills[3:6] == [CIRCLE_BELOW] * 3
    assert "Midden van de schaal: 0 personen (niets te doen en niets over)" in legend


def test_provincies_are_drawn_too(country: Snapshot, libraries: Assets) -> None:
    page = draw_series(country, "ouderen-provincie", "personen", libraries)

    assert "2 provincies (indeling 2022)" in page
    assert "<title>Ouderen: aantal personen, per provincie</title>" in page
