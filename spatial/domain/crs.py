"""The reference systems we speak, their axis order and their precision."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate reference system as OGC API Features names it.

    Attributes:
        uri: the identifier in requests and in ``Content-Crs``.
        epsg: authority code for pyproj; CRS84 is EPSG:4326 with longitude first.
        decimals: digits after the point in answers (1 cm or better).
        lat_first: answers give latitude (northing) first.
    """

    uri: str
    epsg: int
    decimals: int
    lat_first: bool


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, 7, lat_first=False)
RD = Crs("http://www.opengis.net/def/crs/EPSG/0/28992", 28992, 3, lat_first=False)
ETRS89 = Crs("http://www.opengis.net/def/crs/EPSG/0/4258", 4258, 7, lat_first=True)
WEB_MERCATOR = Crs("http://www.opengis.net/def/crs/EPSG/0/3857", 3857, 3, lat_first=False)
ETRF2000 = Crs("http://www.opengis.net/def/crs/EPSG/0/9067", 4258, 7, lat_first=True)
"""The realisation of ETRS89 that the Netherlands uses. EPSG:4258 names the ensemble of realisations,
which is exact to 0.1 m; between the two nothing is moved, so both have the same coordinates."""

OFFERED = (CRS84, RD, ETRS89, ETRF2000, WEB_MERCATOR)
"""In the order in which collections list them: the default first."""

RD_BOUNDS = (0.0, 300_000.0, 300_000.0, 625_000.0)
"""Easting and northing (m) between which every place in the Netherlands lies."""
