"""Weights of a divided gemeente from the indicator itself: the jump of its receivers overnight.

31 December is published in the old indeling and 1 January in the new one. What a receiver has more
on the second day than its undivided predecessors had on the first is the part that it received.
This takes the night for a change of borders only: that the people counted are the same on both days
must hold for the source, and a finding tells how far undivided gemeenten bear it out.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.crosswalk import CELL_WEIGHTS, Gewichtmethode
from spatial.domain.findings import Finding, Severity
from spatial.errors import RegisterError
from spatial.harmonise.kernel.table import HAS_VALUE, Flags, Ints, Labels, Ranks, Rows, encode
from spatial.harmonise.kernel.weights import Step, read_walk
from spatial.harmonise.weigh.parts import Parts, weigh

WIDEST_PPM = 100_000
"""A weight that may be further off than this (ten percentage points) is of no use."""

_COUNT, _LOWER, _UPPER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Night:
    """Figures of one night: 31 December (old codes) and 1 January (new codes).

    Attributes:
        step: the crosswalk of that night.
        targets: new codes.
        cell: rank of every cell that occurs.
        before: count and bounds (3) by sources of the step by cells.
        after: likewise by targets.
        known_before: whether there is a count.
        known_after: likewise.
    """

    step: Step
    targets: list[str]
    cell: Ranks
    before: Ints
    after: Ints
    known_before: Flags
    known_after: Flags

    @property
    def name(self) -> str:
        """For findings."""
        return f"sprong {self.step.van}-{self.step.van + 1}"


def jump_weights(
    observations: pa.Table, crosswalk: pa.Table, *, widest_ppm: int = WIDEST_PPM
) -> tuple[pa.Table, list[Finding]]:
    """Return weights per cell of the gemeenten that were divided in one night.

    Every receiver's part is the jump of its count, within the roundings of all counts concerned; the
    parts are at least 0 and sum to the count of the divided gemeente. The estimate is the nearest
    such division (least squares, each jump weighed by the number of counts in it); the bound is as
    far as interval arithmetic on the published bounds allows the true weight to be off.

    Args:
        observations: ``OBSERVATIONS`` of level gemeente; only 31 December in the old indeling and
            1 January in the new one are used.
        crosswalk: ``CROSSWALK`` from one indeling to the next; its own weights of a divided gemeente
            are not used, only to whom it was divided.
        widest_ppm: cells of which a weight may be further off than this get none.

    Returns:
        ``CELL_WEIGHTS``, sorted by key, and findings: how many cells of undivided gemeenten changed
        overnight, and per divided gemeente how many cells have weights and why others have none. A
        cell has weights only when every count that they need is published. A gemeente that shares a
        receiver with another divided one has none: their parts cannot be told apart.

    Raises:
        SchemaError: a table is not the declared one.
        DuplicateKeyError: a cell with two sources.
        RegisterError: the crosswalk leads from more than one indeling, or does not lead to the next.
    """
    walk = read_walk(crosswalk)
    if list(walk.steps) != [walk.naar - 1]:
        message = (
            f"a jump is that of one night: give the crosswalk from {walk.naar - 1} to "
            f"{walk.naar}, not from {sorted(walk.steps)}"
        )
        raise RegisterError(message)
    step = walk.steps[walk.naar - 1]
    rows, labels = encode(_of_night(observations, step.van))
    night = _night(rows, labels, step, walk.targets)
    tables, findings = [_table([])], [_undivided(night)]
    for source in np.unique(step.source[~step.whole]).tolist():
        table, finding = _divided(night, source, labels, widest_ppm)
        tables.append(table)
        findings.append(finding)
    weights = pa.concat_tables(tables).sort_by([(name, "ascending") for name in CELL_WEIGHTS.key])
    CELL_WEIGHTS.check(weights, "weights from the jump")
    return weights, findings


def _of_night(observations: pa.Table, van: int) -> pa.Table:
    """Return the observations of 31 December and 1 January, each in its own indeling."""
    begin, eind, indeling = (observations.column(name) for name in ("begin", "eind", "indeling"))

    def of(day: date) -> pa.ChunkedArray:
        moment = pc.and_(pc.equal(begin, pa.scalar(day)), pc.equal(eind, pa.scalar(day)))
        return pc.and_(moment, pc.equal(indeling, day.year))

    return observations.filter(pc.or_(of(date(van, 12, 31)), of(date(van + 1, 1, 1))))


def _night(rows: Rows, labels: Labels, step: Step, targets: list[str]) -> _Night:
    cell, column = np.unique(rows.cell, return_inverse=True)
    indeling = labels.indeling_of[rows.period]

    def side(of: int, codes: list[str]) -> tuple[Ints, Flags]:
        place = {name: position for position, name in enumerate(codes)}
        at = np.array([place.get(name, -1) for _, name in labels.regions], np.int64)[rows.region]
        here = (indeling == of) & (at >= 0) & HAS_VALUE[rows.state]
        numbers = np.zeros((3, len(codes), len(cell)), np.int64)
        numbers[:, at[here], column[here]] = rows.numbers[:, here]
        known = np.zeros((len(codes), len(cell)), np.bool_)
        known[at[here], column[here]] = True
        return numbers, known

    before, known_before = side(step.van, step.sources)
    after, known_after = side(step.van + 1, targets)
    return _Night(step, targets, cell, before, after, known_before, known_after)


def _undivided(night: _Night) -> Finding:
    """Tell how far the counts of undivided gemeenten stay what they were overnight."""
    alone = ~night.step.together[night.step.source]
    source, target = night.step.source[alone], night.step.target[alone]
    known = night.known_before[source] & night.known_after[target]
    before, after = night.before[:, source], night.after[:, target]
    apart = (after[_LOWER] > before[_UPPER]) | (after[_UPPER] < before[_LOWER])
    changed = int((known & apart).sum())
    message = (
        f"of {int(known.sum())} cells of gemeenten that kept their borders, {changed} changed in "
        "the night before 1 January by more than their rounding; the jump takes that for none"
    )
    severity = Severity.WARNING if changed else Severity.INFO
    return Finding(severity, night.name, "", "jump-night", message)


def _divided(
    night: _Night, source: int, labels: Labels, widest_ppm: int
) -> tuple[pa.Table, Finding]:
    """Return the weights of one divided gemeente and what there is to say about them."""
    step, code = night.step, night.step.sources[source]
    receivers = step.target[step.rows_of(source)]
    if (~step.whole & (step.source != source) & np.isin(step.target, receivers)).any():
        message = "a receiver has part of another gemeente too; the jump cannot tell them apart"
        return _table([]), Finding(Severity.INFO, night.name, code, "jump-weights", message)
    known, parts = _parts(night, source, receivers)
    ppm, grens, possible = weigh(parts)
    narrow = (grens <= widest_ppm).all(axis=0)
    good = known & possible & narrow
    message = (
        f"{int(good.sum())} of {len(known)} cells have weights of their own; "
        f"{int((~known).sum())} lack a count, {int((known & ~possible).sum())} have counts that no "
        f"division explains, {int((known & possible & ~narrow).sum())} are too small to tell"
    )
    finding = Finding(Severity.INFO, night.name, code, "jump-weights", message)
    night_in_words = f"sprong van {step.van}-12-31 naar {step.van + 1}-01-01"
    names = [night.targets[receiver] for receiver in receivers.tolist()]
    rows: list[tuple[object, ...]] = []
    for column in np.flatnonzero(good).tolist():
        *cell, bron = _cell(labels, int(night.cell[column]))
        rows += [
            (*cell, step.van, code, name, *weight, Gewichtmethode.SPRONG.value,
             f"{bron}: {night_in_words}")
            for name, *weight in zip(
                names, ppm[:, column].tolist(), grens[:, column].tolist(), strict=True
            )
        ]  # fmt: skip
    return _table(rows), finding


def _parts(night: _Night, source: int, receivers: Ints) -> tuple[Flags, Parts]:
    """Return which cells have all counts, and what each receiver may have received."""
    step = night.step
    total, total_lowest, total_highest = night.before[:, source]
    known = night.known_before[source].copy()
    shape = (len(receivers), len(night.cell))
    point, lowest, highest, spread = (np.zeros(shape, np.int64) for _ in range(4))
    for position, receiver in enumerate(receivers.tolist()):
        others = step.source[(step.target == receiver) & (step.source != source)]
        count, lower, upper = night.before[:, others].sum(axis=1)
        known &= night.known_after[receiver] & night.known_before[others].all(axis=0)
        point[position] = night.after[_COUNT, receiver] - count
        lowest[position] = np.maximum(night.after[_LOWER, receiver] - upper, 0)
        highest[position] = np.minimum(night.after[_UPPER, receiver] - lower, total_highest)
        spread[position] = 1 + len(others)
    return known, Parts(point, lowest, highest, spread, total, total_lowest, total_highest)


def _cell(labels: Labels, cell: int) -> tuple[str, str, str, str]:
    """Return groep, kenmerk, maat and source of a cell."""
    rest, maat = divmod(cell, len(labels.maat))
    groep, kenmerk = divmod(rest, len(labels.kenmerk))
    bron = labels.bron[int(labels.bron_of[cell])]
    return labels.groep[groep], labels.kenmerk[kenmerk], labels.maat[maat], bron


def _table(rows: list[tuple[object, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(CELL_WEIGHTS.columns)
    return pa.table(
        {
            column.name: pa.array(list(values), column.type)
            for column, values in zip(CELL_WEIGHTS.columns, columns, strict=True)
        }
    )
