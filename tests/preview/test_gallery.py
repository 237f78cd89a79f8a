import re
from dataclasses import replace
from pathlib import Path

from spatial.preview.assets import Assets
from spatial.preview.division import division_options
from spatial.preview.drawers import DRAWERS, drawing_of
from spatial.preview.entries import ENTRIES, Entry, MapKind, Question, Words
from spatial.preview.gallery import ENGLISH, INDEX, Drawn, draw_gallery, standard_maps
from spatial.store.snapshot import Snapshot
from tests.miniland import miniland_snapshot
from tests.preview.carried import CARRIED


def test_the_standard_maps_are_those_that_the_snapshot_can_show(
    country: Snapshot, libraries: Assets
) -> None:
    files = standard_maps(country, libraries)

    pages = {name for name in files if "/" not in name}
    assert pages == {
        "eerlijke-verdeling-studenten.html",
        "index.html",
        "ouderen-gemeente-door-de-jaren.html",
        "ouderen-gemeente.html",
        "schuif-jaren.html",
        "studenten-gemeente.html",
        "taakstelling-gemeente.html",
        "vergelijk-groepen.html",
        "vergelijk-jaren.html",
        "vergelijk-regios.html",
        "verschil-jaren.html",
    }


def test_a_snapshot_without_these_collections_has_an_empty_gallery(
    tmp_path: Path, libraries: Assets
) -> None:
    assert set(standard_maps(miniland_snapshot(tmp_path), libraries)) == {INDEX, ENGLISH}


def test_the_gallery_links_to_every_map_and_hides_what_only_a_service_has(
    country: Snapshot, libraries: Assets
) -> None:
    files = standard_maps(country, libraries)

    page = files[INDEX].decode()
    links = re.findall(r'<a href="([^"]*)"', page)

    assert sorted(links) == sorted({n for n in files if n.endswith(".html")} - {INDEX})
    assert '<p class="dienst" hidden><a data-pad="profiel' in page
    assert "Voorbeeldcijfers" in page


def test_every_map_has_a_picture_that_its_card_shows_and_a_sentence_in_its_place(
    country: Snapshot, libraries: Assets
) -> None:
    files = standard_maps(country, libraries)

    page = files[INDEX].decode()
    pictures = re.findall(r'<img src="([^"]*)"', page)
    assert sorted(pictures) == sorted(name for name in files if name.endswith(".webp"))
    assert len(pictures) == len({n for n in files if n.endswith(".html")}) - 2
    assert all(files[name][8:12] == b"WEBP" for name in pictures)
    assert 'alt="Het aandeel loopt van 10,0 % tot en met 50,0 %;' in page


def test_the_english_list_has_the_same_maps_and_leads_to_the_dutch_one(
    country: Snapshot, libraries: Assets
) -> None:
    files = standard_maps(country, libraries)

    page, dutch = files[ENGLISH].decode(), files[INDEX].decode()
    shown = r'(?:href|src)="([^"]*)" (?:hreflang="nl">|width)'
    assert re.findall(shown, page) == [f"../{name}" for name in re.findall(shown, dutch)]
    assert '<html lang="en">' in page
    assert '<a href="../index.html" lang="nl" hreflang="nl">In het Nederlands</a>' in page
    assert '<a href="en/index.html" lang="en" hreflang="en">In English</a>' in dutch
    assert "Is it fairly shared?" in page
    assert "Example" in page
    assert 'alt="The share runs from 10.0 % to 50.0 %;' in page


def test_standard_maps_are_byte_identical_over_two_builds(
    country: Snapshot, libraries: Assets
) -> None:
    assert standard_maps(country, libraries) == standard_maps(country, libraries)


def test_texts_of_a_card_are_escaped(country: Snapshot, libraries: Assets) -> None:
    entry = replace(
        ENTRY, titel=Words("Waar <wonen> zij?", ""), uitleg=Words("'s-Gravenhage & meer", "")
    )

    page = draw_gallery([drawn(country, entry)], [], libraries)

    assert "Waar &lt;wonen&gt; zij?" in page
    assert "&#39;s-Gravenhage &amp; meer" in page


def test_maps_stand_under_their_question_with_level_and_years(
    country: Snapshot, libraries: Assets
) -> None:
    maps = [
        drawn(country, replace(ENTRY, naam="a", vraag=Question.TOEN)),
        drawn(country, replace(ENTRY, naam="b", vraag=Question.STUDENTEN)),
        drawn(country, replace(ENTRY, naam="c", vraag=Question.TOEN)),
    ]

    page = draw_gallery(maps, [], libraries)

    assert re.findall(r"<h2[^>]*>([^<]*)|href=\"(\w)\.html", page) == [
        ("Waar wonen de studenten?", ""), ("", "b"), ("Hoe was het toen?", ""), ("", "a"), ("", "c"),
    ]  # fmt: skip
    assert page.count("per provincie, 2021 t/m 2022") == 3


def test_the_newest_indeling_stands_in_for_a_star(country: Snapshot) -> None:
    entry = replace(
        ENTRY, collecties=("ouderen-gemeente-indeling-*",), indicatoren=("aandeelCorporatie",)
    )

    found = drawn(country, entry)[1]

    assert found.panels[0].series.collection.id == CARRIED


def test_every_kind_of_map_is_drawn_and_every_name_is_used_once() -> None:
    assert set(DRAWERS) == set(MapKind)
    assert len({entry.naam for entry in ENTRIES}) == len(ENTRIES)


def test_a_fair_distribution_can_be_chosen_by_every_key_that_has_figures(country: Snapshot) -> None:
    drawing = drawing_of(country, named("eerlijke-verdeling-studenten"))

    assert drawing
    assert [(choice.groep, choice.naam) for choice in drawing.keuzen] == [
        ("Verschil met het evenredige deel", "Verschil met het evenredige deel naar inwoners"),
        (
            "Verschil met het evenredige deel",
            "Verschil met het evenredige deel naar alle corporatiewoningen",
        ),
        ("Locatiequotiënt", "Locatiequotiënt naar inwoners"),
        ("Locatiequotiënt", "Locatiequotiënt naar alle corporatiewoningen"),
    ]


def test_a_taakstelling_begins_with_whether_it_is_on_schedule(country: Snapshot) -> None:
    drawing = drawing_of(country, named("taakstelling-gemeente"))

    assert drawing
    assert [choice.sleutel for choice in drawing.keuzen] == [
        "voortgang",
        "realisatie",
        "saldo",
        "opgave",
        "gehuisvest",
        "taakstelling",
    ]


def test_of_several_groups_the_group_stands_before_the_measure() -> None:
    moved = [f"{group}InwonersTeVerplaatsen" for group in ("ouderen", "studenten")]

    options = division_options("eerlijke-verdeling-corop", moved)

    assert [(option.groep, option.naam) for option in options] == [
        ("Ouderen", "Ouderen: te verplaatsen deel naar inwoners"),
        ("Studenten", "Studenten: te verplaatsen deel naar inwoners"),
    ]


def named(name: str) -> Entry:
    return next(entry for entry in ENTRIES if entry.naam == name)


ENTRY = Entry(
    "een",
    Question.OUDEREN,
    MapKind.SERIES,
    ("ouderen-provincie",),
    ("personen",),
    Words("Een kaart", "A map"),
    Words("Wat hij toont.", "What it shows."),
)


def drawn(country: Snapshot, entry: Entry) -> Drawn:
    drawing = drawing_of(country, entry)
    assert drawing
    return entry, drawing
