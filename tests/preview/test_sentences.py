"""Sentences that a map says of itself."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.status import Status
from spatial.preview.classes import frozen_classes, symbol_scale
from spatial.preview.figures import View, read_series
from spatial.preview.maps import make_panel, series_drawing
from spatial.preview.panels import Panel
from spatial.preview.sentences import Range, sentences, told
from spatial.store.snapshot import Snapshot

SCHEME = frozen_classes((15.0, 25.0, 35.0))


@pytest.fixture(scope="module")
def panel(country: Snapshot) -> Panel:
    view = View("ouderen-gemeente", "aandeelCorporatie")
    return make_panel(country, view, read_series(country, view), "Ouderen")


def test_every_class_is_counted_among_all_regions_in_both_languages(panel: Panel) -> None:
    dutch, english = sentences(panel, panel.moments[0], SCHEME)

    assert dutch.klassen == (
        "In 1 van de 8 gemeenten is het aandeel minder dan 15 %.",
        "In 1 van de 8 gemeenten is het aandeel 15 tot 25 %.",
        "In 1 van de 8 gemeenten is het aandeel 25 tot 35 %.",
        "In 1 van de 8 gemeenten is het aandeel 35 % of meer.",
    )
    assert english.klassen[::3] == (
        "In 1 of the 8 municipalities the share is less than 15 %.",
        "In 1 of the 8 municipalities the share is 35 % or more.",
    )


def test_a_map_says_its_range_and_its_middle(panel: Panel) -> None:
    dutch, english = sentences(panel, panel.moments[0], SCHEME)

    assert dutch.kaart == (
        "Het aandeel loopt van 10,0 % tot en met 40,0 %; in ten minste de helft van de 4 gemeenten "
        "met een cijfer is het 30,0 % of meer."
    )
    assert english.kaart == (
        "The share runs from 10.0 % to 40.0 %; in at least half of the 4 municipalities with a "
        "figure it is 30.0 % or more."
    )


def test_a_map_without_a_number_says_so(panel: Panel) -> None:
    moment = panel.moments[0]
    secret = replace(moment.figures["GM0005"], value=None, status=Status.GEHEIM_OF_ONBEKEND)
    nothing = replace(moment, figures=dict.fromkeys(moment.figures, secret))

    dutch, _ = sentences(panel, nothing, SCHEME)

    assert dutch.kaart == "Voor geen van de 8 gemeenten is er een cijfer."
    assert all(one.startswith("In 0 van de 8 gemeenten ") for one in dutch.klassen)


def test_circles_are_counted_from_each_size_on(country: Snapshot) -> None:
    view = View("ouderen-gemeente", "personen")
    panel = make_panel(country, view, read_series(country, view), "Ouderen")

    dutch, _ = sentences(panel, panel.moments[0], symbol_scale([40]))

    assert dutch.klassen[:2] == (
        "In 1 van de 8 gemeenten is het aantal 40 personen of meer.",
        "In 4 van de 8 gemeenten is het aantal 10 personen of meer.",
    )


def test_circles_below_0_are_counted_from_each_size_down(country: Snapshot) -> None:
    drawing = series_drawing(country, View("taakstelling-gemeente", "saldo"))
    panel = drawing.panels[0]

    dutch, _ = sentences(panel, panel.moments[0], drawing.scheme)

    assert dutch.klassen[-2] == "In 1 van de 8 gemeenten is het cijfer minder dan -10 personen."


def test_units_are_in_the_language_of_the_sentence(country: Snapshot) -> None:
    view = View("ouderen-gemeente", "personen")
    panel = make_panel(country, view, read_series(country, view), "Ouderen")

    _, english = sentences(panel, panel.moments[0], symbol_scale([40]))

    assert english.kaart.startswith("The number runs from 10 persons to 40 persons;")
    assert english.klassen[0].endswith("the number is 40 persons or more.")


def test_a_location_quotient_has_no_unit_and_its_own_word(country: Snapshot) -> None:
    drawing = series_drawing(
        country, View("eerlijke-verdeling-gemeente", "studentenInwonersLocatiequotient")
    )
    panel = drawing.panels[0]

    dutch, english = sentences(panel, panel.moments[0], drawing.scheme)

    assert dutch.kaart.startswith("Het locatiequotiënt loopt van 10,00 tot en met 40,00; ")
    assert english.kaart.startswith("The location quotient runs from 10.00 to 40.00; ")


def test_several_maps_are_told_apart_by_their_title(panel: Panel) -> None:
    dutch, _ = told([panel, replace(panel, titel="Toen", moments=panel.moments[:1])], SCHEME)

    assert dutch[1] == (
        "Ouderen: In 1 van de 7 gemeenten is het aandeel minder dan 15 %. "
        "Toen: In 1 van de 8 gemeenten is het aandeel minder dan 15 %."
    )


@given(st.lists(st.floats(-1e6, 1e6)), st.lists(st.integers(-9, 9), unique=True, min_size=1))
def test_every_value_is_in_exactly_one_range(values: list[float], breaks: list[int]) -> None:
    ends = [None, *sorted(map(float, breaks)), None]
    ranges = [Range(low, high) for low, high in pairwise(ends)]

    assert sum(entry.count(values) for entry in ranges) == len(values)
