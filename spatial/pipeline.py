"""The build, in reading order: facts, shapes, figures, layers, snapshot, maps."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.ratios import add_shares
from spatial.analyse.taakstelling import TAAKSTELLING_SOURCE, taakstelling_observations
from spatial.domain.facts import Facts
from spatial.domain.findings import Finding, errors_of
from spatial.domain.indicators import Catalogue, Thema, load_catalogue
from spatial.domain.members import load_members
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.errors import CheckFailedError
from spatial.example.figures import EXAMPLE_SOURCE, example_statline
from spatial.example.schematic import SCHEMATIC_SOURCE, schematic_gemeenten
from spatial.harmonise.sums import sum_over
from spatial.join.attach import Provenance, attach
from spatial.join.dissolve import regions_for
from spatial.join.generalise import generalise
from spatial.join.layers import boundaries_layer, map_shapes, redivisions_layer
from spatial.join.repair import repair_coverage
from spatial.join.wide import pivot
from spatial.normalise.boundaries import read_mirror
from spatial.normalise.coverage import check_codes, check_coverage
from spatial.normalise.facts import code_sets, read_facts
from spatial.normalise.statline import observations
from spatial.preview.assets import load_assets
from spatial.preview.gallery import standard_maps
from spatial.settings import Settings
from spatial.store.catalogue import Collection, Contents
from spatial.store.describe import describe_boundaries, describe_indicators, describe_redivisions
from spatial.store.snapshot import MAPS, Draft, Snapshot, draft, prune, publish

log = logging.getLogger(__name__)

SCHEMATIC_YEARS = tuple(Indeling(year) for year in range(2018, 2027))
MIRROR_YEARS = tuple(Indeling(year) for year in range(2016, 2026))
_MAP_TOLERANCE_M = 400.0
_KEEP = 3

Step = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build gave: the live snapshot, and what its readers noticed."""

    snapshot: Snapshot
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class _Land:
    """Shapes of all levels and indelingen, with their source."""

    shapes: gpd.GeoDataFrame
    source: Source

    def of(self, niveau: Niveau) -> gpd.GeoDataFrame:
        frame: gpd.GeoDataFrame = self.shapes[self.shapes["niveau"] == niveau.value]
        return frame.reset_index(drop=True)


def build(settings: Settings, mirror: Path | None, step: Step) -> BuildReport:
    """Build a snapshot from the fact tables, boundaries and figures, and make it live.

    Args:
        settings: where the fact tables, web assets and the store are.
        mirror: folder with real boundaries; None: the schematic indeling.
        step: called with what is being done and the fraction that is done.

    Raises:
        CheckFailedError: a reader reported an error; nothing was published.
        SpatialError: a source cannot be used; nothing was published.
    """
    step("fact tables", 0.0)
    facts = read_facts(settings.boundaries)
    step("boundaries", 0.02)
    land, findings = _land(facts, mirror)
    step("figures", 0.3)
    figures, noticed = _figures(facts, land)
    findings += noticed
    with draft(settings.data) as unfinished:
        collections = []
        for collection, noticed in _layers(unfinished, land, figures, facts):
            collections.append(collection)
            findings += noticed
            step(collection.id, min(0.45 + 0.012 * len(collections), 0.8))
        _refuse_errors(findings)
        step("shapes for maps", 0.82)
        generalised = generalise(land.shapes, _MAP_TOLERANCE_M)
        unfinished.add_layer("kaartgrenzen.parquet", map_shapes(generalised))
        unfinished.add_layer("waarnemingen.parquet", figures)
        unfinished.add_text("bevindingen.json", _findings_json(findings))
        contents = Contents(tuple(collections), (EXAMPLE_SOURCE, TAAKSTELLING_SOURCE, land.source))
        parameters = {
            "version": version("aandachtsgroepen-in-kaart"),
            "feiten": _digest(settings.boundaries),
        }
        step("maps", 0.88)
        _add_maps(unfinished, contents, parameters, settings.assets)
        snapshot = publish(unfinished, settings.data)
    prune(settings.data, keep=_KEEP)
    log.info(
        "snapshot %s: %d collections, %d findings", snapshot.id, len(collections), len(findings)
    )
    return BuildReport(snapshot, findings)


def _land(facts: Facts, mirror: Path | None) -> tuple[_Land, list[Finding]]:
    """Return the shapes of all levels: real from a mirror, else schematic."""
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
    return _Land(shapes, source), [*findings, *repairs]


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
        sha256=_digest(mirror / "boundaries"),
    )


def _figures(facts: Facts, land: _Land) -> tuple[pa.Table, list[Finding]]:
    """Return all observations: the example in the form of StatLine, taakstelling, and sums."""
    codes = code_sets(facts)
    members = load_members()
    raw = example_statline(facts, codes, members, load_catalogue())
    read, findings = observations(raw, members, _region_codes(land))
    sums = sum_over(read, facts.memberships, Niveau.VEILIGHEIDSREGIO)
    targets = taakstelling_observations(facts, codes)
    return pa.concat_tables([read, sums, targets], promote_options="permissive"), findings


def _region_codes(land: _Land) -> dict[Indeling, frozenset[str]]:
    years = land.shapes["indeling"]
    return {
        Indeling(int(year)): frozenset(land.shapes.loc[years == year, "code"])
        for year in years.unique()
    }


def _layers(
    unfinished: Draft, land: _Land, figures: pa.Table, facts: Facts
) -> Iterable[tuple[Collection, list[Finding]]]:
    """Write every layer and describe it: indicators per theme and level, boundaries, redivisions."""
    catalogue = load_catalogue()
    levels = [niveau for niveau in Niveau if len(land.of(niveau))]
    for thema in Thema:
        for niveau in levels:
            yield _indicator_layer(unfinished, land, figures, (catalogue, thema, niveau))
    for niveau in levels:
        layer = boundaries_layer(land.of(niveau), land.source.status.value)
        collection = describe_boundaries(layer, niveau, [land.source])
        unfinished.add_layer(collection.bestand, layer)
        yield collection, []
    layer = redivisions_layer(facts.redivisions, land.of(Niveau.GEMEENTE))
    collection = describe_redivisions(layer, [land.source])
    unfinished.add_layer(collection.bestand, layer)
    yield collection, []


def _indicator_layer(
    unfinished: Draft, land: _Land, figures: pa.Table, which: tuple[Catalogue, Thema, Niveau]
) -> tuple[Collection, list[Finding]]:
    catalogue, thema, niveau = which
    indicators = catalogue.of(thema)
    source = TAAKSTELLING_SOURCE if thema is Thema.TAAKSTELLING else EXAMPLE_SOURCE
    mine = figures.filter(
        pc.and_(pc.equal(figures["groep"], thema.value), pc.equal(figures["niveau"], niveau.value))
    )
    shapes = land.of(niveau)
    wide, findings = pivot(
        mine, pd.DataFrame(shapes.drop(columns="geometry")), indicators, f"{thema}-{niveau}"
    )
    provenance = Provenance(source.id, source.status.value, land.source.status.value)
    layer = attach(add_shares(wide, indicators), shapes, provenance)
    collection = describe_indicators(layer, thema, niveau, indicators, [source, land.source])
    unfinished.add_layer(collection.bestand, layer)
    return collection, findings


def _refuse_errors(findings: Sequence[Finding]) -> None:
    if errors := errors_of(findings):
        message = f"{len(errors)} errors, nothing was published; the first: {errors[0]}"
        raise CheckFailedError(message)


def _add_maps(
    unfinished: Draft, contents: Contents, parameters: dict[str, str], assets: Path
) -> None:
    """Draw the previews from the layers as written, and seal the snapshot over both."""
    drawn = standard_maps(unfinished.seal(contents, parameters), load_assets(assets))
    for name, html in drawn.items():
        unfinished.add_text(f"{MAPS}/{name}", html)
    unfinished.seal(contents, parameters)


def _findings_json(findings: Sequence[Finding]) -> str:
    return json.dumps([asdict(entry) for entry in findings], ensure_ascii=False, indent=1) + "\n"


def _digest(folder: Path) -> str:
    """Return one checksum over all files of a folder and their names."""
    digest = hashlib.sha256()
    for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
