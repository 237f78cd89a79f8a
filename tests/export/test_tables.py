from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from spatial.errors import SettingsError, StoreError
from spatial.export.postgis import Order
from spatial.export.rows import csv_batches
from spatial.export.tables import Place, create_layer
from spatial.store.catalogue import Collection
from spatial.store.snapshot import Snapshot
from tests.miniland import miniland_snapshot

PLACE = Place("nieuw", "public")


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return miniland_snapshot(tmp_path)


@pytest.fixture
def herindelingen(snapshot: Snapshot) -> Collection:
    return snapshot.contents.get("herindelingen")


@pytest.mark.parametrize(
    "name",
    ["", "public", "information_schema", "pg_kaart", "Kaart", "a b", 'x"; DROP SCHEMA y; --', "a" * 64, "a\n", "é", "1a"],
)  # fmt: skip
def test_a_schema_name_that_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used: take a name of its own"):
        Order(name)


def test_a_name_that_postgresql_would_cut_off_is_refused(herindelingen: Collection) -> None:
    field = replace(herindelingen.velden[0], naam="e\u0301" * 22)
    long = replace(herindelingen, velden=(field,))

    with pytest.raises(StoreError, match="longer than 63 bytes"):
        create_layer(PLACE, long, pa.schema([]))


def test_a_type_without_counterpart_is_refused(herindelingen: Collection) -> None:
    schema = pa.schema([(field.naam, pa.duration("s")) for field in herindelingen.velden])

    with pytest.raises(StoreError, match=r"column 'datum' has type duration\[s\], unknown here"):
        create_layer(PLACE, herindelingen, schema)


def test_names_are_quoted_whatever_is_in_them(herindelingen: Collection) -> None:
    field = replace(herindelingen.velden[0], naam='a" text); DROP TABLE b; --')
    hostile = replace(herindelingen, id='c"d', velden=(field,))

    statement = create_layer(PLACE, hostile, pa.schema([(field.naam, pa.int64())])).as_string()

    assert statement.startswith('CREATE TABLE "nieuw"."c""d" (')
    assert '"a"" text); DROP TABLE b; --" bigint' in statement


def test_an_empty_text_and_a_missing_one_stay_apart(
    snapshot: Snapshot, herindelingen: Collection
) -> None:
    layer = snapshot.layer(herindelingen)
    name = herindelingen.velden[1].naam
    texts = pa.array(["", None, 'a "b", c', "<"], pa.string())
    layer = layer.set_column(layer.column_names.index(name), name, texts)

    ((count, text),) = csv_batches(layer, herindelingen)

    cells = [line.split(",", 3)[3] for line in text.decode().splitlines()]
    assert count == 4
    assert cells[0].startswith('"",')
    assert cells[1].startswith(",")
    assert cells[2].startswith('"a ""b"", c",')
