import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from spatial.serve.operate.host import OwnHost

ADDRESSES = (
    "/",
    "/collections",
    "/collections/",
    "/collections?f=html",
    "/collections/ouderen-gemeente/items?limit=1",
    "/collections/ouderen-gemeente/items/?limit=1",
    "/collections/ouderen-gemeente/items?limit=1&f=html",
    "/openapi",
    "/kaart",
    "/static",
    "/static/leaflet",
    "/elders/",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_forged_host_comes_back_nowhere(client: TestClient, address: str) -> None:
    answer = client.get(
        address,
        headers={"Host": "kwaad.example", "X-Forwarded-Host": "kwaad.example"},
        follow_redirects=False,
    )

    assert "kwaad" not in answer.text + str(answer.headers)


def test_a_request_appears_to_be_for_the_address_of_the_service() -> None:
    async def echo(request: Request) -> Response:
        return Response(str(request.url))

    app = Starlette(
        routes=[Route("/pad", echo)],
        middleware=[Middleware(OwnHost, url="https://kaart.example:8443")],
    )

    answer = TestClient(app).get("/pad?a=1", headers={"Host": "kwaad.example"})

    assert answer.text == "https://kaart.example:8443/pad?a=1"
