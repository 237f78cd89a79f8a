"""What changed in a table since it was fetched: its own statements, and the members of its lists."""

from collections.abc import Mapping, Sequence
from typing import Any

_KEYS = ("Identifier", "Key", "Id", "ID", "name")
_SHOWN = 5


def changed_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str]
) -> list[str]:
    """Return a sentence for each field that differs."""
    return [
        f"{name} was {old.get(name)!r} and is {new.get(name)!r}"
        for name in fields
        if old.get(name) != new.get(name)
    ]


def changed_members(
    name: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Return a sentence for what is new, gone, has another title or another status in a list.

    Args:
        name: the list, such as RegioSCodes.
        old: its rows as fetched before.
        new: its rows now.
    """
    before, after = _by_key(old), _by_key(new)
    both = [key for key in before if key in after]
    said = {
        "new": [_titled(after[key], key) for key in after if key not in before],
        "gone": [_titled(before[key], key) for key in before if key not in after],
        "renamed": [
            f"{key} {_text(before[key], 'Title')!r} to {_text(after[key], 'Title')!r}"
            for key in both
            if _text(before[key], "Title") != _text(after[key], "Title")
        ],
        "with another status or unit": [
            _titled(after[key], key)
            for key in both
            if any(
                _text(before[key], field) != _text(after[key], field)
                for field in ("Status", "Unit", "DataType", "Datatype", "Decimals")
            )
        ],
    }
    return [f"{name}: {len(found)} {what}: {_few(found)}" for what, found in said.items() if found]


def _by_key(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return rows by key; topics of one list may share it, so their place is added then."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        key = next(
            (str(row[name]).strip() for name in _KEYS if row.get(name) not in {None, ""}), ""
        )
        found[key if key not in found else f"{key} ({len(found)})"] = row
    return found


def _titled(row: Mapping[str, Any], key: str) -> str:
    title = _text(row, "Title")
    return f"{key} ({title})" if title else key


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _few(found: Sequence[str]) -> str:
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
