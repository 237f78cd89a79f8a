"""Former gemeenten and former names, so that whoever looks for Weesp finds Amsterdam."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from spatial.domain.redivisions import Mutatie
from spatial.domain.regions import Niveau
from spatial.preview.wording import dutch_date
from spatial.store.catalogue import Kind
from spatial.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Former:
    """A name or code that is no longer in use.

    Attributes:
        code: the code that had the name.
        naam: the name.
        naar: the codes that it became, the largest part first.
        zin: Dutch sentence that says so.
    """

    code: str
    naam: str
    naar: tuple[str, ...]
    zin: str

    def values(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def former_names(snapshot: Snapshot, niveau: str) -> tuple[Former, ...]:
    """Return retired codes and former names of gemeenten, by name; none of other levels.

    Corrections of a border retire nothing and are left out.
    """
    held = [c for c in snapshot.contents.collections if c.kind is Kind.HERINDELINGEN]
    if niveau != Niveau.GEMEENTE or not held:
        return ()
    rows = snapshot.layer(held[0]).drop_columns(["geometry"]).to_pylist()
    return former_of(rows)


def former_of(rows: Sequence[dict[str, Any]]) -> tuple[Former, ...]:
    """Return what rows of the redivisions retire.

    Args:
        rows: ``datum``, ``oudeCode``, ``oudeNaam``, ``nieuweCode``, ``nieuweNaam``, ``mutatie``
            and ``aandeel`` (None when it is not known).
    """
    told = [
        row
        for row in rows
        if Mutatie(row["mutatie"]).retires_code or row["mutatie"] == Mutatie.HERNOEMING
    ]
    ordered = sorted(told, key=lambda row: (row["oudeNaam"], *_event(row), -(row["aandeel"] or 0)))
    return tuple(_former(list(parts)) for _, parts in groupby(ordered, key=_event))


def _event(row: dict[str, Any]) -> tuple[str, str]:
    return row["oudeCode"], row["datum"].isoformat()


def _former(parts: Sequence[dict[str, Any]]) -> Former:
    first = parts[0]
    day, names = dutch_date(first["datum"]), [part["nieuweNaam"] for part in parts]
    if len(parts) > 1:
        fate = f"is per {day} verdeeld over {', '.join(names[:-1])} en {names[-1]}"
    elif first["mutatie"] in {Mutatie.HERNOEMING, Mutatie.HERCODERING}:
        fate = f"heet per {day} {names[0]} ({first['nieuweCode']})"
    else:
        fate = f"is per {day} deel van {names[0]}"
    codes = tuple(part["nieuweCode"] for part in parts)
    return Former(first["oudeCode"], first["oudeNaam"], codes, f"{first['oudeNaam']} {fate}.")
