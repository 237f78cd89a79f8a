"""The build: from sources to a live snapshot."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from spatial.domain.facts import Facts
from spatial.domain.findings import Finding, errors_of
from spatial.domain.indicators import Catalogue, load_catalogue
from spatial.domain.mirror import BOUNDARIES
from spatial.domain.regions import Indeling
from spatial.domain.tables import SERIES_FOLDER
from spatial.errors import CheckFailedError
from spatial.join.generalise import generalise
from spatial.join.hexagons import hexagon_map
from spatial.join.layers import map_shapes, memberships_layer
from spatial.normalise.facts import read_facts
from spatial.pipeline.density.make import build_densities
from spatial.pipeline.density.write import Layers
from spatial.pipeline.disclose import audit_figures
from spatial.pipeline.engines.choose import LOCAL, choose_engine
from spatial.pipeline.figures import Order, make_figures
from spatial.pipeline.land import Land, digest, read_land
from spatial.pipeline.layers import write_layers
from spatial.pipeline.parts import Parts
from spatial.pipeline.published import (
    Published,
    example_published,
    fetched_published,
    fetched_table,
    known_of,
)
from spatial.pipeline.recoding import Recoding, recoding, with_grid
from spatial.pipeline.series.build import write_series
from spatial.pipeline.taakstelling import make_targets
from spatial.preview.assets import load_assets
from spatial.preview.density_schemes import freeze_densities
from spatial.preview.gallery import standard_maps
from spatial.preview.styles import Styles, freeze_styles
from spatial.settings import Settings
from spatial.store.catalogue import Contents
from spatial.store.memberships import MEMBERSHIPS_FILE
from spatial.store.schemes import keep_schemes, read_schemes
from spatial.store.snapshot import MAPS, Draft, Snapshot, draft, prune, publish

log = logging.getLogger(__name__)

_MAP_TOLERANCE_M = 400.0
_KEEP = 3

Step = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build gave: the live snapshot, and what its readers noticed."""

    snapshot: Snapshot
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is made from, besides the settings.

    Attributes:
        mirror: folder with sources as fetched (``spatial.domain.mirror``): boundaries, table
            85980NED, or both; what is not there is schematic, or an example.
        indelingen: to which all periods are carried, besides the newest that is loaded.
        grid: GeoTIFF (EPSG:28992) with inhabitants per cell, for weights of divided gemeenten and for
            densities; without one, densities are made of example figures only.
        taakstelling: tables with targets, carry-over and realisation as published. Without any, a
            build on the schematic indeling makes realisation as an example.
        renew_schemes: make the class schemes anew, instead of keeping those of earlier builds.
        members: TOML with groups and kenmerken of the table besides those that are known.
        engine: who carries all cells of the source; see ``engines.choose``.
    """

    mirror: Path | None = None
    indelingen: tuple[Indeling, ...] = (Indeling(2024),)
    grid: Path | None = None
    taakstelling: tuple[Path, ...] = ()
    renew_schemes: bool = False
    members: Path | None = None
    engine: str = LOCAL


def build_snapshot(settings: Settings, inputs: Inputs, step: Step) -> BuildReport:
    """Build a snapshot from the fact tables, boundaries and figures, and make it live.

    Args:
        settings: where the fact tables, web assets and the store are.
        inputs: boundaries, and the indelingen of the comparable series.
        step: called with what is being done and the fraction that is done.

    Raises:
        CheckFailedError: a reader or the disclosure audit reported an error; nothing was published.
        SpatialError: a source cannot be used; nothing was published.
    """
    engine = choose_engine(inputs.engine)
    parts, recode, findings = _gather(settings, inputs, step)
    _refuse_errors(findings)
    with draft(settings.data) as unfinished:
        collections = []
        for collection, noticed in write_layers(unfinished, parts):
            collections.append(collection)
            findings += noticed
            step(collection.id, min(0.35 + 0.005 * len(collections), 0.8))
        step("shapes for maps", 0.82)
        generalised = generalise(parts.land.shapes, _MAP_TOLERANCE_M)
        unfinished.add_layer("kaartgrenzen.parquet", map_shapes(generalised))
        unfinished.add_layer("tegelkaart.parquet", hexagon_map(parts.facts))
        members = memberships_layer(parts.facts.memberships, parts.land.shapes)
        unfinished.add_layer(MEMBERSHIPS_FILE, members)
        sources = (*parts.figure_sources, parts.targets.realisation, parts.land.source)
        contents = Contents(tuple(collections), sources)
        step("series of all cells", 0.85)
        write_series(unfinished.folder / SERIES_FOLDER, parts, recode, engine)
        step("densities", 0.86)
        _, noticed = build_densities(Layers(unfinished.folder, contents), parts.facts, inputs.grid)
        findings += noticed
        step("maps", 0.88)
        styles = _add_maps(unfinished, contents, settings, findings, renew=inputs.renew_schemes)
        findings += styles.findings
        keep_schemes(settings.data, contents, styles.schemes)
        snapshot = publish(unfinished, settings.data)
    prune(settings.data, keep=_KEEP)
    log.info("snapshot %s: %d collections", snapshot.id, len(collections))
    return BuildReport(snapshot, findings)


def _gather(
    settings: Settings, inputs: Inputs, step: Step
) -> tuple[Parts, Recoding, list[Finding]]:
    """Read the sources, carry the figures and audit them; nothing is written."""
    step("fact tables", 0.0)
    facts, catalogue = read_facts(settings.boundaries), load_catalogue()
    step("boundaries", 0.02)
    table = fetched_table(inputs.mirror)
    land, findings = read_land(facts, _with_boundaries(inputs.mirror, table))
    _refuse_errors(findings)
    step("figures", 0.1)
    recode = recoding(facts)
    if inputs.grid is not None:
        recode = with_grid(recode, land, inputs.grid)
    found, read = _published(settings, inputs, (facts, land, catalogue, recode), step)
    targets, noted = make_targets(facts, recode, inputs.taakstelling, example=inputs.mirror is None)
    order = Order((*inputs.indelingen, land.indelingen[-1]), targets.ledger.figures)
    figures, noticed = make_figures(facts, found, recode, order)
    noticed = [*read, *noticed]
    step("disclosure audit", 0.25)
    findings += [*noted, *noticed, *audit_figures(figures, facts)]
    parts = Parts(facts, catalogue, land, figures, targets)
    return parts, recode, list(dict.fromkeys(findings))


def _with_boundaries(mirror: Path | None, table: Path | None) -> Path | None:
    """Return the mirror unless it has the table alone; one without either is named by its reader."""
    if mirror is None or (table is not None and not (mirror / BOUNDARIES).is_dir()):
        return None
    return mirror


def _published(
    settings: Settings,
    inputs: Inputs,
    known: tuple[Facts, Land, Catalogue, Recoding],
    step: Step,
) -> tuple[Published, list[Finding]]:
    """Return the figures of the table: as fetched where the mirror has it, else the example."""
    facts, land, catalogue, recode = known
    table = fetched_table(inputs.mirror)
    if table is None:
        return example_published(facts, land, catalogue, recode)

    def seen(rows: int, of: int | None) -> None:
        share = min(rows / of, 1.0) if of else 0.0
        step(f"figures: {rows:,} rows", 0.1 + 0.05 * share)

    return fetched_published(table, known_of(land, inputs.members), catalogue, settings.data, seen)


def _refuse_errors(findings: Sequence[Finding]) -> None:
    if errors := errors_of(findings):
        message = f"{len(errors)} errors, nothing was published; the first: {errors[0]}"
        raise CheckFailedError(message)


def _add_maps(
    unfinished: Draft,
    contents: Contents,
    settings: Settings,
    findings: Sequence[Finding],
    *,
    renew: bool,
) -> Styles:
    """Draw the previews from the layers as written, and seal the snapshot over all of it.

    Returns:
        The schemes in which they are drawn, and what was noticed of them.
    """
    parameters = {
        "version": version("aandachtsgroepen-in-kaart"),
        "feiten": digest(settings.boundaries),
    }
    sealed = unfinished.seal(contents, parameters)
    styles = freeze_styles(sealed, read_schemes(settings.data, contents), renew=renew)
    of_densities = freeze_densities(sealed, settings.data, renew=renew)
    for name, text in (styles.documents | of_densities).items():
        unfinished.add_text(f"{MAPS}/{name}", text)
    for name, content in standard_maps(sealed, load_assets(settings.assets)).items():
        unfinished.add_bytes(f"{MAPS}/{name}", content)
    unfinished.add_text("bevindingen.json", _findings_json([*findings, *styles.findings]))
    unfinished.seal(contents, parameters)
    return styles


def _findings_json(findings: Sequence[Finding]) -> str:
    return json.dumps([asdict(entry) for entry in findings], ensure_ascii=False, indent=1) + "\n"
