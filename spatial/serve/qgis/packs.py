"""Packs: all layers of a theme with their styles in one GeoPackage, made when it is asked for.

A worker makes one at a time, in a thread; who asks what is being made waits for that. The last few
are kept while their edition is live, so that a download that was broken off can go on.
"""

import asyncio
import hashlib
import logging
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from spatial.domain.formats import GEOPACKAGE
from spatial.errors import QueryError, SelectionTooLargeError, StoreError
from spatial.qgis.chosen import layers_of, theme_of, theme_title, themes_of
from spatial.qgis.pack import write_pack
from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import GPKG
from spatial.serve.formats.downloads import known, unavailable
from spatial.serve.formats.question import libraries
from spatial.serve.formats.selection import FileLimits
from spatial.serve.formats.workshop import Workshop
from spatial.serve.problems import problem
from spatial.serve.read.edition import Edition, Editions
from spatial.store.catalogue import Collection, Contents

log = logging.getLogger(__name__)

_LIMITS = FileLimits(writing=1, handing=8)
_KEPT, _WAITING = 2, 4
"""Packs that a worker keeps, and that it has to make, at most."""

type Link = dict[str, str]


class _BusyError(Exception):
    """Enough packs are being made or sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which pack.

    Attributes:
        edition: has the layers.
        theme: whose layers.
        english: titles, aliases and legends in English; otherwise in Dutch.
    """

    edition: Edition
    theme: str
    english: bool

    @property
    def key(self) -> tuple[str, str, bool]:
        """All that its bytes depend on, besides the libraries."""
        return self.edition.id, self.theme, self.english

    @property
    def filename(self) -> str:
        """Name under which a browser keeps it."""
        return f"{self.theme}{GEOPACKAGE.extension}"

    def headers(self) -> dict[str, str]:
        """Return what an answer says; the validator is strong."""
        digest = hashlib.sha256("\n".join(map(str, (*self.key, *libraries()))).encode())
        return {
            "Content-Type": GEOPACKAGE.media_type,
            "Content-Disposition": f'attachment; filename="{self.filename}"',
            "Content-Language": "en" if self.english else "nl",
            "ETag": f'"{digest.hexdigest()[:32]}"',
            "Last-Modified": format_datetime(self.edition.moment, usegmt=True),
            "Cache-Control": "public, no-cache",
            "Vary": "Accept, Accept-Language",
        }


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Pack:
    """A file that is there as long as somebody holds this."""

    path: Path


class Packs:
    """The packs of one worker; to be used from one event loop."""

    def __init__(self, editions: Editions, limits: FileLimits = _LIMITS) -> None:
        self._editions = editions
        self._limits = limits
        self._workshop = Workshop(limits)
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[tuple[str, str, bool], Pack] = OrderedDict()
        self._making: dict[tuple[str, str, bool], asyncio.Task[Pack]] = {}

    async def answer(self, request: Request) -> Response:
        """Answer ``/qgis.gpkg``.

        Raises:
            StoreError: there is no snapshot.
        """
        edition = self._editions.current
        try:
            return await self._answered(request, edition)
        except SelectionTooLargeError as error:
            refusal = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))
        except QueryError as error:
            refusal = problem(HTTPStatus.BAD_REQUEST, str(error))
        except _BusyError:
            refusal = unavailable("enough packs are being made at this moment: try again")
        except (OSError, StoreError):
            log.exception("a pack could not be written: %s", request.url.query)
            refusal = unavailable("the file cannot be written now")
        return refusal

    async def _answered(self, request: Request, edition: Edition) -> Response:
        asked = _asked(request, edition)
        # what writes files takes its time to load
        headers = await run_in_threadpool(asked.headers)
        if known(request.headers, headers):
            return Response(None, HTTPStatus.NOT_MODIFIED, headers)
        self._check(asked)
        if request.method == "HEAD" and asked.key not in self._kept:
            return _unmeasured(headers)
        return _PackResponse(await self.pack(asked), headers)

    async def pack(self, asked: Asked) -> Pack:
        """Return a pack that is kept, or make it.

        Raises:
            _BusyError: it has to wait too long.
            SelectionTooLargeError: it would be larger than a file may be.
            StoreError: it cannot be written.
        """
        for key in [key for key in self._kept if key[0] != asked.edition.id]:
            del self._kept[key]
        if asked.key in self._kept:
            self._kept.move_to_end(asked.key)
            return self._kept[asked.key]
        if asked.key not in self._making:
            if len(self._making) >= _WAITING:
                raise _BusyError
            task = self._making[asked.key] = asyncio.create_task(self._made(asked))
            task.add_done_callback(lambda done: self._finished(asked, done))
        # it is made and kept, also when this client goes
        return await asyncio.shield(self._making[asked.key])

    async def _made(self, asked: Asked) -> Pack:
        async with self._turn:
            if self._workshop.full:
                raise _BusyError
            path = await self._workshop.make(asked.filename, self._writer(asked))
        pack = Pack(path)
        weakref.finalize(pack, self._workshop.discard, path)
        self._kept[asked.key] = pack
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return pack

    def _finished(self, asked: Asked, done: asyncio.Task[Pack]) -> None:
        self._making.pop(asked.key, None)
        if not done.cancelled():
            # heard here, so that nobody complains when all clients have gone
            done.exception()

    def _check(self, asked: Asked) -> None:
        rows = sum(layer.aantal for layer in layers_of(asked.edition.contents, asked.theme))
        if rows > self._limits.features:
            raise _too_large(asked, f"{rows:,} features", f"{self._limits.features:,}")

    def _writer(self, asked: Asked) -> Callable[[Path], None]:
        snapshot = asked.edition.snapshot
        layers = layers_of(asked.edition.contents, asked.theme)
        most = self._limits.size

        def write(path: Path) -> None:
            def measured(_layer: str, _done: float) -> None:
                size = sum(part.stat().st_size for part in path.parent.iterdir())
                if size > most:
                    raise _too_large(asked, f"more than {most:,} bytes", f"{most:,}")

            write_pack(snapshot, layers, path, measured, english=asked.english)

        return write


class _PackResponse(FileResponse):
    """A pack that is sent; parts of it (``Range``) are answered."""

    def __init__(self, pack: Pack, headers: dict[str, str]) -> None:
        super().__init__(pack.path, headers=headers)
        self.pack = pack


def pack_routes(editions: Editions) -> list[Route]:
    """Return the route of packs."""
    return [Route(GPKG, Packs(editions).answer)]


def pack_links(url: str, contents: Contents, *, english: bool) -> list[Link]:
    """Return the links of the landing page to the pack of each theme."""
    return [_link(url, theme, english=english) for theme in themes_of(contents)]


def pack_link(url: str, collection: Collection, *, english: bool) -> Link:
    """Return the link from a collection to the pack that it is in."""
    return _link(url, theme_of(collection), english=english)


def _link(url: str, theme: str, *, english: bool) -> Link:
    titles = ("GeoPackage met stijlen voor QGIS", "GeoPackage with styles for QGIS")
    return {
        "rel": "related",
        "type": GEOPACKAGE.media_type,
        "title": f"{titles[english]}: {theme_title(theme, english=english)}",
        "href": f"{url}{GPKG}?thema={theme}",
    }


def _asked(request: Request, edition: Edition) -> Asked:
    """Read the parameters, of which the names are known to be right.

    Raises:
        QueryError: there is no theme, or not this one.
    """
    given = request.query_params
    if "thema" not in given:
        themes = ", ".join(themes_of(edition.contents))
        message = f"thema must be given: a pack has the layers of one of {themes}"
        raise QueryError(message)
    language = given.get("lang") or language_of(request.headers.get("accept-language", ""))
    layers_of(edition.contents, given["thema"])
    return Asked(edition, given["thema"], language == "en")


def _unmeasured(headers: dict[str, str]) -> Response:
    """Return an answer to HEAD: how long the file is is known when it is made."""
    response = Response(None, HTTPStatus.OK, headers)
    response.headers["Accept-Ranges"] = "bytes"
    del response.headers["Content-Length"]
    return response


def _too_large(asked: Asked, found: str, most: str) -> SelectionTooLargeError:
    return SelectionTooLargeError(
        f"the pack of {asked.theme} has {found}, a file at most {most}: take its layers one by one, "
        "with f=gpkg"
    )
