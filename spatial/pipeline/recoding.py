"""What figures are carried with: the register, the codes and the weights of divided gemeenten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from spatial.domain.crosswalk import SplitWeights
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import Indeling, Niveau
from spatial.harmonise.changes import with_corrections
from spatial.harmonise.crosswalk import crosswalk
from spatial.harmonise.weigh.dasymetric import dasymetric_weights
from spatial.harmonise.weigh.general import declared_weights
from spatial.harmonise.weigh.inhabitants import inhabitants_jump
from spatial.normalise.facts import code_sets
from spatial.pipeline.land import Land


@dataclass(frozen=True, slots=True)
class Recoding:
    """What figures are carried with.

    Attributes:
        register: redivisions, with parts below the thresholds as grenscorrecties.
        codes: gemeentecodes of every indeling.
        weights: of divided gemeenten, the better methods beside the worse.
    """

    register: tuple[Redivision, ...]
    codes: Mapping[Indeling, frozenset[str]]
    weights: list[SplitWeights]

    def walk(self, years: Iterable[int], naar: Indeling) -> tuple[pa.Table, list[Finding]]:
        """Return the crosswalks from several indelingen to one, as one table."""
        tables, findings = [], []
        for year in years:
            table, noticed = crosswalk(
                self.register, self.codes, Indeling(year), naar, self.weights
            )
            tables.append(table)
            findings += noticed
        return pa.concat_tables(tables), findings


def recoding(facts: Facts) -> Recoding:
    """Return the register and the general weights of all divided gemeenten.

    Land area is asked for by name here, as the last resort: for Winsum and Littenseradiel there
    are no inhabitants on both sides of the split. The method stands in the crosswalk.
    """
    register = with_corrections(facts.redivisions, facts.inhabitants)
    codes = code_sets(facts)
    weights = [
        *inhabitants_jump(facts.inhabitants, register, codes),
        *declared_weights(register, allow_area=True),
    ]
    return Recoding(register, codes, weights)


def with_grid(recode: Recoding, land: Land, grid: Path) -> Recoding:
    """Add weights from a population grid for the splits between two loaded indelingen.

    Args:
        recode: to add to.
        land: shapes; of splits before its first indeling nothing is known.
        grid: GeoTIFF in EPSG:28992, inhabitants per cell.

    Raises:
        SourceError: the grid cannot be used, or the shapes of two indelingen are not of like detail.
    """
    found = list(recode.weights)
    for code, year in sorted({(w.oude_code, w.van_indeling) for w in recode.weights}):
        van = Indeling(year)
        if {van, van + 1} <= set(land.indelingen):
            old = land.of(Niveau.GEMEENTE, van)
            new = land.of(Niveau.GEMEENTE, Indeling(van + 1))
            found += dasymetric_weights(old, new, grid, [code])
    return replace(recode, weights=found)
