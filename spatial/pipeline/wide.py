"""From observations to the wide table of a subject: counts, and the formulas over them; no shapes."""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ledger.progress import PROGRESS, add_progress
from spatial.analyse.ratios import add_ratios
from spatial.domain.findings import Finding
from spatial.domain.indicators import Indicator, Soort
from spatial.domain.status import Status
from spatial.join.wide import pivot
from spatial.pipeline.parts import Parts
from spatial.store.describe import Subject

_DECEMBER = 12


def wide_of(parts: Parts, subject: Subject, figures: pa.Table) -> tuple[pa.Table, list[Finding]]:
    """Return one row per region and period with every indicator of the theme.

    Args:
        parts: land and catalogue.
        subject: theme, level and indeling.
        figures: ``OBSERVATIONS`` of all groups and levels, in that indeling or each in its own.

    Returns:
        The wide table of ``join.wide.pivot`` for the periods that the theme itself has, with shares
        and ratios, in the order of the catalogue, and the progress of the taakstelling; and what was
        noticed.

    Raises:
        SpatialError: see ``join.wide`` and ``analyse.ratios``.
    """
    indicators = parts.indicators(subject.thema)
    mine = of_subject(subject, figures)
    named = pa.array(sorted({entry.groep for entry in indicators if entry.groep}), pa.string())
    beside = figures.filter(
        pc.and_(
            pc.is_in(figures["groep"], named), pc.equal(figures["niveau"], subject.niveau.value)
        )
    )
    beside = beside.filter(pc.is_in(beside["eind"], pc.unique(mine["eind"])))
    shapes = parts.land.of(subject.niveau, subject.indeling)
    regions = pd.DataFrame(shapes.drop(columns="geometry"))
    wide, findings = pivot(pa.concat_tables([mine, beside]), regions, indicators, subject.id)
    wide = _with_flow_period(add_ratios(wide, indicators), indicators)
    columns = [name for entry in indicators for name in entry.columns]
    for entry in indicators:
        if entry.soort is Soort.REALISATIE:
            wide = add_progress(wide, entry, parts.targets.ledger.pace)
            columns += PROGRESS
    keys = [name for name in wide.column_names if name not in {*columns, "voorlopig"}]
    return wide.select([*keys, *columns, "voorlopig"]), findings


def _with_flow_period(wide: pa.Table, indicators: Sequence[Indicator]) -> pa.Table:
    """Say over which days the flows of a row were counted, in a theme of stocks on days."""
    flows = [entry for entry in indicators if entry.soort is Soort.STROOM and not entry.groep]
    if not flows or "periodeEind" in wide.column_names:
        return wide
    eind = wide["peilmoment"]
    absent = pa.scalar(Status.NIET_VAN_TOEPASSING.value)
    ends = pc.not_equal(wide[flows[0].columns[1]], absent)
    for entry in flows[1:]:
        ends = pc.or_(ends, pc.not_equal(wide[entry.columns[1]], absent))
    ends = pc.and_(ends, pc.equal(pc.month(eind), _DECEMBER))
    begin = pc.floor_temporal(eind, unit="year").cast(pa.date32())
    return wide.append_column("stroomBegin", pc.if_else(ends, begin, None)).append_column(
        "stroomEind", pc.if_else(ends, eind, None)
    )


def of_subject(subject: Subject, figures: pa.Table) -> pa.Table:
    """Return the observations of the group and level of a subject."""
    return figures.filter(
        pc.and_(
            pc.equal(figures["groep"], subject.thema.value),
            pc.equal(figures["niveau"], subject.niveau.value),
        )
    )
