"""The two sides of the cube: what is counted, and where and when; and the names of cells."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.domain.regions import Niveau

type Places = npt.NDArray[np.int64]

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)(?:_(\d{4}-\d\d-\d\d))?", re.ASCII)
_PARTS = 6


class Key(NamedTuple):
    """Which cell: the key of an observation, in the order in which cells stand."""

    groep: str
    kenmerk: str
    maat: str
    code: str
    begin: date
    eind: date
    indeling: int


@dataclass(frozen=True, slots=True)
class Block:
    """The matrix of one group.

    Attributes:
        groep: the group.
        first: its first row among all subjects.
        rows: number of its subjects.
        columns: its places among all places, ascending.
        offset: cells before it.
    """

    groep: str
    first: int
    rows: int
    columns: Places
    offset: int

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * len(self.columns)


@dataclass(frozen=True)
class Axes:
    """The dictionaries of a cube.

    Attributes:
        subjects: ``groep``, ``kenmerk``, ``maat``, ``bron``, ``half`` (a rounded number differs at
            most so much from what was counted); by the first three.
        places: ``niveau``, ``code``, ``begin``, ``eind``, ``indeling``, ``naam``, ``grens`` (id of
            the feature in ``grenzen-<niveau>``; missing without one); by level, code and time.
        blocks: one per group, in order.
    """

    subjects: pa.Table
    places: pa.Table
    blocks: tuple[Block, ...]

    @cached_property
    def subject_of(self) -> dict[tuple[str, str, str], int]:
        """Row of each groep, kenmerk and maat."""
        names = (self.subjects[name].to_pylist() for name in ("groep", "kenmerk", "maat"))
        return {key: row for row, key in enumerate(zip(*names, strict=True))}

    @cached_property
    def places_of(self) -> dict[str, range]:
        """Places of each region, by its code: they stand together."""
        codes: list[str] = self.places["code"].to_pylist()
        found: dict[str, range] = {}
        first = 0
        for place, (code, following) in enumerate(zip(codes, [*codes[1:], None], strict=False)):
            if code != following:
                found[code] = range(first, place + 1)
                first = place + 1
        return found

    @cached_property
    def halves(self) -> npt.NDArray[np.int32]:
        """``half`` of each subject."""
        halves: npt.NDArray[np.int32] = self.subjects["half"].to_numpy()
        return halves

    @cached_property
    def begins(self) -> npt.NDArray[np.datetime64]:
        """First day of each place."""
        return _days(self.places["begin"])

    @cached_property
    def ends(self) -> npt.NDArray[np.datetime64]:
        """Last day of each place."""
        return _days(self.places["eind"])

    @cached_property
    def indelingen(self) -> npt.NDArray[np.int32]:
        """Indeling of each place."""
        years: npt.NDArray[np.int32] = self.places["indeling"].to_numpy()
        return years

    @cached_property
    def levels(self) -> npt.NDArray[np.int8]:
        """Level of each place, by its order in ``Niveau``."""
        order = {niveau.value: rank for rank, niveau in enumerate(Niveau)}
        return np.array([order[name] for name in self.places["niveau"].to_pylist()], np.int8)

    def block_of(self, groep: str) -> Block | None:
        """Return the matrix of a group."""
        return next((block for block in self.blocks if block.groep == groep), None)

    def key(self, subject: int, place: int) -> Key:
        """Return the key of a cell."""
        counted = self.subjects.slice(subject, 1).to_pylist()[0]
        where = self.places.slice(place, 1).to_pylist()[0]
        return Key(
            counted["groep"], counted["kenmerk"], counted["maat"],
            where["code"], where["begin"], where["eind"], where["indeling"],
        )  # fmt: skip


def id_of(key: Key) -> str:
    """Return the name of a cell: safe in an address, the same in every snapshot that has it.

    >>> id_of(Key("ouderen", "totaal", "personen", "GM1", date(2022, 1, 1), date(2022, 1, 1), 2022))
    'ouderen.totaal.personen.GM1.2022-01-01.2022'
    """
    period = period_name(key.begin, key.eind)
    return ".".join([*(safe_name(part) for part in key[:4]), period, str(key.indeling)])


def key_of(name: str) -> Key | None:
    """Return the key in the name of a cell; None when it is not such a name."""
    parts = name.split(".")
    if len(parts) != _PARTS or not re.fullmatch(r"\d{4}", parts[5], re.ASCII):
        return None
    period = _PERIOD.fullmatch(parts[4])
    if period is None or any(safe_name(plain_name(part)) != part for part in parts[:4]):
        return None
    try:
        begin, eind = (date.fromisoformat(day) for day in (period[1], period[2] or period[1]))
    except ValueError:
        return None
    groep, kenmerk, maat, code = (plain_name(part) for part in parts[:4])
    return Key(groep, kenmerk, maat, code, begin, eind, int(parts[5]))


def period_name(begin: date, eind: date) -> str:
    """Write a day, or a period with both its days."""
    return f"{begin}" if begin == eind else f"{begin}_{eind}"


def safe_name(text: str) -> str:
    """Write a name with letters, digits, ``_`` and ``-`` only; other bytes as ``=`` and two digits.

    >>> safe_name("Huur: 1"), plain_name("Huur=3A=201")
    ('Huur=3A=201', 'Huur: 1')
    """
    return _UNSAFE.sub(lambda found: "".join(f"={byte:02X}" for byte in found[0].encode()), text)


def plain_name(text: str) -> str:
    """Return the text that ``safe_name`` wrote."""
    return unquote_to_bytes(text.replace("=", "%")).decode("utf-8", "replace")


def subject_names(axes: Axes) -> list[str]:
    """Return what the names of all cells of each subject begin with."""
    return [".".join(map(safe_name, key)) for key in axes.subject_of]


def place_names(axes: Axes) -> list[str]:
    """Return what the names of all cells of each place end with."""
    names = ("code", "begin", "eind", "indeling")
    columns = (axes.places[name].to_pylist() for name in names)
    return [
        f"{safe_name(code)}.{period_name(begin, eind)}.{indeling}"
        for code, begin, eind, indeling in zip(*columns, strict=True)
    ]


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.datetime64]:
    days: npt.NDArray[np.datetime64] = column.to_numpy()
    return days.astype("datetime64[D]")
