"""Boundary files to the boundaries table: levels, codes and names of this project."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from spatial.domain.findings import Finding, Severity
from spatial.domain.mirror import BOUNDARIES, MANIFEST, boundary_path, package_path
from spatial.domain.regions import Indeling, Niveau, niveau_of, parse_code
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import SourceError, UnknownMemberError, UnknownRegionError
from spatial.normalise.containers import MAX_BYTES
from spatial.normalise.intake.documents import fetched_as
from spatial.normalise.shapes import NIVEAU_OF_RUBRIEK, read_shapes

_RUBRIEK_OF = {niveau: rubriek for rubriek, niveau in NIVEAU_OF_RUBRIEK.items()}
_SUMS = "SHA256SUMS"


def read_boundaries(
    path: Path,
    *,
    niveau: Niveau | None = None,
    indeling: Indeling | None = None,
    max_bytes: int = MAX_BYTES,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read the served levels of one indeling from a boundary file.

    Args:
        path: GeoJSON or GeoPackage of CBS gebiedsindelingen, plain or zipped.
        niveau: the level wanted; None for every served level in the file.
        indeling: the indeling wanted; may be None when the file holds one.
        max_bytes: refuse files that are larger, unpacked.

    Returns:
        ``BOUNDARY_COLUMNS`` in EPSG:28992 sorted by level and code; and what was noticed, as
        ``normalise.shapes.read_shapes`` has it. Names are kept letter by letter.

    Raises:
        UnknownMemberError: the level, or that of the file (such as wijk), is not served.
        UnknownRegionError: a code is not one of its level.
        SourceError: and the others of ``read_shapes``.
    """
    if niveau is not None and niveau not in _RUBRIEK_OF:
        message = f"{path.name}: {niveau} is in no file; it is dissolved from gemeenten"
        raise UnknownMemberError(message)
    rubrieken = NIVEAU_OF_RUBRIEK.keys() if niveau is None else {_RUBRIEK_OF[niveau]}
    shapes, findings = read_shapes(
        path, rubrieken=set(rubrieken), indeling=indeling, max_bytes=max_bytes
    )
    levels = shapes["rubriek"].map({key: str(value) for key, value in NIVEAU_OF_RUBRIEK.items()})
    for level, code in zip(levels, shapes["code"], strict=True):
        if niveau_of(parse_code(code)) != level:
            message = f"{path.name}: {code!r} is not the code of a {level}"
            raise UnknownRegionError(message)
    table = shapes.assign(niveau=levels)[list(BOUNDARY_COLUMNS)]
    return table.sort_values(["niveau", "code"], ignore_index=True), findings


def read_mirror(
    folder: Path, indelingen: Sequence[Indeling]
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read all levels of some indelingen from a mirror of PDOK.

    Args:
        folder: has ``boundaries/<rubriek>_gegeneraliseerd_<jaar>.geojson``, or per year one
            GeoPackage with all of them; and when the files are to be verified the manifest of their
            fetch, or ``SHA256SUMS`` with paths from ``folder``.
        indelingen: gemeente is needed for each; the other levels are read where there are files.

    Returns:
        ``BOUNDARY_COLUMNS``, sorted by indeling, level and code; and what was noticed.

    Raises:
        SourceError: a gemeente file is missing, or a file is not the one that was fetched or listed;
            and the other errors of ``read_boundaries``.
    """
    wanted = [
        (Indeling(year), niveau) for year in sorted(set(indelingen)) for niveau in _RUBRIEK_OF
    ]
    paths = {key: _path_of(folder / BOUNDARIES, *key) for key in wanted}
    missing = [
        boundary_path(_RUBRIEK_OF[niveau], year)
        for (year, niveau), path in paths.items()
        if niveau is Niveau.GEMEENTE and path is None
    ]
    if missing or not paths:
        message = f"{folder / BOUNDARIES}: lacks {missing or 'any indeling: none was asked'}"
        raise SourceError(message)
    found = {key: path for key, path in paths.items() if path is not None}
    findings = _verify(folder, list(dict.fromkeys(found.values())))
    tables = []
    for (indeling, niveau), path in found.items():
        table, more = read_boundaries(path, niveau=niveau, indeling=indeling)
        tables.append(table)
        findings += more
    together = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True))
    return together.sort_values(["indeling", "niveau", "code"], ignore_index=True), findings


def _path_of(folder: Path, indeling: Indeling, niveau: Niveau) -> Path | None:
    """Return the file with one level of one indeling, its own or that of the year; None: neither."""
    own = folder / boundary_path(_RUBRIEK_OF[niveau], indeling)
    if own.is_file():
        return own
    package = folder / package_path(indeling)
    if not package.is_file():
        return None
    layers = {str(name) for name, _ in pyogrio.list_layers(package)}
    return package if own.stem in layers else None


def _verify(folder: Path, paths: Sequence[Path]) -> list[Finding]:
    """Compare the files with what was fetched or listed; report those of which nothing is known."""
    fetched = fetched_as(folder / BOUNDARIES)
    where = MANIFEST if fetched else _SUMS
    if fetched:
        listed = {f"{BOUNDARIES}/{row['path']}": row["sha256"] for row in fetched["files"]}
    elif (folder / _SUMS).is_file():
        listed = _sums(folder / _SUMS)
    else:
        return []
    findings = []
    for path in paths:
        expected = listed.get(path.relative_to(folder).as_posix())
        if expected is None:
            text = f"not listed in {where}, so not verified"
            findings.append(Finding(Severity.WARNING, path.name, "", "checksum", text))
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            message = f"{path.name}: the bytes are not those of {where}; fetch the file again"
            raise SourceError(message)
    return findings


def _sums(path: Path) -> dict[str, str]:
    """Return the checksum of every path in a file of ``sha256sum``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {
        name.lstrip(" *").removeprefix("./"): digest
        for digest, _, name in (line.partition(" ") for line in lines)
    }
