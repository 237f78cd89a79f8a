"""All observations: each period in its own indeling, and carried to chosen ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ledger.balances import with_balances
from spatial.domain.crosswalk import PPM
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.redivisions import Gewicht, Lineage, Mutatie, events_of
from spatial.domain.regions import Indeling, Niveau
from spatial.harmonise.history import Relation, history
from spatial.harmonise.series import carry_all, make_way
from spatial.harmonise.sums import sum_over
from spatial.harmonise.weigh.jump import jump_weights
from spatial.pipeline.inhabitants import carry_inhabitants, inhabitants_of
from spatial.pipeline.published import Published
from spatial.pipeline.recoding import Recoding


@dataclass(frozen=True, slots=True)
class Carried:
    """Observations in one indeling, and the crosswalk that brought them there."""

    figures: pa.Table
    crosswalk: pa.Table


@dataclass(frozen=True, slots=True)
class Order:
    """What goes along with the figures of the source.

    Attributes:
        indelingen: to which all figures are carried.
        targets: ``OBSERVATIONS`` of the taakstelling, each half-year in its own indeling.
    """

    indelingen: tuple[Indeling, ...]
    targets: pa.Table


@dataclass(frozen=True, slots=True)
class Figures:
    """All observations.

    Attributes:
        found: the figures of the source, each period in its own indeling, and where they come from.
        own: these, with sums for levels that the source lacks, all inhabitants, households and
            dwellings, and the taakstelling.
        carried: by indeling: all periods up to its year, in that indeling.
        lineage: by gemeentecode: last day, successors and predecessors.
        gewichten: by old and new code: the general weight of a redivision.
    """

    found: Published
    own: pa.Table
    carried: Mapping[Indeling, Carried]
    lineage: Mapping[str, Lineage]
    gewichten: Mapping[tuple[str, str], Gewicht]

    @property
    def published(self) -> pa.Table:
        """``OBSERVATIONS`` as the source gives them."""
        return self.found.figures


def make_figures(
    facts: Facts, found: Published, recode: Recoding, order: Order
) -> tuple[Figures, list[Finding]]:
    """Add all else to the figures of the source, and carry them.

    All else: sums for levels that the source lacks, the whole population, and the taakstelling.

    Args:
        facts: memberships and inhabitants.
        found: the figures of the source.
        recode: what figures are carried with.
        order: the taakstelling, and to which indelingen all figures are carried.

    Raises:
        SpatialError: see ``harmonise`` and ``analyse``.
    """
    findings: list[Finding] = []
    sums = [sum_over(table, facts.memberships, Niveau.VEILIGHEIDSREGIO) for table in found.tables]
    own = pa.concat_tables([*found.tables, *sums, order.targets], promote_options="permissive")
    cells, jumps = _cell_weights(own, recode)
    findings += jumps
    people = inhabitants_of(facts, recode, found.years)
    carried = {}
    for indeling in sorted(set(order.indelingen)):
        brought, noticed = _carried(own, facts, indeling, (recode, cells))
        inhabitants, noted = carry_inhabitants(people, facts, recode, indeling)
        figures = pa.concat_tables([brought.figures, inhabitants.cast(own.schema)])
        carried[indeling] = replace(brought, figures=figures)
        findings += [*noticed, *noted]
    lineage, gewichten = _lineage(recode)
    own = pa.concat_tables([with_balances(own), people.own.cast(own.schema)])
    return Figures(found, own, carried, lineage, gewichten), findings


def _carried(
    own: pa.Table, facts: Facts, naar: Indeling, ways: tuple[Recoding, pa.Table | None]
) -> tuple[Carried, list[Finding]]:
    """Carry every period up to the year of an indeling; later ones would have to be divided."""
    recode, cells = ways
    past = own.filter(pc.less_equal(own["indeling"], int(naar)))
    crosswalk, findings = recode.walk(range(pc.min(past["indeling"]).as_py(), naar + 1), naar)
    way = make_way(crosswalk, facts.memberships)
    parts = []
    for groep in pc.unique(past["groep"]).to_pylist():
        of_group = _encoded(past.filter(pc.equal(past["groep"], groep)))
        carried = carry_all(of_group, way, _cells_of(cells, groep, naar))
        parts.append(carried.cast(own.schema))
    return Carried(with_balances(pa.concat_tables(parts)), crosswalk), findings


def _gemeenten(figures: pa.Table) -> pa.Table:
    return figures.filter(pc.equal(figures["niveau"], Niveau.GEMEENTE.value))


def _cells_of(cells: pa.Table | None, groep: str, naar: Indeling) -> pa.Table | None:
    """Return the cell weights of one group, of the nights before an indeling."""
    if cells is None:
        return None
    before = pc.less(cells["van_indeling"], int(naar))
    return cells.filter(pc.and_(before, pc.equal(cells["groep"], groep)))


def _encoded(table: pa.Table) -> pa.Table:
    """Encode text columns by dictionary: the kernel is several times faster with it."""
    for number, column in enumerate(table.schema):
        if pa.types.is_string(column.type):
            table = table.set_column(number, column.name, table[column.name].dictionary_encode())
    return table


def _cell_weights(own: pa.Table, recode: Recoding) -> tuple[pa.Table | None, list[Finding]]:
    """Return the weights that the cells themselves give in the nights in which one was divided."""
    gemeenten = _gemeenten(own)
    years = pc.min_max(gemeenten["indeling"])
    tables, findings = [], []
    for year in range(years["min"].as_py(), years["max"].as_py()):
        events = events_of(recode.register, Indeling(year + 1))
        if any(event.mutatie is Mutatie.OPSPLITSING for event in events):
            night, _ = recode.walk([year], Indeling(year + 1))
            table, noticed = jump_weights(gemeenten, night)
            tables.append(table)
            findings += noticed
    return (pa.concat_tables(tables) if tables else None), findings


def _lineage(
    recode: Recoding,
) -> tuple[dict[str, Lineage], dict[tuple[str, str], Gewicht]]:
    """Return what each code came from and became, and the weight of each step."""
    lives, weights = {}, {}
    for code in sorted(frozenset().union(*recode.codes.values())):
        life = history(code, recode.register, recode.codes, recode.weights)
        lives[code] = Lineage(life.laatste_dag, _said(life.opvolgers), _said(life.voorgangers))
        for row in life.opvolgers:
            if row.gewicht_ppm is not None and row.methode is not None:
                weights[code, row.code] = Gewicht(row.gewicht_ppm / PPM, row.methode.value)
    return lives, weights


def _said(relations: Iterable[Relation]) -> str:
    """Write relations as ``GM0824 0.4240; GM0865 0.3410``: code and share of the old gemeente."""
    return "; ".join(
        row.code if row.gewicht_ppm is None else f"{row.code} {row.gewicht_ppm / PPM:.6f}"
        for row in relations
    )
