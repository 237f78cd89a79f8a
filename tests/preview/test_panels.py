from dataclasses import replace

import pytest

from spatial.domain.status import OF_FIGURES, Status
from spatial.errors import PreviewError
from spatial.preview.classes import MISSING_SIGNS, NO_CLASS, ClassScheme, class_scheme
from spatial.preview.figures import View, read_series
from spatial.preview.maps import make_panel
from spatial.preview.panels import Panel, panel_values
from spatial.preview.styles import frozen_scheme
from spatial.preview.tables import table_rows
from spatial.store.snapshot import Snapshot
from tests.preview.country import STATUSES

SHARE = View("ouderen-gemeente", "aandeelCorporatie")


@pytest.fixture
def panel(country: Snapshot) -> Panel:
    return make_panel(country, SHARE, read_series(country, SHARE), "Ouderen")


def test_only_a_number_takes_a_class(country: Snapshot, panel: Panel) -> None:
    first = panel_values(panel, frozen_scheme(country, panel.series), {})["momenten"][0]

    for sign, letter, value in zip(
        first["klassen"], first["status"], first["waarden"], strict=True
    ):
        missing = letter in MISSING_SIGNS.values()
        assert (sign == NO_CLASS) is missing is (value is None)


def test_the_same_value_has_the_same_class_in_every_moment_and_pane(country: Snapshot) -> None:
    views = [SHARE, View("studenten-gemeente", "aandeelCorporatie", regio="PV20")]
    series = [read_series(country, view) for view in views]
    scheme = frozen_scheme(country, *series)

    seen: dict[float, set[str]] = {}
    for view, one in zip(views, series, strict=True):
        for moment in panel_values(make_panel(country, view, one, ""), scheme, {})["momenten"]:
            for value, sign in zip(moment["waarden"], moment["klassen"], strict=True):
                seen.setdefault(value, set()).add(sign)

    assert all(len(signs) == 1 for signs in seen.values())


def test_counts_have_circles_and_no_class(country: Snapshot) -> None:
    view = View("ouderen-gemeente", "personen")
    series = read_series(country, view)

    pane = panel_values(make_panel(country, view, series, ""), frozen_scheme(country, series), {})
    moment = pane["momenten"][0]

    assert "klassen" not in moment
    assert [radius is None for radius in moment["stralen"]] == [
        value is None for value in moment["waarden"]
    ]


def test_bounds_are_rounded_outwards(country: Snapshot, panel: Panel) -> None:
    first = panel_values(panel, frozen_scheme(country, panel.series), {})["momenten"][0]

    assert (first["min"][0], first["waarden"][0], first["max"][0]) == (9.5, 10, 10.5)


def test_a_region_without_a_row_is_shown_as_not_in_the_source(panel: Panel) -> None:
    first = panel.moments[0]
    figures = {code: figure for code, figure in first.figures.items() if code != "GM0001"}
    poorer = replace(panel, moments=(replace(first, figures=figures),))

    assert poorer.figures(poorer.moments[0])[0].status is Status.ONTBREEKT_IN_BRON
    assert table_rows(poorer)[0][2] == ["-"]


def test_a_figure_without_a_shape_is_an_error_that_names_it(panel: Panel) -> None:
    first = panel.moments[0]
    stray = replace(first, figures={**first.figures, "GM9999": first.figures["GM0001"]})

    with pytest.raises(PreviewError, match=r"\['GM9999'\].*no map shape in indeling 2021"):
        panel.figures(stray)


def test_the_summary_counts_every_kind_of_missing(panel: Panel) -> None:
    text = panel.summary(panel.moments[0])

    assert text.startswith(
        "8 gemeenten (indeling 2021): 4 met een cijfer (1 opgeteld, 1 geschat), "
    )
    assert all(status.label_nl in text for status in MISSING_SIGNS if status in OF_FIGURES)


def test_the_summary_says_that_figures_are_provisional(panel: Panel) -> None:
    provisional = [panel.summary(m).endswith("Voorlopige cijfers.") for m in panel.moments]

    assert provisional == [False, False, True, True]


def test_the_table_has_a_cell_for_every_figure_and_the_signs_of_the_map(panel: Panel) -> None:
    rows = table_rows(panel)

    for place, moment in enumerate(panel.moments):
        there = {code for _, code, cells, _ in rows if cells[place] != "x"}
        assert there == set(moment.figures)
    signs = {code: str(cells[0]) for _, code, cells, _ in rows if code in STATUSES}
    assert signs["GM0005"] == "."
    assert [signs[f"GM000{place}"] for place in (1, 2, 3, 4)] == [
        "10,0",
        "20,0 <i>Σ</i>",
        "30,0 <i>≈</i>",
        "40,0 <i>=</i>",
    ]


def test_an_s_before_a_name_does_not_change_its_place_in_the_table(panel: Panel) -> None:
    names = [naam for naam, *_ in table_rows(panel)]

    assert names[-1].startswith("'s-Oord")


def test_a_scheme_covers_all_values_also_when_a_pane_shows_one_moment(
    country: Snapshot, panel: Panel
) -> None:
    assert frozen_scheme(country, panel.series) == class_scheme(panel.series.values())
    assert isinstance(frozen_scheme(country, panel.series), ClassScheme)
