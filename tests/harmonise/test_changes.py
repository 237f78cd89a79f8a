from dataclasses import replace
from datetime import date

import pytest

from spatial.domain.crosswalk import PPM, Gewichtmethode, Samenhang
from spatial.domain.facts import Inhabitants
from spatial.domain.findings import Severity
from spatial.domain.redivisions import Mutatie, Redivision
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError, UnknownRegionError
from spatial.harmonise.changes import (
    Thresholds,
    codes_on,
    components,
    graph_between,
    noted_corrections,
    receivers,
    with_corrections,
)
from spatial.harmonise.history import history, predecessors, successors
from tests.miniland import CODES, REGISTER, SPLIT, YEARS

FIRST, MIDDLE, LAST = YEARS
MERGER = next(row for row in REGISTER if row.mutatie is Mutatie.FUSIE)


def moved(old: str, new: str, mutatie: Mutatie, day: date = date(2021, 1, 1)) -> Redivision:
    return replace(
        MERGER, datum=day, oude_code=old, oude_naam=old, nieuwe_code=new, nieuwe_naam=new,
        mutatie=mutatie,
    )  # fmt: skip


def kinds(
    register: tuple[Redivision, ...], old: frozenset[str], new: frozenset[str]
) -> list[Samenhang]:
    codes = {FIRST: old, MIDDLE: new}
    return [part.samenhang for part in components(register, codes, FIRST, MIDDLE)]


def test_the_graph_chains_the_years() -> None:
    assert graph_between(REGISTER, CODES, FIRST, LAST) == {
        "GM0001": ("GM0010",),
        "GM0002": ("GM0010",),
        "GM0003": ("GM0003",),
        "GM0004": ("GM0004",),
        "GM0005": ("GM0003", "GM0004"),
    }


def test_backward_a_gemeente_has_all_its_parts() -> None:
    assert graph_between(REGISTER, CODES, LAST, FIRST) == {
        "GM0003": ("GM0003", "GM0005"),
        "GM0004": ("GM0004", "GM0005"),
        "GM0010": ("GM0001", "GM0002"),
    }


def test_from_an_indeling_to_itself_every_code_stays() -> None:
    assert graph_between(REGISTER, CODES, LAST, LAST) == {
        code: (code,) for code in sorted(CODES[LAST])
    }


def test_components_are_what_redivisions_join() -> None:
    found = [(part.oud, part.nieuw) for part in components(REGISTER, CODES, FIRST, LAST)]

    assert found == [
        (("GM0001", "GM0002"), ("GM0010",)),
        (("GM0003", "GM0004", "GM0005"), ("GM0003", "GM0004")),
    ]


def test_a_split_that_touches_a_merger_makes_a_split() -> None:
    found = {part.oud[0]: part.samenhang for part in components(REGISTER, CODES, FIRST, LAST)}

    assert found == {"GM0001": Samenhang.FUSIE, "GM0003": Samenhang.OPSPLITSING}


def test_a_merger_read_backward_divides() -> None:
    found = {part.oud: part.samenhang for part in components(REGISTER, CODES, LAST, MIDDLE)}

    assert found[("GM0010",)] is Samenhang.OPSPLITSING
    assert found[("GM0003",)] is Samenhang.ONGEWIJZIGD


def test_one_gemeente_with_a_new_code_is_hercodeerd() -> None:
    register = (moved("GM0001", "GM0009", Mutatie.HERCODERING),)

    assert kinds(register, frozenset({"GM0001"}), frozenset({"GM0009"})) == [Samenhang.HERCODEERD]


def test_one_gemeente_with_a_new_name_is_hernoemd() -> None:
    register = (moved("GM0001", "GM0001", Mutatie.HERNOEMING),)

    assert kinds(register, frozenset({"GM0001"}), frozenset({"GM0001"})) == [Samenhang.HERNOEMD]


def test_a_grenscorrectie_joins_nothing_and_is_told_of_both() -> None:
    register = (moved("GM0001", "GM0002", Mutatie.GRENSCORRECTIE),)
    codes = frozenset({"GM0001", "GM0002"})

    assert kinds(register, codes, codes) == [Samenhang.GRENSCORRECTIE] * 2


def test_an_event_outside_the_years_asked_is_not_told() -> None:
    register = (moved("GM0001", "GM0001", Mutatie.HERNOEMING, date(2022, 1, 1)),)

    assert kinds(register, frozenset({"GM0001"}), frozenset({"GM0001"})) == [Samenhang.ONGEWIJZIGD]


@pytest.mark.parametrize(("van", "naar"), [(FIRST, MIDDLE), (MIDDLE, FIRST)])
def test_grenscorrecties_are_noted_in_both_directions(van: Indeling, naar: Indeling) -> None:
    register = (*REGISTER, moved("GM0001", "GM0002", Mutatie.GRENSCORRECTIE))

    (finding,) = noted_corrections(register, van, naar)

    assert (finding.severity, finding.key) == (Severity.INFO, "GM0001")
    assert "2021-01-01" in finding.message


def test_grenscorrecties_of_other_years_are_not_noted() -> None:
    register = (moved("GM0001", "GM0002", Mutatie.GRENSCORRECTIE),)

    assert noted_corrections(register, MIDDLE, LAST) == []


def split_of(share: float | None) -> tuple[Redivision, ...]:
    rest = None if share is None else 1 - share
    return (
        replace(moved("GM0005", "GM0003", Mutatie.OPSPLITSING), aandeel=share),
        replace(moved("GM0005", "GM0004", Mutatie.OPSPLITSING), aandeel=rest),
    )


@pytest.mark.parametrize(
    ("share", "people", "kind"),
    [
        (0.0009, 40_000, Mutatie.GRENSCORRECTIE),
        (0.0009, 60_000, Mutatie.OPSPLITSING),
        (0.002, 10_000, Mutatie.OPSPLITSING),
        (None, 10_000, Mutatie.OPSPLITSING),
    ],
)
def test_a_part_below_both_thresholds_is_a_grenscorrectie(
    share: float | None, people: int, kind: Mutatie
) -> None:
    counts = [Inhabitants("GM0005", 2020, people, FIRST, "telling")]

    minor, major = with_corrections(split_of(share), counts)

    assert (minor.mutatie, major.mutatie) == (kind, Mutatie.OPSPLITSING)


def test_a_part_with_unknown_inhabitants_stays_a_split() -> None:
    later = [Inhabitants("GM0005", 2021, 10, MIDDLE, "telling")]

    assert with_corrections(split_of(0.0001), later) == split_of(0.0001)


def test_thresholds_are_those_that_are_given() -> None:
    counts = [Inhabitants("GM0005", 2020, 1_000, FIRST, "telling")]

    minor, _ = with_corrections(split_of(0.02), counts, Thresholds(share=0.05, inhabitants=21))

    assert minor.mutatie is Mutatie.GRENSCORRECTIE


def test_without_its_minor_part_a_split_is_a_whole_move() -> None:
    counts = [Inhabitants("GM0005", 2020, 1_000, FIRST, "telling")]
    register = with_corrections(split_of(0.0001), counts)

    assert receivers(register, CODES, MIDDLE)["GM0005"] == ("GM0004",)


WEESP = (moved("GM0002", "GM0001", Mutatie.FUSIE, date(2020, 3, 24)),)
WEESP_CODES = {
    FIRST: frozenset({"GM0001", "GM0002"}),
    MIDDLE: frozenset({"GM0001"}),
}


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2020, 1, 1), 2),
        (date(2020, 3, 23), 2),
        (date(2020, 3, 24), 1),
        (date(2020, 12, 31), 1),
        (date(2021, 1, 1), 1),
    ],
)
def test_codes_of_a_day_follow_events_within_the_year(day: date, number: int) -> None:
    assert len(codes_on(day, WEESP, WEESP_CODES)) == number


def test_an_event_within_a_year_is_a_step_to_the_next_indeling() -> None:
    assert receivers(WEESP, WEESP_CODES, MIDDLE)["GM0002"] == ("GM0001",)


def test_codes_of_an_unknown_year_are_an_error() -> None:
    with pytest.raises(UnknownRegionError, match=r"known of 2031; known are \[2020, 2021, 2022\]"):
        codes_on(date(2031, 1, 1), REGISTER, CODES)


def test_a_code_that_goes_without_a_row_is_an_error() -> None:
    codes = {FIRST: frozenset({"GM0001", "GM0002"}), MIDDLE: frozenset({"GM0001"})}

    with pytest.raises(RegisterError, match=r"from 2020 to 2021 in \['GM0002'\]"):
        receivers((), codes, MIDDLE)


def test_a_row_of_a_code_that_is_not_there_is_an_error() -> None:
    codes = {FIRST: frozenset({"GM0001"}), MIDDLE: frozenset({"GM0001"})}

    with pytest.raises(RegisterError, match=r"from 2020 to 2021 in \['GM0002'\]"):
        receivers((moved("GM0002", "GM0001", Mutatie.FUSIE),), codes, MIDDLE)


def test_the_order_of_the_register_makes_no_difference() -> None:
    backward = tuple(reversed(REGISTER))

    assert components(backward, CODES, FIRST, LAST) == components(REGISTER, CODES, FIRST, LAST)


def test_a_retired_code_has_its_years_last_day_and_successors() -> None:
    found = history("GM0005", REGISTER, CODES, [SPLIT])

    assert (found.indelingen, found.laatste_dag) == ((FIRST,), date(2020, 12, 31))
    assert {row.code: row.gewicht_ppm for row in found.opvolgers} == SPLIT.ppm
    assert {row.methode for row in found.opvolgers} == {Gewichtmethode.OPGEGEVEN}


def test_a_code_that_still_exists_has_no_successors_and_no_last_day() -> None:
    found = history("GM0003", REGISTER, CODES, [SPLIT])

    assert (found.opvolgers, found.laatste_dag) == ((), None)
    assert [(row.code, row.gewicht_ppm) for row in found.voorgangers] == [("GM0005", 600_000)]


def test_a_whole_move_has_its_whole_weight() -> None:
    (found,) = successors("GM0001", MIDDLE, REGISTER, [])

    assert (found.code, found.gewicht_ppm, found.grens_ppm) == ("GM0010", PPM, 0)
    assert found.methode is Gewichtmethode.EXACT


def test_a_split_without_weights_has_successors_without_weight() -> None:
    found = successors("GM0005", FIRST, REGISTER, [])

    assert [(row.code, row.gewicht_ppm, row.methode) for row in found] == [
        ("GM0003", None, None),
        ("GM0004", None, None),
    ]


def test_predecessors_are_those_of_the_step_to_that_indeling() -> None:
    found = predecessors("GM0010", LAST, REGISTER, [])

    assert [row.code for row in found] == ["GM0001", "GM0002"]
    assert predecessors("GM0003", LAST, REGISTER, []) == ()


def test_a_code_that_never_was_is_an_error() -> None:
    with pytest.raises(UnknownRegionError, match="no indeling of 2020-2022 has GM9999"):
        history("GM9999", REGISTER, CODES, [])
