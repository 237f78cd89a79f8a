from dataclasses import replace
from itertools import pairwise

import pytest

from spatial.domain.status import OF_FIGURES, Status
from spatial.errors import StoreError
from spatial.preview.classes import CIRCLE, CIRCLE_BELOW, ClassScheme
from spatial.preview.legend import LAND
from spatial.preview.schemes import from_json
from spatial.qgis.conditions import Every, OneOf, Some, Span
from spatial.qgis.rules import LAND as OWN_LAND
from spatial.qgis.rules import Area, Circle, Edge, Pattern, rules_of
from tests.qgis.conftest import Show

SHARE, COUNT = "aandeelCorporatie", "personen"


def test_a_value_has_the_colour_that_it_has_on_the_maps(show: Show) -> None:
    shown = show("ouderen-gemeente", SHARE)
    scheme = from_json(shown.entry).scheme
    assert isinstance(scheme, ClassScheme)
    classes = [rule for rule in rules_of(shown) if isinstance(rule.drawing, Area)]

    spans = [rule.condition for rule in classes]
    drawn = [rule.drawing.colour for rule in classes if isinstance(rule.drawing, Area)]

    assert drawn == list(scheme.colours)
    ends = [None, *scheme.breaks, None]
    assert spans == [Span(SHARE, low, high) for low, high in pairwise(ends)]


def test_every_status_without_number_has_a_drawing_of_its_own(show: Show) -> None:
    rules = [r for r in rules_of(show("ouderen-gemeente", SHARE)) if isinstance(r.drawing, Pattern)]

    expected = {status.value for status in OF_FIGURES if not status.has_value}
    found = {r.condition.texts[0] for r in rules if isinstance(r.condition, OneOf)}
    assert found == expected
    assert len({r.drawing for r in rules}) == len(expected)


def test_a_share_of_summed_counts_has_the_edge_of_a_sum(show: Show) -> None:
    rules = rules_of(show("ouderen-gemeente", "aandeelVrijgekomenCorporatiewoningen"))

    edges = {r.drawing.status: r.condition for r in rules if isinstance(r.drawing, Edge)}

    # its counts are no part of this collection: it has only its own status to go by
    assert set(edges) == {Status.OPGETELD, Status.GESCHAT}
    assert edges[Status.OPGETELD] == OneOf(
        "aandeelVrijgekomenCorporatiewoningenStatus", ("opgeteld",)
    )


def test_the_counts_of_a_share_tell_how_it_came_about_where_they_are_there(show: Show) -> None:
    shown = show("ouderen-gemeente", SHARE)
    held = {**shown.style["indicatoren"], "huishoudens": {}}
    shown = replace(shown, style={**shown.style, "indicatoren": held})

    edges = {r.drawing.status: r.condition for r in rules_of(shown) if isinstance(r.drawing, Edge)}

    summed = Some((OneOf("huishoudensStatus", ("opgeteld",)),))
    status = f"{SHARE}Status"
    assert edges[Status.OPGETELD] == Some(
        (OneOf(status, ("opgeteld",)), Every((OneOf(status, ("berekend",)), summed)))
    )


def test_a_count_is_a_circle_on_a_region_and_its_edge_tells_how_it_came_about(show: Show) -> None:
    rules = rules_of(show("ouderen-gemeente", COUNT))

    land, *circles = [r for r in rules if isinstance(r.drawing, Area | Circle)]

    assert land.drawing == Area(LAND) == Area(OWN_LAND)
    assert [c.drawing.status for c in circles if isinstance(c.drawing, Circle)] == [
        None,
        Status.OPGETELD,
        Status.GESCHAT,
    ]
    assert {c.drawing.fill for c in circles if isinstance(c.drawing, Circle)} == {CIRCLE}
    assert not [r for r in rules if isinstance(r.drawing, Edge)]


def test_a_count_below_zero_is_a_circle_of_another_colour(show: Show) -> None:
    rules = rules_of(show("taakstelling-gemeente", "saldo"))

    below = [r for r in rules if isinstance(r.drawing, Circle) and r.drawing.fill == CIRCLE_BELOW]

    assert len(below) == 3
    assert below[0].condition == Every(
        (Span("saldo", None, 0), OneOf("saldoStatus", ("waargenomen", "berekend")))
    )


@pytest.mark.parametrize(
    ("english", "said"),
    [
        (False, "Midden van de schaal: 100 % (de opgave is precies gehaald)"),
        (True, "Middle of the scale: 100 % (the opgave is exactly met)"),
    ],
)
def test_the_legend_names_the_middle_in_both_languages(
    show: Show, said: str, *, english: bool
) -> None:
    rules = rules_of(show("taakstelling-gemeente", "realisatie", english=english))

    assert rules[0].label == said


def test_example_figures_are_called_so_in_the_legend(show: Show) -> None:
    dutch = [rule.label for rule in rules_of(show("ouderen-gemeente", SHARE))]
    english = [rule.label for rule in rules_of(show("ouderen-gemeente", SHARE, english=True))]

    assert "Voorbeeldcijfers: door de computer gemaakt, geen waarneming van het CBS." in dutch
    assert "Example figures: made by a computer, not observed by CBS." in english
    assert "geschat (gestreepte rand)" in dutch
    assert "estimated (dashed edge)" in english


def test_an_indicator_without_scheme_is_a_named_error(show: Show) -> None:
    with pytest.raises(StoreError, match="ouderen-gemeente has no scheme of 'woonruimten'"):
        rules_of(show("ouderen-gemeente", "woonruimten"))


def test_a_damaged_scheme_is_a_named_error(show: Show) -> None:
    shown = show("ouderen-gemeente", SHARE)
    entry = {name: value for name, value in shown.entry.items() if name != "kleuren"}
    damaged = replace(shown, style={**shown.style, "indicatoren": {SHARE: entry}})

    with pytest.raises(StoreError, match="cannot be drawn: KeyError"):
        rules_of(damaged)
