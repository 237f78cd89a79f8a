"""The nginx site of ``deploy/`` in front of the service, on loopback and with files of its own."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.contract.served import free_port, serving
from tests.miniland import miniland_snapshot

pytestmark = pytest.mark.client

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
ITEMS = "/collections/ouderen-gemeente/items?limit=1000"
_MAIN = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/site.conf;
}}
"""


@pytest.fixture(scope="module")
def programs() -> tuple[str, str]:
    """Paths of nginx and openssl; skipped where one is not installed."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    openssl = shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("nginx or openssl is not installed")
    return nginx, openssl


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Access log of the service behind nginx."""
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="module")
def site(
    programs: tuple[str, str], log: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx2.Client]:
    """Client that comes in through nginx, over TLS."""
    nginx, openssl = programs
    folder = tmp_path_factory.mktemp("nginx")
    store = tmp_path_factory.mktemp("store")
    miniland_snapshot(store)
    _certify(openssl, folder)
    settings = {"URL": "https://kaart.example.nl", "ACCESS_LOG": str(log), "METRICS": "local"}
    with serving(store, log.with_name("screen"), "--proxy-headers", **settings) as served:
        port = _write(folder, served.url)
        command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        # also when another user runs the tests: a warning about that is no failure
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as proxy:
            try:
                yield from _connected(folder, port)
            finally:
                proxy.terminate()


def _certify(openssl: str, folder: Path) -> None:
    words = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=kaart.example.nl",
    ]
    name = ["-addext", "subjectAltName=DNS:kaart.example.nl,IP:127.0.0.1"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([openssl, *words, *name, *files], check=True, capture_output=True)


def _write(folder: Path, upstream: str) -> int:
    """Write the site with ports and folders of this test; return the port for TLS."""
    port, text = free_port(), SITE.read_text(encoding="utf-8")
    for there, here in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen 80", f"listen 127.0.0.1:{free_port()}"),
        ("127.0.0.1:5000", upstream.removeprefix("http://")),
        ("/etc/ssl/kaart", str(folder)),
        ("/var/cache/nginx/kaart", str(folder / "cache")),
    ):
        assert there in text
        text = text.replace(there, here)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    # nginx lays down the rights of root, and could then not write in a folder of this test
    user = "user root root;" if os.geteuid() == 0 else ""
    main = _MAIN.format(folder=folder, user=user)
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    return port


def _connected(folder: Path, port: int) -> Iterator[httpx2.Client]:
    trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    with httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=trust, timeout=30.0) as client:
        deadline = time.monotonic() + 20.0
        while True:
            try:
                client.get("/healthz")
            except httpx2.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                break
        yield client


def test_links_carry_the_address_of_the_setting(site: httpx2.Client) -> None:
    links = site.get(ITEMS, headers={"Host": "kwaad.example"}).json()["links"]

    assert {link["href"].partition("/collections")[0] for link in links} == {
        "https://kaart.example.nl/v1"
    }


def test_what_was_asked_before_comes_from_the_cache_unchanged(site: httpx2.Client) -> None:
    first, second = site.get(ITEMS), site.get(ITEMS)

    assert second.headers["x-cache-status"] in {"HIT", "REVALIDATED"}
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])


def test_who_has_the_answer_gets_304(site: httpx2.Client) -> None:
    etag = site.get(ITEMS).headers["etag"]

    answer = site.get(ITEMS, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_every_coding_and_form_is_kept_apart(site: httpx2.Client) -> None:
    asked = (
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br"},
        {"Accept-Encoding": "identity"},
        {"Accept-Encoding": "gzip", "Accept": "text/html"},
    )
    for _ in range(2):
        answers = [site.get(ITEMS, headers=headers) for headers in asked]

        codings = [answer.headers.get("content-encoding") for answer in answers]
        assert codings == ["gzip", "br", None, "gzip"]
        assert answers[0].content == answers[1].content == answers[2].content
        assert answers[3].headers["content-type"].startswith("text/html")
        assert len({answer.headers["etag"] for answer in answers[:3]}) == 3


def test_an_answer_over_tls_asks_for_tls(site: httpx2.Client) -> None:
    assert site.get("/conformance").headers["strict-transport-security"] == "max-age=31536000"


def test_the_log_of_the_service_names_the_client_not_what_it_claims(
    site: httpx2.Client, log: Path
) -> None:
    site.get("/healthz", headers={"X-Forwarded-For": "192.0.2.7"})

    assert log.read_text().splitlines()[-1].startswith("127.0.0.1 - - [")


def test_metrics_stay_inside(site: httpx2.Client) -> None:
    assert site.get("/metrics").status_code == 404
    assert site.get("/v1/metrics").status_code == 404


def test_a_body_that_is_too_large_is_413(site: httpx2.Client) -> None:
    assert site.post(ITEMS, content=b"a" * 70_000).status_code == 413
