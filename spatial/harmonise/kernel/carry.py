"""Counts of gemeenten carried from any indeling to one: exact where that can be, else estimated.

Shares and rates are never carried: ``OBSERVATIONS`` holds counts only; a share is made of a carried
numerator and a carried denominator.
"""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from spatial.domain.crosswalk import PPM
from spatial.domain.regions import Niveau
from spatial.harmonise.kernel.block import Block, Columns, blocks_of, rows_of, seen_of
from spatial.harmonise.kernel.combine import combine
from spatial.harmonise.kernel.herkomst import compose, terms_of
from spatial.harmonise.kernel.plan import Plan, Stride, make_plan
from spatial.harmonise.kernel.table import HAS_VALUE, Places, decode, encode
from spatial.harmonise.kernel.weights import read_walk


def carry(
    observations: pa.Table,
    crosswalk: pa.Table,
    cell_weights: pa.Table | None = None,
    niveau: str = Niveau.GEMEENTE.value,
) -> pa.Table:
    """Recode the counts of gemeenten to one indeling; missing in, missing out.

    A pure function of one partition (such as a group); text columns may be dictionary-encoded, and
    are in the result where they are in the input. That is several times faster.

    Args:
        observations: ``OBSERVATIONS`` of level gemeente, in any order, of any number of periods; each
            cell of one source, each period in one indeling.
        crosswalk: ``CROSSWALK`` from each of these indelingen to one, also from that one to itself.
        cell_weights: ``CELL_WEIGHTS``, preferred over the crosswalk in their cells for the divided
            gemeente, in the indelingen in which the crosswalk divides it as in its last one. The
            crosswalk must then also lead from that last indeling and from the next one. Ignored for
            a gemeente of which a receiver is itself divided later on. Their bound is that of the
            night of the split; how the parts grew apart before is not in it.
        niveau: level of the observations, when it is another than gemeente.

    Returns:
        ``OBSERVATIONS`` of the new indeling, sorted by key.

        A gemeente that goes wholly and alone to a new code keeps status, count and bounds. Wholes
        that come together are opgeteld, with the sums of their bounds. A receiver of a part is
        geschat: parts are whole counts (largest remainder; of equal ones the lower code) that sum
        to exactly the divided count, their bounds are the source's by the weight's, rounded outward.

        One contributor that is secret makes the result geheim_of_onbekend; else one that is absent
        (from the table or from the source) makes it ontbreekt_in_bron; one that is not applicable
        beside values too, and when none is applicable the result is not either. A receiver of which
        no contributor has a row has none. Provisional when a contributor is.

        The herkomst of a count is the list of source codes with weights; it stays empty (or what it
        was) for a gemeente that keeps its code alone.

    Raises:
        SchemaError: a table is not the declared one, observations of another level, or a status that
            contradicts its number.
        DuplicateKeyError: one gemeente, cell and period twice, a cell with two sources, or a period
            in two indelingen.
        RegisterError: weights that do not sum to 1,000,000, or crosswalk and cell weights that
            contradict each other.
        UnknownRegionError: a gemeente or receiver that the crosswalk does not have.
    """
    rows, labels = encode(observations, niveau)
    walk = read_walk(crosswalk)
    plan = make_plan(labels, seen_of(rows, labels), niveau, walk, cell_weights)
    places = Places(walk.naar, [(niveau, code) for code in walk.targets])
    parts = []
    for columns, block in blocks_of(rows, labels):
        carried = rows_of(carry_block(block, columns, plan), columns)
        parts.append(decode(carried, labels, places, list(plan.texts), observations.schema))
    return pa.concat_tables(parts or [observations.schema.empty_table()])


def carry_block(block: Block, columns: Columns, plan: Plan) -> Block:
    """Recode a block; the texts of the plan grow.

    Args:
        block: a line for every region of the labels.
        columns: what its columns are about.
        plan: how.

    Returns:
        A line for every target of the walk, and below them one without rows.

    Raises:
        RegisterError: a weight of a cell contradicts the crosswalk.
    """
    carried = Block.empty(len(plan.walk.targets) + 1, len(columns))
    for stride in plan.strides:
        here = columns.of(stride.van)
        if here.start == here.stop:
            continue
        carried.put(stride.target, here, _alone(block.take(stride.alone, here), stride, plan))
        if len(stride.knotted):
            cells = np.tile(columns.cells, (here.stop - here.start) // len(columns.cells))
            lines = block.take(stride.knotted, here)
            carried.put(stride.knot.receivers, here, combine(lines, cells, stride.knot, plan))
    return carried


def _alone(lines: Block, stride: Stride, plan: Plan) -> Block:
    """Tell the herkomst of gemeenten that go wholly and alone to a new code: when it is another."""
    valued = HAS_VALUE[lines.state]
    herkomst = np.where(valued, stride.renamed[:, None], np.int32(-1))
    told = valued & (lines.herkomst >= 0)
    if told.any():
        size = len(plan.labels.herkomst)
        kinds, kind = np.unique(
            np.nonzero(told)[0] * size + lines.herkomst[told], return_inverse=True
        )
        texts = [
            _told(line, text, stride, plan)
            for line, text in (divmod(k, size) for k in kinds.tolist())
        ]
        herkomst[told] = np.array(texts, np.int32)[kind]
    return replace(lines, herkomst=herkomst)


def _told(line: int, herkomst: int, stride: Stride, plan: Plan) -> int:
    """Return the position of the text of a line that had one; -1 when it is its own new code."""
    text, new = plan.labels.herkomst[herkomst], plan.walk.targets[int(stride.target[line])]
    _, old = plan.labels.regions[int(stride.alone[line])]
    if old != new:
        text = compose([(terms_of(old, text), PPM)])
    return -1 if text == new else plan.text(text)
