import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from spatial.domain.mirror import pages_of, parts_of
from spatial.errors import FetchError, NotThereError, SourceChangedError
from spatial.fetch.http import Client, Limits
from spatial.fetch.manifest import read_manifest
from spatial.fetch.odata import fetch_table
from spatial.fetch.report import Fetched
from spatial.fetch.statline import table_v4
from tests.fetch.source import Fault, Source, Table4, serving


def _fetch(client: Client, root: str, into: Path, *, accept: bool = False) -> Fetched:
    return fetch_table(client, table_v4(root, "85980NED"), into, accept_changes=accept)


def _ids(folder: Path) -> list[int]:
    return [row["Id"] for row in _rows(folder)]


def _rows(folder: Path) -> list[dict[str, int]]:
    bodies = [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in pages_of(folder, "Observations")
    ]
    return [row for body in bodies for row in json.loads(body)["value"]]


def _bytes(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_all_pages_are_stored_as_they_came(client: Client, source: Source, tmp_path: Path) -> None:
    table = Table4()

    fetched = _fetch(client, table.on(source), tmp_path)

    folder = tmp_path / "cbs" / "85980NED"
    assert (fetched.folder, fetched.rows, fetched.renewed) == (folder, 95, True)
    assert _ids(folder) == list(range(95))
    first = (folder / "Observations" / "page-00001.json.gz").read_bytes()
    assert gzip.decompress(first) == source.bodies[table.page_path(1)]
    assert (folder / "RegioSCodes.json").read_bytes() == source.bodies[table.path("RegioSCodes")]
    assert not list(tmp_path.rglob("*.part"))


def test_the_manifest_says_where_every_byte_came_from(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)

    folder = _fetch(client, root, tmp_path).folder

    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.complete
    assert manifest.about["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert manifest.about["Modified"] == table.modified
    page = manifest.files["Observations/page-00002.json.gz"]
    assert page.url == f"{root}/85980NED/Observations?$skip=10"
    assert (page.rows, page.etag) == (10, source.etags[table.page_path(2)])
    assert page.next == f"{root}/85980NED/Observations?$skip=20"
    assert set(manifest.files) == set(_bytes(folder))


def test_a_body_that_comes_plain_is_stored_plain(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.packed = False

    folder = _fetch(client, Table4().on(source), tmp_path).folder

    assert (folder / "Observations" / "page-00010.json").is_file()


def test_a_list_that_comes_packed_unasked_is_stored_plain(
    client: Client, source: Source, tmp_path: Path
) -> None:
    members = {f"GM{code:04}": f"Gemeente {code}" for code in range(3_000)}
    table = Table4(members=members)
    root = table.on(source)
    plain = source.bodies[table.path("RegioSCodes")]
    packed = Fault(body=gzip.compress(plain), headers={"Content-Encoding": "gzip"})
    source.faults[table.path("RegioSCodes")] = [packed]

    folder = _fetch(client, root, tmp_path).folder

    assert (folder / "RegioSCodes.json").read_bytes() == plain


def test_a_second_fetch_downloads_nothing(client: Client, source: Source, tmp_path: Path) -> None:
    root = Table4().on(source)
    folder = _fetch(client, root, tmp_path).folder
    before = _bytes(folder)
    source.asked.clear()

    again = _fetch(client, root, tmp_path)

    assert not again.renewed
    assert set(source.full()) == set()
    assert _bytes(folder) == before


def test_without_validators_what_says_it_did_not_change_is_not_downloaded_again(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.validators = False
    table = Table4()
    root = table.on(source)
    _fetch(client, root, tmp_path)
    source.asked.clear()

    _fetch(client, root, tmp_path)

    assert table.page_path(2) not in source.full()


def test_a_fetch_that_failed_goes_on_where_it_was(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    source.faults[table.page_path(7)] = [Fault(status=500)] * 4
    with pytest.raises(FetchError, match=r"skip=60.*status 500"):
        _fetch(client, root, tmp_path)
    assert not (tmp_path / "cbs" / "85980NED").exists()

    fetched = _fetch(client, root, tmp_path)

    assert _ids(fetched.folder) == list(range(95))
    pages = {path: count for path, count in source.full().items() if "Observations" in path}
    assert set(pages.values()) == {1}


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=503, headers={"Retry-After": "0"}),
        Fault(status=429, headers={"Retry-After": "1"}),
        Fault(cut=50),
        Fault(body=b"<html>sorry</html>"),
        Fault(body=b'{"value": [{"Id": 1}, {"Id"'),
        Fault(body=b'{"error": {"code": "1"}}'),
        Fault(body=b'{"value": [1, 2]}'),
    ],
    ids=["500", "503", "429", "truncated", "html", "half-json", "no-value", "no-rows"],
)
def test_what_passes_by_itself_is_asked_again(
    client: Client, source: Source, tmp_path: Path, fault: Fault
) -> None:
    table = Table4()
    root = table.on(source)
    source.faults[table.page_path(3)] = [fault]

    assert _ids(_fetch(client, root, tmp_path).folder) == list(range(95))


def test_a_packed_body_that_breaks_off_is_asked_again(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    half = gzip.compress(source.bodies[table.page_path(3)])[:-20]
    source.packed = False
    source.faults[table.page_path(3)] = [Fault(body=half, headers={"Content-Encoding": "gzip"})]

    assert _ids(_fetch(client, root, tmp_path).folder) == list(range(95))


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (Fault(cut=50), "IncompleteRead"),
        (Fault(body=b"<html>sorry</html>"), "not a page of JSON.*<html>sorry"),
        (Fault(status=403), "status 403"),
        (Fault(body=b"x", headers={"Content-Encoding": "br"}), "'br', which was not asked"),
    ],
)
def test_what_does_not_pass_is_one_line_with_page_and_rule(
    client: Client, source: Source, tmp_path: Path, fault: Fault, rule: str
) -> None:
    table = Table4()
    root = table.on(source)
    source.packed = False
    source.faults[table.page_path(3)] = [fault] * 4

    with pytest.raises(FetchError, match=rf"Observations\?\$skip=20: .*{rule}") as caught:
        _fetch(client, root, tmp_path)

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "cbs" / "85980NED").exists()


def test_a_body_that_drips_without_end_is_given_up(source: Source, tmp_path: Path) -> None:
    client = Client("test/1", Limits(answer_s=0.2, tries=2, backoff_s=0.0))
    table = Table4(rows=1_000, page=500)
    root = table.on(source)
    source.packed = False
    source.faults[table.page_path(2)] = [Fault(chunk_s=0.05)] * 2

    with pytest.raises(FetchError, match=r"was not whole in 0\.2 s"):
        _fetch(client, root, tmp_path)


def test_a_body_that_is_too_large_is_refused(source: Source, tmp_path: Path) -> None:
    root = Table4().on(source)

    with pytest.raises(FetchError, match="larger than 100 bytes"):
        _fetch(Client("test/1", Limits(body=100)), root, tmp_path)


def test_a_small_body_that_unpacks_to_a_large_one_is_refused(
    source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    bomb = gzip.compress(b'{"value": [' + b" " * 10_000_000)
    source.packed = False
    source.faults[table.page_path(1)] = [Fault(body=bomb, headers={"Content-Encoding": "gzip"})]

    with pytest.raises(FetchError, match="more than 1000000 bytes, unpacked"):
        _fetch(Client("test/1", Limits(unpacked=1_000_000)), root, tmp_path)


def test_a_redirect_is_followed(client: Client, source: Source, tmp_path: Path) -> None:
    table = Table4()
    root = table.on(source)
    moved = {"Location": f"{source.url}/elsewhere"}
    source.put("/elsewhere", source.bodies[table.page_path(2)])
    source.faults[table.page_path(2)] = [Fault(status=302, headers=moved)]

    assert _ids(_fetch(client, root, tmp_path).folder) == list(range(95))


def test_redirects_in_a_circle_are_named(client: Client, source: Source, tmp_path: Path) -> None:
    table = Table4()
    root = table.on(source)
    here, there = table.page_path(2), "/elsewhere"
    source.faults[here] = [Fault(status=302, headers={"Location": there})] * 9
    source.faults[there] = [Fault(status=302, headers={"Location": here})] * 9

    with pytest.raises(FetchError, match=r"redirects in a circle: .*skip=10 -> .*elsewhere -> "):
        _fetch(client, root, tmp_path)


def test_too_many_redirects_are_refused(client: Client, source: Source, tmp_path: Path) -> None:
    table = Table4()
    root = table.on(source)
    source.faults[table.page_path(2)] = [Fault(status=301, headers={"Location": "/to/1"})]
    for step in range(1, 9):
        source.faults[f"/to/{step}"] = [Fault(status=301, headers={"Location": f"/to/{step + 1}"})]

    with pytest.raises(FetchError, match="more than 5 redirects"):
        _fetch(client, root, tmp_path)


@pytest.mark.parametrize(
    "link", ["http://elsewhere.example/next", "file:///etc/passwd", "http://[::1/next"]
)
def test_a_next_page_elsewhere_is_refused(
    client: Client, source: Source, tmp_path: Path, link: str
) -> None:
    table = Table4()
    root = table.on(source)
    page = json.loads(source.bodies[table.page_path(2)])
    source.put(table.page_path(2), {**page, "@odata.nextLink": link})

    with pytest.raises(
        FetchError, match=r"next page is on another host or scheme|is not an address"
    ):
        _fetch(client, root, tmp_path)


def test_next_pages_in_a_circle_are_named_and_nothing_of_it_is_kept(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4(rows=25)
    root = table.on(source)
    page = json.loads(source.bodies[table.page_path(2)])
    page["@odata.nextLink"] = f"{source.url}{table.page_path(1)}"
    source.put(table.page_path(2), page)

    with pytest.raises(FetchError, match=r"page 2: its next page .* was asked before"):
        _fetch(client, root, tmp_path)

    assert not list((tmp_path / "cbs" / "85980NED.part").iterdir())


@pytest.mark.parametrize("count", [94, 96])
def test_rows_are_held_against_the_count_of_the_source(
    client: Client, source: Source, tmp_path: Path, count: int
) -> None:
    table = Table4()
    root = table.on(source)
    properties = json.loads(source.bodies[table.path("Properties")])
    source.put(table.path("Properties"), {**properties, "ObservationCount": count})

    with pytest.raises(FetchError, match=rf"95 rows up to here, the source says .* {count}"):
        _fetch(client, root, tmp_path)


def test_pages_of_unequal_size_are_followed_as_they_name_each_other(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    page = json.loads(source.bodies[table.page_path(2)])
    short, rest = page["value"][:4], page["value"][4:]
    between = f"{table.path('Observations')}?$skip=14"
    source.put(between, {**page, "value": rest})
    source.put(
        table.page_path(2), {**page, "value": short, "@odata.nextLink": f"{source.url}{between}"}
    )

    assert _ids(_fetch(client, root, tmp_path).folder) == list(range(95))


def test_pages_behind_a_token_are_followed(client: Client, source: Source, tmp_path: Path) -> None:
    table = Table4(rows=30)
    root = table.on(source)
    for number in (1, 2):
        path = table.page_path(number) if number == 1 else "/token/1"
        page = json.loads(source.bodies[table.page_path(number)])
        source.put(path, {**page, "@odata.nextLink": f"/token/{number}"})
    source.put("/token/2", source.bodies[table.page_path(3)])

    assert _ids(_fetch(client, root, tmp_path).folder) == list(range(30))


def test_a_table_that_is_not_there_is_named(client: Client, source: Source, tmp_path: Path) -> None:
    with pytest.raises(NotThereError, match=r"85980NED/Properties: status 404"):
        _fetch(client, f"{source.url}/odata/v1/CBS", tmp_path)


def test_a_root_without_a_list_is_made_up_from_the_dimensions(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table4().on(source)
    del source.bodies["/odata/v1/CBS/85980NED"]

    folder = _fetch(client, root, tmp_path).folder

    assert (folder / "RegioSCodes.json").is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"members": {"GM0003": "Appingedam", "GM1979": "Eemsdelta"}},
            r"1 new: GM1979 \(Eemsdelta\)",
        ),
        (
            {"members": {"GM0003": "Damsterveer"}},
            r"1 renamed: GM0003 'Appingedam' to 'Damsterveer'",
        ),
        ({"members": {}}, r"RegioSCodes: 1 gone: GM0003"),
        ({"modified": "2025-01-01T00:00:00+01:00"}, r"Modified was '2024.* and is '2025"),
        ({"rows": 105}, r"ObservationCount was 95 and is 105"),
        ({"first": 2}, r"10 pages have other observations"),
    ],
)
def test_a_change_is_reported_before_anything_is_replaced(
    client: Client, source: Source, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    folder = _fetch(client, Table4().on(source), tmp_path).folder
    before = _bytes(folder)
    root = replace(Table4(), **change).on(source)  # type: ignore[arg-type]

    with pytest.raises(SourceChangedError, match=f"{said}.*--accept-changes"):
        _fetch(client, root, tmp_path)
    assert _bytes(folder) == before

    accepted = _fetch(client, root, tmp_path, accept=True)
    assert accepted.renewed
    assert _bytes(folder) != before
    assert not _fetch(client, root, tmp_path).changes


def test_only_what_changed_is_downloaded_again(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    _fetch(client, table.on(source), tmp_path)
    longer = replace(table, rows=105, modified="2025-01-01T00:00:00+01:00")
    root = longer.on(source)
    source.asked.clear()

    fetched = _fetch(client, root, tmp_path, accept=True)

    pages = [path for path in source.full() if "Observations" in path]
    assert set(pages) == {table.page_path(10), table.page_path(11)}
    assert _ids(fetched.folder) == list(range(105))


def test_another_validator_of_the_same_bytes_is_no_change(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    folder = _fetch(client, root, tmp_path).folder
    source.etags[table.page_path(4)] = '"other"'

    assert not _fetch(client, root, tmp_path).renewed
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.files["Observations/page-00004.json.gz"].etag == '"other"'


def test_what_an_older_version_left_behind_is_not_mixed_in(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    source.faults[table.page_path(7)] = [Fault(status=500)] * 4
    with pytest.raises(FetchError):
        _fetch(client, root, tmp_path)
    replace(table, first=1_000, modified="2025-01-01T00:00:00+01:00").on(source)

    folder = _fetch(client, root, tmp_path).folder

    values = [row["Value"] for row in _rows(folder)]
    assert values == list(range(1_000, 1_095))


def test_a_table_that_changes_while_it_is_fetched_is_refused(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    later = json.dumps({**json.loads(source.bodies[table.path("Properties")]), "Modified": "later"})
    same = Fault()
    changed = Fault(body=later.encode(), headers={"ETag": '"later"'})
    source.faults[table.path("Properties")] = [same, changed]

    with pytest.raises(FetchError, match="changed while it was fetched"):
        _fetch(client, root, tmp_path)


def test_a_page_that_was_damaged_here_is_fetched_again(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    folder = _fetch(client, root, tmp_path).folder
    before = _bytes(folder)
    (folder / "Observations" / "page-00005.json.gz").write_bytes(b"damaged")

    _fetch(client, root, tmp_path)

    assert _bytes(folder) == before


def test_a_part_of_a_table_is_asked_with_a_filter(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4(rows=20)
    root = table.on(source)
    path = f"{table.path('Observations')}?$filter=RegioS eq 'GM0003'"
    source.put(path, {"value": [{"Id": 1}, {"Id": 2}]})

    fetched = fetch_table(client, table_v4(root, table.id, "RegioS eq 'GM0003'"), tmp_path)

    assert fetched.rows == 2


def test_a_part_does_not_replace_the_whole_unasked(
    client: Client, source: Source, tmp_path: Path
) -> None:
    root = Table4().on(source)
    _fetch(client, root, tmp_path)

    with pytest.raises(SourceChangedError, match=r"another part .*select was '' and is 'Id eq 1'"):
        fetch_table(client, table_v4(root, "85980NED", "Id eq 1"), tmp_path)


def test_a_source_that_moved_and_says_the_same_is_no_change(
    client: Client, source: Source, tmp_path: Path
) -> None:
    folder = _fetch(client, Table4().on(source), tmp_path).folder
    before = _rows(folder)

    with serving(Source()) as moved:
        fetched = _fetch(client, Table4().on(moved), tmp_path)

    assert not fetched.changes
    assert _rows(folder) == before


def test_a_folder_that_no_fetch_made_is_left_alone(
    client: Client, source: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "cbs" / "85980NED"
    folder.mkdir(parents=True)
    (folder / "own.csv").write_text("a;b")

    with pytest.raises(FetchError, match="has files and no manifest"):
        _fetch(client, Table4().on(source), tmp_path)


def test_the_source_is_told_who_asks(client: Client, source: Source, tmp_path: Path) -> None:
    _fetch(client, Table4(rows=5).on(source), tmp_path)

    assert {headers["user-agent"] for headers in source.headers} == {"test/1"}


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (
            ("Properties", {"ObservationCount": "95"}),
            "ObservationCount is '95', not a number of rows",
        ),
        (("Properties", {"value": []}), "does not describe one table"),
        (("Properties", b"[1]"), "not a page of JSON"),
        (("", {"value": [{"name": "Properties"}]}), "the table has no Dimensions, MeasureCodes"),
    ],
)
def test_a_table_that_does_not_describe_itself_is_refused(
    client: Client, source: Source, tmp_path: Path, answer: tuple[str, object], rule: str
) -> None:
    table, (name, document) = Table4(), answer
    root = table.on(source)
    source.put(table.path(name).rstrip("/"), document)

    with pytest.raises(FetchError, match=rule):
        _fetch(client, root, tmp_path)


def test_a_set_with_a_name_that_is_a_path_is_refused(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    path = table.path("").rstrip("/")
    index = json.loads(source.bodies[path])
    source.put(path, {"value": [*index["value"], {"name": "../../escape"}]})

    with pytest.raises(FetchError, match=r"'\.\./\.\./escape' is not the name of an entity set"):
        _fetch(client, root, tmp_path)


def test_a_list_in_more_answers_is_stored_in_more_files(
    client: Client, source: Source, tmp_path: Path
) -> None:
    table = Table4()
    root = table.on(source)
    codes = json.loads(source.bodies[table.path("RegioSCodes")])
    link = f"{source.url}/codes/2"
    source.put(table.path("RegioSCodes"), {**codes, "@odata.nextLink": link})
    source.put("/codes/2", {"value": [{"Identifier": "GM1979", "Title": "Eemsdelta"}]})

    folder = _fetch(client, root, tmp_path).folder

    assert [path.name for path in parts_of(folder, "RegioSCodes")] == [
        "RegioSCodes.json",
        "RegioSCodes.page-00002.json",
    ]
    source.put("/codes/2", {**codes, "@odata.nextLink": link})
    with pytest.raises(FetchError, match=r"part 2: its next page .*codes/2 was asked before"):
        _fetch(client, root, tmp_path)
