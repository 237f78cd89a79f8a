"""The disclosure audit of a build: all that we derived against all that the source published."""

import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.disclosure.audit import Structure, audit
from spatial.analyse.disclosure.report import findings_of
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.regions import Niveau
from spatial.pipeline.figures import Figures


def audit_figures(figures: Figures, facts: Facts) -> list[Finding]:
    """Hold sums and carried figures against the source's own; an error for each that says more.

    Args:
        figures: all observations.
        facts: memberships.

    Raises:
        RegisterError, UnknownRegionError: a figure cannot be followed back to published cells.
    """
    years = pa.array([int(year) for year in figures.carried], pa.int32())
    source = pc.unique(figures.published["bron"])
    sums = figures.own.filter(
        pc.and_(
            pc.and_(
                pc.is_in(figures.own["bron"], source),
                pc.equal(figures.own["niveau"], Niveau.VEILIGHEIDSREGIO.value),
            ),
            pc.invert(pc.is_in(figures.own["indeling"], years)),
        )
    )
    carried = [
        part.figures.filter(pc.is_in(part.figures["bron"], source))
        for part in figures.carried.values()
    ]
    crosswalk = pa.concat_tables([part.crosswalk for part in figures.carried.values()])
    report = audit(
        figures.published,
        pa.concat_tables([sums, *carried]),
        Structure(facts.memberships, crosswalk),
    )
    return findings_of(report)
