"""How far an opgave is met: per cent, and on schedule or not, for a wide table of half-years."""

from collections.abc import Mapping

import pyarrow as pa

from spatial.analyse.ledger.accounts import MONTHS
from spatial.analyse.ledger.cells import Cell, bounds, worst
from spatial.domain.indicators import Indicator
from spatial.domain.periods import Period
from spatial.domain.status import Status
from spatial.domain.taakstelling import Pace, Voortgang

PROGRESS = ("voortgang", "maanden", "cumulatiefSinds")
"""Columns that stand behind the indicators."""

_STEP = 10
"""Steps per per cent: one decimal."""


def add_progress(wide: pa.Table, entry: Indicator, pace: Mapping[Period, Pace]) -> pa.Table:
    """Append the percentage of the opgave that was realised, and what may be said of it.

    Args:
        wide: per row ``periodeBegin``, ``periodeEind`` and the four columns of the two indicators that
            ``entry`` divides.
        entry: the percentage: gehuisvest by opgave.
        pace: how many months are counted of every half-year, and since when is added up.

    Returns:
        The table with the four columns of ``entry`` (double, per cent, one decimal), ``voortgang``
        (see ``Voortgang``), ``maanden`` (months that are counted) and ``cumulatiefSinds`` (first day of
        the series over which is added up; missing in a half-year without any taakstelling). The
        percentage of an opgave of 0 or less is niet_van_toepassing: the gemeente has met it.
    """
    housed, opgave = (_cells(wide, name) for name in (entry.teller, entry.noemer))
    begins, ends = (wide[name].to_pylist() for name in ("periodeBegin", "periodeEind"))
    paces = [pace[Period(*days)] for days in zip(begins, ends, strict=True)]
    shares = [percentage(*pair) for pair in zip(housed, opgave, strict=True)]
    said = [
        progress(done, task, one.maanden)
        for done, task, one in zip(housed, opgave, paces, strict=True)
    ]
    columns = {
        entry.columns[0]: pa.array([share[1] for share in shares], pa.float64()),
        entry.columns[1]: pa.array([share[0].value for share in shares], pa.string()),
        entry.columns[2]: pa.array([share[2] for share in shares], pa.float64()),
        entry.columns[3]: pa.array([share[3] for share in shares], pa.float64()),
    }
    columns |= dict(
        zip(
            PROGRESS,
            (
                pa.array([one.value for one in said], pa.string()),
                pa.array([one.maanden for one in paces], pa.int32()),
                pa.array([one.sinds for one in paces], pa.date32()),
            ),
            strict=True,
        )
    )
    for name, column in columns.items():
        wide = wide.append_column(name, column)
    return wide


type Share = tuple[Status, float | None, float | None, float | None]
"""Status, value, lower and upper bound (per cent)."""


def percentage(housed: Cell, opgave: Cell) -> Share:
    """Return what part of an opgave was realised.

    Returns:
        Rounded to one decimal (half up), with bounds rounded outward; above 100 when more was done.
        Berekend, or geschat when a part is. Of an opgave of 0 or less there is none
        (niet_van_toepassing), nor of one that may be that (te_klein).
    """
    done, task = bounds(housed), bounds(opgave)
    if done is None or task is None:
        return worst([housed, opgave]), None, None, None
    if task[0] <= 0 or task[1] <= 0:
        status = Status.NIET_VAN_TOEPASSING if task[0] <= 0 else Status.TE_KLEIN
        return status, None, None, None
    scale = 100 * _STEP
    estimated = Status.GESCHAT in {housed.status, opgave.status}
    return (
        Status.GESCHAT if estimated else Status.BEREKEND,
        (2 * scale * done[0] + task[0]) // (2 * task[0]) / _STEP,
        scale * done[1] // task[2] / _STEP,
        -(-scale * done[2] // task[1]) / _STEP,
    )


def progress(housed: Cell, opgave: Cell, months: int = MONTHS) -> Voortgang:
    """Tell how far an opgave is met, given how many months of the half-year are counted.

    Returns:
        Voldaan when there is nothing to do or all is done; else op_schema when at least as large a
        part is done as of the half-year is over (1/6 per month), else achter. Niet_te_bepalen when a
        count is missing, or when the bounds allow more than one of these.
    """
    done, task = bounds(housed), bounds(opgave)
    if task is not None and task[2] <= 0:
        return Voortgang.VOLDAAN
    if done is None or task is None:
        return Voortgang.NIET_TE_BEPALEN
    least, most = _verdict(done[1], task[2], months), _verdict(done[2], task[1], months)
    return least if least is most else Voortgang.NIET_TE_BEPALEN


def _verdict(done: int, task: int, months: int) -> Voortgang:
    if done >= task or task <= 0:
        return Voortgang.VOLDAAN
    if months < MONTHS and MONTHS * done >= months * task:
        return Voortgang.OP_SCHEMA
    return Voortgang.ACHTER


def _cells(wide: pa.Table, indicator_id: str) -> list[Cell]:
    names = (indicator_id, f"{indicator_id}Status", f"{indicator_id}Min", f"{indicator_id}Max")
    values, statuses, lower, upper = (wide[name].to_pylist() for name in names)
    return [
        Cell(value, Status(status), None, low, high)
        for value, status, low, high in zip(values, statuses, lower, upper, strict=True)
    ]
