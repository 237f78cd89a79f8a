"""Laws of the files: what goes in comes out, nothing looks like a formula, bytes repeat."""

import gzip
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv

from spatial.domain.crs import CRS84
from spatial.errors import StoreError
from spatial.store.catalogue import Field
from spatial.store.files.content import Content, batches_of, file_schema
from spatial.store.files.delimited import csv_pieces, write_packed_csv
from spatial.store.files.vector import write_flatgeobuf, write_geopackage
from tests.miniland import miniland_snapshot, observations

FIELDS = [
    Field("naam", "string", "Naam", "Name"),
    Field("aantal", "integer", "Aantal", "Count"),
    Field("deel", "number", "Deel", "Share", eenheid="%"),
    Field("waar", "boolean", "Waar", "True"),
    Field("dag", "date", "Dag", "Day"),
]
RISKY = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - what Excel takes for the plain signs
SHAPE = shapely.to_wkb(shapely.MultiPolygon([shapely.box(4, 52, 5, 53)]))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": TEXTS,
            "naam": st.none() | TEXTS | TEXTS.map(lambda text: f"={text}"),
            "aantal": st.none() | st.integers(-(2**62), 2**62),
            "deel": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "waar": st.none() | st.booleans(),
            "dag": st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
        }
    ),
    max_size=6,
)


def neutral(text: str | None) -> str | None:
    return f"'{text}" if text and text[0] in RISKY else text


@given(ROWS)
def test_a_csv_gives_back_every_value_and_every_missing_one(rows: list[dict[str, object]]) -> None:
    schema = file_schema(FIELDS, placed=False)
    table = pa.Table.from_pylist(rows, schema)

    text = b"".join(csv_pieces(schema, batches_of(table, schema, size=2)))

    read = csv.read_csv(
        io.BytesIO(text),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    assert read.to_pylist() == [
        {**row, "id": neutral(str(row["id"])), "naam": neutral(row["naam"])}  # type: ignore[arg-type]
        for row in rows
    ]


def test_a_csv_without_features_still_has_its_header() -> None:
    schema = file_schema(FIELDS, placed=False)

    assert b"".join(csv_pieces(schema, [])) == b'"id","naam","aantal","deel","waar","dag"\n'


def test_a_packed_csv_holds_no_clock_and_no_name(tmp_path: Path) -> None:
    schema = file_schema(FIELDS, placed=False)
    paths = [tmp_path / "een.gz", tmp_path / "twee.gz"]

    for path in paths:
        write_packed_csv(schema, [], path)

    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert gzip.decompress(paths[0].read_bytes()).startswith(b'"id"')


@pytest.mark.parametrize("shapes", [[SHAPE, SHAPE], [SHAPE, None]])
def test_a_feature_without_shape_is_kept_and_a_complete_file_is_indexed(
    tmp_path: Path, shapes: list[bytes | None]
) -> None:
    write_flatgeobuf(content(shapes), tmp_path / "bestand.fgb")

    info = pyogrio.read_info(tmp_path / "bestand.fgb")
    read = pyogrio.raw.read(tmp_path / "bestand.fgb", columns=[])[2]
    assert info["features"] == 2
    assert info["capabilities"]["fast_spatial_filter"] is all(shapes)
    assert sorted(shape is None for shape in read) == sorted(shape is None for shape in shapes)


@pytest.mark.parametrize(
    ("write", "name"), [(write_flatgeobuf, "bestand.fgb"), (write_geopackage, "bestand.gpkg")]
)
def test_a_place_that_cannot_be_written_is_an_error_of_the_store(
    tmp_path: Path, write: Callable[[Content, Path], None], name: str
) -> None:
    with pytest.raises(StoreError, match=f"{name} cannot be written"):
        write(content([SHAPE, SHAPE]), tmp_path / "nergens" / name)


def test_a_title_that_two_columns_share_is_told_apart() -> None:
    twice = [*FIELDS, Field("naam2", "string", "Naam", "Name")]

    schema = file_schema(twice)

    titles = [field.metadata[b"GDAL:OGR:alternative_name"] for field in schema if field.metadata]
    assert (titles[0], titles[-1]) == (b"Naam", b"Naam (naam2)")


def test_two_builds_give_the_same_files(tmp_path: Path) -> None:
    snapshots = [miniland_snapshot(tmp_path / name, observations()) for name in ("een", "twee")]

    files = [
        {
            name: digest
            for name, digest in snapshot.manifest["files"].items()
            if name.startswith("bestanden/")
        }
        for snapshot in snapshots
    ]

    assert len(files[0]) == 14
    assert files[0] == files[1]


def content(shapes: list[bytes | None]) -> Content:
    schema = file_schema(FIELDS)
    rows = [
        {"id": str(place), "naam": "x", "geometry": shape} for place, shape in enumerate(shapes)
    ]
    return Content(
        name="laag",
        schema=schema,
        batches=[pa.RecordBatch.from_pylist(rows, schema)],
        crs=CRS84,
        about={"titel": "Laag", "beschrijving": "Een laag", "meldingen": ""},
        complete=all(shapes),
    )
