"""All that recoding needs to know, looked up once for all blocks of a partition."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from spatial.errors import UnknownRegionError
from spatial.harmonise.kernel.block import Seen
from spatial.harmonise.kernel.own import Owns, read_own
from spatial.harmonise.kernel.table import Ints, Labels, Ranks
from spatial.harmonise.kernel.weights import Knot, Walk


@dataclass(frozen=True, slots=True)
class Stride:
    """What becomes of the gemeenten of one indeling.

    Attributes:
        van: the indeling.
        alone: lines of the input that go wholly and alone to a new code.
        target: per such line, the position of the new code.
        renamed: per such line, the position of its own code in ``Plan.texts`` when the new code is
            another; else -1.
        knot: where gemeenten come together or are divided.
        knotted: lines of the sources of the knot; -1 for one that is not there.
    """

    van: int
    alone: Ints
    target: Ints
    renamed: Ranks
    knot: Knot
    knotted: Ints


@dataclass(frozen=True, slots=True)
class Plan:
    """Crosswalk, weights and labels of one partition.

    Attributes:
        walk: the crosswalk.
        owns: weights of single cells.
        labels: what the ranks of the rows stand for.
        strides: by old indeling.
        texts: herkomsten with their position; grows with the blocks.
        usual: by old indeling and receiver, the position of the herkomst that it has where no
            weight of a cell and no earlier recoding makes it another; grows likewise.
    """

    walk: Walk
    owns: Owns
    labels: Labels
    strides: tuple[Stride, ...]
    texts: dict[str, int]
    usual: dict[tuple[int, int], int]

    def text(self, text: str) -> int:
        """Return the position of a herkomst."""
        return self.texts.setdefault(text, len(self.texts))


def make_plan(
    labels: Labels, seen: Seen, niveau: str, walk: Walk, cell_weights: pa.Table | None
) -> Plan:
    """Return the plan for rows with these labels.

    Args:
        labels: what the ranks stand for.
        seen: which regions have rows.
        niveau: level of what is carried.
        walk: the crosswalk.
        cell_weights: ``CELL_WEIGHTS``.

    Raises:
        UnknownRegionError: the crosswalk does not have a gemeente that has rows, or a receiver of
            the weights.
    """
    texts = {text: position for position, text in enumerate(labels.herkomst)}
    lines = labels.places(niveau)
    for year, here in seen.items():
        _check_known({code for code, line in lines.items() if here[line]}, year, walk)
    strides = [_stride(walk, van, lines, texts) for van in seen if van in walk.steps]
    return Plan(walk, read_own(cell_weights, walk, labels), labels, tuple(strides), texts, {})


def _stride(walk: Walk, van: int, lines: dict[str, int], texts: dict[str, int]) -> Stride:
    step, knot = walk.steps[van], walk.knots[van]
    line = np.array([lines.get(code, -1) for code in step.sources], np.int64)
    here = ~step.together[step.source] & (line[step.source] >= 0)
    source, target = step.source[here], step.target[here]
    renamed = [
        -1
        if (code := step.sources[old]) == walk.targets[new]
        else texts.setdefault(code, len(texts))
        for old, new in zip(source.tolist(), target.tolist(), strict=True)
    ]
    knotted = np.array([lines.get(code, -1) for code in knot.sources], np.int64)
    return Stride(van, line[source], target, np.array(renamed, np.int32), knot, knotted)


def _check_known(codes: set[str], year: int, walk: Walk) -> None:
    step = walk.steps.get(year)
    if lost := sorted(codes - set(step.sources if step else ())):
        message = (
            f"{lost[0]} has figures in the indeling of {year}, but the crosswalk does not lead from "
            f"there to {walk.naar}"
        )
        raise UnknownRegionError(message)
