"""A density on the map: cells in the colours of their class, under the borders of the gemeenten.

What a region answers when it is pointed at is the figure that was spread over its cells; of one cell
a map says its class and nothing more.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from spatial.errors import PreviewError
from spatial.preview.density_schemes import density_scheme
from spatial.preview.drawing import Drawing, PageText
from spatial.preview.figures import Series, View, read_series
from spatial.preview.former import former_names
from spatial.preview.panels import Panel
from spatial.preview.raster import read_raster
from spatial.preview.shapes import read_shapes
from spatial.preview.wording import dutch_date
from spatial.store.rasters.index import Coverage, read_coverages
from spatial.store.snapshot import Snapshot


def densities(snapshot: Snapshot) -> Mapping[str, Coverage]:
    """Return the densities of a snapshot by id."""
    return {coverage.id: coverage for coverage in read_coverages(snapshot.path)}


def density_drawing(snapshot: Snapshot, coverage: Coverage, day: date | None = None) -> Drawing:
    """Return a density with a slider over its moments, or the one moment that is asked.

    Raises:
        UnknownMemberError: the snapshot lacks the collection that was spread.
        PreviewError: it has no such moment, or a shape is missing.
        StoreError: the coverage or its scheme is damaged.
    """
    series = _series(snapshot, coverage, day)
    days = [moment.peilmoment for moment in series.moments]
    scheme = density_scheme(snapshot, coverage)
    niveau = series.collection.niveau
    titel = coverage.title_nl if day is None else f"{coverage.title_nl}, {dutch_date(day)}"
    panel = Panel(
        titel,
        series,
        series.moments,
        read_shapes(snapshot, niveau, [moment.indeling for moment in series.moments]),
        vroeger=former_names(snapshot, niveau),
        raster=read_raster(snapshot.path, coverage, scheme, days),
    )
    return Drawing(PageText(titel, coverage.description_nl), (panel,), scheme)


def _licences(coverage: Coverage) -> str:
    """Name every licence of a density once."""
    return "; ".join(dict.fromkeys(coverage.licence.split("; ")))


def _series(snapshot: Snapshot, coverage: Coverage, day: date | None) -> Series:
    """Return the figures that were spread, with the sources and notices of the density."""
    series = read_series(snapshot, View(coverage.collection, coverage.indicator))
    days = {band.peilmoment for band in coverage.bands if day in {None, band.peilmoment}}
    moments = tuple(moment for moment in series.moments if moment.peilmoment in days)
    if not moments:
        known = ", ".join(band.peilmoment.isoformat() for band in coverage.bands)
        message = f"{coverage.id!r} has no cells at {day}; there are {known}"
        raise PreviewError(message)
    return replace(
        series,
        moments=moments,
        notices=tuple(dict.fromkeys([*series.notices, *coverage.notices_nl])),
        bron=coverage.source,
        vermelding=(f"{coverage.source} ({_licences(coverage)})",),
    )
