"""Pages of one selection: what the first page needed to know is kept for the others.

Clients ask page after page of the same question: all but ``limit`` and ``offset`` is read once, and
the features that match are looked for once.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

from spatial.serve.ask.query import Limits, Query
from spatial.serve.links import Asked
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer, Rows

type Key = tuple[object, ...]

_KEPT = 128
_PLACES = frozenset({b"limit", b"offset"})
# more digits are more than there are features
_DIGITS = 9


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
    given: dict[bytes, int] = {}
    parts = query.split(b"&")
    for nth, part in enumerate(parts):
        name, _, number = part.partition(b"=")
        if name in _PLACES and _is_plain(number):
            if name in given:
                return None
            given[name] = int(number)
            parts[nth] = name + b"="
    limit, offset = given.get(b"limit"), given.get(b"offset")
    if limit == 0:
        return None
    # without these two it would be the question of who writes nothing after "limit="
    return (b"&".join(parts), limit is not None, offset is not None), Place(limit, offset)


def _is_plain(number: bytes) -> bool:
    """Tell whether a number is written as nearly every client does; other ways are read as a whole."""
    return number.isdigit() and len(number) <= _DIGITS and (number[:1] != b"0" or number == b"0")


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
