"""What every form of a fetched table gives: code lists, pieces of rows, and what it says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from spatial.domain.statline import DIMENSIONS, IGNORED_COLUMNS, MEASURE
from spatial.errors import SchemaError

KEYS = pa.dictionary(pa.int32(), pa.string())
"""Arrow's type of a column of keys."""


@dataclass(frozen=True, slots=True)
class About:
    """What a table says of itself; empty texts where it does not.

    Attributes:
        titel: title.
        modified: when it was last changed, as the source writes it.
        licence: as its owner names it.
        url: where it was fetched.
        rows: how many observations it has; None when it does not tell, or when only a part of it
            was asked for.
    """

    titel: str = ""
    modified: str = ""
    licence: str = ""
    url: str = ""
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows.

    Attributes:
        where: file they come from, for messages.
        rows: ``Id`` (int64), ``Measure`` and one column per dimension (text, dictionary-encoded),
            ``Value`` (number or text), ``ValueAttribute`` (text) where the source has it.
        numbers: row numbers by which a row that is missing or came twice is found.
        next_link: address of the page after this one; empty: there is none.
    """

    where: str
    rows: pa.Table
    numbers: Any
    next_link: str = ""


class Wire(Protocol):
    """A fetched table in one of its forms."""

    @property
    def about(self) -> About:
        """What the table says of itself."""
        ...

    def codes(self) -> Mapping[str, pa.Table]:
        """Return the code lists, as version 4 names them: Identifier, Title, of periods Status."""
        ...

    def pieces(self) -> Iterator[Piece]:
        """Give the rows, piece by piece."""
        ...


def check_columns(found: list[str], where: str, dimensions: tuple[str, ...] = DIMENSIONS) -> None:
    """Refuse rows of version 4 whose columns are not those of the table.

    Raises:
        SchemaError: columns are missing or unknown; the message names them.
    """
    wanted = {"Id", MEASURE, "Value", *dimensions}
    missing = wanted - set(found)
    unknown = set(found) - wanted - {"ValueAttribute", *IGNORED_COLUMNS}
    if missing or unknown:
        message = f"{where}: the rows lack {sorted(missing)} and have unknown {sorted(unknown)}"
        raise SchemaError(message)


def encoded(indices: Any, keys: list[str]) -> pa.DictionaryArray:
    """Return a column of keys of their places in a list."""
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, pa.int32()), pa.array(keys, pa.string())
    )
