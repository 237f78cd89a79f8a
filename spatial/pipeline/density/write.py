"""Densities per km2: counts of gemeenten spread over inhabited squares, as cloud-optimised GeoTIFFs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from spatial.domain.crs import RD
from spatial.domain.findings import Finding, Severity
from spatial.domain.indicators import Indicator, Soort, load_catalogue
from spatial.domain.regions import Niveau
from spatial.domain.squares import Frame, SpreadRules
from spatial.domain.status import Status
from spatial.errors import CheckFailedError, ExportError
from spatial.harmonise.spread.owners import owners_of
from spatial.harmonise.spread.spread import Outcome, Ranking, Spread, rank, spread
from spatial.pipeline.density.describe import (
    PopulationGrid,
    Subject,
    band_label,
    band_tags,
    describe_coverage,
    file_tags,
    unit_of,
)
from spatial.store.catalogue import Collection, Contents, Kind
from spatial.store.layers import GEOMETRY, read_columns
from spatial.store.rasters.cog import BandValues, write_cog
from spatial.store.rasters.index import Band, Coverage
from spatial.store.snapshot import digest_of

_GEMEENTEN = f"grenzen-{Niveau.GEMEENTE}"
_TOLERANCE = 1e-6
_OUTSIDE = 0.001
"""Part of the people of a grid outside all gemeenten that is worth telling."""
_SPREADABLE = (Soort.STAND, Soort.STROOM)


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a snapshot, finished or not.

    Attributes:
        folder: where their files are.
        contents: what they are.
    """

    folder: Path
    contents: Contents


@dataclass(frozen=True, slots=True)
class _Land:
    """The gemeenten of an indeling on the grid.

    Attributes:
        codes: their codes, in order.
        ranking: the inhabited cells.
    """

    codes: npt.NDArray[np.str_]
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class _Moment:
    """The figures of one peilmoment, a place per gemeente of its indeling.

    Attributes:
        day: the peilmoment.
        indeling: the indeling of its codes.
        counts: the counts; NaN without.
        statuses: status of each figure.
        voorlopig: a figure is provisional.
    """

    day: date
    indeling: int
    counts: npt.NDArray[np.float64]
    statuses: list[Status]
    voorlopig: bool


@dataclass(frozen=True, slots=True)
class Densities:
    """Spreads counts of the layers of a snapshot over one grid; boundaries are laid on it once.

    Attributes:
        layers: the figures, and the boundaries.
        grid: who lives where.
        rules: what may be shown.
    """

    layers: Layers
    grid: PopulationGrid
    rules: SpreadRules = field(default_factory=SpreadRules)
    _lands: dict[int, _Land] = field(default_factory=dict)

    def write(self, collection: Collection, indicator: Indicator, folder: Path) -> Coverage:
        """Write the density of one indicator as ``<id>.tif``, a band per peilmoment.

        Args:
            collection: of gemeenten.
            indicator: a count in it.
            folder: where; it exists.

        Returns:
            What it is; ``file`` is its name in the folder.

        Raises:
            ExportError: there is nothing to spread, or nothing of it may be shown.
            CheckFailedError: the cells of a gemeente do not sum to its count.
            StoreError: a layer cannot be read or the file cannot be written.
        """
        _check_spreadable(collection, indicator)
        bands, told = [], []
        for number, moment in enumerate(self._moments(collection, indicator), 1):
            values, band = self._band(moment, (collection, indicator), number)
            bands.append(values)
            told.append(band)
        if not any(band.cells for band in told):
            message = (
                f"nothing of {indicator.id} in {collection.id} may be shown on cells of"
                f" {self.grid.frame.side} m: too few in all gemeenten; take larger cells"
            )
            raise ExportError(message)
        subject = Subject(collection, indicator, self.layers.contents)
        described = describe_coverage(subject, self.grid, self.rules, tuple(told))
        path = folder / described.file
        write_cog(path, self.grid.frame, bands, file_tags(described, self.rules))
        return replace(described, size=path.stat().st_size, sha256=digest_of(path))

    def noticed(self) -> list[Finding]:
        """Return where grid and boundaries do not fit, of the indelingen that were used."""
        name, findings = self.grid.source.id, []
        for year, land in sorted(self._lands.items()):
            inside = np.diff(land.ranking.starts)
            if (inside == 0).any():
                empty = land.codes[inside == 0].tolist()
                text = (
                    f"nobody lives in {len(empty)} gemeenten of {year}, so nothing is shown there:"
                    f" {', '.join(empty[:5])}"
                )
                findings.append(Finding(Severity.WARNING, name, str(year), "grid-covers", text))
            everyone = float(pc.sum(self.grid.inhabited["inwoners"]).as_py())
            outside = 1 - float(land.ranking.people.sum()) / everyone
            if outside > _OUTSIDE:
                text = f"{outside:.1%} of the people live in no gemeente of {year}"
                findings.append(Finding(Severity.WARNING, name, str(year), "grid-fits", text))
        return findings

    def _moments(self, collection: Collection, indicator: Indicator) -> Iterator[_Moment]:
        """Give the figures of the peilmomenten on which there is at least one count."""
        value, status, *_ = indicator.columns
        names = ["regioCode", "indeling", "peilmoment", value, status, "voorlopig"]
        table = read_columns(self.layers.folder / collection.bestand, names)
        for day in sorted(pc.unique(table["peilmoment"]).to_pylist()):
            rows = table.filter(pc.equal(table["peilmoment"], day))
            if rows[value].null_count == rows.num_rows:
                continue
            indeling = rows["indeling"][0].as_py()
            codes = self._land(indeling).codes
            place = np.searchsorted(
                codes, rows["regioCode"].to_numpy(zero_copy_only=False).astype(str)
            )
            counts = np.full(len(codes), np.nan)
            counts[place] = rows[value].cast(pa.float64()).to_numpy()
            statuses = [Status.ONTBREEKT_IN_BRON] * len(codes)
            for at, name in zip(place.tolist(), rows[status].to_pylist(), strict=True):
                statuses[at] = Status(name)
            provisional = bool(pc.any(rows["voorlopig"]).as_py())
            yield _Moment(day, indeling, counts, statuses, provisional)

    def _land(self, indeling: int) -> _Land:
        """Return the gemeenten of an indeling on the grid, laid on it the first time."""
        if indeling not in self._lands:
            path = self.layers.folder / f"{_GEMEENTEN}.parquet"
            table = read_columns(path, ["regioCode", "indeling", GEOMETRY])
            table = table.filter(pc.equal(table["indeling"], indeling)).sort_by("regioCode")
            shapes = shapely.from_wkb(table[GEOMETRY].to_numpy())
            gemeenten = gpd.GeoDataFrame(geometry=shapes, crs=RD.epsg)
            cells = self.grid.inhabited["cel"].to_numpy()
            people = self.grid.inhabited["inwoners"].to_numpy()
            owner = owners_of(gemeenten, self.grid.frame)[cells]
            codes = table["regioCode"].to_numpy(zero_copy_only=False).astype(str)
            ranking = rank(cells, people, owner, len(codes))
            self._lands[indeling] = _Land(codes, ranking)
        return self._lands[indeling]

    def _band(
        self, moment: _Moment, subject: tuple[Collection, Indicator], number: int
    ) -> tuple[BandValues, Band]:
        land = self._land(moment.indeling)
        found = spread(land.ranking, moment.counts, self.rules)
        values = (found.counts / self.grid.frame.cell_km2).astype(np.float32)
        _check_sums(found, values, (land, moment), self.grid.frame)
        became = _became(found, moment)
        collection, indicator = subject
        band = Band(
            number,
            moment.day,
            band_label(collection, indicator, moment.day),
            moment.indeling,
            _counted(became),
            len(values),
        )
        if len(values):
            low, high, mean = values.min(), values.max(), values.mean(dtype=np.float64)
            band = replace(band, minimum=float(low), maximum=float(high), mean=float(mean))
        named = zip(land.codes.tolist(), became, strict=True)
        geschat = [code for code, status in named if status is Status.GESCHAT]
        tags = band_tags(band, geschat, voorlopig=moment.voorlopig)
        return BandValues(found.cells, values, band.label, unit_of(indicator), tags), band


def counts_in(collection: Collection) -> list[Indicator]:
    """Return the indicators of a collection that can be spread: its counts.

    Raises:
        ExportError: its features are no gemeenten with figures of a group.
    """
    catalogue = load_catalogue()
    found = [catalogue.get(name) for name in collection.indicatoren]
    counts = [entry for entry in found if entry.soort in _SPREADABLE]
    if not counts:
        message = f"collection {collection.id} has no counts that can be spread"
        raise ExportError(message)
    _check_spreadable(collection, counts[0])
    return counts


def _check_spreadable(collection: Collection, indicator: Indicator) -> None:
    """Refuse what would say something else on squares than it says of gemeenten."""
    if collection.kind is not Kind.INDICATOREN or collection.niveau != Niveau.GEMEENTE:
        message = f"only figures of gemeenten are spread; {collection.id} has others"
        raise ExportError(message)
    if indicator.id not in collection.indicatoren:
        message = f"collection {collection.id} has no indicator {indicator.id}"
        raise ExportError(message)
    if indicator.soort not in _SPREADABLE or not indicator.maat:
        message = f"{indicator.id} is no count of people or homes, so it has no density"
        raise ExportError(message)


def _check_sums(
    found: Spread,
    values: npt.NDArray[np.float32],
    where: tuple[_Land, _Moment],
    frame: Frame,
) -> None:
    """Hold the values as they are written against the counts."""
    land, moment = where
    amounts = values.astype(np.float64) * frame.cell_km2
    sums = np.bincount(found.owner, amounts, len(land.codes))
    shown = found.outcome == Outcome.SPREAD
    wrong = np.abs(sums - moment.counts) > _TOLERANCE * moment.counts
    if (wrong & shown).any() or sums[~shown].any():
        code = land.codes[(wrong & shown) | (~shown & (sums != 0))][0]
        message = f"the cells of {code} on {moment.day} do not sum to its count"
        raise CheckFailedError(message)


def _became(found: Spread, moment: _Moment) -> list[Status]:
    """Return what a gemeente is on the map: its own status, or te_klein where it is not shown."""
    small = (found.outcome == Outcome.TOO_SMALL).tolist()
    return [
        Status.TE_KLEIN if hidden else status
        for hidden, status in zip(small, moment.statuses, strict=True)
    ]


def _counted(statuses: list[Status]) -> Mapping[Status, int]:
    counts = Counter(statuses)
    return {status: counts[status] for status in Status if counts[status]}
