"""The file of the catalogue: sections that say once what their indicators share.

What an entry does not say itself, its section says; ``{...}`` in an entry that is made of others
(``van``) is filled in from each of them.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spatial.errors import SchemaError

_OF_SECTION = ("titel", "toelichting", "indicator")
_TEXTS = ("titel", "definitie")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading over indicators.

    Attributes:
        titel_nl: Dutch title.
        title_en: English title.
        toelichting_nl: what holds for all of them, in Dutch; may be empty.
        explanation_en: the same in English.
        indicatoren: ids of its indicators, in order.
    """

    titel_nl: str
    title_en: str
    toelichting_nl: str
    explanation_en: str
    indicatoren: tuple[str, ...]


def read_sections(text: str) -> tuple[list[dict[str, Any]], list[Section]]:
    """Return whole entries in the order of the file, and the sections they stand in.

    Args:
        text: TOML: ``themas`` (names for lists of themes), ``sectie`` (each with defaults and
            ``indicator``), and ``indicator`` for entries outside a section.

    Raises:
        SchemaError: the text is no TOML, a section lacks a key, or an entry is made of one that does
            not stand before it.
    """
    try:
        document = tomllib.loads(text)
        names = document.get("themas", {})
        entries: dict[str, dict[str, Any]] = {}
        sections = []
        rows: list[dict[str, Any]] = []
        for table in document.get("sectie", []):
            shared = {key: value for key, value in table.items() if key not in _OF_SECTION}
            made = list(_entries(table["indicator"], shared, names, entries))
            rows += made
            sections.append(_section(table, [entry["id"] for entry in made]))
        rows += _entries(document.get("indicator", []), {}, names, entries)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        message = f"the catalogue cannot be read: {error!r} is missing or not allowed"
        raise SchemaError(message) from error
    return rows, sections


def _section(table: Mapping[str, Any], ids: Sequence[str]) -> Section:
    explained = table.get("toelichting", {"nl": "", "en": ""})
    title = table["titel"]
    return Section(title["nl"], title["en"], explained["nl"], explained["en"], tuple(ids))


def _entries(
    tables: Sequence[Mapping[str, Any]],
    shared: Mapping[str, Any],
    names: Mapping[str, Any],
    before: dict[str, dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Give the entries of a section with all that they have; remember them in ``before``."""
    for table in tables:
        for entry in _made({**shared, **table}, before):
            themas = entry.get("themas")
            whole = (
                {**entry, "themas": names.get(themas, themas)} if isinstance(themas, str) else entry
            )
            before.setdefault(str(whole.get("id")), whole)
            yield whole


def _made(
    entry: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Give an entry, or when it is made of others one for each of those."""
    if "van" not in entry:
        yield dict(entry)
        return
    for name in entry["van"]:
        if name not in before:
            message = (
                f"indicator {entry['id']!r} is made of {name!r}, which does not stand before it"
            )
            raise SchemaError(message)
        base = before[name]
        own = {key: value for key, value in entry.items() if key != "van"}
        own["id"] = entry["id"].format(id=name)
        own["teller"] = name
        own.setdefault("eenheid", base["eenheid"] if "eenheid" in base else base["maat"])
        own.setdefault("afronding", base["afronding"])
        for key in _TEXTS:
            own[key] = {
                language: text.format(titel=base["titel"][language])
                for language, text in entry[key].items()
            }
        yield own
