"""Features of a boundary file as they stand in it, and a refusal of what GDAL would pass over."""

import re
import warnings
from collections.abc import Set as AbstractSet
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

from spatial.domain.findings import Finding, Severity
from spatial.domain.regions import Indeling
from spatial.errors import GeometryError, SchemaError, SourceError

_REQUIRED = ("statcode", "statnaam", "rubriek")
_YEAR = ("jaarcode", "jrstatcode")
_LAYER = re.compile(r"(\w+?)_(gegeneraliseerd|niet_gegeneraliseerd|labelpoint)_(\d{4})")
_CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
_NULL_COORDINATE = re.compile(rb"\[\s*null\s*,|,\s*null\s*\]")
_MATCHED = re.compile(rb'"numberMatched"\s*:\s*(\d+)')
_RETURNED = re.compile(rb'"numberReturned"\s*:\s*(\d+)')
_NEXT_PAGE = re.compile(rb'"rel"\s*:\s*"next"')
_READ_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError)


def check_json(content: bytes, where: str) -> bool:
    """Refuse what GDAL would pass over in silence; tell whether a reference system is declared.

    Raises:
        GeometryError: a coordinate is null.
        SourceError: the file is a part of an answer.
    """
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


def read_layers(
    file: Path, where: str, rubrieken: AbstractSet[str] | None, indeling: Indeling | None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read the wanted layers in one frame, as they stand in the file.

    Args:
        file: a plain GeoJSON or GeoPackage file.
        where: its name, for messages.
        rubrieken: kinds of region to pick layers of; a file of one layer is read whatever it holds.
        indeling: year to pick layers of; None when there is one.

    Returns:
        The PDOK properties, the shapes (None where unreadable); and the warnings of GDAL.

    Raises:
        SourceError: the file cannot be read, or has no such layers, or no features.
        SchemaError: properties are missing, or layers are in different reference systems.
    """
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
    return _checked(pd.concat(frames, ignore_index=True), where), findings


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
    check_one_year({int(match[3]) for match in wanted}, where)
    return [match[0] for match in wanted]


def check_one_year(years: set[int], where: str) -> None:
    """Refuse more years than one.

    Raises:
        SourceError: there are more.
    """
    if len(years) > 1:
        message = f"{where}: holds the indelingen {sorted(years)} together; say which one to read"
        raise SourceError(message)


def _checked(raw: pd.DataFrame, where: str) -> gpd.GeoDataFrame:
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
