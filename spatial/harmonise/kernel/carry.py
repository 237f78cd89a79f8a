"""Counts of gemeenten carried from any indeling to one: exact where that can be, else estimated.

Shares and rates are never carried: ``OBSERVATIONS`` holds counts only; a share is made of a carried
numerator and a carried denominator.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa

from spatial.domain.crosswalk import PPM
from spatial.domain.regions import Niveau
from spatial.harmonise.kernel.block import in_order
from spatial.harmonise.kernel.combine import combine
from spatial.harmonise.kernel.herkomst import compose, terms_of
from spatial.harmonise.kernel.plan import TOGETHER, Plan, make_plan
from spatial.harmonise.kernel.table import HAS_VALUE, Places, Rows, decode, encode, joined
from spatial.harmonise.kernel.weights import read_walk

_BATCH = 400_000


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
    plan = make_plan(labels, rows.region, walk, cell_weights)
    carried = [carry_rows(batch, plan) for batch in batches(rows)]
    texts, places = list(plan.texts), Places(niveau, walk.naar, walk.targets)
    return pa.concat_tables(
        [decode(part, labels, places, texts, observations.schema) for part in carried]
    )


def batches(rows: Rows) -> Iterator[Rows]:
    """Give the rows in order of cell, some whole cells at a time.

    What a batch needs stays in the processor's cache, and the memory for it does not grow with the
    partition.
    """
    cells, order = rows.cell, None
    if (cells[1:] < cells[:-1]).any():
        order = np.argsort(cells, kind="stable")
        cells = cells[order]
    starts = np.append(0, np.flatnonzero(cells[1:] != cells[:-1]) + 1)
    _, first = np.unique(starts // _BATCH, return_index=True)
    for begin, end in pairwise([*starts[first].tolist(), len(cells)]):
        yield rows.take(slice(begin, end) if order is None else order[begin:end])


def carry_rows(rows: Rows, plan: Plan) -> Rows:
    """Recode some whole cells; the texts of the plan grow.

    Returns:
        Rows in order of cell, region and period; ``region`` is a position in the targets of the walk.

    Raises:
        DuplicateKeyError: two rows have the same key.
        RegisterError: a weight of a cell contradicts the crosswalk.
    """
    target = plan.target[rows.region]
    together = target == TOGETHER
    if not together.any():
        return in_order(_alone(rows, plan), plan.labels, len(plan.walk.targets))
    parts = [_alone(rows.take(np.flatnonzero(~together)), plan)]
    rest = rows.take(np.flatnonzero(together))
    indeling = rest.region // max(1, len(plan.labels.code))
    for rank in np.unique(indeling).tolist():
        knot = plan.knots[plan.labels.indeling[rank]]
        here = rest.take(np.flatnonzero(indeling == rank))
        parts.append(combine(replace(here, region=plan.source[here.region]), knot, plan))
    return in_order(joined(parts), plan.labels, len(plan.walk.targets))


def _alone(rows: Rows, plan: Plan) -> Rows:
    """Give each row its new code; its herkomst is told when that is another one."""
    herkomst = plan.renamed[rows.region]
    told = np.flatnonzero(rows.herkomst >= 0)
    size = max(1, len(plan.labels.herkomst))
    both = rows.region[told].astype(np.int64) * size + rows.herkomst[told]
    kinds, kind = np.unique(both, return_inverse=True)
    texts = [
        _told(region, text, plan) for region, text in (divmod(k, size) for k in kinds.tolist())
    ]
    herkomst[told] = np.array(texts, np.int32)[kind]
    herkomst[~HAS_VALUE[rows.state]] = -1
    return replace(rows, region=plan.target[rows.region], herkomst=herkomst)


def _told(region: int, herkomst: int, plan: Plan) -> int:
    """Return the position of the text of a row that had one; -1 when it is its own new code."""
    text, old, new = plan.labels.herkomst[herkomst], plan.old_code(region), plan.new_code(region)
    if old != new:
        text = compose([(terms_of(old, text), PPM)])
    return -1 if text == new else plan.text(text)
