"""Every kind of map opened in a real browser, without network."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from spatial.preview.assets import Assets
from spatial.preview.compare import draw_compare
from spatial.preview.difference import draw_difference
from spatial.preview.figures import View
from spatial.preview.maps import draw_series
from spatial.store.snapshot import Snapshot
from tests.contract.browser import document_of
from tests.preview.carried import CARRIED

pytestmark = pytest.mark.client

Browser = Callable[[str], str]


@pytest.fixture(scope="module")
def browse(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Open a page and return the document after its scripts; any complaint fails the test."""

    def run(page: str) -> str:
        folder = tmp_path_factory.mktemp("browser")
        (folder / "kaart.html").write_text(page, encoding="utf-8")
        document = document_of(f"file://{folder}/kaart.html", folder / "profile")
        assert 'data-klaar="ja"' in document
        return document

    return run


def regions(document: str) -> list[str]:
    return re.findall(r'<path class="gebied[^>]*>', document)


def edges(document: str) -> list[str]:
    return re.findall(r'<path class="rand (\w+)[^>]*aria-hidden="true"', document)


FIRST_MOMENT = (
    "var s = document.getElementById('moment'); s.value = 0; s.dispatchEvent(new Event('input'));"
)


def driven(page: str, script: str) -> str:
    """Return the page with a script that acts after it: our policy would refuse it."""
    loose = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    return loose.replace("</body>", f"<script>{script}</script></body>")


def test_every_region_is_drawn_named_and_reachable_by_keyboard(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    document = browse(draw_series(country, "ouderen-gemeente", "aandeelCorporatie", libraries))

    found = regions(document)
    assert len(found) == 7
    assert all('tabindex="0"' in path and 'role="img"' in path for path in found)
    assert any('aria-label="Dorp GM0010: 10,0&nbsp;%"' in path for path in found)
    assert any('aria-label="Dorp GM0005: geheim of onbekend"' in path for path in found)


def test_a_sign_is_drawn_as_a_pattern_and_never_in_a_class_colour(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    document = browse(draw_series(country, "ouderen-gemeente", "aandeelCorporatie", libraries))

    fills = [re.findall(r'fill="([^"]*)"', path)[-1] for path in regions(document)]
    patterns = [fill for fill in fills if fill.startswith("url(")]
    assert sorted(patterns) == [f"url(#patroon-{sign})" for sign in "bgkn"]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", fill) for fill in fills if fill not in patterns)


def test_the_slider_changes_figures_and_boundaries(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, "ouderen-gemeente", "aandeelCorporatie", libraries)

    document = browse(driven(page, FIRST_MOMENT))

    assert len(regions(document)) == 8
    assert '<output for="moment" id="gekozen">1 januari 2021</output>' in document


def test_focus_shows_value_bounds_status_and_source_as_text(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, "ouderen-gemeente", "aandeelCorporatie", libraries)
    script = "document.querySelector('path[aria-label*=\"script\"]').focus()"

    document = browse(driven(page, script))

    tooltip = document[document.index("leaflet-tooltip uitkomst") :]
    for text in (
        "'s-Oord &lt;/script&gt;&lt;script&gt;alert(1)",
        "40,0&nbsp;%",
        "tussen 39,5 en 40,5",
        "geschat",
        "31 december 2022, voorlopig",
        "indeling 2022, GM0003",
        "CBS 85980NED; grenzen schematisch",
    ):
        assert f">{text}" in tooltip


def test_counts_are_circles_above_the_regions(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    document = browse(draw_series(country, "taakstelling-gemeente", "taakstelling", libraries))

    assert len(regions(document)) == 7
    assert len(re.findall(r'<path class="stip[^>]*aria-hidden="true"', document)) == 7


def test_two_years_are_drawn_at_one_scale_and_move_together(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    view = View("ouderen-gemeente", "aandeelCorporatie")
    page = draw_compare(
        country,
        View(view.collection_id, view.indicator_id, date(2021, 1, 1)),
        View(view.collection_id, view.indicator_id, date(2022, 1, 1)),
        libraries,
    )
    script = (
        "map_0.setView([52.5, 5.5], 9, {animate: false}); setTimeout(function () {"
        "document.title = [map_1.getZoom(), map_1.getCenter().lat.toFixed(2)].join(' ')}, 500)"
    )

    document = browse(driven(page, script))

    assert len(regions(document)) == 8 + 7
    assert "<title>9 52.50</title>" in document


def test_two_regions_are_drawn_at_one_scale(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_compare(
        country,
        View("ouderen-gemeente", "personen", regio="PV20"),
        View("ouderen-gemeente", "personen", regio="PV27"),
        libraries,
    )

    document = browse(driven(page, "document.title = String(map_0.getZoom() === map_1.getZoom())"))

    assert len(regions(document)) == 3 + 4
    assert "<title>true</title>" in document


def test_a_sum_and_an_estimate_get_an_edge_of_their_own_and_keep_their_colour(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, CARRIED, "aandeelCorporatie", libraries)

    now, before = browse(page), browse(driven(page, FIRST_MOMENT))

    assert edges(now) == []
    assert edges(before) == ["onder", "opgeteld", "onder", "geschat"]
    estimated = next(path for path in regions(before) if ", geschat" in path)
    assert re.search(r'fill="#[0-9a-f]{6}"', estimated)


def test_status_and_old_codes_of_a_recoded_figure_are_text(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, CARRIED, "aandeelCorporatie", libraries)
    focus = "document.querySelector('path[aria-label$=\", geschat\"]').focus()"

    document = browse(driven(page, FIRST_MOMENT + focus))

    tooltip = document[document.index("leaflet-tooltip uitkomst") :]
    assert ">geschat: GM0003 's-Oord &lt;/script&gt;" in tooltip
    assert "25,0&nbsp;% van GM0002 Dorp GM0002 (deel bepaald voor personen)<" in tooltip
    assert 'aria-label="Dorp GM0010: 10,0&nbsp;%, opgeteld"' in document


def test_a_circle_shows_by_its_edge_how_its_count_came_about(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, CARRIED, "personen", libraries)

    document = browse(driven(page, FIRST_MOMENT))

    marked = re.findall(r'<path class="stip[^"]*(opgeteld|geschat)"', document)
    assert sorted(marked) == ["geschat", "opgeteld", "opgeteld"]
    assert document.rindex('<path class="rand') < document.index('<path class="stip')


def test_a_region_that_loses_its_number_loses_its_circle(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, CARRIED, "personen", libraries)

    now, before = browse(page), browse(driven(page, FIRST_MOMENT))

    circles = [re.findall(r'<path class="stip[^>]*>', document) for document in (now, before)]
    hidden = [[path for path in paths if 'fill="none"' in path] for paths in circles]
    assert [len(paths) for paths in circles] == [7, 7]
    assert [len(paths) for paths in hidden] == [0, 1]
    assert all('stroke="none"' in path for path in hidden[1])


def test_the_text_of_a_region_stays_inside_the_map(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    page = draw_series(country, CARRIED, "aandeelCorporatie", libraries)
    script = (
        "document.querySelector('.folium-map').style.width = '322px'; map_0.invalidateSize();"
        "document.querySelector('path[aria-label$=\", geschat\"]').focus(); setTimeout(function () {"
        "var box = map_0.getContainer().getBoundingClientRect();"
        "var text = document.querySelector('.uitkomst').getBoundingClientRect();"
        "document.title = String(text.right <= box.right && text.left >= box.left)}, 500)"
    )

    document = browse(driven(page, FIRST_MOMENT + script))

    assert "<title>true</title>" in document


def test_a_difference_that_cannot_be_established_has_a_pattern_and_says_why(
    country: Snapshot, libraries: Assets, browse: Browser
) -> None:
    before, after = (
        View("ouderen-gemeente", "aandeelCorporatie", day)
        for day in (date(2021, 1, 1), date(2021, 12, 31))
    )
    page = draw_difference(country, before, after, libraries)
    focus = "document.querySelector('path[aria-label$=\"verschil niet vast te stellen\"]').focus()"

    document = browse(driven(page, focus))

    unsure = [path for path in regions(document) if "verschil niet vast te stellen" in path]
    assert len(unsure) == 4
    assert all('fill="url(#patroon-v)"' in path for path in unsure)
    tooltip = document[document.index("leaflet-tooltip uitkomst") :]
    assert ">van 10,0 % naar 10,0 %<" in tooltip


@pytest.mark.parametrize("indicator", ["aandeelCorporatie", "personen"])
def test_a_tile_grid_shows_the_same_regions_with_the_same_colours_as_equal_hexagons(
    country: Snapshot, libraries: Assets, browse: Browser, indicator: str
) -> None:
    page = draw_series(country, "ouderen-gemeente", indicator, libraries)

    plain = browse(page)
    tiled = browse(driven(page, "document.getElementById('tegels').click()"))

    assert [named(path) for path in regions(tiled)] == [named(path) for path in regions(plain)]
    assert [path.count("L") for path in map(drawn, regions(tiled))] == [5] * 7
    assert drawn(regions(tiled)[0]) != drawn(regions(plain)[0])
    assert 'id="tegels" aria-pressed="true"' in tiled


def named(path: str) -> list[str]:
    return re.findall(r' (?:aria-label|fill|tabindex)="[^"]*"', path)


def drawn(path: str) -> str:
    found = re.search(r' d="([^"]*)"', path)
    assert found
    return found[1]
