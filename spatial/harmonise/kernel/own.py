"""Weights of single cells, laid on the sources and targets of the crosswalk.

A cell weight divides a gemeente over receivers in the next indeling; the crosswalk tells where
these receivers are in the target.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.crosswalk import CELL_WEIGHTS, PPM
from spatial.errors import RegisterError, UnknownRegionError
from spatial.harmonise.kernel.table import Ints, Labels, Ranks
from spatial.harmonise.kernel.weights import Step, Walk

_CELL = ("groep", "kenmerk", "maat")


@dataclass(frozen=True, slots=True)
class Own:
    """How one gemeente was divided, per cell.

    Attributes:
        van: last indeling that has the gemeente.
        cell: per row, rank of the cell.
        target: per row, position of the new code.
        ppm: per row, weight; sums to 1,000,000 per cell.
        grens: per row, how far it may be off.
    """

    van: int
    cell: Ints
    target: Ints
    ppm: Ints
    grens: Ints


type Owns = dict[str, list[Own]]
"""By old code, in order of indeling."""


def read_own(cell_weights: pa.Table | None, walk: Walk, labels: Labels) -> Owns:
    """Return the weights of cells that occur, by divided gemeente.

    A gemeente of which a receiver is itself divided later on has no weights of its own here: the
    general ones of the crosswalk hold for all its cells. Splits that the walk does not pass are
    ignored.

    Raises:
        SchemaError: not ``CELL_WEIGHTS``.
        DuplicateKeyError: one cell and receiver, two rows.
        RegisterError: the weights of a cell do not sum to 1,000,000.
        UnknownRegionError: the crosswalk does not tell where a receiver is in the target.
    """
    if cell_weights is None:
        return {}
    CELL_WEIGHTS.check(cell_weights, "weights of cells to recode with")
    _check_sums(cell_weights)
    owns: Owns = {}
    splits = cell_weights.group_by(["van_indeling", "van_code"]).aggregate([])
    for split in splits.sort_by("van_indeling").to_pylist():
        van, code = split["van_indeling"], str(split["van_code"])
        if any(step.van <= van and code in step.sources for step in walk.steps.values()) and (
            van < walk.naar
        ):
            here = pc.and_(
                pc.equal(cell_weights.column("van_indeling"), van),
                pc.equal(cell_weights.column("van_code"), code),
            )
            owns.setdefault(code, []).extend(_own(cell_weights.filter(here), walk, labels, van))
    return owns


def own_weights(
    owns: Owns, walk: Walk, step: Step, code: str, cells: Ranks
) -> tuple[Ints, Ints] | None:
    """Return weight and bound of a divided source per receiver and cell.

    They hold for the gemeente that was divided, so only where the crosswalk divides the source as
    it divides that gemeente; where it does not, borders changed in between.

    Args:
        owns: from ``read_own``.
        walk: the crosswalk.
        step: the step of which the source is.
        code: the source.
        cells: k ranks of cells, ascending.

    Returns:
        Two tables of receivers (the rows of the source in the step) by k, with the general weight
        for a cell without one of its own; None when no cell has one.

    Raises:
        RegisterError: a receiver is in a target to which the crosswalk gives no part.
    """
    own = next((own for own in owns.get(code, []) if own.van >= step.van), None)
    if own is None or not _same_division(step, walk.steps[own.van], code):
        return None
    rows = step.rows_of(step.sources.index(code))
    receivers = step.target[rows]
    if outside := set(own.target.tolist()) - set(receivers.tolist()):
        message = (
            f"a cell of {code} ({own.van}) has weight for {walk.targets[min(outside)]}, to which "
            "the crosswalk gives no part of it"
        )
        raise RegisterError(message)
    known = np.isin(own.cell, cells)
    if not known.any():
        return None
    ppm = np.repeat(step.ppm[rows][:, None], len(cells), axis=1)
    grens = np.repeat(step.grens[rows][:, None], len(cells), axis=1)
    at = (np.searchsorted(receivers, own.target[known]), np.searchsorted(cells, own.cell[known]))
    ppm[:, at[1]] = 0
    grens[:, at[1]] = 0
    np.add.at(ppm, at, own.ppm[known])
    np.add.at(grens, at, own.grens[known])
    return ppm, grens


def _own(rows: pa.Table, walk: Walk, labels: Labels, van: int) -> list[Own]:
    place = _targets_of(walk, van, sorted(set(rows.column("naar_code").to_pylist())))
    if place is None:
        return []
    cell = np.zeros(rows.num_rows, np.int64)
    occurs = np.ones(rows.num_rows, np.bool_)
    for name, known in zip(_CELL, (labels.groep, labels.kenmerk, labels.maat), strict=True):
        wanted = rows.column(name).cast(pa.string())
        rank = pc.index_in(wanted, pa.array(known, pa.string())).fill_null(-1).to_numpy()
        cell = cell * len(known) + rank
        occurs &= rank >= 0
    target = np.array([place[code] for code in rows.column("naar_code").to_pylist()], np.int64)
    ppm, grens = (rows.column(name).to_numpy() for name in ("gewicht_ppm", "grens_ppm"))
    return [Own(van, cell[occurs], target[occurs], ppm[occurs], grens[occurs])]


def _targets_of(walk: Walk, van: int, receivers: list[str]) -> dict[str, int] | None:
    """Return where each receiver is as a whole; None when one of them is divided later on."""
    after = walk.steps.get(van + 1)
    place: dict[str, int] = {}
    for receiver in receivers:
        if van not in walk.steps or after is None or receiver not in after.sources:
            message = (
                f"weights of cells divide a gemeente of {van} over {receiver}, but the crosswalk "
                f"does not lead from {van} and from {receiver} of {van + 1} to {walk.naar}; "
                "give it the rows of both indelingen"
            )
            raise UnknownRegionError(message)
        rows = after.rows_of(after.sources.index(receiver))
        if not after.whole[rows].all():
            return None
        place[receiver] = int(after.target[rows[0]])
    return place


def _same_division(step: Step, last: Step, code: str) -> bool:
    """Tell whether two steps divide a code over the same targets with the same weights."""
    if code not in last.sources:
        return False
    here, there = step.rows_of(step.sources.index(code)), last.rows_of(last.sources.index(code))
    return np.array_equal(step.target[here], last.target[there]) and np.array_equal(
        step.ppm[here], last.ppm[there]
    )


def _check_sums(cell_weights: pa.Table) -> None:
    cells = [*_CELL, "van_indeling", "van_code"]
    sums = cell_weights.group_by(cells).aggregate([("gewicht_ppm", "sum")])
    wrong = sums.filter(pc.not_equal(sums.column("gewicht_ppm_sum"), PPM))
    if wrong.num_rows:
        row = wrong.slice(0, 1).to_pylist()[0]
        cell = ", ".join(f"{name}={row[name]}" for name in cells)
        message = f"the weights of {cell} sum to {row['gewicht_ppm_sum']}, not to {PPM}"
        raise RegisterError(message)
