"""Pages of OData version 4: long rows, 100,000 to a page, decoded straight to places in lists."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import pyarrow as pa

from spatial.domain.mirror import pages_of
from spatial.domain.statline import (
    ATTRIBUTE_IMPOSSIBLE,
    ATTRIBUTE_NONE,
    ATTRIBUTE_NOT_GIVEN,
    CODES,
    DIMENSIONS,
    IGNORED_COLUMNS,
    MEASURE,
    OBSERVATIONS_SET,
)
from spatial.errors import SourceError
from spatial.normalise.intake.documents import about_of, body_of, code_lists, decoded
from spatial.normalise.intake.wire import About, Piece, encoded

_ATTRIBUTE = "ValueAttribute"
_AGAIN = "download the table again"
_ATTRIBUTES = (ATTRIBUTE_NONE, ATTRIBUTE_NOT_GIVEN, ATTRIBUTE_IMPOSSIBLE)


class V4Pages:
    """The pages of a table in a folder."""

    def __init__(self, folder: Path, table: str, dimensions: tuple[str, ...] = DIMENSIONS) -> None:
        """Read what the table says of itself.

        Args:
            folder: with ``Observations/page-*.json[.gz]`` and ``<EntitySet>.json``.
            table: identifier of the table.
            dimensions: the columns with keys, besides the measure.
        """
        self._folder, self._dimensions = folder, dimensions
        self._lists = code_lists(folder)
        self._about = about_of(folder, table)

    @property
    def about(self) -> About:
        """What the table says of itself."""
        return self._about

    def codes(self) -> Mapping[str, pa.Table]:
        """Return the code lists."""
        return self._lists

    def pieces(self) -> Iterator[Piece]:
        """Give the rows, page by page.

        Raises:
            SourceError: a page cannot be read, is cut off, or stands in another place than it should.
            SchemaError: the rows have other columns than they should.
        """
        pages = pages_of(self._folder, OBSERVATIONS_SET)
        check_sequence(pages)
        keys = {name: self._keys(name) for name in (MEASURE, *self._dimensions)}
        keys[_ATTRIBUTE] = list(_ATTRIBUTES)
        quick = msgspec.json.Decoder(_page_of({name: _one_of(keys[name]) for name in keys}))
        plain = msgspec.json.Decoder(_page_of(dict.fromkeys(keys, str)))
        for number, path in enumerate(pages, start=1):
            body, name = body_of(path), f"{path.parent.name}/{path.name}"
            try:
                page, known = quick.decode(body), keys
            except msgspec.DecodeError:
                # padded keys, a sign that is new, or a fault that the plain reader names
                page, known = decoded(plain, body, name), {key: [] for key in keys}
            last = number == len(pages)
            if not last and not page.next_link:
                message = f"{name} points to no page after it, yet there is one; {_AGAIN}"
                raise SourceError(message)
            yield _piece(page, known, name)

    def _keys(self, name: str) -> list[str]:
        found = self._lists.get(CODES.get(name, f"{name}Codes"))
        return [] if found is None else found.column("Identifier").to_pylist()


def check_sequence(pages: Sequence[Path]) -> None:
    """Refuse pages that do not follow each other from the first.

    Raises:
        SourceError: a page is missing, or there is none.
    """
    for number, path in enumerate(pages, start=1):
        if int(path.name[5:].split(".")[0]) != number:
            message = f"{path.parent}: page {number} is missing; {_AGAIN}"
            raise SourceError(message)


def _one_of(keys: Sequence[str]) -> Any:
    """Return the type of a text that is one of these: decoding makes no new text of it."""
    return Literal[tuple(dict.fromkeys(keys))] if keys else str


def _page_of(columns: Mapping[str, Any]) -> Any:
    """Return the type of a page whose rows have these columns of text, and no other."""
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        ("Id", int),
        ("Value", float | None),
        *columns.items(),
        *((name, None, None) for name in IGNORED_COLUMNS),
    ]
    row = msgspec.defstruct("Row", fields, gc=False, forbid_unknown_fields=True, kw_only=True)
    return msgspec.defstruct(
        "Page",
        [("value", list[row]), ("next_link", str, "")],  # type: ignore[valid-type]
        rename={"next_link": "@odata.nextLink"},
    )


def _piece(page: Any, known: Mapping[str, list[str]], name: str) -> Piece:
    """Return the rows of a page; where ``known`` has texts, the page has no others."""
    rows = page.value
    numbers = np.fromiter(map(attrgetter("Id"), rows), np.int64, len(rows))
    columns: dict[str, pa.Array] = {"Id": pa.array(numbers)}
    for column, keys in known.items():
        texts = list(map(attrgetter(column), rows))
        if keys:
            columns[column] = encoded(_places(texts, keys), keys)
        else:
            columns[column] = pa.array(texts, pa.string()).dictionary_encode()
    columns["Value"] = pa.array(list(map(attrgetter("Value"), rows)), pa.float64())
    return Piece(name, pa.table(columns), numbers, page.next_link)


def _places(texts: Sequence[str], keys: Sequence[str]) -> np.ndarray:
    """Return the place of each text; on most pages some columns are one text, which is soon seen."""
    places = {key: place for place, key in enumerate(keys)}
    if texts and texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
        return np.full(len(texts), places[texts[0]], dtype=np.int32)
    return np.fromiter(map(places.__getitem__, texts), np.int32, len(texts))
