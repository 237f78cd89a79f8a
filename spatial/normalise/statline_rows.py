"""What rows of 85980NED mean: the one place where keys and cells become places and numbers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from spatial.domain.findings import Finding, Severity
from spatial.domain.members import Members
from spatial.domain.regions import Indeling
from spatial.domain.statline import (
    ATTRIBUTE_NOT_GIVEN,
    GROEP,
    KENMERK,
    MEASURE,
    PERIODE,
    REGIO,
)
from spatial.errors import UnknownRegionError, ValueParseError
from spatial.normalise.statline_cells import OBSERVED, SECRET, parse
from spatial.normalise.statline_lists import lists_of

_JANUARY = (1, 1)
_INSIDE, _OUTSIDE, _NOT_SEEN = 1, 0, -1
_LEFT_OUT = {
    "level-not-served": (Severity.INFO, "rows of levels that are not served were left out"),
    "flow-without-year": (Severity.INFO, "empty cells of flows on 1 January were left out"),
    "other-borders": (
        Severity.INFO,
        "blank cells of regions that the indeling of their day does not have were left out",
    ),
    "sign-on-other-borders": (
        Severity.WARNING,
        "signs of regions that the indeling of their day does not have were left out",
    ),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of the source; all columns have the same length.

    Attributes:
        groep: int32 place in the ``Lists`` of the meaning that read them; the next four alike.
        kenmerk: the same.
        maat: the same.
        regio: the same.
        periode: the same.
        waarde: int64; 0 where there is no number.
        kind: int8; what the cell is, a place in ``STATUSES``.
    """

    groep: np.ndarray
    kenmerk: np.ndarray
    maat: np.ndarray
    regio: np.ndarray
    periode: np.ndarray
    waarde: np.ndarray
    kind: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    def where(self, kept: np.ndarray) -> "Rows":
        """Return the rows for which a flag is set."""
        return Rows(*(getattr(self, field.name)[kept] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the table before it is read.

    Attributes:
        members: the groups, kenmerken and measures.
        regions: all region codes of each indeling, of every level that is served.
        base: what the counts are rounded to.
    """

    members: Members
    regions: Mapping[Indeling, frozenset[str]]
    base: int = 5


class Meaning:
    """Reads rows of one table, in one piece or in many.

    Attributes:
        lists: the code lists; the places in the rows that were read are places in these.
        where: file or table, for messages.
        base: what the counts are rounded to.
    """

    def __init__(self, raw: Mapping[str, pa.Table], known: Known, where: str) -> None:
        """Read the code lists.

        Args:
            raw: entity set to table; of the observations nothing is read here.
            known: members, regions and rounding.
            where: file or table, for messages.

        Raises:
            SchemaError: a code list differs from those of version 4.
        """
        self.lists = lists_of(raw, known.members, where)
        self.where, self.base = where, known.base
        self._regions = known.regions
        self._pairs = np.empty((0, 0), dtype=np.int8)
        self._signs: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def read(self, table: pa.Table) -> Rows:
        """Read rows: any ValueAttribute but None and Impossible is geheim_of_onbekend.

        Args:
            table: ``OBSERVATION_COLUMNS``; without ValueAttribute the signs stand in Value.

        Returns:
            The rows in their order, without those that hold nothing for us: levels that are not
            served, and empty cells of flows on 1 January and of regions in years of other borders.

        Raises:
            SourceError: a row has no key, or one that the code list lacks.
            UnknownMemberError: a title is not known.
            UnknownRegionError: a cell with a number is not of the indeling of its period.
            ValueParseError: a cell is neither a count nor a sign, or a flow ends on 1 January.
        """
        lists = self.lists
        regio = lists.regio.places(column_of(table, REGIO), self.where)
        served = np.array([region.niveau != "" for region in lists.regio.meanings], dtype=bool)
        kept = served[regio] if len(regio) else np.empty(0, dtype=bool)
        if not kept.all():
            self._left_out["level-not-served"] += int(np.count_nonzero(~kept))
            self._first.setdefault("level-not-served", "")
            table, regio = table.filter(pa.array(kept)), regio[kept]
        attributed = "ValueAttribute" in table.column_names
        parsed = parse(
            column_of(table, "Value"),
            column_of(table, "ValueAttribute") if attributed else None,
            column_of(table, "Id"),
            where=self.where,
            base=self.base,
        )
        self._signs.update(parsed.signs)
        rows = Rows(
            groep=lists.groep.places(column_of(table, GROEP), self.where),
            kenmerk=lists.kenmerk.places(column_of(table, KENMERK), self.where),
            maat=lists.maat.places(column_of(table, MEASURE), self.where),
            regio=regio,
            periode=lists.periode.places(column_of(table, PERIODE), self.where),
            waarde=parsed.counts,
            kind=parsed.kind,
        )
        return self._on_their_day(self._in_their_indeling(rows))

    def findings(self) -> list[Finding]:
        """Return what was noticed in all rows that were read."""
        left_out = [
            Finding(severity, self.where, self._first[rule], rule, f"{self._left_out[rule]} {text}")
            for rule, (severity, text) in _LEFT_OUT.items()
            if self._left_out[rule]
        ]
        signs = [
            Finding(
                Severity.INFO if sign == ATTRIBUTE_NOT_GIVEN else Severity.WARNING,
                self.where,
                sign,
                "sign-without-number",
                f"{count} cells have {sign!r} and are read as unknown or confidential",
            )
            for sign, count in self._signs.items()
        ]
        return [*left_out[:1], *signs, *left_out[1:]]

    def _in_their_indeling(self, rows: Rows) -> Rows:
        """Leave out the empty cells of regions that the indeling of the period does not have."""
        if not len(rows):
            return rows
        self._grow()
        state = self._pairs[rows.regio, rows.periode]
        if (state == _NOT_SEEN).any():
            self._look_up(rows)
            state = self._pairs[rows.regio, rows.periode]
        outside = state == _OUTSIDE
        if not outside.any():
            return rows
        numbers = outside & (rows.kind == OBSERVED)
        if numbers.any():
            self._refuse_foreign(rows, int(np.argmax(numbers)))
        secret = outside & (rows.kind == SECRET)
        self._leave_out("sign-on-other-borders", secret, rows)
        self._leave_out("other-borders", outside & ~secret, rows)
        return rows.where(~outside)

    def _leave_out(self, rule: str, flags: np.ndarray, rows: Rows) -> None:
        """Count rows that are left out, and keep the name of the first."""
        count = int(np.count_nonzero(flags))
        if count:
            self._left_out[rule] += count
            self._first.setdefault(rule, " on ".join(self._names(rows, int(np.argmax(flags)))))

    def _grow(self) -> None:
        shape = (len(self.lists.regio.meanings), len(self.lists.periode.meanings))
        if shape != self._pairs.shape:
            grown = np.full(shape, _NOT_SEEN, dtype=np.int8)
            grown[: self._pairs.shape[0], : self._pairs.shape[1]] = self._pairs
            self._pairs = grown

    def _look_up(self, rows: Rows) -> None:
        """Hold every pair of region and period that is new against the indeling of the period."""
        there = np.zeros(self._pairs.shape, dtype=bool)
        there[rows.regio, rows.periode] = True
        for regio, periode in np.argwhere(there & (self._pairs == _NOT_SEEN)).tolist():
            indeling = self.lists.periode.meanings[periode].period.indeling
            codes = self._regions.get(indeling, frozenset())
            inside = self.lists.regio.meanings[regio].code in codes
            self._pairs[regio, periode] = _INSIDE if inside else _OUTSIDE

    def _refuse_foreign(self, rows: Rows, row: int) -> None:
        code, day = self._names(rows, row)
        message = (
            f"{self.where}: {code} on {day} is not in the indeling of {day[:4]}; is the figure "
            f"({rows.waarde[row]}) of another indeling, or the list of codes incomplete?"
        )
        raise UnknownRegionError(message)

    def _names(self, rows: Rows, row: int) -> tuple[str, str]:
        region = self.lists.regio.meanings[rows.regio[row]]
        return region.code, str(self.lists.periode.meanings[rows.periode[row]].period.eind)

    def _on_their_day(self, rows: Rows) -> Rows:
        """Leave out the empty cells of flows on 1 January, on which no year ends."""
        flows = np.array([member.stroom for member in self.lists.kenmerk.meanings], dtype=bool)
        days = [entry.period.eind for entry in self.lists.periode.meanings]
        january = np.array([(day.month, day.day) == _JANUARY for day in days], dtype=bool)
        if not len(rows) or not flows.any():
            return rows
        misplaced = flows[rows.kenmerk] & january[rows.periode]
        if not misplaced.any():
            return rows
        numbers = misplaced & (rows.kind == OBSERVED)
        if numbers.any():
            row = int(np.argmax(numbers))
            code, day = self._names(rows, row)
            kenmerk = self.lists.kenmerk.meanings[rows.kenmerk[row]].id
            message = (
                f"{self.where}: {kenmerk} of {code} has {rows.waarde[row]} on {day}; "
                "a flow over a year ends on 31 December"
            )
            raise ValueParseError(message)
        self._leave_out("flow-without-year", misplaced, rows)
        return rows.where(~misplaced)


def column_of(table: pa.Table, name: str) -> pa.Array:
    """Return a column in one piece."""
    column = table.column(name)
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    return combined.combine_chunks() if isinstance(combined, pa.ChunkedArray) else combined
