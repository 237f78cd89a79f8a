"""The cells of one indicator: number, status, bounds, and how a recoded number came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from spatial.domain.indicators import Indicator, load_catalogue
from spatial.domain.status import Status
from spatial.preview.origins import Origins
from spatial.preview.wording import decimals_of
from spatial.store.catalogue import Collection


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell.

    Attributes:
        value: the number; None when its status has none.
        status: what kind of number it is.
        lower: lower bound; None without number.
        upper: upper bound; None without number.
        methode: how the counts in it came about: its status, and of a share that was computed
            whether they were observed or summed.
        herkomst: Dutch sentence on how a recoded figure came about; empty for the others.
    """

    value: float | None
    status: Status
    lower: float | None
    upper: float | None
    methode: Status
    herkomst: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """Reads the cells of one indicator.

    Attributes:
        indicator: whose cells.
        first: the count to which ``herkomst`` of a row belongs.
        parts: the counts of a share that the layer holds.
        origins: puts ``herkomst`` in words.
    """

    indicator: Indicator
    first: Indicator
    parts: tuple[Indicator, ...]
    origins: Origins

    @property
    def status(self) -> str:
        """Name of the column that says whether the indicator applies."""
        return self.indicator.columns[1]

    def columns(self, layer: pa.Table) -> list[str]:
        """Return the columns that a cell needs."""
        statuses = [part.columns[1] for part in (self.first, *self.parts)]
        herkomst = [name for name in ("herkomst",) if name in layer.column_names]
        return list(dict.fromkeys([*self.indicator.columns, *statuses, *herkomst]))

    def figure(self, row: Mapping[str, Any]) -> Figure:
        """Return the cell of a row."""
        value, status_name, lower, upper = self.indicator.columns
        status = Status(row[status_name])
        methode = self._methode(row, status)
        herkomst = ""
        # The herkomst of a row is that of its first count: another figure in the row may have come
        # about in another way.
        if status.has_value and methode == row[self.first.columns[1]]:
            herkomst = self.origins.sentence(row.get("herkomst"), status, methode)
        decimals = decimals_of(self.indicator.afronding)
        return Figure(
            _rounded(row[value], decimals), status, row[lower], row[upper], methode, herkomst
        )

    def _methode(self, row: Mapping[str, Any], status: Status) -> Status:
        if status is not Status.BEREKEND or self.indicator.soort.is_count:
            return status
        parts = {row[part.columns[1]] for part in self.parts}
        return Status.OPGETELD if Status.OPGETELD in parts else Status.WAARGENOMEN


def read_cells(
    layer: pa.Table, collection: Collection, indicator: Indicator, names: Mapping[str, str]
) -> Cells:
    """Return the reader of an indicator in a layer.

    Args:
        layer: rows of the collection; with ``herkomst`` when it was recoded.
        collection: holds the indicator.
        indicator: whose cells.
        names: names of regions by code, for the herkomst.
    """
    catalogue = load_catalogue()
    held = (catalogue.get(indicator_id) for indicator_id in collection.indicatoren)
    first = next((entry for entry in held if entry.soort.is_count), indicator)
    counted = [name for name in (indicator.teller, indicator.noemer) if name in layer.column_names]
    return Cells(
        indicator,
        first,
        tuple(catalogue.get(name) for name in counted),
        Origins(names, "" if indicator == first else first.titel_nl.lower()),
    )


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
