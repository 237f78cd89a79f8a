"""Parameters of ``/collections/waarnemingen/items``, parsed and checked; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from spatial.domain.crs import Crs
from spatial.domain.formats import CSV, OBSERVATION_FORMATS
from spatial.errors import QueryError
from spatial.serve.ask.query import Limits, Query, parse_item, parse_items
from spatial.serve.cube.keyset import Cursor, read_cursor
from spatial.store.catalogue import Field

_FILES = frozenset(entry.name for entry in OBSERVATION_FORMATS)
_ALL = 10**15

type Pairs = list[tuple[str, str]]


class Geometry(StrEnum):
    """How the shape of its region comes with an observation."""

    VERWIJZING = "verwijzing"
    VORM = "vorm"
    WKT = "wkt"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the observations.

    Attributes:
        query: which, in what order; ``limit`` counts in files too when it was given.
        cursor: after which observation they begin; None: from the beginning.
        placed: with the shapes of their regions.
        pairs: the parameters as given, without ``f`` and ``lang``.
    """

    query: Query
    cursor: Cursor | None
    placed: bool
    pairs: tuple[tuple[str, str], ...]

    @property
    def rest(self) -> tuple[tuple[str, str], ...]:
        """The parameters that do not say where a page begins."""
        return tuple(pair for pair in self.pairs if pair[0] != "cursor")


def parse_observations(
    pairs: Pairs, form: str, fields: Mapping[str, Field], limits: Limits
) -> Asked:
    """Read the query parameters.

    Args:
        pairs: names and values as decoded from the URL, without ``f`` and ``lang``.
        form: value of ``f``.
        fields: the properties by name; each may be a parameter.
        limits: page sizes.

    Raises:
        QueryError: a parameter is unknown, given twice, or has a value that is not allowed.
    """
    own = {name: text for name, text in pairs if name in {"cursor", "geometrie", "offset"}}
    names = [name for name, _ in pairs]
    for name in own:
        if names.count(name) > 1:
            message = f"the parameter {name!r} is given twice"
            raise QueryError(message)
    if "offset" in own:
        message = (
            "observations have no offset: it would count through millions of rows; "
            "follow the link 'next', which has a cursor"
        )
        raise QueryError(message)
    others = [(name, text) for name, text in pairs if name not in own]
    file = form in _FILES
    query = parse_items(others, fields, Limits(_ALL, _ALL) if file else limits)
    if query.hits and file:
        message = f"f={form} is a file of features: resulttype=hits goes with f=json"
        raise QueryError(message)
    geometry = _geometry(own.get("geometrie"), form)
    if query.skip_geometry and geometry is not Geometry.VERWIJZING:
        message = f"geometrie={geometry} and skipGeometry=true cannot both be"
        raise QueryError(message)
    cursor = read_cursor(own["cursor"], query.sort) if "cursor" in own else None
    placed = geometry is not Geometry.VERWIJZING
    return Asked(replace(query, skip_geometry=not placed), cursor, placed, tuple(pairs))


def parse_observation(pairs: Pairs) -> Crs:
    """Read the query parameters of one observation, which always has its shape.

    Raises:
        QueryError: as ``parse_observations``.
    """
    return parse_item(pairs)


def _geometry(text: str | None, form: str) -> Geometry:
    allowed = [Geometry.VERWIJZING, Geometry.WKT if form == CSV.name else Geometry.VORM]
    if text is None:
        return Geometry.VERWIJZING
    if text not in allowed:
        message = f"geometrie={text!r} is with f={form} one of {', '.join(allowed)}"
        raise QueryError(message)
    return Geometry(text)
