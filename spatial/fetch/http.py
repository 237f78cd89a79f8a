"""The only module that opens a socket: one GET into one file, with every limit that it needs.

What passes by itself is asked again, with growing pauses: no connection, a status 429, 500, 502, 503
or 504, a body that breaks off, one that cannot be read as what it should be. ``Retry-After`` is kept
to. What will not pass is an error at once: every other status, a redirect in a circle, too large a
body.
"""

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry, Timeout
from urllib3.exceptions import HTTPError, LocationValueError, MaxRetryError, ProtocolError

from spatial.errors import FetchError, NotThereError
from spatial.fetch.progress import Progress, Silent

_AGAIN = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_CHUNK = 1 << 18
_SHOWN = 200


class BrokenBodyError(Exception):
    """A body is not what it should be; asked again, it may be."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often, how much.

    Attributes:
        connect_s: seconds to make a connection.
        read_s: seconds until the next bytes come.
        answer_s: seconds until an answer is whole, however steadily it drips.
        tries: how often one address is asked.
        backoff_s: first pause between two tries; each next one is twice as long, with a jitter.
        pause_s: longest pause, also of a ``Retry-After``.
        redirects: how many redirects one answer may take.
        body: bytes of one answer, as sent.
        unpacked: bytes of one page, unpacked.
        connections: answers that are under way at one time.
    """

    connect_s: float = 10.0
    read_s: float = 60.0
    answer_s: float = 1_800.0
    tries: int = 6
    backoff_s: float = 0.5
    pause_s: float = 300.0
    redirects: int = 5
    body: int = 4 << 30
    unpacked: int = 1 << 30
    connections: int = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        url: address.
        sink: file to write; what it held is lost.
        packed: keep the body as it is sent, gzip or not; else it is asked plain and stored plain.
        etag: validator of the answer that is here already; empty: none.
        last_modified: the same, as a date.
    """

    url: str
    sink: Path
    packed: bool = False
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and stands in the sink on disk.

    Attributes:
        url: address that answered at last, after redirects.
        fresh: False: what is here already still holds, and nothing was written.
        gzip: whether the file is packed with gzip.
        size: bytes of the file.
        sha256: checksum of the file.
        headers: of the answer, by lower-case name.
    """

    url: str
    fresh: bool
    gzip: bool = False
    size: int = 0
    sha256: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Client:
    """Asks for answers, over a few connections that it keeps open; safe for threads."""

    def __init__(
        self,
        agent: str,
        limits: Limits | None = None,
        proxies: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Prepare connections.

        Args:
            agent: who asks, for ``User-Agent``.
            limits: how long, how often, how much; None: the usual.
            proxies: proxy per scheme (``http``, ``https``), and ``no``: hosts without one.
            progress: who is told of bytes that come in.
        """
        self.limits = Limits() if limits is None else limits
        self.progress: Progress = Silent() if progress is None else progress
        self._proxies = dict(proxies or {})
        self._agent = agent
        self._retry = _telling(self.progress)
        self._pools: dict[str, PoolManager] = {}

    def get[T](
        self, request: Request, check: Callable[[Path, Answer], T]
    ) -> tuple[Answer, T | None]:
        """Ask for one answer, until it is whole and passes its check.

        Args:
            request: what is asked.
            check: reads the file; raises ``BrokenBodyError`` when it must be asked again.

        Returns:
            The answer and what the check gave; None when what is here already still holds.

        Raises:
            NotThereError: the source has no such thing (404, 410).
            FetchError: no answer in all tries, or one that more tries will not mend.
        """
        retries = self._retry(
            total=self.limits.tries - 1,
            status_forcelist=_AGAIN,
            backoff_factor=self.limits.backoff_s,
            backoff_max=self.limits.pause_s,
            backoff_jitter=self.limits.backoff_s,
            retry_after_max=int(self.limits.pause_s),
            raise_on_status=False,
        )
        while True:
            response = self._follow(request, retries)
            try:
                answer = self._received(request, response)
                return answer, (check(request.sink, answer) if answer.fresh else None)
            except (HTTPError, BrokenBodyError) as error:
                retries = self._next_try(request, response.retries or retries, error)
            except OSError as error:
                raise FetchError(
                    f"{request.url}: {request.sink} cannot be written: {error}"
                ) from error
            finally:
                _hand_back(response)
            self.progress.received(-request.sink.stat().st_size)
            retries.sleep()

    def _next_try(self, request: Request, retries: Retry, error: Exception) -> Retry:
        text = str(error.args[0]) if error.args else str(error)
        try:
            return retries.increment("GET", request.url, error=ProtocolError(text))
        except MaxRetryError:
            message = f"{request.url}: {text} ({self.limits.tries} times)"
            raise FetchError(message) from error

    def _follow(self, request: Request, retries: Retry) -> BaseHTTPResponse:
        """Return the answer behind the redirects, of which the body is not read yet."""
        url, seen = request.url, [request.url]
        while True:
            response = self._open(url, request, retries)
            if response.status not in _MOVED:
                return response
            retries = response.retries or retries
            _hand_back(response)
            to = joined(url, response.headers.get("Location", ""))
            if to in seen:
                raise FetchError(
                    f"{request.url}: redirects in a circle: {' -> '.join([*seen, to])}"
                )
            if len(seen) > self.limits.redirects:
                raise FetchError(f"{request.url}: more than {self.limits.redirects} redirects")
            if urlsplit(url).scheme == "https" != urlsplit(to).scheme:
                raise FetchError(f"{request.url}: redirects from https to {to}")
            seen.append(to)
            url = to

    def _open(self, url: str, request: Request, retries: Retry) -> BaseHTTPResponse:
        limits = self.limits
        headers = {
            "User-Agent": self._agent,
            "Accept-Encoding": "gzip" if request.packed else "identity",
        }
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        try:
            return self._pool(url).request(
                "GET",
                url,
                headers=headers,
                retries=retries,
                redirect=False,
                preload_content=False,
                timeout=Timeout(connect=limits.connect_s, read=limits.read_s),
            )
        except LocationValueError as error:
            raise FetchError(f"{url!r} is not an address: {error}") from error
        except MaxRetryError as error:
            message = f"{url}: no answer in {limits.tries} tries: {_cause(error)}"
            raise FetchError(message) from error
        except HTTPError as error:
            raise FetchError(f"{url}: no answer: {_cause(error)}") from error

    def _pool(self, url: str) -> PoolManager:
        parts = urlsplit(joined(url, ""))
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise FetchError(f"{url!r} is not an address that starts with http:// or https://")
        direct = _listed(parts.hostname, self._proxies.get("no", ""))
        proxy = "" if direct else self._proxies.get(parts.scheme, "")
        if proxy not in self._pools:
            size = self.limits.connections
            self._pools[proxy] = (
                ProxyManager(proxy, num_pools=8, maxsize=size, block=True)
                if proxy
                else PoolManager(num_pools=8, maxsize=size, block=True)
            )
        return self._pools[proxy]

    def _received(self, request: Request, response: BaseHTTPResponse) -> Answer:
        """Write the body to the sink, through to the disk."""
        url = joined(request.url, response.url or "")
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status == HTTPStatus.NOT_MODIFIED and (request.etag or request.last_modified):
            return Answer(url, fresh=False, headers=headers)
        if response.status != HTTPStatus.OK:
            raise _refused(request.url, response)
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"gzip", "identity", ""}:
            raise FetchError(f"{request.url}: the body is in {coding!r}, which was not asked")
        keep = coding == "gzip" and request.packed
        with request.sink.open("wb") as sink:
            size, sha256 = self._copied(request.url, response, sink, decode=not keep)
            sink.flush()
            os.fsync(sink.fileno())
        return Answer(url, fresh=True, gzip=keep, size=size, sha256=sha256, headers=headers)

    def _copied(
        self, url: str, response: BaseHTTPResponse, sink: IO[bytes], *, decode: bool
    ) -> tuple[int, str]:
        size, total, until = 0, hashlib.sha256(), time.monotonic() + self.limits.answer_s
        while chunk := response.read1(_CHUNK, decode_content=decode):  # as soon as there is some
            size += len(chunk)
            if size > self.limits.body:
                raise FetchError(f"{url}: the body is larger than {self.limits.body} bytes")
            if time.monotonic() > until:
                message = f"the body was not whole in {self.limits.answer_s:g} s, {size} bytes came"
                raise BrokenBodyError(message)
            sink.write(chunk)
            total.update(chunk)
            self.progress.received(len(chunk))
        return size, total.hexdigest()


def joined(url: str, link: str) -> str:
    """Return the address of a link as it stands behind an address.

    Raises:
        FetchError: it is none.
    """
    try:
        to = urljoin(url, link)
        urlsplit(to)
    except ValueError as error:
        raise FetchError(f"{link or url!r} is not an address: {error}") from error
    return to


def _refused(url: str, response: BaseHTTPResponse) -> FetchError:
    """Return the error of a status that is no answer, with the start of what came with it."""
    body = response.read(_SHOWN * 4, decode_content=True)
    text = " ".join(body.decode("utf-8", "replace").split())[:_SHOWN]
    message = f"{url}: status {response.status}{f': {text}' if text else ''}"
    return (NotThereError if response.status in _ABSENT else FetchError)(message)


def _telling(progress: Progress) -> type[Retry]:
    """Return retries of which every one is told."""

    class Telling(Retry):
        def sleep(self, response: BaseHTTPResponse | None = None) -> None:
            """Say why there is a pause, then pause."""
            last = self.history[-1]
            why = f"status {last.status}" if last.status else _cause(last.error)
            progress.note(f"{last.url}: {why}; it is asked again")
            super().sleep(response)

    return Telling


def _hand_back(response: BaseHTTPResponse) -> None:
    """Give the connection back; closed, when a part of the body is still to come."""
    if response.length_remaining != 0:
        response.close()
    response.release_conn()


def _listed(host: str, names: str) -> bool:
    """Tell whether a host is one of the names, or below one; ``*``: every host is."""
    bare = [name.strip().lstrip(".").lower() for name in names.split(",") if name.strip()]
    return any(name == "*" or f".{host}".endswith(f".{name}") for name in bare)


def _cause(error: Exception | None) -> str:
    return str(getattr(error, "reason", None) or error)
