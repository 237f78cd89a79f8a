"""Parquet of observations over HTTP: an engine reads the row groups that it needs, and no more."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import httpx2
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.http import HTTPFileSystem

pytestmark = pytest.mark.client

PATH = "/collections/waarnemingen/bestanden/groep=ouderen/part-0.parquet"
QUESTION = """
    SELECT regioCode, waarde, status, min, max FROM read_parquet(?, hive_partitioning = true)
    WHERE groep = 'ouderen' AND kenmerk = 'totaal' AND maat = 'personen' AND niveau = 'gemeente'
      AND peilmoment = DATE '2022-01-01' ORDER BY regioCode
"""


class Web(HTTPFileSystem):  # type: ignore[misc]
    """Files over HTTP with what DuckDB asks besides: a file of a snapshot never changes."""

    def modified(self, path: str) -> datetime:  # noqa: ARG002 - fsspec asks it
        """Return when a file was last changed."""
        return datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB that reads HTTP through fsspec: its own extension for that is not in the package."""
    with duckdb.connect() as connection:
        connection.register_filesystem(Web(block_size=1 << 14))
        yield connection


def asked(web: httpx2.Client) -> list[tuple[Any, ...]]:
    """What the API says of the same question."""
    parameters = {
        "groep": "ouderen", "kenmerk": "totaal", "maat": "personen", "niveau": "gemeente",
        "peilmoment": "2022-01-01", "limit": "1000", "sortby": "regioCode",
    }  # fmt: skip
    answer = web.get("/collections/waarnemingen/items", params=parameters).json()
    names = ("regioCode", "waarde", "status", "min", "max")
    return [tuple(one["properties"][name] for name in names) for one in answer["features"]]


def test_duckdb_reads_over_http_what_the_api_says(
    service: str, web: httpx2.Client, engine: duckdb.DuckDBPyConnection
) -> None:
    found = engine.execute(QUESTION, [f"{service}{PATH}"]).fetchall()
    assert found == asked(web)
    assert len(found) == 345


def test_duckdb_reads_the_folder_of_the_snapshot_by_group(
    example: Any, web: httpx2.Client, engine: duckdb.DuckDBPyConnection
) -> None:
    folder = Path(example.data) / "live" / "waarnemingen"
    assert engine.execute(QUESTION, [f"{folder}/**/*.parquet"]).fetchall() == asked(web)


def test_observations_are_joined_to_their_shapes_by_the_id_of_the_boundary(
    example: Any, engine: duckdb.DuckDBPyConnection
) -> None:
    live = Path(example.data) / "live"
    counts = engine.execute(
        "SELECT count(*), count(g.geometry) FROM read_parquet(?) w "
        "LEFT JOIN read_parquet(?) g ON g.id = w.grens WHERE w.niveau = 'gemeente'",
        [
            str(live / "waarnemingen" / "groep=ouderen" / "part-0.parquet"),
            str(live / "grenzen-gemeente.parquet"),
        ],
    ).fetchone()
    assert counts is not None
    assert counts[0] == counts[1] > 0


def test_a_reader_takes_the_part_that_it_needs(service: str) -> None:
    taken = 0
    with fsspec.open(f"{service}{PATH}", block_size=1 << 12).open() as source:
        whole = source.size
        fetch = source._fetch_range

        def counted(begin: int, end: int) -> Any:
            nonlocal taken
            taken += end - begin
            return fetch(begin, end)

        source.cache.fetcher = counted
        file = pq.ParquetFile(source)
        place = file.schema_arrow.get_field_index("kenmerk")
        wanted = [
            number
            for number in range(file.num_row_groups)
            if _spans(file.metadata.row_group(number).column(place).statistics, "totaal")
        ]
        rows = file.read_row_groups(wanted, columns=["kenmerk", "regioCode", "waarde"])
    assert "totaal" in rows["kenmerk"].to_pylist()
    assert taken < whole


def _spans(statistics: Any, word: str) -> bool:
    return bool(statistics.min <= word <= statistics.max)
