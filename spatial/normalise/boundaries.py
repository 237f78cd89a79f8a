"""Boundary files to the boundaries table: levels, codes and names of this project."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from spatial.domain.findings import Finding, Severity
from spatial.domain.regions import Indeling, Niveau, niveau_of, parse_code
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import SourceError, UnknownMemberError, UnknownRegionError
from spatial.normalise.containers import MAX_BYTES
from spatial.normalise.shapes import NIVEAU_OF_RUBRIEK, read_shapes

_RUBRIEK_OF = {niveau: rubriek for rubriek, niveau in NIVEAU_OF_RUBRIEK.items()}
_FOLDER = "boundaries"
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
        folder: has ``boundaries/<rubriek>_gegeneraliseerd_<jaar>.geojson``, and ``SHA256SUMS`` with
            paths from ``folder`` when the files are to be verified.
        indelingen: gemeente is needed for each; the other levels are read where there are files.

    Returns:
        ``BOUNDARY_COLUMNS``, sorted by indeling, level and code; and what was noticed.

    Raises:
        SourceError: a gemeente file is missing, or a file is not the one in ``SHA256SUMS``; and the
            other errors of ``read_boundaries``.
    """
    wanted = [
        (Indeling(year), niveau) for year in sorted(set(indelingen)) for niveau in _RUBRIEK_OF
    ]
    paths = {key: folder / _FOLDER / _file_name(*key) for key in wanted}
    missing = [
        path.name
        for (_, niveau), path in paths.items()
        if niveau is Niveau.GEMEENTE and not path.is_file()
    ]
    if missing or not paths:
        message = f"{folder / _FOLDER}: lacks {missing or 'any indeling: none was asked'}"
        raise SourceError(message)
    found = {key: path for key, path in paths.items() if path.is_file()}
    findings = _verify(folder, list(found.values()))
    tables = []
    for (indeling, niveau), path in found.items():
        table, more = read_boundaries(path, niveau=niveau, indeling=indeling)
        tables.append(table)
        findings += more
    together = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True))
    return together.sort_values(["indeling", "niveau", "code"], ignore_index=True), findings


def _file_name(indeling: Indeling, niveau: Niveau) -> str:
    return f"{_RUBRIEK_OF[niveau]}_gegeneraliseerd_{indeling}.geojson"


def _verify(folder: Path, paths: Sequence[Path]) -> list[Finding]:
    """Compare the files with ``SHA256SUMS`` where there is one; report those not listed in it."""
    sums = folder / _SUMS
    if not sums.is_file():
        return []
    lines = sums.read_text(encoding="utf-8").splitlines()
    listed = {
        name.lstrip(" *").removeprefix("./"): digest
        for digest, _, name in (line.partition(" ") for line in lines)
    }
    findings = []
    for path in paths:
        expected = listed.get(path.relative_to(folder).as_posix())
        if expected is None:
            text = f"not listed in {_SUMS}, so not verified"
            findings.append(Finding(Severity.WARNING, path.name, "", "checksum", text))
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            message = f"{path.name}: the bytes are not those of {_SUMS}; fetch the file again"
            raise SourceError(message)
    return findings
