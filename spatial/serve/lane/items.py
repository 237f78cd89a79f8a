"""What the lane answers itself: features as GeoJSON. Everything else is for pygeoapi."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool

from spatial.domain.crs import Crs
from spatial.errors import NotAcceptableError, QueryError, StoreError
from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import ITEM, ITEMS, Offer, form_of, offer_of
from spatial.serve.ask.query import Limits, Query, parse_item, parse_items
from spatial.serve.lane import series
from spatial.serve.lane.answer import Answer, Header, Key, Piece
from spatial.serve.lane.features import write_feature, write_page
from spatial.serve.lane.series import Selection, Series, placed
from spatial.serve.links import Asked
from spatial.serve.matching.select import select
from spatial.serve.read.edition import Edition

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
class _Question:
    """A request that the lane answers, read.

    Attributes:
        links: what the links must say.
        media_type: the name of the form.
        query: of a page.
        feature_id: of one feature; empty: a page is asked for.
    """

    links: Asked
    media_type: str
    query: Query
    feature_id: str


class Items:
    """Features as GeoJSON from one edition; for one thread."""

    def __init__(self, url: str, limits: Limits, headers: list[Header]) -> None:
        """Answer with links that begin with ``url``, and with ``headers`` on every answer."""
        self._url = url
        self._limits = limits
        self._headers = headers
        self._series = Series()

    async def answer(self, edition: Edition, wanted: Wanted) -> Answer | None:
        """Answer a request; None when it is not for the lane, or is not allowed."""
        if (answer := self.prompt(edition, wanted)) is not None:
            return answer
        question = self._question(edition, wanted)
        if question is None or question.feature_id:
            return None
        # a filter may relate many shapes, and copying many pieces takes time: others do not wait
        try:
            selection = await run_in_threadpool(_selection, edition, question)
        except StoreError:
            return None
        self._keep(edition, selection, wanted)
        written = await run_in_threadpool(write_page, selection, edition.stamp)
        return self._page(edition, selection, wanted, [await run_in_threadpool(written.joined)])

    def prompt(self, edition: Edition, wanted: Wanted) -> Answer | None:
        """Answer a request at once; None when ``answer`` may not, or would keep others waiting."""
        try:
            return self._prompt(edition, wanted)
        except StoreError:
            return None

    def _prompt(self, edition: Edition, wanted: Wanted) -> Answer | None:
        selection = self._known(edition, wanted)
        if selection is None:
            question = None if b"filter" in wanted.query else self._question(edition, wanted)
            if question is None:
                return None
            if question.feature_id:
                return self._feature(edition, question, wanted)
            selection = _selection(edition, question)
            self._keep(edition, selection, wanted)
        written = write_page(selection, edition.stamp)
        if len(written.pieces) > _MANY:
            return None
        return self._page(edition, selection, wanted, written.few)

    def _known(self, edition: Edition, wanted: Wanted) -> Selection | None:
        """Return a selection that was asked before, asked for this page."""
        divided = placed(wanted.query)
        if divided is None:
            return None
        rest, place = divided
        selection = self._series.get(edition, _key(wanted, rest))
        return selection and selection.page(place, self._limits)

    def _keep(self, edition: Edition, selection: Selection, wanted: Wanted) -> None:
        if (divided := placed(wanted.query)) is not None:
            self._series.keep(edition, _key(wanted, divided[0]), selection)

    def _question(self, edition: Edition, wanted: Wanted) -> _Question | None:
        found = offer_of(wanted.path)
        if found is None or found[0].path not in _ANSWERED or _CONTROL.search(wanted.path):
            return None
        offer, places = found
        try:
            return self._read(edition, offer, places, wanted)
        except (QueryError, NotAcceptableError, StoreError, UnicodeError):
            # the guard says what is wrong
            return None

    def _read(
        self, edition: Edition, offer: Offer, places: Mapping[str, str], wanted: Wanted
    ) -> _Question | None:
        collection = edition.collection(places["collectionId"])
        pairs = parse_qsl(wanted.query.decode("ascii"), keep_blank_values=True, errors="strict")
        given = dict(pairs)
        form, named = form_of(offer, given.get("f"), wanted.accept)
        if form != "json" or _CONTROL.search("".join([part for pair in pairs for part in pair])):
            return None
        english = given.get("lang", language_of(wanted.languages)) == "en"
        if offer.path == ITEM:
            query = Query(crs=parse_item(pairs))
        else:
            query = parse_items(pairs, edition.fields(collection.id), self._limits)
        links = Asked(self._url, collection, tuple(pairs), english)
        return _Question(links, named, query, places.get("featureId", ""))

    def _page(
        self, edition: Edition, selection: Selection, wanted: Wanted, parts: list[Piece]
    ) -> Answer:
        asked, crs = selection.asked, selection.query.crs
        return self._made(edition, wanted, parts, self._told(asked, selection.media_type, crs))

    def _feature(self, edition: Edition, question: _Question, wanted: Wanted) -> Answer | None:
        crs = question.query.crs
        written = write_feature(edition, question.links, question.feature_id, crs)
        if written is None:
            return None
        told = self._told(question.links, question.media_type, crs)
        return self._made(edition, wanted, written.few, told)

    def _told(self, asked: Asked, media_type: str, crs: Crs) -> list[Header]:
        return [
            *self._headers,
            (b"content-type", media_type.encode()),
            (b"content-crs", f"<{crs.uri}>".encode()),
            (b"content-language", b"en" if asked.english else b"nl"),
        ]

    def _made(
        self, edition: Edition, wanted: Wanted, parts: list[Piece], headers: list[Header]
    ) -> Answer:
        # follows from what the bytes follow from: the snapshot, the question, and how it was asked
        told = [edition.id, VERSION, self._url, wanted.path]
        digest = hashlib.blake2b("\n".join(told).encode(), digest_size=12)
        for part in (wanted.query, *(text for _, text in headers)):
            digest.update(b"\n" + part)
        return Answer(HTTPStatus.OK.value, headers, parts, edition.moment, digest.hexdigest())


def wanted_of(key: Key) -> Wanted:
    """Return a request as the lane looks at it."""
    path, query, accept, languages = key
    return Wanted(path, query, accept.decode("latin-1"), languages.decode("latin-1"))


def _selection(edition: Edition, question: _Question) -> Selection:
    layer = edition.layer(question.links.collection.id)
    rows = select(layer, question.query)
    return Selection(question.links, question.query, question.media_type, layer, rows)


def _key(wanted: Wanted, rest: series.Key) -> series.Key:
    return wanted.path, rest, wanted.accept, wanted.languages
