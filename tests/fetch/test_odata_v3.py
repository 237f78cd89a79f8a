import gzip
import json
from pathlib import Path

import pytest

from spatial.domain.mirror import pages_of
from spatial.errors import FetchError
from spatial.fetch.http import Client
from spatial.fetch.manifest import read_manifest
from spatial.fetch.odata import fetch_table
from spatial.fetch.statline import fetch_either, table_v3
from tests.fetch.source import V3_ROOT, V4_ROOT, Fault, Source, Table3, Table4


def _rows(folder: Path, data_set: str) -> list[dict[str, str]]:
    pages = [json.loads(gzip.decompress(path.read_bytes())) for path in pages_of(folder, data_set)]
    return [row for page in pages for row in page["value"]]


def test_version_3_keeps_the_blanks_and_the_sign_of_the_source(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table3().on(source)

    folder = fetch_table(client, table_v3(root, "85980NED"), tmp_path).folder

    rows = _rows(folder, "UntypedDataSet")
    assert len(rows) == 25
    assert (rows[0]["RegioS"], rows[0]["Personen_1"]) == ("NL01  ", "         .")
    assert not (folder / "TypedDataSet").exists()
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.about["protocol"] == "odata-v3"
    assert manifest.about["licence"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_typed_set_is_there_for_who_asks(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table3().on(source)

    folder = fetch_table(client, table_v3(root, "85980NED", typed=True), tmp_path).folder

    assert _rows(folder, "TypedDataSet")[24]["Personen_1"] is None


def test_a_feed_that_stops_at_its_limit_is_not_taken_for_the_whole(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table3().on(source)
    path = f"{V3_ROOT}/85980NED/UntypedDataSet?$format=json"
    page = json.loads(source.bodies[path])
    del page["odata.nextLink"]
    source.put(path, page)

    with pytest.raises(FetchError, match=r"10 rows up to here, the source says that there are 25"):
        fetch_table(client, table_v3(root, "85980NED"), tmp_path)


def test_what_a_source_says_with_its_500_is_passed_on(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table3().on(source)
    source.faults[f"{V3_ROOT}/85980NED/UntypedDataSet?$format=json"] = [Fault(status=500)] * 4

    with pytest.raises(FetchError, match=r"UntypedDataSet\?\$format=json: status 500: status 500"):
        fetch_table(client, table_v3(root, "85980NED"), tmp_path)


def test_version_3_is_asked_where_version_4_has_no_such_table(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table3().on(source)

    fetched = fetch_either(client, (f"{source.url}{V4_ROOT}", root), "85980NED", tmp_path)

    assert fetched.rows == 25


def test_version_4_is_preferred(client: Client, source: Source, tmp_path: Path) -> None:
    root = Table3().on(source)

    fetched = fetch_either(client, (Table4().on(source), root), "85980NED", tmp_path)

    assert fetched.rows == 95
