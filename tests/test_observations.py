"""What stands in the cube of a build: every cell of the table, also those that no indicator asks."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.indicators import load_catalogue
from spatial.domain.statline import TABLE_ID
from spatial.pipeline.figures import Figures
from spatial.pipeline.observations import all_rows
from spatial.pipeline.published import Published, fetched_published
from spatial.store.cube.read import Cube
from spatial.store.cube.rows import Rows
from spatial.store.cube.write import write_cube
from tests.normalise.intake.fetched import KNOWN, cells, written

_NO_REGIONS = pa.table(
    {
        name: pa.array([], kind)
        for name, kind in (
            ("niveau", pa.string()), ("code", pa.string()), ("indeling", pa.int32()),
            ("naam", pa.string()), ("grens", pa.string()),
        )
    }
)  # fmt: skip


def figures(found: Published) -> Figures:
    """What is read, and one sum of it."""
    one = found.figures.filter(pc.is_valid(found.figures["waarde"])).slice(0, 1)
    place = one.column_names.index("code")
    summed = one.set_column(place, "code", pa.array(["VR99"]))
    for name, text in (("niveau", "veiligheidsregio"), ("status", "opgeteld"), ("herkomst", "som")):
        place = summed.column_names.index(name)
        summed = summed.set_column(place, name, pa.array([text]).cast(summed[name].type))
    own = pa.concat_tables([found.figures, summed.cast(found.figures.schema)])
    return Figures(found, own, {}, {}, {})


def cube_of(folder: Path, made: Figures) -> tuple[Cube, list[dict[str, object]]]:
    folder.mkdir()
    write_cube(folder, lambda: all_rows(made), _NO_REGIONS, {TABLE_ID: 5})
    cube = Cube(folder)
    names = ("groep", "kenmerk", "maat", "regioCode", "waarde", "status", "min", "max")
    batch = Rows(cube, {TABLE_ID: "officieel"}).batch(np.flatnonzero(cube.states), names)
    return cube, batch.to_pylist()


def test_the_cube_has_every_cell_of_a_fetched_table_once_and_what_was_summed(
    tmp_path: Path,
) -> None:
    source = written("zip", tmp_path / "in")
    found, _ = fetched_published(
        source, KNOWN, load_catalogue(), tmp_path / "store", lambda *_: None
    )
    cube, rows = cube_of(tmp_path / "cube", figures(found))
    assert cube.rows == len(cells()) + 1
    # no indicator asks for men and women
    assert {"totaal", "geslacht_mannen", "geslacht_vrouwen"} == {row["kenmerk"] for row in rows}
    assert found.figures.num_rows < len(cells())
    assert [row["status"] for row in rows if row["regioCode"] == "VR99"] == ["opgeteld"]


def test_cells_of_a_fetched_table_have_the_bounds_of_its_rounding(tmp_path: Path) -> None:
    source = written("zip", tmp_path / "in")
    found, _ = fetched_published(
        source, KNOWN, load_catalogue(), tmp_path / "store", lambda *_: None
    )
    _, rows = cube_of(tmp_path / "cube", figures(found))
    expected = {
        (row["groep"], row["kenmerk"], row["maat"], row["code"], row["waarde"]): (
            row["ondergrens"], row["bovengrens"],
        )
        for row in found.figures.to_pylist()
    }  # fmt: skip
    got = {
        (row["groep"], row["kenmerk"], row["maat"], row["regioCode"], row["waarde"]): (
            row["min"], row["max"],
        )
        for row in rows
    }  # fmt: skip
    assert expected.items() <= got.items()
    assert all(row["min"] is None for row in rows if row["status"] == "geheim_of_onbekend")
