"""Weights from the jump of one night: true within their bounds, and only where cells allow them."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crosswalk import CROSSWALK, PPM
from spatial.domain.findings import Severity
from spatial.domain.status import Status, rounding_bounds
from spatial.domain.tables import OBSERVATIONS, Table
from spatial.errors import RegisterError
from spatial.harmonise.kernel.carry import carry
from spatial.harmonise.weigh.jump import jump_weights
from spatial.harmonise.weigh.parts import nearest_division

OLD, NEW = (date(2020, 12, 31), 2020), (date(2021, 1, 1), 2021)
RECEIVERS = ("GM0757", "GM0824", "GM0865")


def table_of(declared: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a declared table."""
    types = {
        column.name: pa.date32() if column.type.startswith("date32") else column.type
        for column in declared.columns
    }
    return pa.Table.from_pylist(rows, pa.schema(list(types.items())))


def row(code: str, when: tuple[date, int], true: int | None) -> dict[str, Any]:
    """Return an observation of a true count, rounded to five; None is secret."""
    value = None if true is None else (true + 2) // 5 * 5
    low, high = (None, None) if value is None else rounding_bounds(value, 5)
    return {
        "bron": "85980NED",
        "groep": "ouderen",
        "kenmerk": "totaal",
        "maat": "personen",
        "niveau": "gemeente",
        "code": code,
        "begin": when[0],
        "eind": when[0],
        "indeling": when[1],
        "waarde": value,
        "status": str(Status.GEHEIM_OF_ONBEKEND if value is None else Status.WAARGENOMEN),
        "ondergrens": low,
        "bovengrens": high,
        "voorlopig": False,
        "herkomst": None,
    }


def crosswalk(*links: tuple[str, str, int], naar: int = 2021) -> pa.Table:
    """Return a crosswalk from 2020 of links (old code, new code, weight)."""
    rows = [
        {
            "van_indeling": 2020,
            "naar_indeling": naar,
            "van_code": old,
            "naar_code": new,
            "gewicht_ppm": ppm,
            "grens_ppm": 0,
            "samenhang": "opsplitsing",
            "methode": "exact" if ppm == PPM else "oppervlakte",
            "bron": "miniland",
        }
        for old, new, ppm in links
    ]
    return table_of(CROSSWALK, rows)


HAAREN = crosswalk(
    ("GM0788", "GM0757", 200_000),
    ("GM0788", "GM0824", 300_000),
    ("GM0788", "GM0865", 500_000),
    ("GM0757", "GM0757", PPM),
    ("GM0824", "GM0824", PPM),
    ("GM0825", "GM0824", PPM),
    ("GM0003", "GM0003", PPM),
)


def night(own: dict[str, int | None], parts: dict[str, int]) -> pa.Table:
    """Return what is published before and after the parts of GM0788 went to their receivers."""
    total = sum(parts.values())
    before = [row(code, OLD, count) for code, count in own.items()]
    joined = {
        "GM0757": own["GM0757"],
        "GM0824": own["GM0824"] and own["GM0824"] + (own["GM0825"] or 0),
        "GM0865": 0,
    }
    after = [
        row(code, NEW, None if count is None else count + parts[code])
        for code, count in joined.items()
    ]
    return table_of(OBSERVATIONS, [*before, row("GM0788", OLD, total), *after])


OWN: dict[str, int | None] = {"GM0757": 1_000, "GM0824": 700, "GM0825": 300}
PARTS = {"GM0757": 150, "GM0824": 250, "GM0865": 600}


def test_the_jump_of_the_receivers_gives_the_weights() -> None:
    weights, _ = jump_weights(night(OWN, PARTS), HAAREN)

    found = {found["naar_code"]: found["gewicht_ppm"] for found in weights.to_pylist()}
    assert found == {"GM0757": 150_000, "GM0824": 250_000, "GM0865": 600_000}


def test_the_weights_can_be_used_to_recode() -> None:
    observations = night(OWN, PARTS)
    weights, _ = jump_weights(observations, HAAREN)
    stay = crosswalk(*((code, code, PPM) for code in RECEIVERS))
    both = pa.concat_tables(
        [HAAREN, stay.set_column(0, "van_indeling", pa.array([2021] * 3, "int32"))]
    )

    carried = carry(observations, both, weights).to_pylist()

    values = {(found["code"], found["begin"]): found["waarde"] for found in carried}
    assert all(values[code, OLD[0]] == values[code, NEW[0]] for code in RECEIVERS)


@given(
    st.fixed_dictionaries(dict.fromkeys(OWN, st.integers(1, 3_000))),
    st.fixed_dictionaries(dict.fromkeys(PARTS, st.integers(0, 2_000))),
)
def test_the_true_weights_lie_within_the_bounds(
    own: dict[str, int | None], parts: dict[str, int]
) -> None:
    weights, _ = jump_weights(night(own, parts), HAAREN, widest_ppm=PPM)

    rows = weights.to_pylist()
    assert sum(found["gewicht_ppm"] for found in rows) == (PPM if rows else 0)
    assert bool(rows) == (sum(parts.values()) >= 3)
    for found in rows:
        truth = parts[found["naar_code"]] * PPM / sum(parts.values())
        assert abs(truth - found["gewicht_ppm"]) <= found["grens_ppm"]
        assert found["gewicht_ppm"] >= 0


@pytest.mark.parametrize("code", sorted(OWN))
def test_a_secret_count_leaves_a_cell_without_weights(code: str) -> None:
    weights, findings = jump_weights(night(OWN | {code: None}, PARTS), HAAREN)

    assert weights.num_rows == 0
    assert "1 lack a count" in findings[-1].message


def test_a_small_count_is_too_small_to_tell() -> None:
    weights, findings = jump_weights(night(OWN, dict.fromkeys(PARTS, 10)), HAAREN)

    assert weights.num_rows == 0
    assert "1 are too small to tell" in findings[-1].message


def test_jumps_that_do_not_fit_the_divided_count_give_no_weights() -> None:
    rows = night(OWN, PARTS).to_pylist()
    rows[-1] |= {"waarde": 900, "ondergrens": 898, "bovengrens": 902}

    weights, findings = jump_weights(table_of(OBSERVATIONS, rows), HAAREN)

    assert weights.num_rows == 0
    assert "1 have counts that no division explains" in findings[-1].message


def test_two_divided_gemeenten_in_one_receiver_cannot_be_told_apart() -> None:
    both = crosswalk(
        *((old, new, 500_000) for old in ("GM0001", "GM0788") for new in ("GM0757", "GM0824"))
    )

    weights, findings = jump_weights(night(OWN, PARTS), both)

    assert weights.num_rows == 0
    assert "cannot tell them apart" in findings[-1].message


@pytest.mark.parametrize(("after", "severity"), [(52, Severity.INFO), (90, Severity.WARNING)])
def test_a_night_that_changed_an_undivided_gemeente_is_reported(
    after: int, severity: Severity
) -> None:
    rows = [row("GM0003", OLD, 50), row("GM0003", NEW, after)]

    _, findings = jump_weights(table_of(OBSERVATIONS, rows), HAAREN)

    assert (findings[0].rule, findings[0].severity) == ("jump-night", severity)


def test_no_observations_give_no_weights() -> None:
    assert jump_weights(table_of(OBSERVATIONS, []), HAAREN)[0].num_rows == 0


def test_a_crosswalk_of_more_than_one_night_is_refused() -> None:
    with pytest.raises(RegisterError, match="from 2024 to 2025"):
        jump_weights(night(OWN, PARTS), crosswalk(("GM0788", "GM0757", PPM), naar=2025))


@given(
    st.lists(st.tuples(st.integers(-50, 900), st.integers(1, 5)), min_size=2, max_size=4),
    st.integers(1, 2_000),
)
def test_the_nearest_division_is_one_that_no_move_improves(
    measured: list[tuple[int, int]], total: int
) -> None:
    point, spread = (np.array(values)[:, None] for values in zip(*measured, strict=True))

    parts = nearest_division(point, spread, np.array([total]))

    assert parts.sum() == pytest.approx(total)
    pull = ((parts - point) / spread)[:, 0]
    assert (pull[parts[:, 0] > 0] <= pull.min() + 1e-6).all()
