"""Parameters of tiles and of the documents about them, parsed and checked; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from spatial.errors import QueryError
from spatial.serve.ask.negotiate import apart
from spatial.serve.ask.query import LANGUAGES, Interval, Limits, Query, parse_items
from spatial.store.catalogue import Collection, Field

MVT = "mvt"
JSON_FORMAT = "json"
TILEJSON = "tilejson"
_ALLOWED = ("datetime", "filter", "filter-crs", "filter-lang", "properties")
_WHOLE = Limits(1, 1)

type Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the tiles of one collection show.

    Attributes:
        collection: the collection.
        query: which features.
        fields: which of their properties, in order; a figure has its status beside it.
        text: the same as the query part of an address, without ``?``; empty for all.
    """

    collection: Collection
    query: Query
    fields: tuple[Field, ...]
    text: str


def parse_tile(pairs: Pairs, collection: Collection) -> Asked:
    """Read which features and properties the tiles of a collection show.

    Without ``datetime`` these are the features of the last day of the collection.

    Args:
        pairs: names and values as decoded from the URL, without ``f`` and ``lang``.
        collection: the collection.

    Raises:
        QueryError: a parameter is unknown, given twice, or has a value that is not allowed.
    """
    fields = {field.naam: field for field in collection.velden}
    for name, _ in pairs:
        if name not in _ALLOWED and name not in fields:
            message = f"tiles have no parameter {name!r}, and the collection no such property"
            raise QueryError(message)
    query = parse_items(pairs, fields, _WHOLE)
    if query.interval is None:
        query = replace(query, interval=Interval(collection.eind, collection.eind))
    shown = _shown(query.properties, collection.velden)
    return Asked(collection, query, shown, urlencode(sorted(pairs), safe="/:,"))


def split_shown(pairs: Pairs, formats: Sequence[str]) -> tuple[dict[str, str], Pairs]:
    """Take ``f`` and ``lang`` apart from the other parameters.

    Raises:
        QueryError: one is given twice, or asks for what is not offered.
    """
    shown, others = apart(pairs)
    for name, allowed in (("f", formats), ("lang", LANGUAGES)):
        if name in shown and shown[name] not in allowed:
            message = f"{name}={shown[name]!r} is not one of {', '.join(allowed)}"
            raise QueryError(message)
    return shown, others


def _shown(names: tuple[str, ...], fields: Sequence[Field]) -> tuple[Field, ...]:
    if not names:
        return tuple(fields)
    figures = {field.indicator for field in fields if field.naam in names} - {""}
    return tuple(
        field
        for field in fields
        if field.naam in names
        or (field.indicator in figures and field.naam == f"{field.indicator}Status")
    )
