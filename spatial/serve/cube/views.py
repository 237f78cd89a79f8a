"""The cube as conditions look at it: its two sides by themselves, and any of its cells."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Column, Rows
from spatial.serve.read.shapes import Shapes
from spatial.store.answers import ID, SHAPE
from spatial.store.catalogue import Kind
from spatial.store.cube.axes import place_names, subject_names
from spatial.store.cube.coding import whole
from spatial.store.cube.read import Cells, Cube, Positions
from spatial.store.cube.rows import OF_CELLS, OF_PLACES, OF_SUBJECTS
from spatial.store.cube.rows import Rows as Observations
from spatial.store.cube.states import STATUSES, VALUED, States, provisional_of, status_of

_STORED = {"regioCode": "code", "regioNaam": "naam"}
_ORDER = sorted(range(len(STATUSES)), key=STATUSES.__getitem__)
_RANK = np.argsort(_ORDER)
_SORTED = tuple(STATUSES[place] for place in _ORDER)


class Lazy(Mapping[str, Column]):
    """Columns by name, each made when first asked for."""

    def __init__(self, names: tuple[str, ...], make: Callable[[str], Column]) -> None:
        """Offer ``names``."""
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._names:
            raise KeyError(name)
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True)
class View:
    """Something that conditions are held against (see ``Matched``).

    Attributes:
        columns: the properties by name.
        shape_of: place of each shape in ``shapes``; -1 without one.
        shapes: the different shapes.
        count: number of rows.
    """

    columns: Mapping[str, Column]
    shape_of: Rows
    shapes: Shapes
    count: int


class Sides:
    """The cube of one edition, its dictionaries and its shapes; safe for threads.

    Attributes:
        edition: where it is from.
        cube: the cube.
        shape_of: place of the shape of each place in ``shapes``; -1 without one.
        shapes: the different shapes of all levels.
        subjects: what is counted, a row per subject.
        places: where and when, a row per place.
    """

    def __init__(self, edition: Edition) -> None:
        """Open the cube of an edition.

        Raises:
            StoreError: it has none, or it is damaged.
        """
        self.edition = edition
        self.cube: Cube = edition.snapshot.cube
        axes = self.cube.axes
        pooled = _pooled(edition, whole(axes.places["grens"]))
        used = np.unique(pooled[pooled >= 0])
        self.shape_of: Rows = np.where(pooled < 0, -1, np.searchsorted(used, pooled))
        self.shapes = Shapes(edition.pool, used)
        self.subjects = View(
            Lazy(OF_SUBJECTS, self._of_subjects),
            np.full(axes.subjects.num_rows, -1),
            self.shapes,
            axes.subjects.num_rows,
        )
        self.places = View(
            Lazy(OF_PLACES, self._of_places), self.shape_of, self.shapes, len(self.shape_of)
        )

    @cached_property
    def rows(self) -> Observations:
        """All properties as Arrow arrays, for files."""
        return Observations(self.cube, self._statuses)

    def cells(self, positions: Positions) -> "CellView":
        """Return any cells, with all their properties."""
        return CellView(self, positions)

    def names(self, positions: Positions) -> list[str]:
        """Return the names of cells (see ``store.cube.axes.id_of``)."""
        subjects = self.subject_names[self.cube.subjects_at(positions)].tolist()
        places = self.place_names[self.cube.places_at(positions)].tolist()
        return [f"{subject}.{place}" for subject, place in zip(subjects, places, strict=True)]

    @cached_property
    def subject_keys(self) -> list[tuple[str, str, str]]:
        """The key of each subject: groep, kenmerk, maat; ascending."""
        return list(self.cube.axes.subject_of)

    @cached_property
    def place_keys(self) -> list[tuple[int, str, str, str, int]]:
        """The key of each place: level, code, begin, eind, indeling; ascending."""
        axes = self.cube.axes
        columns = (
            axes.levels.tolist(),
            axes.places["code"].to_pylist(),
            axes.begins.astype(str).tolist(),
            axes.ends.astype(str).tolist(),
            axes.indelingen.tolist(),
        )
        return list(zip(*columns, strict=True))

    @cached_property
    def subject_names(self) -> npt.NDArray[np.object_]:
        """What the names of all cells of each subject begin with."""
        return np.array(subject_names(self.cube.axes), dtype=object)

    @cached_property
    def place_names(self) -> npt.NDArray[np.object_]:
        """What the names of all cells of each place end with."""
        return np.array(place_names(self.cube.axes), dtype=object)

    @cached_property
    def _statuses(self) -> dict[str, str]:
        return {source.id: source.status.value for source in self.edition.contents.sources}

    def _of_subjects(self, name: str) -> Column:
        subjects = self.cube.axes.subjects
        if name != "bronStatus":
            return _column(whole(subjects[name]))
        sources = self._of_subjects("bron")
        statuses = [self._statuses[bron] for bron in sources.words or ()]
        words = tuple(sorted(set(statuses)))
        codes = np.array([words.index(status) for status in statuses], np.intp)
        return Column(codes[sources.cells], sources.missing, words)

    def _of_places(self, name: str) -> Column:
        axes = self.cube.axes
        match name:
            case "indeling":
                return Column(axes.indelingen, np.zeros(len(axes.indelingen), bool), None)
            case "periodeBegin":
                return _days(axes.begins, np.zeros(len(axes.begins), bool))
            case "periodeEind":
                return _days(axes.ends, np.zeros(len(axes.ends), bool))
            case "peilmoment":
                return _days(axes.begins, axes.begins != axes.ends)
            case _:
                return _column(whole(axes.places[_STORED.get(name, name)]))


class CellColumns(Mapping[str, Column]):
    """The properties of any cells by name; what is not asked is not looked up.

    Nothing here points back to who holds it: a condition on values makes a hundred of these, and each
    is gone when the next one is made.
    """

    def __init__(self, sides: Sides, positions: Positions) -> None:
        self._sides = sides
        self._positions = positions
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._column(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter((*OF_SUBJECTS, *OF_PLACES, *OF_CELLS))

    def __len__(self) -> int:
        return len(OF_SUBJECTS) + len(OF_PLACES) + len(OF_CELLS)

    @cached_property
    def places(self) -> Positions:
        """The place of each cell."""
        return self._sides.cube.places_at(self._positions)

    @cached_property
    def _subjects(self) -> Positions:
        return self._sides.cube.subjects_at(self._positions)

    @cached_property
    def _states(self) -> States:
        return self._sides.cube.states[self._positions]

    @cached_property
    def _cells(self) -> Cells:
        return self._sides.cube.take(self._positions)

    def _column(self, name: str) -> Column:
        if name in self._sides.subjects.columns:
            return _taken(self._sides.subjects.columns[name], self._subjects)
        if name in self._sides.places.columns:
            return _taken(self._sides.places.columns[name], self.places)
        if name in {"status", "voorlopig"}:
            return _of_states(name, self._states)
        if name == "waarde":
            numbers = self._sides.cube.values[self._positions]
        else:
            numbers = {"min": self._cells.low, "max": self._cells.high}[name]
        missing = ~VALUED[status_of(self._states)]
        return Column(np.where(missing, 0, numbers), missing, None)


class CellView:
    """Any cells as conditions look at them (see ``Matched``).

    Attributes:
        columns: the properties by name.
        shapes: the different shapes.
        count: number of cells.
    """

    def __init__(self, sides: Sides, positions: Positions) -> None:
        self.columns = CellColumns(sides, positions)
        self.shapes = sides.shapes
        self.count = len(positions)
        self._shape_of = sides.shape_of

    @cached_property
    def shape_of(self) -> Rows:
        """Place of the shape of each cell in ``shapes``; -1 without one."""
        return self._shape_of[self.columns.places]


def _pooled(edition: Edition, references: pa.DictionaryArray) -> Rows:
    """Return the shape of each place among all shapes of the edition; -1 without one."""
    by_id: dict[str, int] = {}
    for collection in edition.contents.layers:
        if collection.kind is Kind.GRENZEN:
            table = edition.snapshot.features(collection)
            by_id |= zip(table[ID].to_pylist(), table[SHAPE].to_pylist(), strict=True)
    words = [by_id.get(word, -1) for word in references.dictionary.to_pylist()]
    found: Rows = np.array([*words, -1], np.intp)[_places(references)]
    return found


def _column(array: pa.DictionaryArray) -> Column:
    places = _places(array)
    return Column(places, places < 0, tuple(array.dictionary.to_pylist()))


def _places(array: pa.DictionaryArray) -> Rows:
    """Return the place of each cell among the words; -1 is missing."""
    missing = array.is_null().to_numpy(zero_copy_only=False)
    found: Rows = np.full(len(array), -1, np.intp)
    found[~missing] = array.indices.drop_null().to_numpy()
    return found


def _days(days: npt.NDArray[np.datetime64], missing: npt.NDArray[np.bool_]) -> Column:
    different, places = np.unique(days, return_inverse=True)
    words = tuple(different.astype(str).tolist())
    return Column(np.where(missing, -1, places), missing, words)


def _taken(column: Column, places: Positions) -> Column:
    return Column(column.cells[places], column.missing[places], column.words)


def _of_states(name: str, states: States) -> Column:
    none = np.zeros(len(states), dtype=bool)
    if name == "voorlopig":
        return Column(provisional_of(states), none, None)
    # code 0, no row, does not occur: rows are what is looked at
    return Column(_RANK[status_of(states).astype(np.intp) - 1], none, _SORTED)
