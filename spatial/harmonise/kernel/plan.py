"""All that recoding needs to know, looked up once for all batches of a partition."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from spatial.errors import UnknownRegionError
from spatial.harmonise.kernel.own import Owns, read_own
from spatial.harmonise.kernel.table import Labels, Ranks
from spatial.harmonise.kernel.weights import Knot, Step, Walk, knot_of

_UNKNOWN, TOGETHER = -2, -1


@dataclass(frozen=True, slots=True)
class Plan:
    """Crosswalk, weights and labels of one partition.

    Attributes:
        walk: the crosswalk.
        owns: weights of single cells.
        labels: what the ranks of the rows stand for.
        target: per region of the input, the position of the new code to which it goes alone and
            wholly; ``TOGETHER`` for one that comes together with others or is divided.
        source: per region that does not go alone, its position in the knot of its indeling.
        knots: by old indeling, where gemeenten come together or are divided.
        renamed: per region, the position of its own code in ``texts`` when the new code is another;
            else -1.
        texts: herkomsten with their position; grows with the batches.
        usual: by old indeling and receiver, the position of the herkomst that it has where no
            weight of a cell and no earlier recoding makes it another; grows likewise.
    """

    walk: Walk
    owns: Owns
    labels: Labels
    target: Ranks
    source: Ranks
    knots: dict[int, Knot]
    renamed: Ranks
    texts: dict[str, int]
    usual: dict[tuple[int, int], int]

    def old_code(self, region: int) -> str:
        """Return the code of a region of the input."""
        return self.labels.code[region % len(self.labels.code)]

    def new_code(self, region: int) -> str:
        """Return the new code of a region that goes alone."""
        return self.walk.targets[int(self.target[region])]

    def text(self, text: str) -> int:
        """Return the position of a herkomst."""
        return self.texts.setdefault(text, len(self.texts))


def make_plan(labels: Labels, present: Ranks, walk: Walk, cell_weights: pa.Table | None) -> Plan:
    """Return the plan for rows with these labels.

    Args:
        labels: what the ranks stand for.
        present: region of every row.
        walk: the crosswalk.
        cell_weights: ``CELL_WEIGHTS``.

    Raises:
        UnknownRegionError: the crosswalk does not have a gemeente that has rows, or a receiver of
            the weights.
    """
    size = len(labels.indeling) * len(labels.code)
    target, source, renamed = (np.full(size, value, np.int32) for value in (_UNKNOWN, -1, -1))
    texts = {text: position for position, text in enumerate(labels.herkomst)}
    place = {code: rank for rank, code in enumerate(labels.code)}
    knots = {van: knot_of(walk.steps[van]) for van in labels.indeling if van in walk.steps}
    for van, knot in knots.items():
        first = labels.indeling.index(van) * len(labels.code)
        positions = {code: position for position, code in enumerate(knot.sources)}
        for code, new in _goes_to(knot.step).items():
            if code in place:
                region = first + place[code]
                target[region], source[region] = new, positions.get(code, -1)
                if new != TOGETHER and code != walk.targets[new]:
                    renamed[region] = texts.setdefault(code, len(texts))
    _check_known(present[target[present] == _UNKNOWN], labels, walk)
    owns = read_own(cell_weights, walk, labels)
    return Plan(walk, owns, labels, target, source, knots, renamed, texts, {})


def _goes_to(step: Step) -> dict[str, int]:
    """Return the position of the new code of every source that goes alone, else ``TOGETHER``."""
    rows = zip(step.source.tolist(), step.target.tolist(), strict=True)
    return {step.sources[old]: TOGETHER if step.together[old] else new for old, new in rows}


def _check_known(lost: Ranks, labels: Labels, walk: Walk) -> None:
    if len(lost):
        indeling, code = divmod(int(lost.min()), len(labels.code))
        message = (
            f"{labels.code[code]} has figures in the indeling of {labels.indeling[indeling]}, but "
            f"the crosswalk does not lead from there to {walk.naar}"
        )
        raise UnknownRegionError(message)
