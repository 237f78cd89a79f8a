"""The project's own fact tables (folder ``boundaries/``), as typed rows."""

from dataclasses import dataclass

from spatial.domain.periods import Period
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import Indeling, Niveau


@dataclass(frozen=True, slots=True)
class Membership:
    """A gemeente belongs to a region, in one indeling.

    Attributes:
        indeling: the indeling for which it holds.
        gemeente: gemeentecode.
        niveau: level of the region: provincie, corop or veiligheidsregio.
        code: code of the region.
        naam: name of the region.
        zekerheid: how sure the fact is, in words.
        bron: where the fact comes from.
    """

    indeling: Indeling
    gemeente: str
    niveau: Niveau
    code: str
    naam: str
    zekerheid: str
    bron: str


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """Inhabitants of a gemeente on 1 January of ``jaar``, on the borders of ``indeling``."""

    gemeente: str
    jaar: int
    inwoners: int
    indeling: Indeling
    bron: str


@dataclass(frozen=True, slots=True)
class NationalTarget:
    """The national total of the taakstelling for one half-year.

    Attributes:
        halfjaar: half-year as written, such as ``2022-1``.
        period: first and last day.
        totaal: persons to be housed.
        zekerheid: definitief, indirect or afgeleid (only inferred).
        achterstand: shortfall of the country at the start of the half-year (persons; head starts are
            netted in it); None: not published.
        bron: where the figure comes from.
        opmerking: remark; may be empty.
    """

    halfjaar: str
    period: Period
    totaal: int
    zekerheid: str
    bron: str
    opmerking: str
    achterstand: int | None = None


@dataclass(frozen=True, slots=True)
class GazetteerEntry:
    """A gemeente with a point inside it and its land area.

    Attributes:
        code: gemeentecode.
        naam: newest name.
        x_m: easting of a point inside it (m, EPSG:28992, rounded to 500 m).
        y_m: northing.
        land_km2: land area (km2).
        eerste: first indeling in which the code is known here.
        laatste: last indeling in which the code is known here.
        gemeten: indeling of which point and area were taken.
    """

    code: str
    naam: str
    x_m: float
    y_m: float
    land_km2: float
    eerste: Indeling
    laatste: Indeling
    gemeten: Indeling


@dataclass(frozen=True, slots=True)
class Facts:
    """All fact tables, read and checked."""

    redivisions: tuple[Redivision, ...]
    memberships: tuple[Membership, ...]
    inhabitants: tuple[Inhabitants, ...]
    targets: tuple[NationalTarget, ...]
    gazetteer: tuple[GazetteerEntry, ...]
