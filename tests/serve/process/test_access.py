import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from spatial.serve.process.access import AccessLog

# Combined Log Format and the seconds
LINE = re.compile(
    r'(?P<host>\S+) - - \[(?P<time>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "(?P<request>[^"]*)" '
    r'(?P<status>\d{3}) (?P<size>\d+|-) "(?P<referer>[^"]*)" "(?P<agent>[^"]*)" \d+\.\d{6}\n'
)


async def _answer(request: Request) -> Response:
    return Response("", 304) if "nieuw" in request.query_params else Response("twaalf bytes")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def client(log: Path) -> TestClient:
    return TestClient(AccessLog(Starlette(routes=[Route("/pad", _answer)]), str(log)))


def entry(log: Path) -> dict[str, str]:
    match = LINE.fullmatch(log.read_text("ascii"))
    assert match, log.read_text("ascii")
    return match.groupdict()


def test_an_answer_is_one_line_in_combined_log_format(client: TestClient, log: Path) -> None:
    client.get("/pad?a=1", headers={"User-Agent": "QGIS", "Referer": "https://kaart.nl/"})

    found = entry(log)

    assert found["host"] == "testclient"
    assert found["request"] == "GET /pad?a=1 HTTP/1.1"
    assert (found["status"], found["size"]) == ("200", "12")
    assert (found["referer"], found["agent"]) == ("https://kaart.nl/", "QGIS")


def test_an_answer_without_body_has_a_dash_for_its_size(client: TestClient, log: Path) -> None:
    client.get("/pad?nieuw")

    assert (entry(log)["status"], entry(log)["size"]) == ("304", "-")


@pytest.mark.parametrize(
    ("agent", "written"),
    [
        (b'a" 200 1 "', r"a\x22 200 1 \x22"),
        (b"a\x1b[31m", r"a\x1B[31m"),
        (b"a\\n", r"a\x5Cn"),
        ("é".encode(), r"\xC3\xA9"),
        (b"a" * 600, "a" * 500),
    ],
)
def test_a_client_cannot_write_the_log(
    client: TestClient, log: Path, agent: bytes, written: str
) -> None:
    client.get("/pad", headers={b"User-Agent": agent})

    assert entry(log)["agent"] == written


def test_a_line_fits_in_one_piece_of_a_pipe(client: TestClient, log: Path) -> None:
    words = dict.fromkeys((b"User-Agent", b"Referer"), b"\x01" * 3000)

    client.get("/pad?" + "a" * 8000, headers=words)

    assert len(log.read_bytes()) < 4096


def test_lines_are_added_to_what_is_there(log: Path) -> None:
    log.write_text("eerder\n")

    for _ in range(2):
        TestClient(AccessLog(Starlette(), str(log))).get("/")

    assert len(log.read_text().splitlines()) == 3


def test_a_request_that_broke_is_logged_as_500(log: Path) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        message = "stuk"
        raise ValueError(message)

    with pytest.raises(ValueError, match="stuk"):
        TestClient(AccessLog(broken, str(log))).get("/")

    assert entry(log)["status"] == "500"


def test_a_dash_is_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    TestClient(AccessLog(Starlette(), "-")).get("/pad")

    assert LINE.fullmatch(capfd.readouterr().out)
