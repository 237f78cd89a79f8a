import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from spatial.serve.process.metrics import Metrics, route_of
from spatial.serve.process.operation import Audience
from spatial.serve.read.edition import Edition, Editions, open_editions


@pytest.fixture
def editions(edition: Edition) -> Editions:
    return open_editions(edition.snapshot.path.parents[1])


async def _answer(request: Request) -> Response:
    request.state.lane = "hit"
    return Response("ja")


def counted(
    editions: Editions, audience: Audience = Audience.LOCAL, address: str = "127.0.0.1"
) -> TestClient:
    app = Starlette(routes=[Route("/collections", _answer)])
    return TestClient(Metrics(app, editions, audience), client=(address, 1))


def test_answers_are_counted_by_route_method_and_status(editions: Editions) -> None:
    client = counted(editions)

    client.get("/collections")
    client.get("/collections")
    client.request("BREW", "/koffie")

    text = client.get("/metrics").text
    assert 'spatial_requests_total{method="GET",route="collections",status="200"} 2.0' in text
    assert 'spatial_requests_total{method="other",route="other",status="404"} 1.0' in text
    assert 'spatial_request_seconds_count{route="collections"} 2.0' in text


def test_the_live_snapshot_is_named(editions: Editions, edition: Edition) -> None:
    text = counted(editions).get("/metrics").text

    assert f'spatial_snapshot_info{{snapshot="{edition.id}"}} 1.0' in text


def test_without_a_snapshot_the_metrics_can_still_be_read(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    editions = Editions(tmp_path_factory.mktemp("empty"))

    assert 'spatial_snapshot_info{snapshot=""} 0.0' in counted(editions).get("/metrics").text


def test_answers_from_memory_are_counted(editions: Editions) -> None:
    client = counted(editions)

    client.get("/collections")

    assert 'spatial_lane_total{result="hit"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("audience", "address", "headers", "status"),
    [
        (Audience.LOCAL, "127.0.0.1", {}, 200),
        (Audience.LOCAL, "::1", {}, 200),
        (Audience.LOCAL, "192.0.2.7", {}, 404),
        (Audience.LOCAL, "geen adres", {}, 404),
        (Audience.LOCAL, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        (Audience.LOCAL, "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 404),
        (Audience.ALL, "192.0.2.7", {}, 200),
    ],
)
def test_only_who_may_reads_the_metrics(
    editions: Editions, audience: Audience, address: str, headers: dict[str, str], status: int
) -> None:
    client = counted(editions, audience, address)

    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "landing"),
        ("/v1", "landing"),
        ("/v1/", "landing"),
        ("/collections", "collections"),
        ("/v1/collections/a", "collection"),
        ("/collections/a/items", "items"),
        ("/collections/a/items/", "item"),
        ("/collections/a/items/b", "item"),
        ("/collections/a/tiles/WebMercatorQuad/1/2/3", "tiles"),
        ("/collections/a/b", "other"),
        ("/kaart/index.html", "kaart"),
        ("/.env", "other"),
    ],
)
def test_every_address_is_of_one_kind(path: str, route: str) -> None:
    assert route_of(path) == route


@given(st.lists(st.text(), max_size=6))
def test_no_address_makes_a_label_of_its_own(parts: list[str]) -> None:
    known = {"landing", "collections", "collection", "items", "item", "other", "schema"}
    known |= {"queryables", "sortables", "tiles", "map", "search", "files", "conformance"}
    known |= {"openapi", "openapi.json", "kaart", "static", "tileMatrixSets", "healthz", "readyz"}

    assert route_of("/" + "/".join(parts)) in known | {"metrics"}
