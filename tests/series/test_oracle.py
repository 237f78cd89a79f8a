"""The kernel against the same statistics in SQL, which was written apart from it."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fingerprint import fingerprint
from benchmarks.oracle import COLUMNS, series_in_sql
from spatial.domain.status import Status
from spatial.pipeline.series.partition import harmonise
from tests.series.land import DIVIDED, cell, cells, plan_of

CODES = ("GM0001", "GM0002", "GM0003", "GM0004", "GM0005", "PV20", "PV21")
CELL = st.one_of(
    st.integers(0, 400).map(lambda fives: 5 * fives),
    st.sampled_from([Status.GEHEIM_OF_ONBEKEND, Status.NIET_VAN_TOEPASSING]),
)
KEY = [(name, "ascending") for name in ("kenmerk", "maat", "niveau", "code")]


@settings(max_examples=8, deadline=None)
@given(st.data(), st.booleans())
def test_counts_bounds_statuses_and_shares_are_those_of_sql(
    data: st.DataObject,
    summed: bool,  # noqa: FBT001 - drawn
) -> None:
    rows: list[dict[str, Any]] = [
        cell(code, data.draw(CELL), kenmerk=kenmerk, maat=maat)
        for kenmerk in ("totaal", "koop")
        for maat in ("personen", "huishoudens")
        for code in (CODES[:5] if summed else CODES)
        if data.draw(st.integers(0, 5))
    ]
    plan = replace(plan_of(), summed=(DIVIDED,) if summed else ())
    found = harmonise(cells(*rows), plan).select(COLUMNS)
    expected = series_in_sql(cells(*rows), plan)

    plain = pa.table([found[name].cast(expected[name].type) for name in COLUMNS], COLUMNS)
    assert plain.sort_by(KEY).to_pylist() == expected.sort_by(KEY).to_pylist()
    assert fingerprint(found) == fingerprint(expected)
