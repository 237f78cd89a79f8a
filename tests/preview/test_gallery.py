import re
from pathlib import Path

from spatial.preview.assets import Assets
from spatial.preview.gallery import INDEX, GalleryEntry, draw_gallery, standard_maps
from spatial.store.snapshot import Snapshot
from tests.miniland import miniland_snapshot


def test_the_standard_maps_are_those_that_the_snapshot_can_show(
    country: Snapshot, libraries: Assets
) -> None:
    pages = standard_maps(country, libraries)

    assert set(pages) == {
        "index.html",
        "ouderen-gemeente-door-de-jaren.html",
        "ouderen-gemeente.html",
        "studenten-gemeente.html",
        "taakstelling-gemeente.html",
        "vergelijk-jaren.html",
        "vergelijk-regios.html",
        "verschil-jaren.html",
    }


def test_a_snapshot_without_these_collections_has_an_empty_gallery(
    tmp_path: Path, libraries: Assets
) -> None:
    assert set(standard_maps(miniland_snapshot(tmp_path), libraries)) == {INDEX}


def test_the_gallery_links_to_every_map_and_to_nothing_else(
    country: Snapshot, libraries: Assets
) -> None:
    pages = standard_maps(country, libraries)

    links = re.findall(r'href="([^"]*)"', pages[INDEX])

    assert sorted(links) == sorted(set(pages) - {INDEX})
    assert "Voorbeeldcijfers" in pages[INDEX]


def test_standard_maps_are_byte_identical_over_two_builds(
    country: Snapshot, libraries: Assets
) -> None:
    assert standard_maps(country, libraries) == standard_maps(country, libraries)


def test_questions_are_escaped(libraries: Assets) -> None:
    entry = GalleryEntry("a.html", "Waar <wonen> zij?", "'s-Gravenhage & meer")

    page = draw_gallery([entry], [], libraries)

    assert "Waar &lt;wonen&gt; zij?" in page
    assert "&#39;s-Gravenhage &amp; meer" in page
