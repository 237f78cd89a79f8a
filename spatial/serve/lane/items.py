"""What the lane answers itself: features as GeoJSON. Everything else is for pygeoapi."""

import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool

from spatial.errors import NotAcceptableError, QueryError, StoreError
from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import ITEM, ITEMS, Offer, form_of, offer_of
from spatial.serve.ask.query import Limits, parse_item, parse_items
from spatial.serve.lane.answer import Answer, Header
from spatial.serve.lane.features import write_feature, write_page
from spatial.serve.lane.series import Key, Selection, Series, placed
from spatial.serve.links import Asked
from spatial.serve.matching.select import select
from spatial.serve.read.edition import Edition
from spatial.store.catalogue import Collection

_ANSWERED = frozenset({ITEMS, ITEM})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MANY = 4_500  # pieces: 1,500 features
VERSION = version("aandachtsgroepen-in-kaart")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request, as far as the lane looks at it.

    Attributes:
        path: decoded, without the version.
        query: as it came.
        accept: the Accept header; empty without one.
        languages: the Accept-Language header; empty without one.
    """

    path: str
    query: bytes
    accept: str
    languages: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the links must say, and the name of the form."""

    links: Asked
    media_type: str


class Items:
    """Features as GeoJSON from one edition."""

    def __init__(self, url: str, limits: Limits, headers: list[Header]) -> None:
        """Answer with links that begin with ``url``, and with ``headers`` on every answer."""
        self._url = url
        self._limits = limits
        self._headers = headers
        self._series = Series()

    async def answer(self, edition: Edition, wanted: Wanted) -> Answer | None:
        """Answer a request; None when it is not for the lane, or is not allowed."""
        return self.prompt(edition, wanted) or await self._anew(edition, wanted)

    def prompt(self, edition: Edition, wanted: Wanted) -> Answer | None:
        """Answer a request for a page of a selection that was asked before; else None."""
        divided = placed(wanted.query)
        if divided is None:
            return None
        rest, place = divided
        selection = self._series.get(edition, _key(wanted, rest))
        if selection is None:
            return None
        selection = selection.page(place, self._limits)
        written = write_page(selection, edition.stamp)
        if len(written.pieces) > _MANY:
            return None
        return self._page(edition, selection, wanted, written.joined())

    async def _anew(self, edition: Edition, wanted: Wanted) -> Answer | None:
        found = offer_of(wanted.path)
        if found is None or found[0].path not in _ANSWERED:
            return None
        offer, places = found
        try:
            asked = self._asked(edition.collection(places["collectionId"]), wanted, offer)
            if asked is None or _CONTROL.search(wanted.path):
                return None
            if offer.path == ITEMS:
                return await self._first_page(edition, asked, wanted)
            return self._feature(edition, asked, places["featureId"], wanted)
        except (QueryError, NotAcceptableError, StoreError, UnicodeError):
            # the guard says what is wrong
            return None

    def _asked(self, collection: Collection, wanted: Wanted, offer: Offer) -> _Asked | None:
        pairs = parse_qsl(wanted.query.decode("ascii"), keep_blank_values=True, errors="strict")
        given = dict(pairs)
        form, named = form_of(offer, given.get("f"), wanted.accept)
        if form != "json" or _CONTROL.search("".join([part for pair in pairs for part in pair])):
            return None
        english = given.get("lang", language_of(wanted.languages)) == "en"
        return _Asked(Asked(self._url, collection, tuple(pairs), english), named)

    async def _first_page(self, edition: Edition, asked: _Asked, wanted: Wanted) -> Answer:
        collection_id = asked.links.collection.id
        query = parse_items(asked.links.pairs, edition.fields(collection_id), self._limits)
        layer = edition.layer(collection_id)
        # a filter may relate many shapes, which would keep others waiting
        rows = (
            select(layer, query)
            if query.filter is None
            else await run_in_threadpool(select, layer, query)
        )
        selection = Selection(asked.links, query, asked.media_type, layer, rows)
        if (divided := placed(wanted.query)) is not None:
            self._series.keep(edition, _key(wanted, divided[0]), selection)
        written = write_page(selection, edition.stamp)
        # copying that many bytes would keep others waiting
        large = len(written.pieces) > _MANY
        content = await run_in_threadpool(written.joined) if large else written.joined()
        return self._page(edition, selection, wanted, content)

    def _page(
        self, edition: Edition, selection: Selection, wanted: Wanted, content: bytes
    ) -> Answer:
        asked = _Asked(selection.asked, selection.media_type)
        return self._made(edition, asked, wanted, content, selection.query.crs.uri)

    def _feature(
        self, edition: Edition, asked: _Asked, feature_id: str, wanted: Wanted
    ) -> Answer | None:
        crs = parse_item(asked.links.pairs)
        written = write_feature(edition, asked.links, feature_id, crs)
        if written is None:
            return None
        return self._made(edition, asked, wanted, written.joined(), crs.uri)

    def _made(
        self, edition: Edition, asked: _Asked, wanted: Wanted, content: bytes, crs: str
    ) -> Answer:
        language = "en" if asked.links.english else "nl"
        headers: list[Header] = [
            *self._headers,
            (b"content-type", asked.media_type.encode()),
            (b"content-crs", f"<{crs}>".encode()),
            (b"content-language", language.encode()),
        ]
        # follows from what the bytes follow from: the snapshot, the question, and how it was asked
        told = (edition.id, VERSION, self._url, wanted.path, asked.media_type, language)
        digest = hashlib.blake2b("\n".join(told).encode(), digest_size=12)
        digest.update(b"\n" + wanted.query)
        return Answer(HTTPStatus.OK.value, headers, content, edition.moment, digest.hexdigest())


def _key(wanted: Wanted, rest: Key) -> Key:
    return wanted.path, rest, wanted.accept, wanted.languages
