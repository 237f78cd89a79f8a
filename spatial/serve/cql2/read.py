"""A filter as a request gives it, to an expression that can be evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass

from spatial.domain.crs import Crs
from spatial.serve.cql2.check import check
from spatial.serve.cql2.expression import Condition
from spatial.serve.cql2.limits import refusal
from spatial.serve.cql2.notation.document import read_json
from spatial.serve.cql2.notation.text import read_text
from spatial.store.catalogue import Field

TEXT = "cql2-text"
JSON = "cql2-json"
FILTER_TYPES = {
    "application/json": JSON,
    "application/query-cql-json": JSON,
    "application/query-cql-text": TEXT,
    "text/plain": TEXT,
}
"""Media types of a filter as the body of a request, with their languages."""

_OBJECT = "{"


@dataclass(frozen=True, slots=True)
class Written:
    """A filter as it is written, and the URI of the reference system of its geometries."""

    text: str
    crs: str


def language_of(text: str) -> str:
    """Tell which language an expression is in: CQL2 JSON is an object, CQL2 text never is."""
    return JSON if text.lstrip().startswith(_OBJECT) else TEXT


def read_filter(text: str, language: str, fields: Mapping[str, Field], crs: Crs) -> Condition:
    """Read a filter.

    Args:
        text: the expression.
        language: ``cql2-text`` or ``cql2-json``.
        fields: the properties of the collection by name; ``geometry`` is the shape.
        crs: reference system of the geometries in it, which are in its axis order.

    Raises:
        QueryError: it cannot be read, is too much, or does not fit these properties.
    """
    if language == TEXT:
        return check(read_text(text), fields, crs)
    if language_of(text) != JSON:
        raise refusal("an expression in CQL2 JSON is an object")
    return check(read_json(text), fields, crs)
