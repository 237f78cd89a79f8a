"""The crosswalk as sparse steps, and how one count is divided in whole numbers.

A step leads from one indeling to the target. A source is whole (one receiver, exact) or divided.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array

from spatial.domain.crosswalk import CROSSWALK, PPM, Gewichtmethode
from spatial.errors import RegisterError
from spatial.harmonise.kernel.table import Flags, Ints

type Matrix = csr_array[np.int64]
"""Receivers by contributors, 1 where they belong together."""


@dataclass(frozen=True, slots=True)
class Step:
    """All rows of the crosswalk from one indeling, in order of old and new code.

    Attributes:
        van: indeling of the old codes.
        sources: old codes, sorted.
        source: per row, position of the old code.
        target: per row, position of the new code.
        ppm: per row, weight.
        grens: per row, how far it may be off.
        whole: per row, the whole of the old gemeente, exactly.
        together: per source, it is not the only one in its receiver, or is itself divided.
    """

    van: int
    sources: list[str]
    source: Ints
    target: Ints
    ppm: Ints
    grens: Ints
    whole: Flags
    together: Flags

    def rows_of(self, source: int) -> Ints:
        """Return the rows of a source, by its position."""
        return np.flatnonzero(self.source == source)


@dataclass(frozen=True, slots=True)
class Walk:
    """The crosswalk to one indeling: the new codes, sorted, and a step and its knot per old indeling."""

    naar: int
    targets: list[str]
    steps: dict[int, Step]
    knots: dict[int, "Knot"]


def read_walk(crosswalk: pa.Table) -> Walk:
    """Return the crosswalk as steps.

    Raises:
        SchemaError: not ``CROSSWALK``.
        DuplicateKeyError: one pair of codes, two rows.
        RegisterError: no rows, more than one target, or weights of an old code that do not sum to
            1,000,000.
    """
    CROSSWALK.check(crosswalk, "crosswalk to recode with")
    rows = crosswalk.to_pydict()
    naar = sorted(set(rows["naar_indeling"]))
    if len(naar) != 1:
        message = f"a crosswalk to recode with leads to one indeling, not to {naar}"
        raise RegisterError(message)
    used = [
        row
        for row in zip(
            rows["van_indeling"], rows["van_code"], rows["naar_code"], rows["gewicht_ppm"],
            rows["grens_ppm"], rows["methode"], strict=True,
        )
        if row[3] > 0 or row[4] > 0
    ]  # fmt: skip
    targets = sorted(set(rows["naar_code"]))
    place = {code: position for position, code in enumerate(targets)}
    steps = {
        van: _step(van, sorted(row[1:] for row in used if row[0] == van), place)
        for van in sorted(set(rows["van_indeling"]))
    }
    return Walk(naar[0], targets, steps, {van: knot_of(step) for van, step in steps.items()})


def _step(van: int, rows: list[tuple[str, str, int, int, str]], place: dict[str, int]) -> Step:
    sources = sorted({row[0] for row in rows})
    of_source = {code: position for position, code in enumerate(sources)}
    source = np.array([of_source[row[0]] for row in rows], np.int64)
    target = np.array([place[row[1]] for row in rows], np.int64)
    ppm = np.array([row[2] for row in rows], np.int64)
    grens = np.array([row[3] for row in rows], np.int64)
    total = np.zeros(len(sources), np.int64)
    np.add.at(total, source, ppm)
    if (total != PPM).any():
        wrong = int(np.flatnonzero(total != PPM)[0])
        message = (
            f"the weights of {sources[wrong]} in the indeling of {van} sum to {total[wrong]}, "
            f"not to {PPM}"
        )
        raise RegisterError(message)
    exact = np.array([row[4] == Gewichtmethode.EXACT for row in rows], np.bool_)
    whole = exact & (ppm == PPM) & (grens == 0)
    together = np.zeros(len(sources), np.bool_)
    together[source[~whole | (np.bincount(target)[target] > 1)]] = True
    return Step(van, sources, source, target, ppm, grens, whole, together)


@dataclass(frozen=True, slots=True)
class Knot:
    """The part of a step in which gemeenten come together or are divided, numbered anew.

    Attributes:
        step: of which it is a part.
        sources: old codes, sorted.
        receivers: positions of the new codes, ascending.
        source: per row, position in ``sources``.
        receiver: per row, position in ``receivers``.
        ppm: per row, weight.
        grens: per row, how far it may be off.
        whole: per row, the whole of the old gemeente, exactly.
        joins: receivers by sources, 1 where a row joins them.
        wholes: likewise, only for wholes.
    """

    step: Step
    sources: list[str]
    receivers: Ints
    source: Ints
    receiver: Ints
    ppm: Ints
    grens: Ints
    whole: Flags
    joins: Matrix
    wholes: Matrix


def knot_of(step: Step) -> Knot:
    """Return the part of a step that is more than a new code."""
    rows = np.flatnonzero(step.together[step.source])
    old, source = np.unique(step.source[rows], return_inverse=True)
    receivers, receiver = np.unique(step.target[rows], return_inverse=True)
    whole = step.whole[rows]

    def matrix(ones: Flags) -> Matrix:
        data = (np.ones(int(ones.sum()), np.int64), (receiver[ones], source[ones]))
        return csr_array(data, shape=(len(receivers), len(old)))

    return Knot(
        step,
        [step.sources[position] for position in old.tolist()],
        receivers,
        source,
        receiver,
        step.ppm[rows],
        step.grens[rows],
        whole,
        matrix(np.ones(len(rows), np.bool_)),
        matrix(whole),
    )


def divide(counts: Ints, ppm: Ints) -> Ints:
    """Divide whole counts by weights so that the parts sum to exactly the count.

    Args:
        counts: k counts, at least 0 and below 9e12.
        ppm: receivers by k (or by 1) weights; sum to 1,000,000 over the receivers.

    Returns:
        Receivers by k: the parts, rounded down or up; the largest remainders are rounded up, of
        equal ones those of the first receivers.
    """
    shares = ppm * counts
    parts = shares // PPM
    left = counts - parts.sum(axis=0)
    order = np.argsort(-(shares % PPM), axis=0, kind="stable")
    rounded_up = np.arange(len(parts))[:, None] < left
    np.put_along_axis(parts, order, np.take_along_axis(parts, order, 0) + rounded_up, 0)
    return parts


def part_bounds(lower: Ints, upper: Ints, ppm: Ints, grens: Ints) -> tuple[Ints, Ints]:
    """Return the bounds of the parts of a count: rounded outward, never below 0.

    Args:
        lower: k lowest possible counts.
        upper: k highest possible counts.
        ppm: receivers by k (or by 1) weights.
        grens: likewise, how far the weights may be off.
    """
    lowest = lower * np.maximum(ppm - grens, 0) // PPM
    highest = -(-upper * np.minimum(ppm + grens, PPM) // PPM)
    return lowest, highest
