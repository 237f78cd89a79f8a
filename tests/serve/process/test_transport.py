import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from spatial.serve.process.transport import StrictTransport


@pytest.mark.parametrize(("scheme", "header"), [("https", "max-age=31536000"), ("http", None)])
def test_only_an_answer_over_https_asks_for_https(scheme: str, header: str | None) -> None:
    client = TestClient(StrictTransport(Starlette()), base_url=f"{scheme}://kaart.example")

    assert client.get("/").headers.get("strict-transport-security") == header
