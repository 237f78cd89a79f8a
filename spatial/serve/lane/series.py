"""Pages of one selection: what the first page needed to know is kept for the others.

Clients ask page after page of the same question: all but ``limit`` and ``offset`` is read once, and
the features that match are looked for once.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass, replace

from spatial.serve.ask.query import Limits, Query
from spatial.serve.links import Asked
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer, Rows

type Key = tuple[object, ...]

_KEPT = 128
# as nearly every client writes them; other ways are read as a whole
_PLACE = re.compile(rb"(?:^|(?<=&))(limit|offset)=([1-9]\d{0,8}|0)(?=&|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Which page is asked for, as it is written; None where it is not said."""

    limit: int | None
    offset: int | None


def placed(query: bytes) -> tuple[Key, Place] | None:
    """Divide a query string in what is asked and which page of it; None: it is not that simple.

    >>> placed(b"datetime=2022-01-01&limit=10")
    ((b'datetime=2022-01-01&limit=', True, False), Place(limit=10, offset=None))
    >>> placed(b"limit=10&limit=20") is None, placed(b"limit=0") is None
    (True, True)
    """
    found = _PLACE.findall(query)
    given = {name: int(number) for name, number in found}
    limit, offset = given.get(b"limit"), given.get(b"offset")
    if len(given) != len(found) or limit == 0:
        return None
    # without these two it would be the question of who writes nothing after "limit="
    rest = (_PLACE.sub(rb"\1=", query), limit is not None, offset is not None)
    return rest, Place(limit, offset)


@dataclass(frozen=True, slots=True)
class Selection:
    """Features that match a question, of which any page may be asked.

    Attributes:
        asked: how one of the pages was asked for.
        query: the same, read.
        media_type: the name of the form.
        layer: the collection.
        rows: all that match, in order.
    """

    asked: Asked
    query: Query
    media_type: str
    layer: Layer
    rows: Rows

    def page(self, place: Place, limits: Limits) -> "Selection":
        """Return the same selection, asked for another page that is written in the same places."""
        query, said = self.query, {}
        if place.limit is not None:
            said["limit"] = str(place.limit)
            query = replace(query, limit=min(place.limit, limits.maximum))
        if place.offset is not None:
            said["offset"] = str(place.offset)
            query = replace(query, offset=place.offset)
        pairs = tuple([(name, said.get(name, text)) for name, text in self.asked.pairs])
        return replace(self, asked=replace(self.asked, pairs=pairs), query=query)


class Series:
    """The selections that were asked last of one edition; for one thread."""

    def __init__(self) -> None:
        """Keep some selections."""
        self._edition: Edition | None = None
        self._kept: OrderedDict[Key, Selection] = OrderedDict()

    def get(self, edition: Edition, key: Key) -> Selection | None:
        """Return a selection."""
        found = self._kept.get(key) if edition is self._edition else None
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, edition: Edition, key: Key, selection: Selection) -> None:
        """Keep a selection; those of another edition, and the longest unused, are let go."""
        if edition is not self._edition:
            self._kept.clear()
            self._edition = edition
        self._kept[key] = selection
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
