"""What a fetch stores is what the reader of a build takes."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from spatial.domain.statline import OBSERVATIONS_SET, TABLE_ID, TYPED, UNTYPED
from spatial.errors import SourceError
from spatial.fetch.http import Client
from spatial.fetch.odata import fetch_table
from spatial.fetch.statline import table_v3, table_v4
from spatial.normalise.intake.partitions import read_cells
from spatial.normalise.intake.take import take_in
from tests.fetch.source import V3_ROOT, V4_ROOT, Source
from tests.normalise.intake.fetched import KNOWN, Small, cells, written, written_v3

_PAGE = 16


def _take(folder: Path, into: Path) -> list[dict[str, Any]]:
    taken = take_in(folder, TABLE_ID, KNOWN, into)
    found = pa.concat_tables([read_cells(taken, groep) for groep in taken.groups])
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _serve_v4(source: Source) -> str:
    root, table = f"{V4_ROOT}/{TABLE_ID}", Small()
    lists = {name: rows.to_pylist() for name, rows in table.code_lists().items()}
    names = ["Properties", "Dimensions", *lists, OBSERVATIONS_SET]
    source.put(root, {"value": [{"name": name} for name in names]})
    properties = {"Identifier": TABLE_ID, "Title": "Klein", "ObservationCount": len(table.rows)}
    source.put(f"{root}/Properties", properties)
    source.put(f"{root}/Dimensions", {"value": []})
    for name, rows in lists.items():
        source.put(f"{root}/{name}", {"value": rows})
    for skip in range(0, len(table.rows), _PAGE):
        page: dict[str, Any] = {"value": table.rows[skip : skip + _PAGE]}
        path = f"{root}/{OBSERVATIONS_SET}"
        if skip + _PAGE < len(table.rows):
            page["@odata.nextLink"] = f"{source.url}{path}?$skip={skip + _PAGE}"
        source.put(f"{path}?$skip={skip}" if skip else path, page)
    return f"{source.url}{V4_ROOT}"


def _serve_v3(source: Source, data_set: str, folder: Path) -> str:
    root = f"{V3_ROOT}/{TABLE_ID}"
    written_v3(data_set, folder, size=1_000)
    names = [path.stem for path in folder.glob("*.json")]
    for name in names:
        source.put(f"{root}/{name}?$format=json", (folder / f"{name}.json").read_bytes())
    page = (folder / data_set / "page-00001.json").read_bytes()
    source.put(f"{root}/{data_set}?$format=json", page)
    info = {"ID": 0, "Identifier": TABLE_ID, "Title": "Klein", "RecordCount": len(cells()) // 2}
    source.put(f"{root}/TableInfos?$format=json", {"value": [info]})
    listed = [{"name": name} for name in (*names, "TableInfos", data_set)]
    source.put(f"{root}?$format=json", {"value": listed})
    return source.url


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_pages_of_version_4_give_the_same_cells(
    client: Client, source: Source, tmp_path: Path, *, packed: bool
) -> None:
    source.packed = packed

    fetched = fetch_table(client, table_v4(_serve_v4(source), TABLE_ID), tmp_path)

    expected = _take(written("pages", tmp_path / "written"), tmp_path / "expected")
    assert _take(fetched.folder, tmp_path / "found") == expected


@pytest.mark.parametrize("data_set", [UNTYPED, TYPED])
def test_rows_of_version_3_give_the_same_cells(
    client: Client, source: Source, tmp_path: Path, data_set: str
) -> None:
    root = _serve_v3(source, data_set, tmp_path / "written")

    table = table_v3(root, TABLE_ID, typed=data_set == TYPED)
    fetched = fetch_table(client, table, tmp_path)

    expected = _take(tmp_path / "written", tmp_path / "expected")
    assert _take(fetched.folder, tmp_path / "found") == expected


def test_half_a_fetch_is_no_table(client: Client, source: Source, tmp_path: Path) -> None:
    folder = fetch_table(client, table_v4(_serve_v4(source), TABLE_ID), tmp_path).folder
    (folder / OBSERVATIONS_SET / "page-00003.json.gz").unlink()

    with pytest.raises(SourceError):
        _take(folder, tmp_path / "found")
