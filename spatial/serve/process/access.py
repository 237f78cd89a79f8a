"""Access log in Combined Log Format, with the time that the answer took at the end.

    192.0.2.7 - - [24/Nov/2026:07:00:00 +0000] "GET /collections HTTP/1.1" 200 5123 "-" "QGIS" 0.004

Every line is one write to a file that was opened for appending: lines of several workers never mix.
"""

import os
import re
import sys
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UNSAFE = re.compile(rb'[^\x20-\x7e]|["\\]')
# a line stays under 4096 bytes: that much a pipe takes in one piece
_LONGEST_ADDRESS = 2_000
_LONGEST_WORD = 500

type Line = tuple[bytes, bytes]
"""What a line says before the moment, and what after it."""


class AccessLog:
    """ASGI middleware: one line per answer, safe to read in any terminal or log reader.

    Args:
        app: what answers.
        path: file to append to; ``-`` is standard output.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        if path == "-":
            self._file = sys.stdout.fileno()
        else:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._file = os.open(Path(path), flags, 0o640)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, size = 0, 0

        async def send_counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            # no answer: the client gets 500 from the server itself
            line = line_of(scope, (status or 500, size))
            self.write(line, time.perf_counter() - began)

    def write(self, line: Line, seconds: float) -> None:
        """Write a line about an answer that was made now."""
        before, after = line
        moment = _clock(int(time.time()))
        # a full disk costs the log, not the answer
        with suppress(OSError):
            os.write(self._file, b"%b [%b] %b %.6f\n" % (before, moment, after, seconds))


def line_of(scope: Scope, answer: tuple[int, int]) -> Line:
    """Return what a line says besides the time: of a request, and status and size of the answer."""
    headers = dict(scope["headers"])
    address = scope.get("raw_path") or scope["path"].encode()
    if scope["query_string"]:
        address += b"?" + scope["query_string"]
    client = scope.get("client")
    before = (_safe(client[0].encode()) if client else b"-") + b" - -"
    after = (
        b'"' + _safe(scope["method"].encode()),
        _safe(address, _LONGEST_ADDRESS),
        f'HTTP/{scope["http_version"]}" {answer[0]} {answer[1] or "-"}'.encode(),
        b'"' + _safe(headers.get(b"referer", b"-")) + b'"',
        b'"' + _safe(headers.get(b"user-agent", b"-")) + b'"',
    )
    return before, b" ".join(after)


def _safe(text: bytes, longest: int = _LONGEST_WORD) -> bytes:
    """Write what could end a line, a field or steer a terminal in hexadecimal digits."""
    return _UNSAFE.sub(lambda found: b"\\x%02X" % found[0][0], text[:longest])[:longest]


@lru_cache(maxsize=2)
def _clock(second: int) -> bytes:
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(second)).encode()
