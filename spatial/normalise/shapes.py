"""The one reader of CBS boundary files: mirror, PDOK GeoPackage, PDOK OGC API, PDOK WFS.

They share property names (statcode, statnaam, rubriek; jaarcode or jrstatcode) and differ in the
rest: layers per year, all years in one collection, degrees or RD, padded keys.
"""

import re
import warnings
from collections.abc import Set as AbstractSet
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from spatial.domain.crs import RD
from spatial.domain.findings import Finding, Severity
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import (
    DuplicateKeyError,
    GeometryError,
    SchemaError,
    SourceError,
    UnknownMemberError,
)
from spatial.normalise.containers import MAX_BYTES, plain_file
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

_REQUIRED = ("statcode", "statnaam", "rubriek")
_YEAR = ("jaarcode", "jrstatcode")
_LAYER = re.compile(r"(\w+?)_(gegeneraliseerd|niet_gegeneraliseerd|labelpoint)_(\d{4})")
_CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
_NULL_COORDINATE = re.compile(rb"\[\s*null\s*,|,\s*null\s*\]")
_MATCHED = re.compile(rb'"numberMatched"\s*:\s*(\d+)')
_RETURNED = re.compile(rb'"numberReturned"\s*:\s*(\d+)')
_NEXT_PAGE = re.compile(rb'"rel"\s*:\s*"next"')
_READ_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError)


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
        declared = file.suffix == ".gpkg" or _check_json(file.read_bytes(), path.name)
        raw, findings = _read_layers(file, path.name, rubrieken, indeling)
    raw, more = to_rd(_declare(raw, path.name), path.name, declared=declared)
    findings += more
    table = _select(raw, path.name, findings, rubrieken=rubrieken, indeling=indeling)
    _check_unique(table, path.name)
    return _finish(table, f"{path.name} {table['indeling'].iloc[0]}", findings), findings


def _check_json(content: bytes, where: str) -> bool:
    """Refuse what GDAL would pass over in silence; tell whether a reference system is declared."""
    if _NULL_COORDINATE.search(content):
        message = f"{where}: a coordinate is null, not a number; fetch the file again"
        raise GeometryError(message)
    if _NEXT_PAGE.search(content):
        message = f"{where}: the file is one page of more (it has a link 'next'); fetch all pages"
        raise SourceError(message)
    matched, returned = _MATCHED.search(content), _RETURNED.search(content)
    if matched and returned and int(matched[1]) > int(returned[1]):
        message = f"{where}: holds {int(returned[1])} of {int(matched[1])} features; fetch them all"
        raise SourceError(message)
    return _CRS_MEMBER.search(content) is not None


def _read_layers(
    file: Path, where: str, rubrieken: AbstractSet[str] | None, indeling: Indeling | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the wanted layers in one frame, in EPSG:28992 when there are more."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            names = [str(name) for name, _ in pyogrio.list_layers(file)]
            wanted = _wanted_layers(names, where, rubrieken, indeling)
            columns = [*_REQUIRED, *_YEAR]
            frames = [
                pyogrio.read_dataframe(file, layer=name, columns=columns, on_invalid="ignore")
                for name in wanted
            ]
        except _READ_ERRORS as error:
            message = f"{where}: the file cannot be read, it may be incomplete: {error}"
            raise SourceError(message) from error
    texts = dict.fromkeys(str(entry.message) for entry in caught)
    findings = [Finding(Severity.WARNING, where, "", "reader", text) for text in texts]
    if len({str(getattr(frame, "crs", None)) for frame in frames}) > 1:
        message = f"{where}: layers {wanted} are in different reference systems; ask one niveau"
        raise SchemaError(message)
    return pd.concat(frames, ignore_index=True), findings


def _wanted_layers(
    names: list[str], where: str, rubrieken: AbstractSet[str] | None, indeling: Indeling | None
) -> list[str]:
    if len(names) == 1:
        return names
    parts = [match for match in map(_LAYER.fullmatch, names) if match]
    wanted = [
        match
        for match in parts
        if match[2] == "gegeneraliseerd"
        and (rubrieken is None or match[1] in rubrieken)
        and (indeling is None or int(match[3]) == indeling)
    ]
    if not wanted:
        asked = f"{sorted(rubrieken or ['any rubriek'])} {indeling or ''}".strip()
        message = f"{where}: no layer <rubriek>_gegeneraliseerd_<jaar> for {asked}; it has {names}"
        raise SourceError(message)
    _check_one_year({int(match[3]) for match in wanted}, where)
    return [match[0] for match in wanted]


def _declare(raw: pd.DataFrame, where: str) -> gpd.GeoDataFrame:
    """Refuse a table without the PDOK properties, features or shapes."""
    missing = [name for name in _REQUIRED if name not in raw.columns]
    if not set(_YEAR) & set(raw.columns):
        missing.append("jaarcode or jrstatcode")
    if missing and len(raw):
        message = f"{where}: lacks properties {missing}; expected {[*_REQUIRED, *_YEAR]}"
        raise SchemaError(message)
    if raw.empty or not isinstance(raw, gpd.GeoDataFrame):
        message = f"{where}: the file holds no features with a shape"
        raise SourceError(message)
    return raw


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
        _check_one_year(years, where)
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


def _check_one_year(years: set[int], where: str) -> None:
    if len(years) > 1:
        message = f"{where}: holds the indelingen {sorted(years)} together; say which one to read"
        raise SourceError(message)


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
