"""A real PostgreSQL with PostGIS: what is written there, and plain pygeoapi that serves it."""

import html
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from starlette.testclient import TestClient

from spatial import cli
from spatial.errors import ExportError, SettingsError
from spatial.export import postgis
from spatial.export.config import postgis_resources
from spatial.export.connect import connected
from spatial.export.postgis import Order, Written, export_postgis
from spatial.serve.app import Service, create_app
from spatial.serve.config import render, resources
from spatial.settings import Settings, read_settings
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.contract.postgres import Cluster, plain_pygeoapi, private_cluster
from tests.miniland import miniland_snapshot, observations

type Document = dict[str, Any]
type Ask = Callable[..., Document]

SCHEMA = "aandachtsgroepen"
LAYER = "ouderen-gemeente"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
BASE = read_settings({}).config
DEGREES, METRES = 1e-6, 1e-3


def quiet(_step: str, _done: float) -> None:
    """Progress that nobody watches."""


def rows(dsn: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query, values).fetchall()


def count(dsn: str, table: str) -> int:
    with psycopg.connect(dsn) as connection:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, table))
        found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with ExitStack() as stack:
        try:
            running = stack.enter_context(private_cluster())
        except SettingsError as missing:
            pytest.skip(str(missing))
        yield running


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = tmp_path_factory.mktemp("miniland")
    miniland_snapshot(root)
    return open_snapshot(root)


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Miniland with every figure twice as large."""
    root = tmp_path_factory.mktemp("doubled")
    table = observations()
    for name in ("waarde", "ondergrens", "bovengrens"):
        twice = pc.multiply(table[name], pa.scalar(2, pa.int64()))
        table = table.set_column(table.column_names.index(name), name, twice)
    miniland_snapshot(root, table)
    return open_snapshot(root)


@pytest.fixture(scope="module")
def database(cluster: Cluster, snapshot: Snapshot) -> tuple[str, Written]:
    """DSN of a database with all of miniland in it."""
    dsn = cluster.create_database()
    return dsn, export_postgis(dsn, snapshot, Order(SCHEMA), quiet)


@pytest.fixture
def dsn(cluster: Cluster) -> str:
    """DSN of an empty database with PostGIS."""
    return cluster.create_database()


@pytest.fixture(scope="module")
def ours(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    root = snapshot.path.parents[1]
    return asking(service_over(root, tmp_path_factory.mktemp("service")))


@pytest.fixture(scope="module")
def theirs(
    database: tuple[str, Written], cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ask]:
    config = tmp_path_factory.mktemp("pygeoapi") / "config.yml"
    written = database[1]
    described = postgis_resources(written.contents, written.address, SCHEMA)
    config.write_text(render(BASE.read_text("utf-8"), described), "utf-8")
    with (
        plain_pygeoapi(config, cluster.password) as url,
        httpx2.Client(base_url=url, timeout=30) as web,
    ):
        yield asking(web)


def service_over(root: Path, folder: Path) -> TestClient:
    config = folder / "config.yml"
    contents = open_snapshot(root).contents
    config.write_text(render(BASE.read_text("utf-8"), resources(contents)), "utf-8")
    return TestClient(create_app(Service(config, root, "http://testserver")))


def asking(client: httpx2.Client) -> Ask:
    def ask(path: str, **parameters: str | int) -> Document:
        answer = client.get(f"/collections/{path}", params={"f": "json", **parameters})
        assert answer.status_code == 200, answer.text
        document: Document = answer.json()
        return document

    return ask


def facts(feature: Document) -> Document:
    """Properties without the key; pygeoapi writes '<' and '>' in texts as entities."""
    return {
        name: html.unescape(value) if isinstance(value, str) else value
        for name, value in feature["properties"].items()
        if name != "id"
    }


def by_id(page: Document) -> dict[str, Document]:
    return {feature["id"]: feature for feature in page["features"]}


def apart(one: Document, other: Document) -> float:
    """Largest distance between corresponding coordinates."""
    if one["geometry"] is None or other["geometry"] is None:
        return 0.0 if one["geometry"] == other["geometry"] else np.inf
    here, there = (shapely.geometry.shape(entry["geometry"]) for entry in (one, other))
    assert here.geom_type == there.geom_type == "MultiPolygon"
    difference = shapely.get_coordinates(here) - shapely.get_coordinates(there)
    return float(np.abs(difference).max())


def assert_same(mine: Document, other: Document, tolerance: float) -> None:
    here, there = by_id(mine), by_id(other)
    assert mine["numberMatched"] == other["numberMatched"] > 0
    assert here.keys() == there.keys()
    assert {id_: facts(entry) for id_, entry in here.items()} == {
        id_: facts(entry) for id_, entry in there.items()
    }
    assert max(apart(here[id_], there[id_]) for id_ in here) <= tolerance


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"datetime": "2021-01-01"},
        {"datetime": "2020-06-01/2021-12-31"},
        {"datetime": "2021-12-31/.."},
        {"datetime": "../2020-12-31"},
        {"bbox": "5.0,52.2,5.2,52.4"},
        {"regioNaam": "'s-Hoek"},
        {"regioNaam": "Klein, Dal en Berg", "indeling": 2021},
        {"personenStatus": "geheim_of_onbekend"},
        {"personen": 120, "datetime": "2020-01-01", "bbox": "4,51,6,53"},
    ],
    ids=str,
)
def test_plain_pygeoapi_gives_the_same_features(
    ours: Ask, theirs: Ask, question: dict[str, str | int]
) -> None:
    asked = {"limit": 1000, **question}

    assert_same(ours(f"{LAYER}/items", **asked), theirs(f"{LAYER}/items", **asked), DEGREES)


@pytest.mark.parametrize("collection", ["grenzen-gemeente", "ouderen-land", "herindelingen"])
def test_plain_pygeoapi_gives_the_same_collections(ours: Ask, theirs: Ask, collection: str) -> None:
    path = f"{collection}/items"

    assert_same(ours(path, limit=1000), theirs(path, limit=1000), DEGREES)


def test_plain_pygeoapi_gives_the_same_in_rd(ours: Ask, theirs: Ask) -> None:
    asked: dict[str, str | int] = {"crs": RD, "limit": 1000}

    assert_same(ours(f"{LAYER}/items", **asked), theirs(f"{LAYER}/items", **asked), METRES)


def test_plain_pygeoapi_gives_the_same_feature(ours: Ask, theirs: Ask) -> None:
    path = f"{LAYER}/items/GM0002-2021-12-31"

    mine, other = ours(path), theirs(path)

    assert facts(mine) == facts(other)
    assert (mine["properties"]["personen"], mine["properties"]["personenMin"]) == (None, None)
    assert apart(mine, other) <= DEGREES


def test_plain_pygeoapi_selects_a_day_in_a_period_with_a_filter(ours: Ask, theirs: Ask) -> None:
    day = "peilmoment <= DATE('2021-06-15') AND geldigTotEnMet >= DATE('2021-06-15')"

    mine = ours("grenzen-gemeente/items", datetime="2021-06-15", limit=1000)
    other = theirs("grenzen-gemeente/items", filter=day, limit=1000)

    assert_same(mine, other, DEGREES)


def test_pages_in_the_order_of_publication_are_the_same(ours: Ask, theirs: Ask) -> None:
    for offset in (0, 5, 20):
        mine = ours(f"{LAYER}/items", limit=5, offset=offset)
        other = theirs(f"{LAYER}/items", limit=5, offset=offset, sortby="volgorde")

        assert list(by_id(mine)) == list(by_id(other))
        assert mine["numberReturned"] == other["numberReturned"]


def test_pages_without_an_order_have_every_feature_once(ours: Ask, theirs: Ask) -> None:
    pages = [theirs(f"{LAYER}/items", limit=5, offset=offset) for offset in range(0, 25, 5)]
    found = [feature["id"] for page in pages for feature in page["features"]]

    assert sorted(found) == sorted(by_id(ours(f"{LAYER}/items", limit=1000)))


@pytest.mark.slow
@pytest.mark.client
def test_a_layer_of_the_example_is_the_same(
    example: Settings, cluster: Cluster, dsn: str, tmp_path: Path
) -> None:
    layers = (LAYER, "grenzen-provincie")
    written = export_postgis(dsn, open_snapshot(example.data), Order(SCHEMA, layers), quiet)
    config = tmp_path / "plain.yml"
    described = postgis_resources(written.contents, written.address, SCHEMA)
    config.write_text(render(BASE.read_text("utf-8"), described), "utf-8")
    mine = asking(service_over(example.data, tmp_path))
    asked: dict[str, str | int] = {"datetime": "2022-01-01", "limit": 1000}

    with (
        plain_pygeoapi(config, cluster.password) as url,
        httpx2.Client(base_url=url, timeout=60) as web,
    ):
        for layer in layers:
            assert_same(
                mine(f"{layer}/items", **asked), asking(web)(f"{layer}/items", **asked), DEGREES
            )


def test_roles_that_were_named_may_read_and_not_write(dsn: str, snapshot: Snapshot) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute('DROP ROLE IF EXISTS "Lezer 1"')
        connection.execute('CREATE ROLE "Lezer 1"')
    export_postgis(dsn, snapshot, Order(SCHEMA, roles=("Lezer 1",)), quiet)

    with psycopg.connect(dsn) as connection:
        connection.execute('SET ROLE "Lezer 1"')
        found = connection.execute('SELECT count(*) FROM aandachtsgroepen."ouderen-gemeente"')
        assert found.fetchone() == (24,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute('DELETE FROM aandachtsgroepen."ouderen-gemeente"')


def test_tables_say_what_they_hold_and_that_figures_are_examples(
    database: tuple[str, Written],
) -> None:
    (table,) = rows(database[0], "SELECT obj_description(%s::regclass)", f'{SCHEMA}."{LAYER}"')
    columns = dict(
        rows(
            database[0],
            "SELECT attname, col_description(attrelid, attnum) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0",
            f'{SCHEMA}."{LAYER}"',
        )
    )

    assert table[0].startswith("Ouderen per gemeente.")
    assert "Voorbeeldcijfers: door de computer gemaakt" in table[0]
    assert columns["personen"].startswith("Personen (personen).")
    assert "Leeg als de status geen getal heeft; nooit nul" in columns["personen"]
    assert "geheim_of_onbekend" in columns["personenStatus"]
    assert all(columns.values())


def test_columns_have_the_types_of_the_fields(database: tuple[str, Written]) -> None:
    types = dict(
        rows(
            database[0],
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0",
            f'{SCHEMA}."{LAYER}"',
        )
    )

    picked = ("id", "indeling", "peilmoment", "personen", "voorlopig", "geometry")
    assert [types[name] for name in picked] == [
        "text", "integer", "date", "bigint", "boolean", "geometry(MultiPolygon,28992)",
    ]  # fmt: skip


def test_what_is_searched_has_an_index(database: tuple[str, Written]) -> None:
    found = rows(database[0], "SELECT indexdef FROM pg_indexes WHERE tablename = %s", LAYER)
    text = "\n".join(row[0] for row in found)

    for part in (
        "gist (geometry)",
        "(peilmoment)",
        '("regioCode")',
        "(indeling)",
        "(id)",
        "(volgorde)",
    ):
        assert part in text


def test_the_catalogue_names_snapshot_and_sources(
    database: tuple[str, Written], snapshot: Snapshot
) -> None:
    found = rows(
        database[0], "SELECT snapshot, aantal, bronnen, meldingen FROM aandachtsgroepen.catalogus WHERE id = %s", LAYER
    )  # fmt: skip
    sources = rows(database[0], "SELECT id, status FROM aandachtsgroepen.bronnen ORDER BY 1")

    assert found[0][:3] == (snapshot.id, 24, ["85980NED", "miniland"])
    assert found[0][3][0].startswith("Voorbeeldcijfers")
    assert sources == [("85980NED", "voorbeeldcijfers"), ("miniland", "schematisch")]


def test_only_the_collections_that_were_named_are_written(dsn: str, snapshot: Snapshot) -> None:
    written = export_postgis(dsn, snapshot, Order(SCHEMA, ("herindelingen",)), quiet)

    tables = rows(dsn, "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", SCHEMA)
    assert [name for (name,) in tables] == ["bronnen", "catalogus", "herindelingen"]
    assert written.rows == 4


def test_a_second_export_replaces_the_first(
    dsn: str, snapshot: Snapshot, doubled: Snapshot
) -> None:
    export_postgis(dsn, snapshot, Order(SCHEMA), quiet)
    export_postgis(dsn, doubled, Order(SCHEMA, (LAYER,)), quiet)

    names = rows(dsn, "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(aandacht|nieuw)'")
    assert names == [(SCHEMA,)]
    assert rows(dsn, "SELECT id, snapshot FROM aandachtsgroepen.catalogus") == [(LAYER, doubled.id)]


def test_an_export_that_fails_leaves_everything_as_it_was(dsn: str, snapshot: Snapshot) -> None:
    export_postgis(dsn, snapshot, Order(SCHEMA), quiet)

    with pytest.raises(ExportError, match=r'refused \(42704\): role "niemand" does not exist'):
        export_postgis(dsn, snapshot, Order(SCHEMA, (LAYER,), ("niemand",)), quiet)

    assert count(dsn, "herindelingen") == 4
    assert rows(dsn, "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^nieuw'") == [(0,)]


def test_a_schema_of_somebody_else_is_never_replaced(dsn: str, snapshot: Snapshot) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}")

    with pytest.raises(ExportError, match="was not made by an export"):
        export_postgis(dsn, snapshot, Order(SCHEMA), quiet)


def test_a_view_upon_the_tables_is_never_dropped(dsn: str, snapshot: Snapshot) -> None:
    export_postgis(dsn, snapshot, Order(SCHEMA), quiet)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "CREATE VIEW public.mijn AS SELECT id FROM aandachtsgroepen.herindelingen"
        )

    with pytest.raises(ExportError, match=r"public\.mijn|view mijn depends on"):
        export_postgis(dsn, snapshot, Order(SCHEMA), quiet)

    assert rows(dsn, "SELECT count(*) FROM public.mijn") == [(4,)]


def test_a_database_without_postgis_is_refused_with_what_to_do(
    cluster: Cluster, snapshot: Snapshot
) -> None:
    with pytest.raises(ExportError, match="must run CREATE EXTENSION postgis"):
        export_postgis(cluster.create_database(postgis=False), snapshot, Order(SCHEMA), quiet)


def test_a_second_export_at_the_same_time_is_refused(dsn: str, snapshot: Snapshot) -> None:
    other: list[str] = []

    def meanwhile(step: str, _done: float) -> None:
        if step == LAYER:
            with pytest.raises(ExportError, match="another export to schema"):
                export_postgis(dsn, snapshot, Order(SCHEMA), quiet)
            other.append("refused")

    export_postgis(dsn, snapshot, Order(SCHEMA), meanwhile)

    assert other == ["refused"]


def test_a_wrong_password_is_not_shown(cluster: Cluster) -> None:
    wrong = cluster.dsn("postgres").replace(cluster.password, "geheim123")

    with (
        pytest.raises(ExportError, match="password authentication failed") as caught,
        connected(wrong),
    ):
        pass

    assert "geheim123" not in str(caught.value)


@pytest.mark.client
def test_readers_see_the_old_or_the_new_tables_and_no_error(
    dsn: str, snapshot: Snapshot, doubled: Snapshot
) -> None:
    export_postgis(dsn, snapshot, Order(SCHEMA), quiet)
    ended = threading.Event()
    seen: list[tuple[str, int]] = []
    failures: list[Exception] = []

    def read(*, catalogue_first: bool) -> None:
        questions = [
            "SELECT DISTINCT snapshot FROM aandachtsgroepen.catalogus",
            'SELECT sum(personen)::bigint FROM aandachtsgroepen."ouderen-gemeente"',
        ]
        order = (0, 1) if catalogue_first else (1, 0)
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                while not ended.is_set():
                    with connection.transaction():
                        found = {n: connection.execute(questions[n]).fetchall() for n in order}
                    ((name,),), ((total,),) = found[0], found[1]
                    seen.append((name, total))
        except (psycopg.Error, ValueError) as error:
            failures.append(error)

    readers = [
        threading.Thread(target=read, kwargs={"catalogue_first": first}) for first in (True, False)
    ]
    for reader in readers:
        reader.start()
    for source in (doubled, snapshot, doubled, snapshot, doubled):
        export_postgis(dsn, source, Order(SCHEMA), quiet)
    ended.set()
    for reader in readers:
        reader.join(timeout=30)

    assert failures == []
    assert len(seen) > 20
    assert len({name for name, _ in seen}) == len(set(seen)) == 2
    totals = dict(seen)
    assert totals[doubled.id] == 2 * totals[snapshot.id]


def test_a_reader_in_a_transaction_is_waited_for(
    dsn: str, snapshot: Snapshot, doubled: Snapshot
) -> None:
    export_postgis(dsn, snapshot, Order(SCHEMA), quiet)
    with psycopg.connect(dsn) as reader:
        reader.execute('SELECT 1 FROM aandachtsgroepen."ouderen-gemeente"')
        export = threading.Thread(
            target=export_postgis, args=(dsn, doubled, Order(SCHEMA), quiet), daemon=True
        )
        export.start()
        time.sleep(2.0)

        found = reader.execute(
            "SELECT DISTINCT snapshot FROM aandachtsgroepen.catalogus"
        ).fetchall()
        reader.commit()
    export.join(timeout=30)

    assert found == [(snapshot.id,)]
    assert rows(dsn, "SELECT DISTINCT snapshot FROM aandachtsgroepen.catalogus") == [(doubled.id,)]


def test_plain_pygeoapi_goes_on_while_tables_are_replaced(
    database: tuple[str, Written], theirs: Ask, snapshot: Snapshot
) -> None:
    ended = threading.Event()
    answers: list[int] = []
    failures: list[AssertionError] = []

    def read() -> None:
        while not ended.is_set():
            try:
                answers.append(len(theirs(f"{LAYER}/items", limit=1000)["features"]))
            except AssertionError as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        export_postgis(database[0], snapshot, Order(SCHEMA), quiet)
    ended.set()
    reader.join(timeout=30)

    assert failures == []
    assert set(answers) == {24}


def test_readers_that_never_end_stop_an_export(
    dsn: str, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgis, "_LOCK_TRIES", 1)
    export_postgis(dsn, snapshot, Order(SCHEMA), quiet)

    with psycopg.connect(dsn) as reader:
        reader.execute('SELECT 1 FROM aandachtsgroepen."ouderen-gemeente"')
        with pytest.raises(ExportError, match="readers keep the tables of schema"):
            export_postgis(dsn, snapshot, Order(SCHEMA, (LAYER,)), quiet)

    assert count(dsn, "herindelingen") == 4


def test_the_command_writes_tables_and_configuration_and_no_password(
    dsn: str,
    snapshot: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    config = tmp_path / "plain.yml"
    password = str(conninfo_to_dict(dsn)["password"])
    words = ["--collection", LAYER, "--pygeoapi-config", str(config)]
    monkeypatch.setenv("SPATIAL_DATA", str(snapshot.path.parents[1]))
    monkeypatch.setenv("SPATIAL_POSTGIS", f"{dsn} sslmode=prefer")
    monkeypatch.setattr(sys, "argv", ["spatial", "export", "postgis", *words])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    told = capsys.readouterr()
    written = config.read_text("utf-8")
    assert ended.value.code == 0
    assert f"schema {SCHEMA}: 1 collections, 24 features" in told.out
    assert "table: ouderen-gemeente" in written
    assert "sslmode: prefer" in written
    assert password not in told.out + told.err + written
