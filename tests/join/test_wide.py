from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.indicators import load_catalogue
from spatial.domain.periods import Period, moment
from spatial.errors import DuplicateKeyError, UnknownRegionError
from spatial.join.wide import pivot
from tests.miniland import boundaries, indicators, observation, observations, periods, table

PERSONEN, HUISHOUDENS, VRIJGEKOMEN = indicators()
DAY = moment(date(2022, 1, 1))


def regions() -> pd.DataFrame:
    frame = pd.DataFrame(boundaries().drop(columns="geometry"))
    return frame[frame["niveau"] == "gemeente"]


def rows_of(wide: pa.Table) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in wide.to_pylist()}


def gemeenten() -> pa.Table:
    rows = observations()
    return rows.filter(pc.equal(rows["niveau"], "gemeente"))


def test_every_region_has_a_row_in_every_period_of_its_indeling() -> None:
    wide, _ = pivot(gemeenten(), regions(), indicators(), "test")

    assert wide.num_rows == 2 * (5 + 4 + 3)
    assert "GM0005-2020-12-31" in rows_of(wide)
    assert "GM0005-2021-01-01" not in rows_of(wide)


def test_a_dot_stays_a_status_without_number_or_bounds() -> None:
    row = rows_of(pivot(gemeenten(), regions(), indicators(), "test")[0])["GM0002-2021-01-01"]

    assert row["personenStatus"] == "geheim_of_onbekend"
    assert (row["personen"], row["personenMin"], row["personenMax"]) == (None, None, None)


def test_a_flow_is_not_applicable_on_1_january() -> None:
    rows = rows_of(pivot(gemeenten(), regions(), indicators(), "test")[0])

    assert rows["GM0001-2021-01-01"]["vrijgekomenCorporatiewoningenStatus"] == "niet_van_toepassing"
    assert rows["GM0001-2021-12-31"]["vrijgekomenCorporatiewoningenStatus"] == "waargenomen"


def test_a_region_without_any_figure_keeps_its_row_and_is_reported() -> None:
    rows = table([observation(PERSONEN, "GM0003", DAY, 60)])

    wide, findings = pivot(rows, regions(), indicators(), "ouderen-gemeente")

    assert rows_of(wide)["GM0010-2022-01-01"]["personenStatus"] == "ontbreekt_in_bron"
    assert "2 regions have a boundary but no figure: GM0004, GM0010" in str(findings[-1])


def test_an_indicator_for_which_nothing_was_found_is_reported() -> None:
    rows = table([observation(PERSONEN, "GM0003", DAY, 60)])

    wide, findings = pivot(rows, regions(), [PERSONEN, HUISHOUDENS], "ouderen-gemeente")

    assert [entry.key for entry in findings if entry.rule == "indicator-without-cells"] == [
        "huishoudens"
    ]
    assert rows_of(wide)["GM0003-2022-01-01"]["huishoudensStatus"] == "ontbreekt_in_bron"


def test_cells_of_another_groep_do_not_mix_with_those_of_the_theme() -> None:
    inwoners = load_catalogue().get("inwoners")
    rows = [observation(entry, "GM0003", DAY, 60) for entry in (PERSONEN, inwoners)]
    rows[1] |= {"groep": inwoners.groep, "waarde": 900, "ondergrens": 900, "bovengrens": 900}

    wide, _ = pivot(table(rows), regions(), [PERSONEN, inwoners], "test")

    row = rows_of(wide)["GM0003-2022-01-01"]
    assert (row["personen"], row["inwoners"]) == (60, 900)


def test_a_code_that_its_indeling_does_not_have_is_an_error() -> None:
    rows = table([observation(PERSONEN, "GM0001", DAY, 60)])

    with pytest.raises(UnknownRegionError, match="no boundary in their indeling: GM0001 in 2022"):
        pivot(rows, regions(), indicators(), "test")


def test_a_kenmerk_outside_the_catalogue_is_reported_and_not_published() -> None:
    odd = {**observation(PERSONEN, "GM0003", DAY, 60), "kenmerk": "schoenmaat"}
    rows = table([observation(PERSONEN, "GM0003", DAY, 60), odd])

    wide, findings = pivot(rows, regions(), [PERSONEN], "test")

    assert rows_of(wide)["GM0003-2022-01-01"]["personen"] == 60
    assert "schoenmaat (personen): the source has it, but no indicator" in str(findings[0])


def test_two_figures_for_one_cell_are_an_error() -> None:
    flow = observation(VRIJGEKOMEN, "GM0003", Period(date(2022, 1, 1), date(2022, 12, 31)), 5)
    half = observation(VRIJGEKOMEN, "GM0003", Period(date(2022, 7, 1), date(2022, 12, 31)), 5)
    stock = observation(PERSONEN, "GM0003", moment(date(2022, 12, 31)), 60)

    with pytest.raises(DuplicateKeyError, match="two observations for GM0003"):
        pivot(table([flow, half, stock]), regions(), indicators(), "test")


def test_a_theme_of_intervals_shows_both_ends() -> None:
    half = Period(date(2022, 7, 1), date(2022, 12, 31))
    rows = table([observation(PERSONEN, "GM0003", half, 60)])

    row = rows_of(pivot(rows, regions(), [PERSONEN], "test")[0])["GM0003-2022-07-01"]

    assert (row["peilmoment"], row["periodeEind"]) == (date(2022, 7, 1), date(2022, 12, 31))
    assert row["personen"] == 60


def test_provisional_rows_are_marked() -> None:
    rows = rows_of(pivot(gemeenten(), regions(), indicators(), "test")[0])

    assert rows["GM0003-2022-01-01"]["voorlopig"] is True
    assert rows["GM0003-2021-12-31"]["voorlopig"] is False


@given(st.lists(st.one_of(st.none(), st.integers(0, 200)), min_size=6, max_size=6), st.randoms())
def test_missing_never_becomes_a_number_in_any_order(values: list[int | None], random) -> None:  # type: ignore[no-untyped-def]
    cells = [
        observation(PERSONEN, "GM0003", period, value if value is None else value * 5)
        for period, value in zip(periods(), values, strict=True)
    ]
    random.shuffle(cells)

    rows = rows_of(pivot(table(cells), regions(), [PERSONEN], "test")[0])

    for period, value in zip(periods(), values, strict=True):
        row = rows[f"GM0003-{period.begin}"]
        assert row["personen"] == (None if value is None else value * 5)
        assert (row["personenStatus"] == "geheim_of_onbekend") == (value is None)
