"""All observations: each period in its own indeling, and carried to chosen ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.taakstelling import taakstelling_observations
from spatial.domain.crosswalk import SplitWeights
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.indicators import Catalogue
from spatial.domain.members import load_members
from spatial.domain.redivisions import Lineage, Mutatie, events_of
from spatial.domain.regions import Indeling, Niveau
from spatial.example.figures import example_statline
from spatial.harmonise.carry import carry
from spatial.harmonise.cell_jump import jump_weights
from spatial.harmonise.crosswalk import crosswalk
from spatial.harmonise.history import Relation, history
from spatial.harmonise.jump import inhabitants_jump
from spatial.harmonise.regional import regional
from spatial.harmonise.sums import sum_over
from spatial.harmonise.weights import declared_weights
from spatial.normalise.facts import code_sets
from spatial.normalise.statline import observations
from spatial.pipeline.land import Land


@dataclass(frozen=True, slots=True)
class Carried:
    """Observations in one indeling, and the crosswalk that brought them there."""

    figures: pa.Table
    crosswalk: pa.Table


@dataclass(frozen=True, slots=True)
class Figures:
    """All observations.

    Attributes:
        published: as the source gives them, each period in its own indeling.
        own: these, with sums for levels that the source lacks and the taakstelling.
        carried: by indeling: all periods up to its year, in that indeling.
        lineage: by gemeentecode: last day, successors and predecessors.
    """

    published: pa.Table
    own: pa.Table
    carried: Mapping[Indeling, Carried]
    lineage: Mapping[str, Lineage]


def make_figures(
    facts: Facts, land: Land, catalogue: Catalogue, indelingen: Iterable[Indeling]
) -> tuple[Figures, list[Finding]]:
    """Make the example figures, read them as StatLine, add sums and taakstelling, and carry them.

    Args:
        facts: register, memberships, inhabitants and targets.
        land: the shapes: figures must have a region in their indeling.
        catalogue: its counts are what the example makes.
        indelingen: to which all figures are carried.

    Raises:
        SpatialError: see ``normalise``, ``harmonise`` and ``analyse``.
    """
    codes = code_sets(facts)
    members = load_members()
    raw = example_statline(facts, codes, members, catalogue)
    published, findings = observations(raw, members, land.codes())
    sums = sum_over(published, facts.memberships, Niveau.VEILIGHEIDSREGIO)
    targets = taakstelling_observations(facts, codes)
    own = pa.concat_tables([published, sums, targets], promote_options="permissive")
    weights = split_weights(facts)
    carried = {}
    for indeling in sorted(set(indelingen)):
        carried[indeling], noticed = _carried(own, facts, indeling, weights)
        findings += noticed
    return Figures(published, own, carried, _lineage(facts, weights)), findings


def split_weights(facts: Facts) -> list[SplitWeights]:
    """Return all general weights of divided gemeenten, the better methods beside the worse.

    Land area is asked for by name here, as the last resort: for Winsum and Littenseradiel there
    are no inhabitants on both sides of the split. The method stands in the crosswalk.
    """
    return [
        *inhabitants_jump(facts.inhabitants, facts.redivisions, code_sets(facts)),
        *declared_weights(facts.redivisions, allow_area=True),
    ]


def walk(
    facts: Facts, naar: Indeling, years: Iterable[int], weights: list[SplitWeights]
) -> tuple[pa.Table, list[Finding]]:
    """Return the crosswalks from several indelingen to one, as one table."""
    tables, findings = [], []
    for year in years:
        table, noticed = crosswalk(
            facts.redivisions, code_sets(facts), Indeling(year), naar, weights
        )
        tables.append(table)
        findings += noticed
    return pa.concat_tables(tables), findings


def _carried(
    own: pa.Table, facts: Facts, naar: Indeling, weights: list[SplitWeights]
) -> tuple[Carried, list[Finding]]:
    """Carry every period up to the year of an indeling; later ones would have to be divided."""
    past = own.filter(pc.less_equal(own["indeling"], int(naar)))
    gemeenten = past.filter(pc.equal(past["niveau"], Niveau.GEMEENTE.value))
    first = pc.min(past["indeling"]).as_py()
    way, findings = walk(facts, naar, range(first, naar + 1), weights)
    cells, noticed = _cell_weights(gemeenten, facts, range(first, naar), weights)
    findings += noticed
    parts = []
    for groep in pc.unique(gemeenten["groep"]).to_pylist():
        of_group = gemeenten.filter(pc.equal(gemeenten["groep"], groep))
        of_cells = None if cells is None else cells.filter(pc.equal(cells["groep"], groep))
        parts.append(carry(of_group, way, of_cells))
    carried = pa.concat_tables([part.cast(own.schema) for part in parts])
    regions = regional(past, carried, facts.memberships, way)
    return Carried(pa.concat_tables([regions, carried]), way), findings


def _cell_weights(
    gemeenten: pa.Table, facts: Facts, years: Iterable[int], weights: list[SplitWeights]
) -> tuple[pa.Table | None, list[Finding]]:
    """Return the weights that the cells themselves give in the nights in which one was divided."""
    tables, findings = [], []
    for year in years:
        events = events_of(facts.redivisions, Indeling(year + 1))
        if any(event.mutatie is Mutatie.OPSPLITSING for event in events):
            night, _ = walk(facts, Indeling(year + 1), [year], weights)
            table, noticed = jump_weights(gemeenten, night)
            tables.append(table)
            findings += noticed
    return (pa.concat_tables(tables) if tables else None), findings


def _lineage(facts: Facts, weights: list[SplitWeights]) -> dict[str, Lineage]:
    codes = code_sets(facts)
    found = {}
    for code in sorted(frozenset().union(*codes.values())):
        life = history(code, facts.redivisions, codes, weights)
        found[code] = Lineage(life.laatste_dag, _said(life.opvolgers), _said(life.voorgangers))
    return found


def _said(relations: Iterable[Relation]) -> str:
    """Write relations as ``GM0824 0.4240; GM0865 0.3410``: code and share of the old gemeente."""
    return "; ".join(
        row.code if row.gewicht_ppm is None else f"{row.code} {row.gewicht_ppm / 1e6:.6f}"
        for row in relations
    )
