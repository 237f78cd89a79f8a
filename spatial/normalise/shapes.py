"""The one reader of CBS boundary files: mirror, PDOK GeoPackage, PDOK OGC API, PDOK WFS.

They share property names (statcode, statnaam, rubriek; jaarcode or jrstatcode) and differ in the
rest: layers per year, all years in one collection, degrees or RD, padded keys.
"""

from collections.abc import Set as AbstractSet
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from spatial.domain.crs import RD
from spatial.domain.findings import Finding, Severity
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import (
    DuplicateKeyError,
    SourceError,
    UnknownMemberError,
)
from spatial.normalise.containers import MAX_BYTES, plain_file
from spatial.normalise.features import check_json, check_one_year, read_layers
from spatial.normalise.geometry import clean_shapes, to_rd

SHAPE_COLUMNS = ["rubriek", "code", "naam", "indeling", "geometry"]
"""Columns of what this module reads; the key is (rubriek, code, indeling)."""

NIVEAU_OF_RUBRIEK = {
    "gemeente": Niveau.GEMEENTE,
    "coropgebied": Niveau.COROP,
    "provincie": Niveau.PROVINCIE,
    "veiligheidsregio": Niveau.VEILIGHEIDSREGIO,
}
"""The kinds of region (PDOK: ``rubriek``) that are served."""


def read_shapes(
    path: Path,
    *,
    rubrieken: AbstractSet[str] | None = None,
    indeling: Indeling | None = None,
    max_bytes: int = MAX_BYTES,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read one year of regions from a boundary file, of any kind of region.

    Args:
        path: GeoJSON or GeoPackage, plain or zipped.
        rubrieken: kinds of region to keep; None for all that are in the file.
        indeling: the year wanted; may be None when the file holds one year.
        max_bytes: refuse files that are larger, unpacked.

    Returns:
        ``SHAPE_COLUMNS``, EPSG:28992 (easting, northing in metres), valid MultiPolygons with outer
        rings counter-clockwise, sorted by key. Regions without a usable shape are left out, each
        with a finding; other findings name repairs, blanks, transformations, warnings of GDAL.

    Raises:
        SourceError: the file cannot be read, is one page of more, or is not of the year asked.
        SchemaError: properties are missing.
        CrsError: coordinates are not where the Netherlands is.
        GeometryError: a coordinate is not a finite number, or a shape is not a polygon.
        UnknownMemberError: the file has none of the kinds of region asked.
        DuplicateKeyError: one region stands in the file twice.

    Source:
        CBS / Kadaster (PDOK), gebiedsindelingen.
    """
    with plain_file(path, max_bytes=max_bytes) as file:
        declared = file.suffix.lower() == ".gpkg" or check_json(file.read_bytes(), path.name)
        raw, findings = read_layers(file, path.name, rubrieken, indeling)
    raw, more = to_rd(raw, path.name, declared=declared)
    findings += more
    table = _select(raw, path.name, findings, rubrieken=rubrieken, indeling=indeling)
    _check_unique(table, path.name)
    return _finish(table, f"{path.name} {table['indeling'].iloc[0]}", findings), findings


def _select(
    raw: gpd.GeoDataFrame,
    where: str,
    findings: list[Finding],
    *,
    rubrieken: AbstractSet[str] | None,
    indeling: Indeling | None,
) -> gpd.GeoDataFrame:
    """Return ``SHAPE_COLUMNS`` of the kinds of region and the year that were asked."""
    table = gpd.GeoDataFrame(
        {
            "rubriek": raw["rubriek"].fillna("").astype(str).str.strip(),
            "code": _codes(raw, where, findings),
            "naam": raw["statnaam"].fillna("").astype(str),
            "indeling": _years(raw, where),
        },
        geometry=raw.geometry.array,
        crs=RD.epsg,
    )
    found = set(table["rubriek"])
    if rubrieken is not None and found - rubrieken:
        if not found & rubrieken:
            message = f"{where}: holds {sorted(found)}, asked was one of {sorted(rubrieken)}"
            raise UnknownMemberError(message)
        kept = table["rubriek"].isin(rubrieken)
        text = f"{(~kept).sum()} regions left out, not asked: {sorted(found - rubrieken)}"
        findings.append(Finding(Severity.INFO, where, "", "rubriek", text))
        table = table[kept]
    years = {int(year) for year in table["indeling"]}
    if indeling is None:
        check_one_year(years, where)
        return table
    if indeling not in years:
        message = f"{where}: holds indeling {sorted(years)}, not the {indeling} that was asked"
        raise SourceError(message)
    return table[table["indeling"] == indeling]


def _codes(raw: gpd.GeoDataFrame, where: str, findings: list[Finding]) -> pd.Series:
    codes = raw["statcode"].fillna("").astype(str)
    plain = codes.str.strip()
    if (plain == "").any():
        message = f"{where}: feature {int(np.flatnonzero(plain == '')[0]) + 1} has no statcode"
        raise SourceError(message)
    padded = codes[codes != plain]
    if len(padded):
        text = f"blanks around {len(padded)} codes were taken off, such as {padded.iloc[0]!r}"
        findings.append(Finding(Severity.WARNING, where, "", "padded-code", text))
    return plain


def _years(raw: gpd.GeoDataFrame, where: str) -> pd.Series:
    """Return the year of each feature: jaarcode, else the start of jrstatcode; both must agree."""
    empty = pd.Series(np.nan, index=raw.index)
    stated = pd.to_numeric(raw.get("jaarcode", empty), errors="coerce")
    prefix = raw.get("jrstatcode", empty.astype(str)).astype(str).str.strip().str[:4]
    implied = pd.to_numeric(prefix, errors="coerce")
    years = stated.fillna(implied)
    if years.isna().any():
        code = raw["statcode"][years.isna()].iloc[0]
        message = f"{where}: {code} has no year in jaarcode or at the start of jrstatcode"
        raise SourceError(message)
    differ = implied.notna() & (implied != years)
    if differ.any():
        row = raw[differ].iloc[0]
        message = f"{where}: jaarcode {row['jaarcode']} of {row['jrstatcode']} is another year"
        raise SourceError(message)
    return years.astype("int32")


def _check_unique(table: gpd.GeoDataFrame, where: str) -> None:
    twice = table[table.duplicated(["rubriek", "code", "indeling"])]
    if len(twice):
        row = twice.iloc[0]
        message = (
            f"{where}: {row['rubriek']} {row['code']} of {row['indeling']} stands in the file more "
            f"than once ({len(twice)} rows too many)"
        )
        raise DuplicateKeyError(message)


def _finish(table: gpd.GeoDataFrame, where: str, findings: list[Finding]) -> gpd.GeoDataFrame:
    """Clean the shapes, report empty names, sort."""
    table = table.sort_values(["rubriek", "code"], ignore_index=True)
    served = bool(table["rubriek"].isin(NIVEAU_OF_RUBRIEK).any())
    severity = Severity.ERROR if served else Severity.WARNING
    codes = table["code"].tolist()
    shapes, more = clean_shapes(np.asarray(table.geometry.array), codes, where, severity)
    findings += more
    findings += [
        Finding(severity, where, code, "empty-name", "the region has no name")
        for code in table["code"][table["naam"].str.strip() == ""]
    ]
    clean = table.set_geometry(gpd.GeoSeries(shapes, crs=RD.epsg))
    return clean[clean.geometry.notna()][SHAPE_COLUMNS].reset_index(drop=True)
