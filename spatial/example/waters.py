"""Open water and islands, roughly placed by hand: what makes cells look like the country.

Nothing here is surveyed. The corners are round kilometres (easting, northing) of well-known places
along the shore, from Cadzand by Den Helder to the Dollard.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from shapely import affinity

_SEA = (
    (0, 640), (0, 380), (15, 380.5), (20.5, 389), (20, 395), (26, 401), (33, 404.5), (38, 408),
    (38, 413), (43, 418), (50, 421), (51, 426), (57, 429), (61.5, 429.5), (63, 436), (59, 442),
    (64, 445.5), (68, 446), (79, 459), (87, 470), (92, 479), (97, 489), (101, 499), (103.5, 515),
    (105, 528), (107.5, 540), (110, 553), (114, 554.5), (121, 549.5), (131, 549.5), (141, 556),
    (153, 567), (156, 578), (164, 588), (176, 597), (190, 601.5), (209, 603.5), (229, 607),
    (248, 609), (253, 602), (260, 595.5), (266, 589.5), (274, 586.5), (279, 580), (300, 590),
    (300, 640),
)  # fmt: skip
_LAKES = (
    (134, 548), (137, 541), (136, 533), (141, 533), (150, 527), (149, 522.5), (140, 514.5),
    (132.5, 515.5), (134.5, 505), (133, 498), (136, 492), (132, 488.5), (134.5, 483.8),
    (138, 484.5), (138, 491), (147, 493.5), (156, 502), (158.5, 510.5), (168.5, 513.5),
    (168, 522.5), (172.5, 529.5), (173, 539), (162, 543.5), (153.5, 548), (155, 557), (153, 565.5),
    (144, 557),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Arm:
    """A long water: its middle line and width (km)."""

    line: tuple[tuple[float, float], ...]
    width: float


_WESTERSCHELDE = _Arm(
    (
        (8, 383.5),
        (29, 382.8),
        (38, 379.5),
        (48, 376.3),
        (55, 381),
        (62, 378.6),
        (68, 378),
        (78, 374),
    ),
    4.5,
)
_OOSTERSCHELDE = _Arm(((30, 406.5), (42, 404), (52, 403), (57, 397.5), (63, 392.5), (71, 391)), 4.5)
_VEERSE_MEER = _Arm(((28, 401), (35, 396.5), (46, 393), (51, 396), (54, 401)), 1.0)
_VOLKERAK = _Arm(((57, 400), (61, 404.5), (68, 408.3), (78, 408), (86, 406.5), (88.5, 413)), 1.6)
_GREVELINGEN = _Arm(((45, 421), (52, 418.5), (59, 415), (66, 410.5), (69, 408.5)), 3.5)
_HARINGVLIET = _Arm(
    ((58, 429), (67, 425), (76, 420), (83, 414.5), (90, 413), (98, 413), (106, 414.5)), 2.4
)
_RANDMEREN = _Arm(
    (
        (133, 484), (140, 483), (148, 481), (155, 476.5), (163, 476.5), (170, 484), (180, 491.5),
        (186, 499.5), (186, 506), (178, 510.5), (166, 515),
    ),
    1.2,
)  # fmt: skip
_ARMS = (
    _WESTERSCHELDE,
    _OOSTERSCHELDE,
    _VEERSE_MEER,
    _VOLKERAK,
    _GREVELINGEN,
    _HARINGVLIET,
    _RANDMEREN,
)


@dataclass(frozen=True, slots=True)
class Island:
    """How an island lies: direction of its long axis (degrees from east) and length to width."""

    direction: float
    stretch: float

    def shape(self, x_km: float, y_km: float, area_km2: float) -> shapely.Polygon:
        """Return an ellipse of this area around a point (km)."""
        disc = shapely.Point(0, 0).buffer(1, quad_segs=8)
        size = (area_km2 / disc.area) ** 0.5
        stretched = affinity.scale(disc, size * self.stretch**0.5, size / self.stretch**0.5)
        turned = affinity.rotate(stretched, self.direction, origin=(0, 0))
        return affinity.translate(turned, x_km, y_km)


ISLANDS: Mapping[str, Island] = {
    "GM0448": Island(60, 2.2),
    "GM0096": Island(35, 4),
    "GM0093": Island(15, 5),
    "GM0060": Island(5, 5),
    "GM0088": Island(8, 3.5),
}
"""The gemeenten that are an island in the Waddenzee: Texel up to Schiermonnikoog."""


def open_water() -> shapely.Geometry:
    """Return the sea, the IJsselmeer, the arms of the sea and the Randmeren (km, EPSG:28992)."""
    arms = [shapely.LineString(arm.line).buffer(arm.width / 2) for arm in _ARMS]
    return shapely.union_all([shapely.Polygon(_SEA), shapely.Polygon(_LAKES), *arms])
