"""Shapes of all levels and indelingen: schematic, or real from a mirror."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.mirror import BOUNDARIES, MANIFEST
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.example.schematic import SCHEMATIC_SOURCE, schematic_gemeenten
from spatial.join.dissolve import regions_for
from spatial.join.repair import repair_coverage
from spatial.normalise.boundaries import read_mirror
from spatial.normalise.coverage import check_codes, check_coverage
from spatial.normalise.facts import code_sets

SCHEMATIC_YEARS = tuple(Indeling(year) for year in range(2018, 2027))
MIRROR_YEARS = tuple(Indeling(year) for year in range(2016, 2026))


@dataclass(frozen=True, slots=True)
class Land:
    """Boundaries table of all levels and indelingen, with its source."""

    shapes: gpd.GeoDataFrame
    source: Source

    @property
    def indelingen(self) -> tuple[Indeling, ...]:
        """The indelingen that are loaded, ascending."""
        return tuple(Indeling(int(year)) for year in sorted(self.shapes["indeling"].unique()))

    @property
    def levels(self) -> list[Niveau]:
        """The levels that are loaded."""
        return [niveau for niveau in Niveau if len(self.of(niveau))]

    def of(self, niveau: Niveau, indeling: Indeling | None = None) -> gpd.GeoDataFrame:
        """Return the shapes of one level, of one indeling or of all."""
        chosen = self.shapes["niveau"] == niveau.value
        if indeling is not None:
            chosen &= self.shapes["indeling"] == indeling
        frame: gpd.GeoDataFrame = self.shapes[chosen]
        return frame.reset_index(drop=True)

    def codes(self) -> dict[Indeling, frozenset[str]]:
        """Return the codes of every indeling, of all levels."""
        years = self.shapes["indeling"]
        return {year: frozenset(self.shapes.loc[years == year, "code"]) for year in self.indelingen}


def read_land(facts: Facts, mirror: Path | None) -> tuple[Land, list[Finding]]:
    """Return the shapes of all levels, checked against the register; regions are dissolved.

    Args:
        facts: register, memberships and gazetteer.
        mirror: folder with real boundaries; None: the schematic indeling.

    Raises:
        SpatialError: a file cannot be used, see ``normalise`` and ``join``.
    """
    if mirror is None:
        drawn = schematic_gemeenten(facts, SCHEMATIC_YEARS)
        findings: list[Finding] = []
        source = SCHEMATIC_SOURCE
    else:
        drawn, findings = read_mirror(mirror, MIRROR_YEARS)
        source = _mirror_source(mirror)
    findings += _checked(drawn, code_sets(facts))
    drawn, repairs = repair_coverage(drawn)
    gemeenten = drawn[drawn["niveau"] == Niveau.GEMEENTE.value]
    regions = regions_for(drawn, facts.memberships)
    shapes = gpd.GeoDataFrame(pd.concat([regions, gemeenten], ignore_index=True), crs=drawn.crs)
    return Land(shapes, source), [*findings, *repairs]


def digest(folder: Path) -> str:
    """Return one checksum over all files of a folder and their names, not over when they were fetched."""
    total = hashlib.sha256()
    files = (entry for entry in folder.rglob("*") if entry.is_file() and entry.name != MANIFEST)
    for path in sorted(files):
        total.update(str(path.relative_to(folder)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _checked(drawn: gpd.GeoDataFrame, codes: Mapping[Indeling, frozenset[str]]) -> list[Finding]:
    """Hold the gemeenten of every indeling against the register, and look for overlaps and gaps."""
    findings = check_coverage(drawn)
    gemeenten = drawn[drawn["niveau"] == Niveau.GEMEENTE.value]
    for year in gemeenten["indeling"].unique():
        findings += check_codes(
            gemeenten[gemeenten["indeling"] == year], codes[Indeling(int(year))]
        )
    return findings


def _mirror_source(mirror: Path) -> Source:
    return Source(
        id="cbs-gebiedsindelingen",
        titel="CBS gebiedsindelingen (CBS / Kadaster, PDOK)",
        status=SourceStatus.OFFICIEEL,
        licentie="CC BY 4.0",
        url="https://www.pdok.nl/introductie/-/article/cbs-gebiedsindelingen",
        sha256=digest(mirror / BOUNDARIES),
    )
