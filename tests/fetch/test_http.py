import socket
from pathlib import Path

import pytest

from spatial.errors import FetchError, NotThereError
from spatial.fetch.http import Answer, Client, Limits, Request
from spatial.fetch.progress import Silent
from tests.fetch.source import Fault, Source


def _kept(path: Path, _answer: Answer) -> bytes:
    return path.read_bytes()


def test_an_answer_that_still_holds_is_not_sent(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.put("/a", b"text")
    first, body = client.get(Request(f"{source.url}/a", tmp_path / "a"), _kept)

    again = Request(f"{source.url}/a", tmp_path / "b", etag=first.headers["etag"])
    second, nothing = client.get(again, _kept)

    assert (body, second.fresh, nothing) == (b"text", False, None)
    assert not (tmp_path / "b").exists()


def test_a_pause_that_the_source_asks_for_is_kept_to(source: Source, tmp_path: Path) -> None:
    source.put("/a", b"text")
    source.faults["/a"] = [Fault(status=503, headers={"Retry-After": "100000"})]
    client = Client("test/1", Limits(tries=2, backoff_s=0.0, pause_s=0))

    assert client.get(Request(f"{source.url}/a", tmp_path / "a"), _kept)[1] == b"text"


def test_every_new_try_is_told_with_its_reason(source: Source, tmp_path: Path) -> None:
    source.put("/a", b"text")
    source.faults["/a"] = [Fault(status=503), Fault(cut=2)]
    notes: list[str] = []

    class Noting(Silent):
        def note(self, text: str) -> None:
            notes.append(text)

    client = Client("test/1", Limits(backoff_s=0.0), progress=Noting())

    assert client.get(Request(f"{source.url}/a", tmp_path / "a"), _kept)[1] == b"text"
    assert [note.split("; ")[1] for note in notes] == ["it is asked again"] * 2
    assert "status 503" in notes[0]
    assert "IncompleteRead" in notes[1]


def test_where_nobody_listens_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/a"
        client = Client("test/1", Limits(tries=2, backoff_s=0.0))

        with pytest.raises(FetchError, match=r"/a: no answer in 2 tries: .*refused"):
            client.get(Request(url, tmp_path / "a"), _kept)


def test_a_source_that_accepts_and_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        client = Client("test/1", Limits(tries=2, backoff_s=0.0, read_s=0.1))

        with pytest.raises(FetchError, match=r"/a: no answer in 2 tries: .*timed out"):
            client.get(Request(url, tmp_path / "a"), _kept)


@pytest.mark.parametrize("url", ["ftp://cbs.example/a", "a", "http://", "http://[::1"])
def test_what_is_no_address_is_refused(client: Client, tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match="is not an address"):
        client.get(Request(url, tmp_path / "a"), _kept)


def test_what_is_not_there_is_told_apart(client: Client, source: Source, tmp_path: Path) -> None:
    with pytest.raises(NotThereError, match="/none: status 404: status 404"):
        client.get(Request(f"{source.url}/none", tmp_path / "a"), _kept)


def test_a_full_disk_is_named(client: Client, source: Source) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    source.put("/a", b"text")

    with pytest.raises(FetchError, match=r"/dev/full cannot be written: .*No space left"):
        client.get(Request(f"{source.url}/a", full), _kept)


def test_proxies_are_asked_but_for_hosts_without_one(source: Source, tmp_path: Path) -> None:
    source.put("http://cbs.example/a", b"through the proxy")
    source.put("/a", b"direct")
    proxies = {"http": source.url, "no": "example.nl, .127.0.0.1"}
    client = Client("test/1", Limits(tries=1), proxies)

    through = client.get(Request("http://cbs.example/a", tmp_path / "a"), _kept)[1]
    direct = client.get(Request(f"{source.url}/a", tmp_path / "b"), _kept)[1]

    assert (through, direct) == (b"through the proxy", b"direct")


def test_the_star_means_that_no_host_has_a_proxy(source: Source, tmp_path: Path) -> None:
    source.put("/a", b"direct")
    client = Client("test/1", Limits(tries=1), {"http": "http://proxy.invalid:1", "no": "*"})

    assert client.get(Request(f"{source.url}/a", tmp_path / "a"), _kept)[1] == b"direct"


def test_a_connection_serves_more_answers(client: Client, source: Source, tmp_path: Path) -> None:
    source.put("/a", b"text")

    for _ in range(5):
        client.get(Request(f"{source.url}/a", tmp_path / "a"), _kept)

    assert len({headers["port"] for headers in source.headers}) == 1
