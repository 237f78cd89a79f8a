"""The accounts: worked out by hand, and the laws that hold whatever the figures."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.analyse.ledger.accounts import (
    Account,
    Books,
    Entry,
    Part,
    Standing,
    book,
    cross,
    keep_books,
)
from spatial.analyse.ledger.cells import ABSENT, Cell, balance, divided, exact, total
from spatial.analyse.ledger.progress import percentage, progress
from spatial.domain.crosswalk import PPM
from spatial.domain.periods import Period, parse_half_year
from spatial.domain.regions import Indeling
from spatial.domain.status import Status
from spatial.domain.taakstelling import Voortgang
from spatial.errors import RegisterError

EXPECTED = Path(__file__).parent / "expected" / "taakstelling_grootboek.txt"
MERGER = {
    Indeling(2022): [Part("GM0001", "GM0010", PPM, 0), Part("GM0002", "GM0010", PPM, 0)],
}
SECRET = Cell(None, Status.GEHEIM_OF_ONBEKEND)


def entry(task: int, housed: int | None = None, *start: int) -> Entry:
    """Return an entry, with achterstand and voorsprong at the start where given."""
    short, ahead = [exact(count) for count in start] if start else (None, None)
    return Entry(exact(task), ABSENT if housed is None else exact(housed), short, ahead)


def books(months: int = 6, **changes: Entry) -> Books:
    """Return four half-years with a merger; a change is named by half-year and code."""
    rows = {
        "2021-1": {"GM0001": entry(10, 9, 3, 0), "GM0002": entry(5, 1, 0, 12)},
        "2021-2": {"GM0001": entry(8, 14), "GM0002": entry(4, 0)},
        "2022-1": {"GM0010": entry(9, 2)},
        "2022-2": {"GM0010": entry(7, 4)},
    }
    for place, other in changes.items():
        _, year, half, code = place.split("_")
        rows[f"{year}-{half}"][code] = other
    entries = {parse_half_year(text): found for text, found in rows.items()}
    return keep_books(entries, MERGER, {parse_half_year("2022-2"): months})


def account(found: Books, half_year: str, code: str) -> Account:
    """Return one account."""
    return found.accounts[parse_half_year(half_year)][code]


def written(period: Period, code: str, one: Account, months: int) -> str:
    """Write an account as its arithmetic."""
    share = percentage(one.gehuisvest, one.opgave)[1]
    said = progress(one.gehuisvest, one.opgave, months)
    return (
        f"{period.begin.year}-{1 + (period.begin.month > 6)} {code}: "
        f"{one.taakstelling.waarde} + {one.achterstand.waarde} - {one.voorsprong.waarde}"
        f" = {one.opgave.waarde}; {one.opgave.waarde} - {one.gehuisvest.waarde}"
        f" = {one.saldo.waarde}; {'geen' if share is None else share} %, {said}; cumulatief"
        f" {one.taakstelling_cumulatief.waarde} en {one.gehuisvest_cumulatief.waarde}"
    )


def test_four_half_years_with_a_merger_are_as_worked_out_by_hand() -> None:
    last = parse_half_year("2022-2")

    lines = [
        written(period, code, one, 3 if period == last else 6)
        for period, accounts in books(months=3).accounts.items()
        for code, one in accounts.items()
    ]

    hand = EXPECTED.read_text(encoding="utf-8").splitlines()
    assert lines == [line for line in hand if not line.startswith("#")]


def test_a_head_start_above_the_target_makes_the_opgave_negative_and_met() -> None:
    one = account(books(), "2021-1", "GM0002")

    assert one.opgave.waarde == -7
    assert percentage(one.gehuisvest, one.opgave)[0] is Status.NIET_VAN_TOEPASSING
    assert progress(one.gehuisvest, one.opgave) is Voortgang.VOLDAAN


def test_a_published_start_goes_before_what_follows_from_the_half_year_before() -> None:
    one = account(books(x_2021_2_GM0001=entry(8, 14, 6, 0)), "2021-2", "GM0001")

    assert (one.achterstand.waarde, one.opgave.waarde) == (6, 14)
    assert one.achterstand.status is Status.WAARGENOMEN


def test_one_unknown_realisation_makes_all_that_rests_on_it_unknown() -> None:
    found = books(x_2021_1_GM0002=entry(5, None, 0, 12))

    assert account(found, "2021-2", "GM0002").opgave == ABSENT
    merged = account(found, "2022-2", "GM0010")
    for cell in (merged.achterstand, merged.voorsprong, merged.opgave, merged.saldo):
        assert (cell.waarde, cell.status) == (None, Status.ONTBREEKT_IN_BRON)
    assert merged.taakstelling_cumulatief.waarde == 43
    assert merged.gehuisvest_cumulatief.waarde is None
    assert account(found, "2021-2", "GM0001").saldo.waarde == -2


def test_without_a_published_start_the_first_half_year_has_no_opgave() -> None:
    one = account(books(x_2021_1_GM0001=entry(10, 9)), "2021-1", "GM0001")

    assert (one.opgave, one.saldo) == (ABSENT, ABSENT)
    assert one.gehuisvest.waarde == 9


def test_what_is_not_over_does_not_go_on_to_the_next_half_year() -> None:
    first, second = parse_half_year("2021-1"), parse_half_year("2021-2")
    entries = {first: {"GM0001": entry(10, 4, 0, 0)}, second: {"GM0001": entry(8, 1)}}

    found = keep_books(entries, {}, {first: 3})

    assert found.accounts[first]["GM0001"].saldo.waarde == 6
    assert found.accounts[second]["GM0001"].achterstand == ABSENT


def test_a_half_year_without_targets_ends_the_series_and_the_sums_begin_anew() -> None:
    halves = [parse_half_year(text) for text in ("2021-1", "2021-2", "2022-1")]
    entries = dict(
        zip(
            halves,
            [
                {"GM0001": entry(5, 5, 0, 0)},
                {"GM0001": Entry(ABSENT)},
                {"GM0001": entry(7, 3, 0, 0)},
            ],
            strict=True,
        )
    )

    found = keep_books(entries, {Indeling(2022): [Part("GM0001", "GM0001", PPM, 0)]}, {})

    assert [found.sinds[half] for half in halves] == [halves[0].begin, None, halves[2].begin]
    assert found.accounts[halves[2]]["GM0001"].gehuisvest_cumulatief.waarde == 3


def test_a_half_year_that_is_left_out_is_refused() -> None:
    entries = {parse_half_year(text): {"GM0001": entry(1, 1)} for text in ("2021-1", "2022-1")}

    with pytest.raises(RegisterError, match="left out: 2022-01-01"):
        keep_books(entries, {}, {})


@pytest.mark.parametrize(
    ("nights", "words"),
    [
        ({}, "no crosswalk to the indeling of 2022"),
        ({Indeling(2022): MERGER[Indeling(2022)][:1]}, "GM0002"),
    ],
)
def test_a_night_that_is_not_known_is_refused(
    nights: Mapping[Indeling, list[Part]], words: str
) -> None:
    entries = {
        parse_half_year("2021-2"): {"GM0001": entry(8, 1, 0, 0), "GM0002": entry(4, 1, 0, 0)},
        parse_half_year("2022-1"): {"GM0010": entry(9, 2)},
    }

    with pytest.raises(RegisterError, match=words):
        keep_books(entries, nights, {})


@pytest.mark.parametrize(
    ("done", "task", "months", "said"),
    [
        (5, 10, 3, Voortgang.OP_SCHEMA),
        (4, 10, 3, Voortgang.ACHTER),
        (10, 10, 1, Voortgang.VOLDAAN),
        (9, 10, 6, Voortgang.ACHTER),
        (2, 10, 1, Voortgang.OP_SCHEMA),
        (1, 10, 1, Voortgang.ACHTER),
        (0, 0, 2, Voortgang.VOLDAAN),
    ],
)
def test_on_schedule_is_a_sixth_of_the_opgave_per_month(
    done: int, task: int, months: int, said: Voortgang
) -> None:
    assert progress(exact(done), exact(task), months) is said


def test_bounds_that_allow_two_answers_give_none() -> None:
    task = Cell(10, Status.GESCHAT, None, 8, 12)

    assert progress(exact(10), task) is Voortgang.NIET_TE_BEPALEN
    assert progress(exact(12), task) is Voortgang.VOLDAAN
    assert percentage(exact(10), task) == (Status.GESCHAT, 100.0, 83.3, 125.0)


def test_nothing_to_do_is_met_even_when_nobody_counted() -> None:
    assert progress(ABSENT, exact(-2)) is Voortgang.VOLDAAN
    assert progress(ABSENT, exact(2)) is Voortgang.NIET_TE_BEPALEN
    assert progress(exact(2), ABSENT) is Voortgang.NIET_TE_BEPALEN


def test_an_opgave_that_may_be_nothing_has_no_percentage() -> None:
    task = Cell(1, Status.GESCHAT, None, 0, 3)

    assert percentage(exact(1), task)[0] is Status.TE_KLEIN


def test_the_worst_status_of_the_parts_is_that_of_the_result() -> None:
    assert balance([exact(1), SECRET], [ABSENT]).status is Status.GEHEIM_OF_ONBEKEND
    assert total([ABSENT, exact(3)]) == ABSENT
    assert total([]) == ABSENT
    assert total([exact(1), exact(2)]).status is Status.OPGETELD


counts = st.integers(-500, 500)
maybe = st.one_of(st.just(ABSENT), counts.map(exact))
natural = st.one_of(st.just(ABSENT), st.integers(0, 500).map(exact))


@st.composite
def nights(draw: st.DrawFn) -> list[Part]:
    """Draw how four gemeenten went to three, some of them in parts."""
    parts = []
    for van in "abcd":
        cuts = sorted(draw(st.lists(st.integers(0, PPM), min_size=2, max_size=2)))
        weights = [cuts[0], cuts[1] - cuts[0], PPM - cuts[1]]
        whole = draw(st.sampled_from([None, "x", "y", "z"]))
        if whole:
            parts.append(Part(van, whole, PPM, 0))
        else:
            margins = draw(st.lists(st.integers(0, 50_000), min_size=3, max_size=3))
            parts += [
                Part(van, naar, ppm, margin)
                for naar, ppm, margin in zip("xyz", weights, margins, strict=True)
            ]
    return parts


@given(nights(), st.lists(counts, min_size=4, max_size=4))
def test_the_national_saldo_survives_every_redivision(night: list[Part], saldos: list[int]) -> None:
    before = {
        code: Standing(exact(saldo), exact(abs(saldo)), exact(0))
        for code, saldo in zip("abcd", saldos, strict=True)
    }

    after = cross(before, night)

    assert sum(one.saldo.waarde or 0 for one in after.values()) == sum(saldos)
    assert sum(one.taakstelling.waarde or 0 for one in after.values()) == sum(map(abs, saldos))


@given(nights(), st.sampled_from("abcd"))
def test_an_unknown_saldo_reaches_every_receiver_and_no_other(
    night: list[Part], unknown: str
) -> None:
    before = {
        code: Standing(ABSENT if code == unknown else exact(3), exact(1), exact(1))
        for code in "abcd"
    }

    after = cross(before, night)

    reached = {part.naar for part in night if part.van == unknown}
    assert {code for code, one in after.items() if one.saldo.waarde is None} == reached


@given(counts, st.lists(st.integers(0, PPM), min_size=2, max_size=2), st.integers(0, 100_000))
def test_a_divided_count_stays_whole_and_within_its_bounds(
    count: int, cuts: list[int], margin: int
) -> None:
    low, high = sorted(cuts)
    weights = [low, high - low, PPM - high]

    cells = divided(exact(count), [(ppm, margin) for ppm in weights], "deel")

    assert sum(cell.waarde or 0 for cell in cells) == count
    for cell, ppm in zip(cells, weights, strict=True):
        assert cell.waarde is not None
        assert cell.ondergrens is not None
        assert cell.bovengrens is not None
        assert cell.ondergrens <= cell.waarde <= cell.bovengrens
        assert abs(cell.waarde - count * ppm / PPM) < 1


@given(natural, natural, natural, natural)
def test_the_opgave_is_the_target_with_what_was_left_over(
    task: Cell, housed: Cell, short: Cell, ahead: Cell
) -> None:
    one = book(Entry(task, housed, short, ahead), None)

    known = [cell.waarde for cell in (task, short, ahead) if cell.waarde is not None]
    if len(known) < 3:
        assert one.opgave.waarde is None
    else:
        assert one.opgave.waarde == known[0] + known[1] - known[2]
    assert (one.saldo.waarde is None) == (one.opgave.waarde is None or housed.waarde is None)


@given(maybe, natural)
def test_what_is_left_over_is_wholly_a_shortfall_or_wholly_a_head_start(
    saldo: Cell, task: Cell
) -> None:
    one = book(Entry(task, ABSENT), Standing(saldo, exact(0), exact(0)))

    if saldo.waarde is None:
        assert (one.achterstand.waarde, one.voorsprong.waarde) == (None, None)
    else:
        assert (one.achterstand.waarde or 0) - (one.voorsprong.waarde or 0) == saldo.waarde
        assert 0 in {one.achterstand.waarde, one.voorsprong.waarde}


def test_one_published_target_does_not_begin_a_series_but_its_saldo_goes_on() -> None:
    first, second = parse_half_year("2021-1"), parse_half_year("2021-2")
    alone = {"GM0001": entry(5, 2, 1, 0), "GM0002": Entry(ABSENT), "GM0003": Entry(ABSENT)}
    all_of_them = {code: entry(7, 6) for code in alone}

    found = keep_books({first: alone, second: all_of_them}, {}, {})

    assert found.sinds == {first: None, second: second.begin}
    one = found.accounts[second]["GM0001"]
    assert (one.achterstand.waarde, one.taakstelling_cumulatief.waarde) == (4, 7)
    assert found.accounts[second]["GM0002"].taakstelling_cumulatief.waarde == 7
    assert found.accounts[second]["GM0002"].achterstand == ABSENT
