from datetime import date

import pytest

from spatial.domain.status import Status
from spatial.errors import PreviewError, UnknownMemberError
from spatial.preview.figures import View, pick, read_series
from spatial.store.snapshot import Snapshot
from tests.preview.country import STATUSES

SHARE = View("ouderen-gemeente", "aandeelCorporatie")


def test_every_moment_keeps_its_own_indeling(country: Snapshot) -> None:
    series = read_series(country, SHARE)

    assert [(m.peilmoment.isoformat(), m.indeling) for m in series.moments] == [
        ("2021-01-01", 2021),
        ("2021-12-31", 2021),
        ("2022-01-01", 2022),
        ("2022-12-31", 2022),
    ]
    assert "GM0001" in series.moments[1].figures
    assert "GM0001" not in series.moments[2].figures


def test_a_number_keeps_status_and_bounds_and_a_sign_has_neither(country: Snapshot) -> None:
    figures = read_series(country, SHARE).moments[0].figures

    for code, status in STATUSES.items():
        figure = figures[code]
        assert figure.status is status
        assert all(
            (part is not None) == status.has_value
            for part in (figure.value, figure.lower, figure.upper)
        )


def test_a_flow_is_shown_for_the_year_and_not_on_1_january(country: Snapshot) -> None:
    view = View("ouderen-gemeente", "aandeelVrijgekomenCorporatiewoningen")

    series = read_series(country, view)

    assert [moment.label for moment in series.moments] == ["heel 2021", "heel 2022"]


def test_the_taakstelling_is_shown_per_half_year(country: Snapshot) -> None:
    series = read_series(country, View("taakstelling-gemeente", "taakstelling"))

    assert [moment.label for moment in series.moments][:2] == [
        "1e halfjaar 2021",
        "2e halfjaar 2021",
    ]


def test_provisional_figures_and_what_must_be_said_travel_along(country: Snapshot) -> None:
    series = read_series(country, SHARE)

    assert [moment.voorlopig for moment in series.moments] == [False, False, True, True]
    assert any("Voorbeeldcijfers" in notice for notice in series.notices)
    assert any("Schematische grenzen" in notice for notice in series.notices)
    assert series.schematic


def test_values_of_a_series_hold_no_sign(country: Snapshot) -> None:
    values = read_series(country, SHARE).values()

    missing = sum(
        not figure.status.has_value
        for moment in read_series(country, SHARE).moments
        for figure in moment.figures.values()
    )
    assert values.count(None) == missing > 0


def test_an_unknown_collection_is_an_error_that_lists_those_there_are(country: Snapshot) -> None:
    with pytest.raises(UnknownMemberError, match=r"'grenzen-gemeente'.*ouderen-gemeente"):
        read_series(country, View("grenzen-gemeente", "personen"))


def test_an_unknown_indicator_is_an_error_that_lists_those_there_are(country: Snapshot) -> None:
    with pytest.raises(UnknownMemberError, match=r"'geluk'.*aandeelCorporatie"):
        read_series(country, View("ouderen-gemeente", "geluk"))


def test_an_unknown_peilmoment_is_an_error_that_lists_those_there_are(country: Snapshot) -> None:
    view = View("ouderen-gemeente", "personen", date(1999, 1, 1))

    with pytest.raises(PreviewError, match=r"1999-01-01; there are 2021-01-01"):
        pick(read_series(country, view), view)


def test_an_indicator_that_applies_nowhere_cannot_be_drawn(country: Snapshot) -> None:
    with pytest.raises(
        PreviewError, match="'inwonersTaakstelling' has no figures in 'taakstelling-gemeente'"
    ):
        read_series(country, View("taakstelling-gemeente", "inwonersTaakstelling"))


def test_one_peilmoment_can_be_picked(country: Snapshot) -> None:
    view = View("ouderen-gemeente", "personen", date(2022, 1, 1))

    moments = pick(read_series(country, view), view)

    assert [moment.label for moment in moments] == ["1 januari 2022"]
    assert moments[0].figures["GM0003"].status is Status.GESCHAT
