import pyarrow as pa
import pytest

from spatial.domain.tables import CELLS, OBSERVATIONS
from spatial.errors import DuplicateKeyError, SchemaError
from tests.miniland import observations


def test_the_declared_table_passes() -> None:
    OBSERVATIONS.check(observations(), "miniland")


def test_dictionary_encoded_text_passes_as_text() -> None:
    table = observations()
    encoded = table.set_column(1, "groep", table["groep"].dictionary_encode())

    OBSERVATIONS.check(encoded, "miniland")


def test_missing_and_unknown_columns_are_named() -> None:
    names = ["jaar" if n == "begin" else n for n in observations().column_names]

    with pytest.raises(SchemaError, match=r"lacks columns \['begin'\].*unknown columns \['jaar'\]"):
        OBSERVATIONS.check(observations().rename_columns(names), "miniland")


def test_columns_in_another_order_are_refused() -> None:
    table = observations()

    with pytest.raises(SchemaError, match="in another order"):
        OBSERVATIONS.check(table.select(table.column_names[::-1]), "miniland")


def test_a_count_that_became_a_fraction_is_refused() -> None:
    table = observations()
    wrong = table.set_column(9, "waarde", table["waarde"].cast(pa.float64()))

    with pytest.raises(SchemaError, match="column 'waarde' of observations is double, not int64"):
        OBSERVATIONS.check(wrong, "miniland")


def test_an_empty_required_cell_is_refused() -> None:
    table = observations()
    wrong = table.set_column(5, "code", pa.nulls(table.num_rows, pa.string()))

    with pytest.raises(SchemaError, match="column 'code' of observations has"):
        OBSERVATIONS.check(wrong, "miniland")


def test_a_key_that_stands_twice_is_named() -> None:
    table = observations()

    with pytest.raises(DuplicateKeyError, match="2 rows with groep=ouderen, kenmerk=totaal"):
        OBSERVATIONS.check(pa.concat_tables([table, table.slice(0, 1)]), "miniland")


def test_cells_are_observations_without_what_follows_from_the_rest() -> None:
    derived = {"bron", "ondergrens", "bovengrens", "herkomst"}
    kept = [column for column in OBSERVATIONS.columns if column.name not in derived]

    assert [(c.name, c.type, c.required) for c in CELLS.columns] == [
        (c.name, c.type, c.required) for c in kept
    ]
    assert CELLS.key == OBSERVATIONS.key
