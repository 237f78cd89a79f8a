"""Real answers of CBS and PDOK, served on this machine and fetched as from their owners."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spatial.domain.regions import Indeling
from spatial.fetch.http import Client
from spatial.fetch.manifest import read_manifest
from spatial.fetch.odata import fetch_table
from spatial.fetch.pdok import Boundaries, fetch_boundaries
from spatial.fetch.statline import table_v3, table_v4
from spatial.normalise.boundaries import read_mirror
from tests.fetch.source import OGC_ROOT, V3_ROOT, V4_ROOT, Source, ogc_path, serving


@pytest.fixture(scope="module")
def answers(mirror: Path) -> Path:
    """Folder with raw answers of CBS."""
    folder = mirror.parent / "odata" / "fixtures"
    if not folder.is_dir():
        pytest.skip(f"no answers of CBS in {folder}")
    return folder


@pytest.fixture
def source() -> Iterator[Source]:
    """An empty source that is served."""
    with serving(Source()) as served:
        yield served


def test_a_real_table_of_version_4_is_stored_byte_for_byte(
    answers: Path, source: Source, tmp_path: Path
) -> None:
    served = {}
    for path in (answers / "v4").glob("83765NED_*.json"):
        name = path.name.split("_")[1].split(".")[0]
        served[name] = path.read_bytes()
        source.put(f"{V4_ROOT}/83765NED/{name}", served[name])
    fragments = json.loads((answers / "v4" / "observations_fragments.json").read_text())
    rows = [entry["row"] for entry in fragments["fragments"] if "row" in entry]
    query = "Observations?$filter=WijkenEnBuurten eq 'GM0363'"
    source.put(f"{V4_ROOT}/83765NED/{query}", {"value": rows})
    names = [{"name": name} for name in (*served, "Observations")]
    source.put(f"{V4_ROOT}/83765NED", {"value": names})
    wanted = table_v4(f"{source.url}{V4_ROOT}", "83765NED", "WijkenEnBuurten eq 'GM0363'")

    fetched = fetch_table(Client("test/1"), wanted, tmp_path)

    assert served
    assert {n: (fetched.folder / f"{n}.json").read_bytes() for n in served} == served
    assert fetched.rows == len(rows)
    manifest = read_manifest(fetched.folder)
    assert manifest is not None
    assert manifest.about["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert manifest.about["Modified"] == "2020-11-06T00:00:00+01:00"


def test_a_real_table_of_version_3_is_stored_byte_for_byte(
    answers: Path, source: Source, tmp_path: Path
) -> None:
    served = {}
    for path in (answers / "v3").glob("83583NED_*.json"):
        name = path.name.split("_")[1].split(".")[0]
        served[name] = path.read_bytes()
        source.put(f"{V3_ROOT}/83583NED/{name}?$format=json", served[name])
    rows = len(json.loads(served["TypedDataSet"])["value"])
    entry = json.loads((answers / "v3" / "84669NED_ODataCatalog_Tables_entry.raw.json").read_text())
    info = {"value": [{**entry, "RecordCount": rows}]}
    source.put(f"{V3_ROOT}/83583NED/TableInfos?$format=json", info)
    names = [{"name": name} for name in (*served, "TableInfos")]
    source.put(f"{V3_ROOT}/83583NED?$format=json", {"value": names})

    fetched = fetch_table(Client("test/1"), table_v3(source.url, "83583NED", typed=True), tmp_path)

    lists = {name: body for name, body in served.items() if name != "TypedDataSet"}
    assert {n: (fetched.folder / f"{n}.json").read_bytes() for n in lists} == lists
    assert fetched.rows == rows


def test_real_boundaries_are_fetched_and_read_by_the_reader_of_a_build(
    mirror: Path, source: Source, tmp_path: Path
) -> None:
    for year in (2018, 2024):
        body = (mirror / "boundaries" / f"gemeente_gegeneraliseerd_{year}.geojson").read_bytes()
        source.put(ogc_path("gemeente", year), body)
    wanted = Boundaries(f"{source.url}{OGC_ROOT}", source.url, (2018, 2024), ("gemeente",))

    fetched = fetch_boundaries(Client("test/1"), wanted, tmp_path)
    table, _ = read_mirror(tmp_path, [Indeling(2018), Indeling(2024)])

    assert fetched.rows == 380 + 342
    assert table["indeling"].value_counts().to_dict() == {2018: 380, 2024: 342}
