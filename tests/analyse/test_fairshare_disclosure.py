"""An index over a region never gives a secret member away: held against the disclosure audit."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spatial.analyse.disclosure.attack import Verdict
from spatial.analyse.disclosure.audit import Structure, audit
from spatial.analyse.disclosure.report import AuditReport
from spatial.analyse.disclosure.system import Box, System, propagate
from spatial.analyse.fairshare.amounts import Amounts, Verdeling, amounts
from spatial.analyse.fairshare.hoover import enclosure, hoover
from spatial.analyse.fairshare.secrecy import filled, rest_of
from spatial.domain.crosswalk import CROSSWALK
from spatial.domain.facts import Membership
from spatial.domain.regions import Indeling, Niveau, niveau_of
from spatial.domain.status import Status, rounding_bounds
from spatial.domain.tables import OBSERVATIONS, Table

SECRET = Status.GEHEIM_OF_ONBEKEND
DAY, YEAR = date(2022, 1, 1), 2022
A, B, WHOLE = "GM0001", "GM0002", "PV20"
COLUMNS = ("waarde", "status", "ondergrens", "bovengrens")
type Figures = dict[str, int | Status]


def schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a declared table."""
    return pa.schema(
        [
            (column.name, pa.date32() if column.type.startswith("date32") else column.type)
            for column in table.columns
        ]
    )


def row(code: str, value: int | Status) -> dict[str, object]:
    """Return the households of one region: rounded to five, or a sign."""
    status = value if isinstance(value, Status) else Status.WAARGENOMEN
    count = None if isinstance(value, Status) else value
    low, high = (None, None) if count is None else rounding_bounds(count, 5)
    return {
        "bron": "85980NED", "groep": "ouderen", "kenmerk": "totaal", "maat": "huishoudens",
        "niveau": niveau_of(code).value, "code": code, "begin": DAY, "eind": DAY, "indeling": YEAR,
        "waarde": count, "status": status.value, "ondergrens": low, "bovengrens": high,
        "voorlopig": False, "herkomst": None,
    }  # fmt: skip


def observed(*rows: dict[str, object]) -> pa.Table:
    """Return rows as OBSERVATIONS."""
    return pa.Table.from_pylist(list(rows), schema=schema(OBSERVATIONS))


def published(figures: Figures) -> pa.Table:
    """Return what the source prints."""
    return observed(*(row(code, value) for code, value in figures.items()))


def place(figures: Figures, key: list[float]) -> Verdeling:
    """Return the region PV20 and its gemeenten, from the figures as published."""
    table = published(figures)
    is_whole = pa.array([code == WHOLE for code in figures])
    keys = np.array(key)
    seen = amounts(table, COLUMNS).take(np.zeros(len(key), dtype=np.int64)).status
    of_key = Amounts(keys, seen, keys.copy(), keys.copy())
    total = np.array([keys.sum()])
    return Verdeling(
        np.array([0, len(key)]),
        amounts(table.filter(pc.invert(is_whole)), COLUMNS),
        of_key,
        amounts(table.filter(is_whole), COLUMNS),
        Amounts(total, seen[:1], total.copy(), total.copy()),
    )


def audited(figures: Figures, *ours: dict[str, object]) -> AuditReport:
    """Hold figures of ours against what the source prints."""
    members = [
        Membership(Indeling(YEAR), code, Niveau.PROVINCIE, WHOLE, WHOLE, "", "")
        for code in figures
        if code != WHOLE
    ]
    crosswalk = pa.Table.from_pylist([], schema=schema(CROSSWALK))
    return audit(published(figures), observed(*ours), Structure(members, crosswalk))


def read_back(index: float, figures: Figures, key: list[float]) -> dict[str, object]:
    """Return the households of B as a reader computes them from H, the key and the region's figure."""
    whole = figures[WHOLE]
    assert not isinstance(whole, Status)
    part_of_a = key[0] / sum(key) + index
    count = round(whole * (1 - part_of_a))
    bounds = {"waarde": count, "ondergrens": count - 2, "bovengrens": count + 2}
    return row(B, 0) | bounds | {"status": Status.BEREKEND.value}


@pytest.mark.parametrize("whole", [100, 105, 110])
def test_the_index_of_two_gemeenten_with_one_secret_would_be_a_leak_and_is_withheld(
    whole: int,
) -> None:
    figures: Figures = {WHOLE: whole, A: 100, B: SECRET}
    key = [1000.0, 1000.0]
    region = place(figures, key)
    low, high = enclosure(region)
    told = read_back(float(low[0] + high[0]) / 2, figures, key)

    assert [leak.verdict for leak in audited(figures, told).leaks] in (
        [Verdict.FILLS],
        [Verdict.NARROWS],
    )
    assert hoover(region).statuses() == [SECRET]
    assert np.isnan(
        [hoover(region).waarde[0], hoover(region).laag[0], hoover(region).hoog[0]]
    ).all()
    assert audited(figures).leaks == ()


@given(
    st.lists(st.integers(2, 40).map(lambda n: 5 * n), min_size=1, max_size=8),
    st.integers(1, 4),
    st.integers(0, 8).map(lambda n: 5 * n),
)
def test_an_index_uses_of_a_secret_member_only_what_the_source_leaves_it(
    known: list[int], secret: int, left: int
) -> None:
    codes = [f"GM{number:04}" for number in range(len(known) + secret)]
    values: list[int | Status] = [*known, *[SECRET] * secret]
    figures: Figures = {WHOLE: sum(known) + left, **dict(zip(codes, values, strict=True))}
    region = place(figures, [1000.0] * len(codes))

    used = filled(region, region.groep, rest_of(region, region.groep, region.groep_geheel))

    low, high = rounding_bounds(sum(known) + left, 5)
    ends = [rounding_bounds(value, 5) for value in known] + [(0, np.inf)] * secret
    box = Box(*(np.array(end, dtype=float) for end in zip(*ends, (low, high), strict=True)))
    size = len(codes) + 1
    adds_up = System(
        np.array([0, size]), np.arange(size), np.array([1.0] * (size - 1) + [-1.0]),
        np.zeros(1), np.zeros(1),
    )  # fmt: skip
    left_by_source = propagate(adds_up, box).box
    assert np.all(used.laag[-secret:] <= left_by_source.low[len(known) : -1])
    assert np.all(used.hoog[-secret:] >= left_by_source.high[len(known) : -1])


@given(
    st.lists(st.integers(2, 40).map(lambda n: 5 * n), min_size=1, max_size=8),
    st.integers(1, 2),
    st.integers(0, 8).map(lambda n: 5 * n),
)
def test_an_index_is_only_given_when_a_secret_member_may_be_nothing_or_a_printed_number(
    known: list[int], secret: int, left: int
) -> None:
    codes = [f"GM{number:04}" for number in range(len(known) + secret)]
    values: list[int | Status] = [*known, *[SECRET] * secret]
    figures: Figures = {WHOLE: sum(known) + left, **dict(zip(codes, values, strict=True))}
    region = place(figures, [1000.0] * len(codes))

    (status,) = hoover(region).statuses()

    assume(status is not Status.TE_KLEIN)
    lowest_rest = sum(known) + left - 2 - sum(value + 2 for value in known)
    highest_rest = sum(known) + left + 2 - sum(value - 2 for value in known)
    assert (status is SECRET) == (lowest_rest > 0 or highest_rest < 10)
