"""From long observations to one row per region and period: every region stays, also without a number."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from spatial.domain.findings import Finding, Severity
from spatial.domain.indicators import Indicator, Soort
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import DuplicateKeyError, UnknownRegionError

_STATUSES = list(Status)
_ABSENT = _STATUSES.index(Status.ONTBREEKT_IN_BRON)
_NOT_APPLICABLE = _STATUSES.index(Status.NIET_VAN_TOEPASSING)
_SHOWN = 5
_PERIOD = ["begin", "eind", "indeling"]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Values, bounds and status codes of all indicators: one row per indicator."""

    waarde: np.ndarray
    ondergrens: np.ndarray
    bovengrens: np.ndarray
    status: np.ndarray


def pivot(
    observations: pa.Table,
    regions: pd.DataFrame,
    indicators: Sequence[Indicator],
    where: str,
) -> tuple[pa.Table, list[Finding]]:
    """Give every region of every period its row, and every count indicator its four columns.

    Args:
        observations: rows of one level (``OBSERVATIONS``), of the group of the theme and of the
            groepen that indicators name.
        regions: ``code``, ``naam``, ``niveau``, ``indeling``: the regions that have a shape.
        indicators: indicators of the theme; formulas among them are left to ``analyse``.
        where: collection, for messages.

    Returns:
        The wide table: ``id``, ``regioCode``, ``regioNaam``, ``niveau``, ``indeling``, ``peilmoment``
        (``periodeBegin`` and ``periodeEind`` when the theme counts over intervals), then the four
        columns of every count, then ``voorlopig``; sorted by period and code. A cell that the
        source does not have is ``ontbreekt_in_bron``; a flow on a day on which no flow ends is
        ``niet_van_toepassing``; both without a number. And what was noticed: regions without any
        number, kenmerken that no indicator of the catalogue names (they are not published), and counts
        of the catalogue for which there is no observation at all.

    Raises:
        UnknownRegionError: an observation has a code that its indeling does not have.
        DuplicateKeyError: two observations fall in one cell.
    """
    OBSERVATIONS.check(observations, where)
    counts = [entry for entry in indicators if entry.soort.is_count]
    frame = observations.select(
        [
            "groep",
            "kenmerk",
            "maat",
            "code",
            *_PERIOD,
            "waarde",
            "status",
            "ondergrens",
            "bovengrens",
            "voorlopig",
        ]
    ).to_pandas(date_as_object=False)
    intervals = bool(len(frame)) and bool((frame["begin"] != frame["eind"]).all())
    grid = _grid(frame, regions, intervals=intervals)
    rows = _rows(frame, grid, where)
    columns, unmapped = _columns(frame, counts, where)
    mapped = columns >= 0
    frame, rows, columns = frame[mapped], rows[mapped], columns[mapped]
    cells = _cells(frame, rows, columns, (len(counts), len(grid)), where)
    _mark_moments_without_flow(cells, counts, grid, intervals=intervals)
    grid["voorlopig"] = False
    grid.loc[np.unique(rows[frame["voorlopig"].to_numpy(dtype=bool)]), "voorlopig"] = True
    table = _table(grid, counts, cells, intervals=intervals)
    return table, [*unmapped, *_without_number(grid, cells, where)]


def _grid(frame: pd.DataFrame, regions: pd.DataFrame, *, intervals: bool) -> pd.DataFrame:
    """Return one row per region and period of its indeling, sorted by period and code."""
    periods = frame.loc[intervals | (frame["begin"] == frame["eind"]), _PERIOD].drop_duplicates()
    grid = regions[["code", "naam", "niveau", "indeling"]].merge(periods, on="indeling")
    return grid.sort_values(["eind", "begin", "code"], kind="stable", ignore_index=True)


def _rows(frame: pd.DataFrame, grid: pd.DataFrame, where: str) -> np.ndarray:
    """Return the grid row of every observation."""
    key = ["code", "eind", "indeling"]
    found = frame[key].merge(grid[key].assign(row=np.arange(len(grid))), on=key, how="left")
    lost = found[found["row"].isna()].drop_duplicates(["code", "indeling"])
    if len(lost):
        names = ", ".join(f"{row.code} in {row.indeling}" for row in lost.head(_SHOWN).itertuples())
        message = (
            f"{where}: {len(lost)} region codes have figures but no boundary in their indeling: {names}; "
            "load the boundaries of that indeling or correct the code"
        )
        raise UnknownRegionError(message)
    return found["row"].to_numpy(dtype=np.int64)


def _columns(
    frame: pd.DataFrame, counts: Sequence[Indicator], where: str
) -> tuple[np.ndarray, list[Finding]]:
    """Return the indicator number of every observation; -1 and a finding where there is none."""
    known = {
        (entry.groep, entry.kenmerk, entry.maat): number for number, entry in enumerate(counts)
    }
    named = {entry.groep for entry in counts}
    keys = frame[["groep", "kenmerk", "maat"]].assign(
        groep=frame["groep"].where(frame["groep"].isin(named), "")
    )
    codes, unique = pd.MultiIndex.from_frame(keys).factorize()
    numbers: np.ndarray = np.array([known.get(cell, -1) for cell in unique], dtype=np.int64)
    found = set(unique)
    unmapped = sorted((kenmerk, maat) for groep, kenmerk, maat in found - set(known) if not groep)
    findings = [
        Finding(
            Severity.WARNING,
            where,
            f"{kenmerk} ({maat})",
            "kenmerk-without-indicator",
            "the source has it, but no indicator of the catalogue names it: not published",
        )
        for kenmerk, maat in unmapped
    ]
    findings += [
        Finding(
            Severity.WARNING,
            where,
            counts[number].id,
            "indicator-without-cells",
            f"no source has {cell[1]} ({cell[2]}): the indicator is ontbreekt_in_bron everywhere",
        )
        for cell, number in known.items()
        if cell not in found
    ]
    return numbers.take(codes), findings


def _cells(
    frame: pd.DataFrame, rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int], where: str
) -> _Cells:
    place = columns * shape[1] + rows
    if len(np.unique(place)) != len(place):
        first = frame[pd.Series(place, index=frame.index).duplicated()].iloc[0]
        message = f"{where}: two observations for {first['code']} {first['kenmerk']} {first['eind']:%Y-%m-%d}"
        raise DuplicateKeyError(message)
    order = {status.value: number for number, status in enumerate(_STATUSES)}
    status = np.full(shape, _ABSENT, dtype=np.int8)
    status.flat[place] = frame["status"].map(order).to_numpy(dtype=np.int8)
    numbers = {}
    for name in ("waarde", "ondergrens", "bovengrens"):
        numbers[name] = np.full(shape, np.nan)
        numbers[name].flat[place] = frame[name].to_numpy(dtype=float, na_value=np.nan)
    return _Cells(**numbers, status=status)


def _mark_moments_without_flow(
    cells: _Cells, counts: Sequence[Indicator], grid: pd.DataFrame, *, intervals: bool
) -> None:
    """A flow has no figure on a day on which no flow ends: not applicable, rather than absent."""
    if intervals:
        return
    days = grid["eind"].to_numpy()
    for number, entry in enumerate(counts):
        if entry.soort is Soort.STROOM:
            ends = np.unique(days[cells.status[number] != _ABSENT])
            cells.status[number][~np.isin(days, ends)] = _NOT_APPLICABLE


def _table(
    grid: pd.DataFrame, counts: Sequence[Indicator], cells: _Cells, *, intervals: bool
) -> pa.Table:
    day = grid["begin"] if intervals else grid["eind"]
    columns: dict[str, pa.Array] = {
        "id": pa.array(grid["code"] + "-" + day.dt.strftime("%Y-%m-%d"), pa.string()),
        "regioCode": pa.array(grid["code"], pa.string()),
        "regioNaam": pa.array(grid["naam"], pa.string()),
        "niveau": pa.array(grid["niveau"], pa.string()),
        "indeling": pa.array(grid["indeling"], pa.int32()),
        "peilmoment": pa.array(day.dt.date, pa.date32()),
    }
    if intervals:
        columns["periodeBegin"] = pa.array(grid["begin"].dt.date, pa.date32())
        columns["periodeEind"] = pa.array(grid["eind"].dt.date, pa.date32())
    for number, entry in enumerate(counts):
        value, status, lower, upper = entry.columns
        columns[value] = _whole(cells.waarde[number])
        columns[status] = _status(cells.status[number])
        columns[lower] = _whole(cells.ondergrens[number])
        columns[upper] = _whole(cells.bovengrens[number])
    columns["voorlopig"] = pa.array(grid["voorlopig"], pa.bool_())
    return pa.table(columns)


def _whole(numbers: np.ndarray) -> pa.Array:
    """Return whole numbers; NaN, which only marks absence here, becomes null."""
    absent = np.isnan(numbers)
    return pa.array(np.where(absent, 0, numbers).astype(np.int64), mask=absent)


def _status(codes: np.ndarray) -> pa.Array:
    names = pa.array([status.value for status in _STATUSES], pa.string())
    return names.take(pa.array(codes))


def _without_number(grid: pd.DataFrame, cells: _Cells, where: str) -> list[Finding]:
    """Report the regions that have a shape but no number at all, by code and indeling."""
    absent = cells.status == _ABSENT
    bare = grid[(absent | (cells.status == _NOT_APPLICABLE)).all(axis=0) & absent.any(axis=0)]
    return [
        Finding(
            Severity.WARNING,
            f"{where} indeling {indeling}",
            "",
            "region-without-number",
            f"{group['code'].nunique()} regions have a boundary but no figure: "
            + ", ".join(group["code"].unique()[:_SHOWN]),
        )
        for indeling, group in bare.groupby("indeling")
    ]
