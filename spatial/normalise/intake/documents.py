"""JSON documents of a fetched table: plain or packed, small sets and what describes the table."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from isal import isal_zlib

from spatial.domain.mirror import MANIFEST, parts_of
from spatial.domain.statline import CODES, PERIODE, PROPERTIES, V3_TABLE_INFOS
from spatial.errors import SchemaError, SourceError
from spatial.normalise.intake.wire import About

_DAMAGED: Any = isal_zlib.error  # typed as an instance
_LICENCES = {"https://creativecommons.org/licenses/by/4.0": "CC BY 4.0"}
_GZIP = 31
"""Window bits of zlib with which it reads the wrapper of gzip."""


def body_of(path: Path) -> bytes:
    """Return the bytes of a file, unpacked when its name ends in ``.gz``.

    Raises:
        SourceError: it cannot be read or unpacked, or it is cut off.
    """
    try:
        body = path.read_bytes()
        return _unpacked(body) if path.suffix == ".gz" else body
    except (OSError, EOFError, _DAMAGED) as error:
        message = f"{path.name}: cannot be read: {error}; fetch it again"
        raise SourceError(message) from error


def _unpacked(body: bytes) -> bytes:
    """Unpack gzip of one member, as a server sends it.

    Raises:
        EOFError: it is cut off.
        isal_zlib.error: it is not gzip, or damaged.
    """
    unpacker = isal_zlib.decompressobj(_GZIP)
    plain: bytes = unpacker.decompress(body)
    if not unpacker.eof:
        message = "the packed file is cut off"
        raise EOFError(message)
    return plain


def decoded(decoder: msgspec.json.Decoder[Any], body: bytes, where: str) -> Any:
    """Decode JSON.

    Raises:
        SchemaError: it is JSON of another shape.
        SourceError: it is not JSON, or it is cut off.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        message = f"{where}: {error}"
        raise SchemaError(message) from error
    except msgspec.DecodeError as error:
        message = f"{where}: no whole JSON document ({error}); fetch it again"
        raise SourceError(message) from error


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a small entity set, from all answers in which it came; none if absent.

    Raises:
        SchemaError: an answer is not a set of rows.
        SourceError: it cannot be read.
    """
    decoder = msgspec.json.Decoder(dict[str, Any])
    rows: list[dict[str, Any]] = []
    for path in parts_of(folder, name) or parts_of(folder, name, ".json.gz"):
        document = decoded(decoder, body_of(path), path.name)
        value = document.get("value", document)
        found = value if isinstance(value, list) else [value]
        if not all(isinstance(row, dict) for row in found):
            message = f"{path.name}: 'value' is not a list of rows"
            raise SchemaError(message)
        rows += found
    return rows


def code_lists(folder: Path) -> dict[str, pa.Table]:
    """Return the code lists in a folder, of version 4 or (named after their dimension) version 3."""
    lists = {}
    for dimension, name in CODES.items():
        rows = rows_of(folder, name) or rows_of(folder, dimension)
        if rows:
            lists[name] = code_list(rows, name, statuses=dimension == PERIODE)
    return lists


def code_list(rows: list[dict[str, Any]], where: str, *, statuses: bool) -> pa.Table:
    """Return a code list as version 4 names its columns.

    Args:
        rows: with Identifier (version 3: Key) and Title; all else is left out.
        where: entity set, for messages.
        statuses: whether there is a Status as well.

    Raises:
        SchemaError: a row lacks one of these.
    """
    columns: dict[str, list[str]] = {"Identifier": [], "Title": []}
    if statuses:
        columns["Status"] = []
    for row in rows:
        for column, values in columns.items():
            value = row.get(column, row.get("Key") if column == "Identifier" else None)
            if not isinstance(value, str):
                message = f"{where}: a row has no {column}: {row}"
                raise SchemaError(message)
            values.append(value)
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def about_of(folder: Path, table: str) -> About:
    """Return what a table says of itself, from its properties and from the manifest of its fetch.

    Args:
        folder: where it stands.
        table: its identifier.

    Raises:
        SourceError: the properties are those of another table, or cannot be read.
    """
    properties = (rows_of(folder, PROPERTIES) or rows_of(folder, V3_TABLE_INFOS) or [{}])[0]
    identifier = properties.get("Identifier", properties.get("ID", table))
    if str(identifier).strip().upper() != table.upper():
        message = f"{folder} holds table {identifier}, not {table}"
        raise SourceError(message)
    fetched = fetched_as(folder)
    asked = fetched.get("about", {})
    part = bool((asked.get("asked") or {}).get("select"))
    count = properties.get("ObservationCount", properties.get("RecordCount"))
    return About(
        titel=_text(properties, "Title"),
        modified=_text(properties, "ObservationsModified") or _text(properties, "Modified"),
        licence=licence_name(_text(properties, "License") or _text(asked, "licence")),
        url=_text(asked, "url"),
        rows=None if part or count is None else int(count),
    )


def fetched_as(folder: Path) -> dict[str, Any]:
    """Return the manifest that fetching wrote beside the files; empty when there is none.

    Raises:
        SourceError: it cannot be read, or says that the download stopped halfway.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        message = f"{path} cannot be read: {error}"
        raise SourceError(message) from error
    if document.get("complete") is False:
        message = f"{path} says that not all was fetched; run spatial fetch again"
        raise SourceError(message)
    return document


def licence_name(text: str) -> str:
    """Return the name of a licence of which the source gives the address.

    >>> licence_name("https://creativecommons.org/licenses/by/4.0/")
    'CC BY 4.0'
    """
    return _LICENCES.get(text.rstrip("/"), text)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
