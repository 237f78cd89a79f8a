import hashlib
import json
from pathlib import Path

import pytest

from spatial.errors import FetchError, NotThereError, SourceChangedError, SourceError
from spatial.fetch.http import Client
from spatial.fetch.manifest import read_manifest
from spatial.fetch.mirror import Mirror, fetch_mirror
from spatial.fetch.odata import fetch_table
from spatial.fetch.statline import table_v4
from tests.fetch.source import Fault, Source, Table4

_FOLDER = "cbs/85980NED"


@pytest.fixture
def fetched(client: Client, source: Source, tmp_path: Path) -> Path:
    """Folder into which a table was fetched."""
    fetch_table(client, table_v4(Table4().on(source), "85980NED"), tmp_path / "first")
    source.bodies.clear()
    source.asked.clear()
    return tmp_path / "first"


def _serve(source: Source, root: Path) -> str:
    for path in root.rglob("*"):
        if path.is_file():
            source.put(f"/mirror/{path.relative_to(root).as_posix()}", path.read_bytes())
    return f"{source.url}/mirror"


def _bytes(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_folder_is_taken_over_without_the_source(
    client: Client, source: Source, tmp_path: Path, fetched: Path
) -> None:
    into = tmp_path / "second"

    fetch_mirror(client, Mirror(str(fetched), _FOLDER), into)

    assert source.asked == []
    assert _bytes(into / _FOLDER) == _bytes(fetched / _FOLDER)
    manifest = read_manifest(into / _FOLDER)
    assert manifest is not None
    assert manifest.about["via"] == str(fetched)
    assert "/odata/v1/CBS" in manifest.files["Properties.json"].url


def test_a_mirror_behind_an_address_gives_the_same_bytes(
    client: Client, source: Source, tmp_path: Path, fetched: Path
) -> None:
    place = _serve(source, fetched)

    fetch_mirror(client, Mirror(place, _FOLDER), tmp_path / "second")

    assert _bytes(tmp_path / "second" / _FOLDER) == _bytes(fetched / _FOLDER)


def test_from_a_mirror_too_nothing_comes_twice(
    client: Client, source: Source, tmp_path: Path, fetched: Path
) -> None:
    mirror = Mirror(_serve(source, fetched), _FOLDER)
    last = f"/mirror/{_FOLDER}/RegioSGroups.json"
    source.faults[last] = [Fault(status=500)] * 4
    with pytest.raises(FetchError, match="RegioSGroups"):
        fetch_mirror(client, mirror, tmp_path / "second")

    fetch_mirror(client, mirror, tmp_path / "second")
    assert not fetch_mirror(client, mirror, tmp_path / "second").renewed

    counts = source.full()
    del counts[f"/mirror/{_FOLDER}/manifest.json"]
    assert set(counts.values()) == {1}


@pytest.mark.parametrize("remote", [False, True])
def test_a_file_with_other_bytes_than_the_manifest_names_is_refused(
    client: Client, source: Source, tmp_path: Path, fetched: Path, *, remote: bool
) -> None:
    (fetched / _FOLDER / "Properties.json").write_bytes(b"{}")
    place = _serve(source, fetched) if remote else str(fetched)

    with pytest.raises(FetchError, match=r"Properties\.json: the bytes are not those"):
        fetch_mirror(client, Mirror(place, _FOLDER), tmp_path / "second")


def test_a_mirror_without_manifest_is_read_by_its_checksums(client: Client, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    (mirror / "boundaries" / "alt").mkdir(parents=True)
    lines = []
    for name in ("gemeente_gegeneraliseerd_2018.geojson", "alt/other.geojson"):
        (mirror / "boundaries" / name).write_text(name)
        lines.append(f"{hashlib.sha256(name.encode()).hexdigest()}  ./boundaries/{name}")
    (mirror / "SHA256SUMS").write_text("\n".join(lines))

    taken = fetch_mirror(client, Mirror(str(mirror), "boundaries"), tmp_path / "into")

    assert set(_bytes(taken.folder)) == {"gemeente_gegeneraliseerd_2018.geojson"}
    assert taken.size == len("gemeente_gegeneraliseerd_2018.geojson")
    assert (
        fetch_mirror(client, Mirror(str(mirror), "boundaries"), tmp_path / "into").size
        == taken.size
    )


def test_what_is_here_is_not_replaced_unasked(
    client: Client, source: Source, tmp_path: Path, fetched: Path
) -> None:
    into = tmp_path / "second"
    fetch_table(client, table_v4(Table4(first=9).on(source), "85980NED"), into)

    with pytest.raises(SourceChangedError, match=r"10 files are others"):
        fetch_mirror(client, Mirror(str(fetched), _FOLDER), into)
    taken = fetch_mirror(client, Mirror(str(fetched), _FOLDER), into, accept_changes=True)

    assert taken.renewed


def test_a_folder_that_a_mirror_lacks_is_named(client: Client, tmp_path: Path) -> None:
    with pytest.raises(NotThereError, match=r"nothing: has no manifest\.json"):
        fetch_mirror(client, Mirror(str(tmp_path), "nothing"), tmp_path / "into")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"complete": False}, "is not whole"),
        ({"files": [{"path": "../../escape"}]}, "is not a manifest"),
        ({"about": None, "files": 3}, "is not a manifest"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(
    client: Client, tmp_path: Path, fetched: Path, change: dict[str, object], rule: str
) -> None:
    path = fetched / _FOLDER / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    with pytest.raises(SourceError, match=rule):
        fetch_mirror(client, Mirror(str(fetched), _FOLDER), tmp_path / "second")


def test_a_path_that_leads_out_of_the_folder_is_refused(
    client: Client, tmp_path: Path, fetched: Path
) -> None:
    path = fetched / _FOLDER / "manifest.json"
    document = json.loads(path.read_text())
    document["files"][0]["path"] = "../../escape.json"
    path.write_text(json.dumps(document))

    with pytest.raises(SourceError, match="leads out of the folder"):
        fetch_mirror(client, Mirror(str(fetched), _FOLDER), tmp_path / "second")
