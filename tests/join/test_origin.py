from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from spatial.domain.periods import Period, moment
from spatial.domain.status import Status
from spatial.join.origin import with_origin
from spatial.join.wide import pivot
from tests.miniland import boundaries, indicators, observation, table

PERSONEN, HUISHOUDENS, _ = indicators()
DAY = moment(date(2022, 1, 1))


def origin(*rows: dict[str, object]) -> dict[str, object]:
    frame = boundaries()
    frame = frame[(frame["code"] == "GM0010") & (frame["indeling"] == 2022)]
    long = table(rows)
    shown = [PERSONEN, HUISHOUDENS]
    wide, _ = pivot(long, pd.DataFrame(frame.drop(columns="geometry")), shown, "test")
    row: dict[str, object] = with_origin(wide, long, shown).to_pylist()[0]
    return row


def cell(entry: object, status: Status, herkomst: str | None = None) -> dict[str, object]:
    value = 50 if status.has_value else None
    row = observation(entry, "GM0010", DAY, value)  # type: ignore[arg-type]
    return {**row, "status": status.value, "herkomst": herkomst}


@pytest.mark.parametrize(
    ("first", "second", "methode"),
    [
        (Status.WAARGENOMEN, Status.WAARGENOMEN, "waargenomen"),
        (Status.WAARGENOMEN, Status.OPGETELD, "opgeteld"),
        (Status.OPGETELD, Status.GESCHAT, "geschat"),
        (Status.BEREKEND, Status.GEHEIM_OF_ONBEKEND, "waargenomen"),
        (Status.GEHEIM_OF_ONBEKEND, Status.ONTBREEKT_IN_BRON, None),
    ],
)
def test_the_weakest_value_names_the_method_of_the_row(
    first: Status, second: Status, methode: str | None
) -> None:
    assert origin(cell(PERSONEN, first), cell(HUISHOUDENS, second))["methode"] == methode


def test_the_origin_is_that_of_the_first_indicator() -> None:
    row = origin(
        cell(HUISHOUDENS, Status.GESCHAT, "GM0002 x 0.400000"),
        cell(PERSONEN, Status.GESCHAT, "GM0001; GM0002 x 0.300000"),
    )

    assert row["herkomst"] == "GM0001; GM0002 x 0.300000"


def test_a_theme_of_intervals_finds_its_origin_by_the_first_day() -> None:
    half = Period(date(2022, 7, 1), date(2022, 12, 31))
    row = {**observation(PERSONEN, "GM0010", half, 50), "herkomst": "GM0001; GM0002"}

    assert origin(row)["herkomst"] == "GM0001; GM0002"


def test_a_region_without_a_row_has_no_origin() -> None:
    lonely = replace(HUISHOUDENS)

    assert origin(cell(lonely, Status.WAARGENOMEN))["herkomst"] is None


def test_the_columns_are_text() -> None:
    frame = boundaries()
    wide, _ = pivot(
        table([cell(PERSONEN, Status.WAARGENOMEN)]),
        pd.DataFrame(frame[frame["code"] == "GM0010"].drop(columns="geometry")),
        [PERSONEN],
        "test",
    )
    result = with_origin(wide, table([cell(PERSONEN, Status.WAARGENOMEN)]), [PERSONEN])

    assert [result.schema.field(name).type for name in ("methode", "herkomst")] == [pa.string()] * 2


def test_a_table_without_rows_gets_the_columns_too() -> None:
    frame = boundaries()
    long = table([cell(PERSONEN, Status.WAARGENOMEN)])
    regions = pd.DataFrame(frame[frame["code"] == "GM0010"].drop(columns="geometry"))
    wide, _ = pivot(long, regions, [PERSONEN], "test")

    result = with_origin(wide.slice(0, 0), long, [PERSONEN])

    assert [result.schema.field(name).type for name in ("methode", "herkomst")] == [pa.string()] * 2
