"""Example realisation: labelled, the same every time, and wherever a series begins a start."""

from datetime import date

from spatial.domain.periods import parse_half_year
from spatial.domain.sources import SourceStatus
from spatial.domain.taakstelling import Reported
from spatial.example.realisation import Targets, example_reports

FIRST, SECOND, THIRD, FOURTH = (
    parse_half_year(text) for text in ("2021-1", "2021-2", "2022-1", "2022-2")
)
TARGETS: Targets = {
    FIRST: {f"GM{number:04}": number for number in range(1, 200)} | {"GM0200": None},
    SECOND: {f"GM{number:04}": number for number in range(1, 201)},
    THIRD: {f"GM{number:04}": None for number in range(1, 201)},
    FOURTH: {f"GM{number:04}": number for number in range(1, 201)},
}


def made() -> dict[tuple[date, str], Reported]:
    """Return the example by half-year and code."""
    return {(row.period.begin, row.gemeente): row for row in example_reports(TARGETS).rows}


def test_the_example_says_what_it_is() -> None:
    found = example_reports(TARGETS)

    assert found.source.status is SourceStatus.VOORBEELDCIJFERS
    assert found.source.melding.startswith("Voorbeeldcijfers")
    assert "gehuisvest" in found.source.melding
    assert "housed" in found.source.notice_en
    assert {row.bron for row in found.rows} == {"voorbeeldcijfer"}


def test_the_same_targets_give_the_same_example() -> None:
    backwards = dict(reversed(list(TARGETS.items())))

    assert example_reports(TARGETS) == example_reports(backwards)


def test_targets_are_never_made() -> None:
    assert {row.taakstelling for row in made().values()} == {None}


def test_a_half_year_without_targets_has_no_example() -> None:
    assert {begin for begin, _ in made()} == {FIRST.begin, SECOND.begin, FOURTH.begin}


def test_every_series_begins_with_a_shortfall_or_a_head_start() -> None:
    rows = made()
    starts = {key for key, row in rows.items() if row.achterstand is not None}

    assert {code for begin, code in starts if begin == SECOND.begin} == {"GM0200"}
    assert len([key for key in starts if key[0] == FIRST.begin]) == 200
    assert len([key for key in starts if key[0] == FOURTH.begin]) == 200
    for key in starts:
        assert 0 in {rows[key].achterstand, rows[key].voorsprong}


def test_some_begin_with_a_head_start_above_their_target() -> None:
    rows = made()
    above = [
        code
        for code, target in TARGETS[SECOND].items()
        if (row := rows[FIRST.begin, code]).voorsprong and row.voorsprong > (target or 0)
    ]

    assert 1 <= len(above) <= 20


def test_of_the_newest_half_year_three_months_are_counted() -> None:
    rows = made()

    assert {row.peildatum for (begin, _), row in rows.items() if begin == FOURTH.begin} == {
        date(2022, 9, 30)
    }
    assert {row.peildatum for (begin, _), row in rows.items() if begin == FIRST.begin} == {
        date(2021, 6, 30)
    }


def test_housed_is_around_the_target_and_never_below_nothing() -> None:
    rows = [row for (begin, _), row in made().items() if begin == SECOND.begin]
    total = sum(row.gehuisvest or 0 for row in rows)

    assert min(row.gehuisvest or 0 for row in rows) >= 0
    assert 0.9 * 20_100 < total < 1.2 * 20_100
