"""The audit finds every figure of ours that says more of a secret cell than the source does."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.analyse.disclosure.attack import Limits, Solver, Verdict
from spatial.analyse.disclosure.audit import Structure, audit
from spatial.analyse.disclosure.cells import PartsRule
from spatial.analyse.disclosure.figures import SHARES
from spatial.analyse.disclosure.report import AuditReport, findings_of
from spatial.analyse.disclosure.shares import shares_of
from spatial.analyse.disclosure.system import Box, System, activity, propagate
from spatial.domain.crosswalk import CROSSWALK, PPM
from spatial.domain.facts import Membership
from spatial.domain.findings import Severity, errors_of
from spatial.domain.indicators import Thema, load_catalogue
from spatial.domain.regions import Indeling, Niveau, niveau_of
from spatial.domain.status import Status, rounding_bounds
from spatial.domain.tables import OBSERVATIONS, Table
from spatial.errors import RegisterError, SchemaError, UnknownRegionError
from spatial.harmonise.sums import sum_over

SECRET = Status.GEHEIM_OF_ONBEKEND
DAY = date(2022, 1, 1)
OLD, NEW = 2022, 2025
A, B, C, D = "GM0001", "GM0002", "GM0003", "GM0004"


def empty(table: Table) -> pa.Schema:
    """Return the Arrow schema of a declared table."""
    return pa.schema(
        [
            (column.name, pa.date32() if column.type.startswith("date32") else column.type)
            for column in table.columns
        ]
    )


def row(code: str, value: int | Status, kenmerk: str = "totaal") -> dict[str, object]:
    """Return one figure of the source, rounded to five, or its sign."""
    status = value if isinstance(value, Status) else Status.WAARGENOMEN
    count = None if isinstance(value, Status) else value
    bounds = (None, None) if count is None else rounding_bounds(count, 5)
    return {
        "bron": "85980NED",
        "groep": "ouderen",
        "kenmerk": kenmerk,
        "maat": "personen",
        "niveau": niveau_of(code).value,
        "code": code,
        "begin": DAY,
        "eind": DAY,
        "indeling": OLD,
        "waarde": count,
        "status": status.value,
        "ondergrens": bounds[0],
        "bovengrens": bounds[1],
        "voorlopig": False,
        "herkomst": None,
    }


def ours(code: str, low: int, high: int, **other: object) -> dict[str, object]:
    """Return one count of ours with its bounds."""
    bounds = {"waarde": (low + high) // 2, "ondergrens": low, "bovengrens": high}
    return row(code, 0) | {"status": Status.OPGETELD.value, **bounds} | other


def observed(*rows: dict[str, object]) -> pa.Table:
    """Return rows as OBSERVATIONS."""
    return pa.Table.from_pylist(list(rows), schema=empty(OBSERVATIONS))


def member(gemeente: str, region: str, indeling: int = OLD) -> Membership:
    """Return a membership."""
    return Membership(Indeling(indeling), gemeente, niveau_of(region), region, region, "", "")


def way(old: str, new: str, ppm: int = PPM, bound: int = 0) -> dict[str, object]:
    """Return one row of the crosswalk from the old to the new indeling."""
    weights = {"gewicht_ppm": ppm, "grens_ppm": bound, "samenhang": "fusie", "methode": "exact"}
    years = {"van_indeling": OLD, "naar_indeling": NEW, "bron": "proef"}
    return {"van_code": old, "naar_code": new, **weights, **years}


def structure(*memberships: Membership, ways: list[dict[str, object]] | None = None) -> Structure:
    """Return memberships and crosswalk, with the parts of the table itself."""
    return Structure(memberships, pa.Table.from_pylist(ways or [], schema=empty(CROSSWALK)))


def verdicts(report: AuditReport) -> list[tuple[str, Verdict]]:
    """Return code and verdict of every leak."""
    return [(leak.code, leak.verdict) for leak in report.leaks]


MERGER = structure(ways=[way(A, C), way(B, C)])
ONE_SECRET = observed(row(A, 100), row(B, SECRET))
REGIONS = structure(*(member(code, "VR01") for code in (A, B, C)))


def test_a_merger_of_two_with_one_secret_part_is_a_leak() -> None:
    report = audit(ONE_SECRET, observed(ours(C, 101, 105, indeling=NEW)), MERGER)

    assert verdicts(report) == [(C, Verdict.NARROWS)]


def test_the_same_merger_without_its_figure_passes() -> None:
    sign = row(C, SECRET) | {"indeling": NEW}

    report = audit(ONE_SECRET, observed(sign), MERGER)

    assert (report.leaks, report.figures, report.secret_cells) == ((), 0, 1)


def test_a_merger_of_known_parts_needs_no_solver() -> None:
    figure = ours(C, 146, 154, indeling=NEW)

    report = audit(observed(row(A, 100), row(B, 50)), observed(figure), MERGER)

    assert (report.leaks, report.suspects, report.programs) == ((), 0, 0)


def test_a_regional_sum_over_a_secret_gemeente_is_a_leak() -> None:
    published = observed(row(A, 100), row(B, 50), row(C, SECRET))

    report = audit(published, observed(ours("VR01", 146, 154)), REGIONS)

    assert verdicts(report) == [("VR01", Verdict.NARROWS)]


def test_a_secret_part_taken_for_zero_is_a_leak_even_when_it_narrows_nothing() -> None:
    published = observed(row(A, 100), row(B, SECRET), row("NL01", 100))

    report = audit(published, observed(ours("VR01", 96, 104)), structure(*map(_in_vr, (A, B))))

    assert verdicts(report) == [("VR01", Verdict.FILLS)]


def _in_vr(code: str) -> Membership:
    return member(code, "VR01")


def test_the_sources_own_total_of_the_same_gemeenten_may_be_repeated() -> None:
    published = observed(row(A, 100), row(B, 50), row(C, SECRET), row("PV20", 155))
    members = [member(code, region) for code in (A, B, C) for region in ("VR01", "PV20")]

    report = audit(published, observed(ours("VR01", 153, 157)), structure(*members))

    assert (report.leaks, report.suspects) == ((), 0)


def test_a_region_that_differs_by_one_secret_gemeente_from_the_sources_is_a_leak() -> None:
    published = observed(row(A, 100), row(B, 50), row(C, SECRET), row(D, SECRET), row("PV20", 155))
    members = [member(code, "PV20") for code in (A, B, C)]
    members += [member(code, "VR01") for code in (A, B, C, D)]

    report = audit(published, observed(ours("VR01", 153, 167)), structure(*members))

    assert verdicts(report) == [("VR01", Verdict.NARROWS)]


def test_a_region_of_the_known_gemeenten_beside_the_sources_total_passes() -> None:
    published = observed(row(A, 100), row(B, 50), row(C, SECRET), row("PV20", 155))
    members = [member(code, "PV20") for code in (A, B, C)]
    members += [member(code, "VR01") for code in (A, B)]

    report = audit(published, observed(ours("VR01", 146, 154)), structure(*members))

    assert report.leaks == ()


def test_bounds_of_a_known_cell_that_are_too_tight_leak_through_the_sources_total() -> None:
    published = observed(row(A, 100), row(B, SECRET), row("NL01", 110))

    report = audit(published, observed(ours(A, 100, 100)), structure())

    assert verdicts(report) == [(A, Verdict.NARROWS)]
    assert report.programs > 0


def test_too_tight_bounds_without_a_secret_cell_near_are_no_leak() -> None:
    report = audit(observed(row(A, 100)), observed(ours(A, 100, 100)), structure())

    assert (report.leaks, report.suspects) == ((), 1)


def test_figures_that_leak_only_together_are_all_named() -> None:
    land = row("NL01", 215) | {"ondergrens": 209, "bovengrens": 219}
    men = row(C, 10, "geslacht_mannen") | {"ondergrens": 6}
    women = row(C, SECRET, "geslacht_vrouwen")
    published = observed(row(A, 100), row(B, 100), row(C, SECRET), men, women, land)
    tight = [ours(A, 98, 101), ours(B, 98, 101)]

    alone = [audit(published, observed(figure), structure()) for figure in tight]
    together = audit(published, observed(*tight), structure())

    assert [report.leaks for report in alone] == [(), ()]
    assert verdicts(together) == [(A, Verdict.NARROWS), (B, Verdict.NARROWS)]


def test_a_figure_that_cannot_be_true_is_named_as_such() -> None:
    published = observed(row(A, 100), row(B, SECRET), row("NL01", 110))

    report = audit(published, observed(ours(A, 300, 304)), structure())

    assert verdicts(report) == [(A, Verdict.CONTRADICTS)]


def test_an_estimate_over_published_cells_passes_whatever_its_weight() -> None:
    ways = [way(A, C, 400_000, 10_000), way(A, D, 600_000, 10_000), way(B, C)]
    estimates = [ours(C, 86, 95, indeling=NEW), ours(D, 57, 63, indeling=NEW)]
    published = observed(row(A, 100), row(B, 50), row("NL01", 150))

    report = audit(published, observed(*estimates), structure(ways=ways))

    assert (report.leaks, report.suspects) == ((), 0)


def test_an_estimate_over_a_secret_cell_is_a_leak() -> None:
    ways = [way(A, C, 400_000, 10_000), way(A, D, 600_000, 10_000)]

    report = audit(
        observed(row(A, SECRET)), observed(ours(C, 2, 4, indeling=NEW)), structure(ways=ways)
    )

    assert verdicts(report) == [(C, Verdict.NARROWS)]


def test_parts_that_pass_the_border_of_a_split_are_whole_again_in_their_provincie() -> None:
    ways = [way(A, C, 400_000, 10_000), way(A, D, 600_000, 10_000)]
    members = [member(C, "PV20", NEW), member(D, "PV20", NEW)]

    report = audit(
        observed(row(A, 100)),
        observed(ours("PV20", 98, 102, indeling=NEW)),
        structure(*members, ways=ways),
    )

    assert report.leaks == ()


def test_two_moments_are_not_linked() -> None:
    night = {"begin": date(2021, 12, 31), "eind": date(2021, 12, 31), "indeling": 2021}
    published = observed(row(A, 100) | night, row(A, SECRET))

    report = audit(published, observed(), structure())

    assert (report.equations, report.secret_cells) == (0, 1)


def test_a_total_of_which_one_part_is_secret_bounds_what_we_may_say() -> None:
    published = observed(
        row(A, 100), row(A, 80, "geslacht_mannen"), row(A, SECRET, "geslacht_vrouwen")
    )

    report = audit(published, observed(ours(A, 18, 22, kenmerk="geslacht_vrouwen")), structure())

    assert verdicts(report) == [(A, Verdict.NARROWS)]
    assert report.equations == 1


def test_a_blank_part_counts_as_zero() -> None:
    blank = row(A, Status.NIET_VAN_TOEPASSING, "geslacht_vrouwen")
    published = observed(row(A, 100), row(A, 80, "geslacht_mannen"), blank)

    report = audit(published, observed(), structure())

    assert report.contradicted == 1


def test_regions_of_the_source_nest_where_their_gemeenten_do() -> None:
    members = [member(code, region) for code, region in ((A, "CR01"), (B, "CR02"))]
    members += [member(code, "PV20") for code in (A, B)]
    published = observed(row(A, 10), row(B, 20), row("CR01", 10), row("CR02", 20), row("PV20", 30))

    report = audit(published, observed(), structure(*members))

    assert (report.equations, report.components) == (4, 1)


def share(low: float, high: float, code: str = A) -> pa.Table:
    """Return one share of men in the total."""
    keys = {"groep": "ouderen", "kenmerk": "geslacht_mannen", "maat": "personen"}
    whole = {"noemer_kenmerk": "totaal", "noemer_maat": "personen", "niveau": "gemeente"}
    when = {"code": code, "begin": DAY, "eind": DAY, "indeling": OLD}
    bounds = {"ondergrens": low, "bovengrens": high}
    return pa.Table.from_pylist([keys | whole | when | bounds], schema=empty(SHARES))


def test_a_share_of_a_secret_part_is_a_leak() -> None:
    published = observed(row(A, 100), row(A, SECRET, "geslacht_mannen"))

    report = audit(published, observed(), structure(), shares=share(20.0, 30.0))

    assert [(leak.verdict, leak.noemer) for leak in report.leaks] == [
        (Verdict.NARROWS, "totaal personen")
    ]


def test_a_share_of_published_cells_with_bounds_rounded_outward_passes() -> None:
    published = observed(row(A, 100), row(A, 50, "geslacht_mannen"))

    report = audit(published, observed(), structure(), shares=share(47.0, 53.1))

    assert (report.leaks, report.figures) == ((), 1)


def test_that_a_share_is_at_most_all_is_no_news() -> None:
    published = observed(row(A, 10), row(A, 10, "geslacht_mannen"), row(B, SECRET))

    report = audit(published, observed(), structure(), shares=share(66.6, 100.0))

    assert report.suspects == 0


def test_a_share_without_published_parts_is_outside() -> None:
    report = audit(observed(row(A, 100)), observed(), structure(), shares=share(20.0, 30.0))

    assert (report.figures, report.outside) == (0, 1)


def test_shares_of_a_wide_table_have_their_parts_and_period() -> None:
    indicators = load_catalogue().of(Thema.OUDEREN)
    stock = next(entry for entry in indicators if entry.teller == "huishoudensCorporatie")
    columns = {
        "regioCode": [A, B],
        "niveau": ["gemeente", "gemeente"],
        "indeling": pa.array([OLD, OLD], pa.int32()),
        "peilmoment": pa.array([DAY, DAY], pa.date32()),
    }
    parts = [entry for entry in indicators if entry.id in {stock.teller, stock.noemer}]
    for name, values in zip(
        stock.columns, ([50.0, None], ["", ""], [48.0, None], [52.0, None]), strict=True
    ):
        columns[name] = pa.array(values)

    found = shares_of(pa.table(columns), Thema.OUDEREN, [*parts, stock]).to_pylist()

    assert [(entry["code"], entry["kenmerk"], entry["begin"]) for entry in found] == [
        (A, "corporatie", DAY)
    ]


def test_figures_of_which_the_source_publishes_nothing_are_outside() -> None:
    report = audit(ONE_SECRET, observed(ours(A, 1, 2, groep="taakstelling")), structure())

    assert (report.figures, report.outside) == (0, 1)


@pytest.mark.parametrize("programs", [0, 1, 2])
def test_what_the_limits_leave_open_stops_a_build_too(programs: int) -> None:
    published = observed(row(A, 100), row(B, SECRET), row("NL01", 110))

    report = audit(
        published, observed(ours(A, 100, 100)), structure(), limits=Limits(programs=programs)
    )

    assert verdicts(report) == [(A, Verdict.UNDECIDED)]


def test_a_component_that_is_too_large_is_cut_and_never_taken_for_harmless() -> None:
    published = observed(row(A, 100), row(B, SECRET), row("NL01", 110))

    report = audit(published, observed(ours(A, 100, 100)), structure(), limits=Limits(unknowns=1))

    assert verdicts(report) == [(A, Verdict.UNDECIDED)]


def test_more_secret_cells_than_may_be_tried_leave_it_undecided() -> None:
    published = observed(row(A, 100), row(B, SECRET), row(C, SECRET), row("NL01", 110))
    free = Limits(cells=0)

    report = audit(published, observed(ours(A, 100, 100)), structure(), limits=free)

    assert verdicts(report) == [(A, Verdict.UNDECIDED)]


def test_equations_that_the_source_itself_contradicts_are_left_out_and_told() -> None:
    published = observed(row(A, 100), row(B, 50), row("NL01", 200))

    findings = findings_of(audit(published, observed(), structure()))

    assert [entry.severity for entry in findings] == [Severity.WARNING, Severity.INFO]


def test_a_finding_names_the_figure_and_not_the_secret_cell() -> None:
    report = audit(ONE_SECRET, observed(ours(C, 101, 105, indeling=NEW)), MERGER)

    error = errors_of(findings_of(report))[0]

    assert C in error.key
    assert B not in str(error)
    assert not any(number in str(error) for number in ("101", "105", " 1 ", " 9 "))


def test_figures_of_ours_among_those_of_the_source_are_refused() -> None:
    with pytest.raises(SchemaError, match="opgeteld"):
        audit(observed(ours(A, 1, 2)), observed(), structure())


def test_a_published_value_without_bounds_is_refused() -> None:
    with pytest.raises(SchemaError, match="without bounds"):
        audit(observed(row(A, 100) | {"bovengrens": None}), observed(), structure())


def test_a_figure_in_an_indeling_without_crosswalk_is_refused() -> None:
    with pytest.raises(RegisterError, match="2022 to 2025"):
        audit(ONE_SECRET, observed(ours(A, 1, 2, indeling=NEW)), structure())


@pytest.mark.parametrize("code", [D, "VR09"])
def test_a_region_that_cannot_be_followed_back_is_refused(code: str) -> None:
    with pytest.raises(UnknownRegionError, match=code):
        audit(ONE_SECRET, observed(ours(code, 1, 2)), structure())


def test_a_rule_of_which_a_kenmerk_does_not_occur_gives_no_equation() -> None:
    rule = PartsRule("totaal", ("geslacht_mannen", "onbekend kenmerk"))

    report = audit(ONE_SECRET, observed(), replace(structure(), parts=(rule,)))

    assert report.equations == 0


COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=8)


def rounded(value: int) -> int:
    """Return a count rounded to five."""
    return 5 * round(value / 5)


def totals(truth: list[int], hidden: set[int]) -> tuple[System, Box]:
    """Return overlapping totals of neighbours, and the boxes of rounded or hidden cells."""
    sums = [(at, at + 1) for at in range(len(truth) - 1)] + [tuple(range(len(truth)))]
    cells = [
        (0.0, np.inf) if at in hidden else rounding_bounds(rounded(value), 5)
        for at, value in enumerate(truth)
    ]
    bounds = [rounding_bounds(rounded(sum(truth[at] for at in group)), 5) for group in sums]
    sizes = [len(group) for group in sums]
    system = System(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.array([at for group in sums for at in group], dtype=np.int64),
        np.ones(sum(sizes)),
        np.array([low for low, _high in bounds], dtype=np.float64),
        np.array([high for _low, high in bounds], dtype=np.float64),
    )
    low, high = np.array(cells, dtype=np.float64).T
    return system, Box(low, high)


@given(COUNTS, st.sets(st.integers(0, 7)))
def test_the_truth_is_always_inside_the_boxes(truth: list[int], hidden: set[int]) -> None:
    found = propagate(*totals(truth, hidden))

    assert not len(found.contradicted)
    assert (found.box.low <= truth).all()
    assert (found.box.high >= truth).all()


@given(COUNTS, st.sets(st.integers(0, 7)), st.integers(0, 6))
def test_one_equation_less_never_narrows(truth: list[int], hidden: set[int], place: int) -> None:
    system, box = totals(truth, hidden)
    fewer = system.take(np.flatnonzero(np.arange(system.rows) != place % system.rows))

    all_of_them, rest = propagate(system, box).box, propagate(fewer, box).box

    assert (rest.low <= all_of_them.low).all()
    assert (rest.high >= all_of_them.high).all()


@given(COUNTS, st.sets(st.integers(0, 7)))
def test_the_solver_is_inside_the_boxes_and_around_the_truth(
    truth: list[int], hidden: set[int]
) -> None:
    system, box = totals(truth, hidden)
    tight = propagate(system, box).box

    low, high = Solver(Limits()).range_of(system, tight, 0)

    assert tight.low[0] <= low <= truth[0] <= high <= tight.high[0]


@given(COUNTS, st.sets(st.integers(0, 7)))
def test_every_row_can_be_true_inside_the_boxes(truth: list[int], hidden: set[int]) -> None:
    system, box = totals(truth, hidden)

    low, high = activity(system, propagate(system, box).box)

    assert (low <= system.upper).all()
    assert (high >= system.lower).all()


CELL = st.one_of(st.integers(0, 60), st.just(SECRET))


def country(cells: list[int | Status], truth: int) -> tuple[pa.Table, Structure]:
    """Return gemeenten in one veiligheidsregio (all but the last), and the land."""
    codes = [f"GM{at:04d}" for at in range(len(cells))]
    rows = [
        row(code, SECRET if cell is SECRET else rounded(int(cell)))
        for code, cell in zip(codes, cells, strict=True)
    ]
    members = [
        member(code, "VR01" if at < len(cells) - 1 else "VR02") for at, code in enumerate(codes)
    ]
    return observed(*rows, row("NL01", rounded(truth))), structure(*members)


@given(st.lists(CELL, min_size=3, max_size=7), st.integers(0, 9))
def test_sums_that_follow_the_rules_never_leak(cells: list[int | Status], hidden: int) -> None:
    truth = sum(hidden if cell is SECRET else int(cell) for cell in cells)
    published, regions = country(cells, truth)
    sums = sum_over(published, regions.memberships, Niveau.VEILIGHEIDSREGIO)

    report = audit(published, sums, regions)

    assert (report.leaks, report.contradicted) == ((), 0)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=5), st.integers(0, 9))
def test_a_sum_with_one_secret_part_is_always_named(known: list[int], hidden: int) -> None:
    published, regions = country([*known, SECRET, 30], sum(known) + hidden + 30)
    low, high = rounding_bounds(rounded(sum(known) + hidden), 5)

    report = audit(published, observed(ours("VR01", low, high)), regions)

    assert [leak.code for leak in report.leaks] == ["VR01"]


def test_propagation_that_does_not_settle_says_so() -> None:
    endless = System(
        np.array([0, 2, 4]),
        np.array([0, 1, 0, 1]),
        np.array([1.0, -1.0, -1.0, 1.0]),
        np.full(2, -np.inf),
        np.array([-1.0, 0.0]),
    )

    found = propagate(endless, Box(np.zeros(2), np.full(2, 1e6)))

    assert not found.settled


def test_a_source_that_contradicts_itself_only_for_the_solver_leaves_it_undecided() -> None:
    regions = {"PV20": (A, B), "CR01": (B, C), "VR01": (A, C)}
    members = [member(code, region) for region, codes in regions.items() for code in codes]
    totals_of_pairs = [row(region, 100) for region in regions]
    published = observed(
        *(row(code, SECRET) for code in (A, B, C)), *totals_of_pairs, row("NL01", 200)
    )

    report = audit(published, observed(ours(A, 40, 44)), structure(*members))

    assert verdicts(report) == [(A, Verdict.FILLS)]


def test_no_program_is_solved_longer_than_allowed() -> None:
    published = observed(row(A, 100), row(B, SECRET), row("NL01", 110))
    at_once = Limits(seconds=0.0)

    report = audit(published, observed(ours(A, 100, 100)), structure(), limits=at_once)

    assert verdicts(report) == [(A, Verdict.UNDECIDED)]


def pairs() -> tuple[pa.Table, list[Membership]]:
    """Return three gemeenten of which little is known, and the three sums of two."""
    regions = {"PV20": (A, B), "CR01": (B, C), "VR01": (A, C)}
    members = [member(code, region) for region, codes in regions.items() for code in codes]
    wide = [row(code, 50) | {"ondergrens": 0, "bovengrens": 100} for code in (A, B, C)]
    return observed(*wide, *(row(region, 100) for region in regions)), members


def test_what_only_the_solver_sees_to_be_implied_passes() -> None:
    published, members = pairs()

    report = audit(published, observed(ours("NL01", 147, 153)), structure(*members))

    assert (report.leaks, report.suspects, report.programs) == ((), 1, 2)


def test_a_contradiction_that_only_the_solver_sees_is_named() -> None:
    published, members = pairs()
    published = pa.concat_tables([published, observed(row(D, SECRET), row("CR02", SECRET))])
    members += [member(A, "CR02"), member(D, "CR02")]

    report = audit(
        published,
        observed(ours("VR02", 160, 170, indeling=NEW)),
        structure(
            *members,
            *(member(code, "VR02", NEW) for code in (A, B, C)),
            ways=[way(code, code) for code in (A, B, C)],
        ),
    )

    assert verdicts(report) == [("VR02", Verdict.CONTRADICTS)]
