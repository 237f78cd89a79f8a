from pathlib import Path

import pytest

from spatial.errors import FetchError, SourceChangedError
from spatial.fetch.http import Client
from spatial.fetch.manifest import read_manifest
from spatial.fetch.taakstelling import fetch_taakstelling
from tests.fetch.source import Fault, Source

_CSV = b"gemeentecode;halfjaar;taakstelling\nGM0003;2024-1;12\n"


def test_a_table_is_stored_with_its_address_and_licence(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.put("/doc/tabel 1.csv", _CSV)

    place = f"{source.url}/doc/tabel%201.csv"
    fetched = fetch_taakstelling(client, place, tmp_path, "CC0")

    assert (fetched.folder / "tabel 1.csv").read_bytes() == _CSV
    manifest = read_manifest(fetched.folder)
    assert manifest is not None
    assert (manifest.files["tabel 1.csv"].url, manifest.files["tabel 1.csv"].licence) == (
        place,
        "CC0",
    )


def test_a_file_is_copied_and_tables_that_are_here_stay(client: Client, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(_CSV)
        fetch_taakstelling(client, str(tmp_path / name), tmp_path)

    assert sorted(path.name for path in (tmp_path / "taakstelling").glob("*.csv")) == [
        "a.csv",
        "b.csv",
    ]


def test_a_table_that_changed_is_not_replaced_unasked(client: Client, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(_CSV)
    fetch_taakstelling(client, str(table), tmp_path)
    table.write_bytes(_CSV.replace(b"12", b"13"))

    with pytest.raises(SourceChangedError, match=r"a\.csv is another"):
        fetch_taakstelling(client, str(table), tmp_path)
    assert (tmp_path / "taakstelling" / "a.csv").read_bytes() == _CSV


@pytest.mark.parametrize(
    ("name", "body"), [("a.csv", b"<html>"), ("a.xlsx", _CSV), ("a.csv", b""), ("a.csv", b"PK\x03")]
)
def test_what_is_no_table_is_refused(
    client: Client, source: Source, tmp_path: Path, name: str, body: bytes
) -> None:
    source.put(f"/{name}", body)
    (tmp_path / name).write_bytes(body)

    for place in (f"{source.url}/{name}", str(tmp_path / name)):
        with pytest.raises(FetchError, match=rf"is not {name[1:]}"):
            fetch_taakstelling(client, place, tmp_path)


def test_another_kind_of_file_is_refused(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"neither \.csv nor \.xlsx"):
        fetch_taakstelling(client, "brief.pdf", tmp_path)


def test_a_file_that_is_not_there_is_named(client: Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"none\.csv cannot be read"):
        fetch_taakstelling(client, str(tmp_path / "none.csv"), tmp_path)


def test_a_table_at_an_address_that_fails_once_is_asked_again(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.put("/a.csv", _CSV)
    source.faults["/a.csv"] = [Fault(status=502)]

    assert fetch_taakstelling(client, f"{source.url}/a.csv", tmp_path).files == 1
