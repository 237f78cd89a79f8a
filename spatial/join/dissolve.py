"""Regions made of gemeenten: provincie, COROP-gebied, veiligheidsregio, land."""

import logging
from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.domain.crs import RD
from spatial.domain.facts import Membership
from spatial.domain.regions import LAND_CODE, LAND_NAAM, Indeling, Niveau
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import DuplicateKeyError, UnknownRegionError
from spatial.join.repair import Shapes, as_coverage, as_multi, groups

log = logging.getLogger(__name__)

type _Region = tuple[str, str]
"""Code and name."""

_REGIONS = (Niveau.PROVINCIE, Niveau.COROP, Niveau.VEILIGHEIDSREGIO)


def dissolve(
    gemeenten: gpd.GeoDataFrame, memberships: Iterable[Membership], niveau: Niveau
) -> gpd.GeoDataFrame:
    """Join gemeenten into the regions of one level, per indeling.

    Gemeenten that are not a coverage are made into one first (``join.repair``), with a warning in
    the log, so that no dust is left between them.

    Args:
        gemeenten: ``BOUNDARY_COLUMNS`` of level gemeente, any number of indelingen.
        memberships: of any level and indeling; those of ``niveau`` and of these indelingen count.
        niveau: provincie, corop or veiligheidsregio.

    Returns:
        ``BOUNDARY_COLUMNS``, valid MultiPolygons, sorted by indeling and code.

    Raises:
        UnknownRegionError: a gemeente has no region, or a membership has no gemeente.
        DuplicateKeyError: a gemeente has two regions of one level.
    """
    return _join(gemeenten, niveau, _members(memberships, niveau))


def dissolve_land(gemeenten: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join all gemeenten of each indeling into the country (NL01).

    Args:
        gemeenten: ``BOUNDARY_COLUMNS`` of level gemeente.

    Returns:
        ``BOUNDARY_COLUMNS``, one row per indeling.
    """
    members: dict[Indeling, dict[str, _Region]] = {}
    for indeling, code in zip(gemeenten["indeling"], gemeenten["code"], strict=True):
        members.setdefault(Indeling(int(indeling)), {})[code] = (LAND_CODE, LAND_NAAM)
    return _join(gemeenten, Niveau.LAND, members)


def regions_for(
    boundaries: gpd.GeoDataFrame, memberships: Iterable[Membership]
) -> gpd.GeoDataFrame:
    """Return the land and the regions of each indeling that has gemeenten.

    Args:
        boundaries: ``BOUNDARY_COLUMNS``: gemeenten, and regions for which there is a file.
        memberships: which gemeente belongs to which region; a level and indeling without any is
            not returned, because no number can be summed for it.

    Returns:
        ``BOUNDARY_COLUMNS`` sorted by indeling, level and code: the shape of the file where there
        is one, else dissolved from gemeenten; names as in the memberships. No gemeenten.

    Raises:
        UnknownRegionError: gemeenten, memberships and regions in a file do not match.
        DuplicateKeyError: a gemeente has two regions of one level.
    """
    rows = list(memberships)
    gemeenten = as_coverage(boundaries[boundaries["niveau"] == Niveau.GEMEENTE])
    land = boundaries[boundaries["niveau"] == Niveau.LAND]
    tables = [land, dissolve_land(gemeenten[~gemeenten["indeling"].isin(land["indeling"])])]
    for niveau in _REGIONS:
        members = _members(rows, niveau)
        drawn = boundaries[boundaries["niveau"] == niveau]
        drawn = drawn[drawn["indeling"].isin(list(members))]
        log.info("%s: shapes of a file for %s", niveau, sorted(set(drawn["indeling"])))
        tables.append(_named(drawn, members))
        known = gemeenten["indeling"].isin(members.keys() - set(drawn["indeling"]))
        tables.append(dissolve(gemeenten[known], rows, niveau))
    return _table(pd.concat([table for table in tables if len(table)], ignore_index=True))


def _members(
    memberships: Iterable[Membership], niveau: Niveau
) -> dict[Indeling, dict[str, _Region]]:
    """Return the region of each gemeente, per indeling."""
    members: dict[Indeling, dict[str, _Region]] = {}
    for row in memberships:
        if row.niveau is not niveau:
            continue
        regions = members.setdefault(row.indeling, {})
        if row.gemeente in regions:
            message = (
                f"{row.gemeente} of {row.indeling} belongs to {niveau} "
                f"{regions[row.gemeente][0]} and to {row.code}; expected one"
            )
            raise DuplicateKeyError(message)
        regions[row.gemeente] = (row.code, row.naam)
    return members


def _join(
    gemeenten: gpd.GeoDataFrame,
    niveau: Niveau,
    members: Mapping[Indeling, Mapping[str, _Region]],
) -> gpd.GeoDataFrame:
    coverage = as_coverage(gemeenten)
    rows: list[tuple[str, str, str, int, object]] = []
    for (_, indeling), numbers in groups(coverage):
        group = coverage.iloc[numbers]
        regions = members.get(Indeling(indeling), {})
        _check_members(frozenset(group["code"]), frozenset(regions), niveau, indeling)
        shapes: Shapes = np.asarray(group.geometry.array)
        by_region: dict[str, list[int]] = {}
        names: dict[str, str] = {}
        for number, gemeente in enumerate(group["code"]):
            code, naam = regions[gemeente]
            by_region.setdefault(code, []).append(number)
            names.setdefault(code, naam)
        rows += [
            (niveau.value, code, names[code], indeling, shapely.coverage_union_all(shapes[parts]))
            for code, parts in by_region.items()
        ]
    table = pd.DataFrame(rows, columns=list(BOUNDARY_COLUMNS))
    table["geometry"] = as_multi(table["geometry"].to_numpy(dtype=object))
    return _table(table)


def _check_members(
    gemeenten: frozenset[str], members: frozenset[str], niveau: Niveau, indeling: int
) -> None:
    without = sorted(gemeenten - members)
    if without:
        message = f"{indeling}: no {niveau} is known for {', '.join(without)}"
        raise UnknownRegionError(message)
    unknown = sorted(members - gemeenten)
    if unknown:
        message = f"{indeling}: {', '.join(unknown)} have a {niveau} but no boundary"
        raise UnknownRegionError(message)


def _named(
    drawn: gpd.GeoDataFrame, members: Mapping[Indeling, Mapping[str, _Region]]
) -> gpd.GeoDataFrame:
    """Give drawn regions the names of the memberships; their codes must be the same."""
    names = {
        (indeling, code): naam
        for indeling in {Indeling(int(year)) for year in drawn["indeling"]}
        for code, naam in members[indeling].values()
    }
    keys = list(zip(drawn["indeling"], drawn["code"], strict=True))
    differ = sorted(set(keys) ^ set(names))
    if differ:
        texts = ", ".join(f"{code} of {indeling}" for indeling, code in differ)
        message = f"{texts}: in the memberships or in the boundary file, but not in both"
        raise UnknownRegionError(message)
    return drawn.assign(naam=[names[key] for key in keys])


def _table(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    table = rows.astype({"indeling": "int32"}).sort_values(
        ["indeling", "niveau", "code"], ignore_index=True
    )
    return gpd.GeoDataFrame(table, geometry="geometry", crs=RD.epsg)
