"""What the example figures look like per group: round numbers of the right order, no statistics."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.domain.indicators import Thema


@dataclass(frozen=True, slots=True)
class Profile:
    """How large a group is and how it lives, on average over the country.

    Attributes:
        aandeel: part of the inhabitants on 1 January 2018.
        spreiding: largest relative difference of a gemeente from that part.
        groei: relative growth per year.
        samenstelling: parts of the persons in households of one person, of more persons, in
            institutions, and unknown.
        samen: persons of the group per household of more persons.
        eigendom: parts of the households in corporatie, overige huur, koop, unknown.
        huur: parts of the rented dwellings per rent class from low to high, then unknown.
        verhuizers: part of the households with a corporatie that moved in during the year.
        samenstelling_onbekend: False when the table has no persons of unknown composition.
    """

    aandeel: float
    spreiding: float
    groei: float
    samenstelling: tuple[float, float, float, float]
    samen: float
    eigendom: tuple[float, float, float, float]
    huur: tuple[float, float, float, float, float, float]
    verhuizers: float
    samenstelling_onbekend: bool = True


PROFILES: Mapping[Thema, Profile] = {
    Thema.OUDEREN: Profile(
        aandeel=0.188,
        spreiding=0.25,
        groei=0.018,
        samenstelling=(0.31, 0.652, 0.033, 0.005),
        samen=1.62,
        eigendom=(0.31, 0.09, 0.56, 0.04),
        huur=(0.09, 0.45, 0.16, 0.13, 0.13, 0.04),
        verhuizers=0.035,
    ),
    Thema.STUDENTEN: Profile(
        aandeel=0.041,
        spreiding=0.2,
        groei=0.012,
        samenstelling=(0.13, 0.865, 0.005, 0.0),
        samen=1.19,
        eigendom=(0.19, 0.21, 0.57, 0.03),
        huur=(0.31, 0.22, 0.09, 0.11, 0.19, 0.08),
        verhuizers=0.09,
        samenstelling_onbekend=False,
    ),
    Thema.UITSTROOM_DETENTIE: Profile(
        aandeel=0.0015,
        spreiding=0.6,
        groei=-0.03,
        samenstelling=(0.36, 0.54, 0.07, 0.03),
        samen=1.01,
        eigendom=(0.48, 0.18, 0.2, 0.14),
        huur=(0.2, 0.36, 0.13, 0.1, 0.11, 0.1),
        verhuizers=0.12,
    ),
    Thema.VERGUNNINGHOUDERS: Profile(
        aandeel=0.0062,
        spreiding=0.45,
        groei=0.05,
        samenstelling=(0.24, 0.725, 0.015, 0.02),
        samen=2.6,
        eigendom=(0.8, 0.11, 0.05, 0.04),
        huur=(0.14, 0.44, 0.22, 0.12, 0.04, 0.04),
        verhuizers=0.16,
    ),
}

STUDENT_TOWNS: Mapping[str, float] = {
    "GM0014": 0.17,  # Groningen
    "GM0080": 0.05,  # Leeuwarden
    "GM0153": 0.06,  # Enschede
    "GM0193": 0.03,  # Zwolle
    "GM0202": 0.03,  # Arnhem
    "GM0268": 0.11,  # Nijmegen
    "GM0289": 0.2,  # Wageningen
    "GM0344": 0.1,  # Utrecht
    "GM0363": 0.06,  # Amsterdam
    "GM0392": 0.02,  # Haarlem
    "GM0503": 0.17,  # Delft
    "GM0518": 0.02,  # 's-Gravenhage
    "GM0546": 0.13,  # Leiden
    "GM0599": 0.04,  # Rotterdam
    "GM0758": 0.04,  # Breda
    "GM0772": 0.04,  # Eindhoven
    "GM0796": 0.02,  # 's-Hertogenbosch
    "GM0855": 0.05,  # Tilburg
    "GM0935": 0.1,  # Maastricht
}
"""Towns with a university or hogeschool: part of the inhabitants that is a student on top of the average."""

OTHER_RELETS = 0.0042
"""Corporatie dwellings let per inhabitant and year to households outside the four groups."""
