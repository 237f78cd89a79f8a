"""Several indicators in one page."""

import re

import pytest

from spatial.errors import PreviewError, UnknownMemberError
from spatial.preview.assets import Assets
from spatial.preview.choice import Option, draw_choice
from spatial.preview.figures import View
from spatial.preview.maps import draw_series
from spatial.store.snapshot import Snapshot
from tests.preview.test_maps import values

SHARE, COUNT, FLOW = "aandeelCorporatie", "personen", "aandeelVrijgekomenCorporatiewoningen"
COLLECTION = "ouderen-gemeente"


def options(*indicators: str, collection: str = COLLECTION) -> list[Option]:
    return [Option(View(collection, indicator)) for indicator in indicators]


@pytest.fixture(scope="module")
def page(country: Snapshot, libraries: Assets) -> str:
    return draw_choice(country, options(SHARE, COUNT, FLOW), libraries)


def test_a_control_with_a_label_names_every_indicator(page: str) -> None:
    control = page[page.index('<select id="onderwerp"') : page.index("</select>")]

    assert '<label for="onderwerp">Onderwerp</label>' in page
    assert re.findall(r'value="(\w+)">([^<]*)<', control) == [
        (SHARE, "Aandeel in een corporatiewoning"),
        (COUNT, "Aantal personen"),
        (FLOW, "Aandeel van de vrijgekomen corporatiewoningen"),
    ]


def test_the_page_begins_with_the_first_indicator_as_on_a_map_of_its_own(
    page: str, country: Snapshot, libraries: Assets
) -> None:
    alone = values(draw_series(country, COLLECTION, SHARE, libraries))

    document = values(page)

    assert (document["panelen"], document["kleuren"]) == (alone["panelen"], alone["kleuren"])


@pytest.mark.parametrize("place", [1, 2])
def test_a_choice_has_the_figures_and_colours_of_a_map_of_its_own(
    page: str, country: Snapshot, libraries: Assets, place: int
) -> None:
    indicator = (SHARE, COUNT, FLOW)[place]
    alone = values(draw_series(country, COLLECTION, indicator, libraries))

    choice = values(page)["keuzen"][place]

    assert (choice["panelen"], choice["kleuren"]) == (alone["panelen"], alone["kleuren"])


def test_shapes_are_written_once_for_all_indicators(
    page: str, country: Snapshot, libraries: Assets
) -> None:
    alone = draw_series(country, COLLECTION, SHARE, libraries)

    assert values(page)["topologie"] == values(alone)["topologie"]


def test_only_the_first_indicator_has_its_table_in_the_document(page: str) -> None:
    assert page.count("<table>") == 1


def test_every_other_indicator_has_a_legend_ready(page: str) -> None:
    ready = re.findall(r'<template id="legenda-(\d)">(.*?)</template>', page, re.DOTALL)

    assert [number for number, _ in ready] == ["1", "2"]
    assert all(text.startswith('<aside class="legenda"') for _, text in ready)


def test_a_page_with_one_indicator_has_no_control(country: Snapshot, libraries: Assets) -> None:
    page = draw_series(country, COLLECTION, SHARE, libraries)

    assert '<select id="onderwerp"' not in page
    assert "<template" not in page


def test_indicators_of_two_groups_are_named_with_their_group(
    country: Snapshot, libraries: Assets
) -> None:
    both = [*options(SHARE), *options(SHARE, collection="studenten-gemeente")]

    page = draw_choice(country, both, libraries)

    assert [choice["sleutel"] for choice in values(page)["keuzen"]] == [
        f"ouderen-gemeente.{SHARE}",
        f"studenten-gemeente.{SHARE}",
    ]
    assert ">Studenten: aandeel in een corporatiewoning</option>" in page


def test_names_and_headings_can_be_given(country: Snapshot, libraries: Assets) -> None:
    given = [
        Option(View(COLLECTION, SHARE), "Deel", "Aandelen"),
        Option(View(COLLECTION, COUNT), "Hoeveel", "Aantallen"),
    ]

    page = draw_choice(country, given, libraries)

    assert '<optgroup label="Aandelen"><option value="aandeelCorporatie">Deel</option>' in page


def test_two_draws_give_the_same_bytes(page: str, country: Snapshot, libraries: Assets) -> None:
    assert draw_choice(country, options(SHARE, COUNT, FLOW), libraries) == page


def test_an_indicator_that_is_there_twice_is_named(country: Snapshot, libraries: Assets) -> None:
    with pytest.raises(PreviewError, match="'personen' of 'ouderen-gemeente' is there twice"):
        draw_choice(country, options(COUNT, COUNT), libraries)


def test_an_unknown_indicator_is_named(country: Snapshot, libraries: Assets) -> None:
    with pytest.raises(UnknownMemberError, match="nergens"):
        draw_choice(country, options(COUNT, "nergens"), libraries)


def test_regions_of_two_levels_do_not_share_a_map(country: Snapshot, libraries: Assets) -> None:
    both = [*options(SHARE), *options(SHARE, collection="ouderen-provincie")]

    with pytest.raises(PreviewError, match="one level; these are of gemeente, provincie"):
        draw_choice(country, both, libraries)


def test_two_regions_do_not_share_a_map(country: Snapshot, libraries: Assets) -> None:
    both = [Option(View(COLLECTION, SHARE, regio="PV20")), Option(View(COLLECTION, COUNT))]

    with pytest.raises(PreviewError, match="one region, or the whole country"):
        draw_choice(country, both, libraries)
