"""Cells as rows of the collection ``waarnemingen``: every property, for any cells, in any order."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.store.cube.axes import place_names, subject_names
from spatial.store.cube.coding import whole
from spatial.store.cube.read import Cells, Cube, Positions
from spatial.store.cube.states import STATUSES, provisional_of, status_of

ID = "id"
_BATCH = 65_536
OF_SUBJECTS = ("groep", "kenmerk", "maat", "bron", "bronStatus")
"""Properties that follow from what is counted."""
OF_PLACES = (
    "niveau", "regioCode", "regioNaam", "indeling", "peilmoment", "periodeBegin", "periodeEind", "grens",
)  # fmt: skip
"""Properties that follow from where and when."""
OF_CELLS = ("waarde", "status", "min", "max", "voorlopig")
"""Properties of the cell itself."""


class Rows:
    """The properties of a cube.

    Attributes:
        cube: the cube.
        subjects: ``OF_SUBJECTS``, one array each with a value per subject.
        places: ``OF_PLACES``, likewise per place; texts are dictionary-encoded.
    """

    def __init__(self, cube: Cube, source_status: Mapping[str, str]) -> None:
        """Read the dictionaries of a cube.

        Args:
            cube: the cube.
            source_status: what kind of figures each source gives.
        """
        self.cube = cube
        subjects, places = cube.axes.subjects, cube.axes.places
        statuses = [source_status[bron] for bron in subjects["bron"].to_pylist()]
        self.subjects: dict[str, pa.Array] = {
            name: whole(subjects[name]) for name in ("groep", "kenmerk", "maat", "bron")
        }
        self.subjects["bronStatus"] = pa.array(statuses, pa.string()).dictionary_encode()
        begin, eind = places["begin"], places["eind"]
        moment = pc.if_else(pc.equal(begin, eind), begin, pa.scalar(None, pa.date32()))
        self.places: dict[str, pa.Array] = {
            "niveau": whole(places["niveau"]),
            "regioCode": whole(places["code"]),
            "regioNaam": whole(places["naam"]),
            "indeling": whole(places["indeling"]),
            "peilmoment": whole(moment),
            "periodeBegin": whole(begin),
            "periodeEind": whole(eind),
            "grens": whole(places["grens"]),
        }

    def batch(
        self, positions: Positions, names: Sequence[str], *, named: bool = True
    ) -> pa.RecordBatch:
        """Return rows.

        Args:
            positions: the cells; each has a row in the source.
            names: of the properties, in order.
            named: with the id of each before the properties.
        """
        subjects = self.cube.subjects_at(positions)
        places = self.cube.places_at(positions)
        cells = self.cube.take(positions) if set(names) & set(OF_CELLS) else None
        columns: dict[str, pa.Array] = {ID: self.ids(subjects, places)} if named else {}
        for name in names:
            if name in self.subjects:
                columns[name] = self.subjects[name].take(pa.array(subjects))
            elif name in self.places:
                columns[name] = self.places[name].take(pa.array(places))
            elif cells is not None:
                columns[name] = _cells(name, cells)
        return pa.RecordBatch.from_pydict(columns)

    def batches(
        self, positions: Iterator[Positions], names: Sequence[str], *, named: bool = True
    ) -> Iterator[pa.RecordBatch]:
        """Return rows of any number of cells, no more at a time than fit in memory many times."""
        for part in positions:
            for begin in range(0, len(part), _BATCH):
                yield self.batch(part[begin : begin + _BATCH], names, named=named)

    def ids(self, subjects: Positions, places: Positions) -> pa.Array:
        """Return the names of cells (see ``axes.id_of``)."""
        return pc.binary_join_element_wise(
            self._counted.take(pa.array(subjects)), self._placed.take(pa.array(places)), "."
        )

    @cached_property
    def _counted(self) -> pa.Array:
        return pa.array(subject_names(self.cube.axes), pa.string())

    @cached_property
    def _placed(self) -> pa.Array:
        return pa.array(place_names(self.cube.axes), pa.string())


def _cells(name: str, cells: Cells) -> pa.Array:
    empty = ~cells.valued
    match name:
        case "status":
            codes = pa.array(status_of(cells.states).astype(np.int32))
            return pa.DictionaryArray.from_arrays(codes, pa.array(["", *STATUSES], pa.string()))
        case "voorlopig":
            return pa.array(provisional_of(cells.states))
        case "waarde":
            return pa.array(cells.values, pa.int32(), mask=empty)
        case "min":
            return pa.array(cells.low, pa.int32(), mask=empty)
        case _:
            return pa.array(cells.high, pa.int32(), mask=empty)
