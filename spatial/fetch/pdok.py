"""Boundaries of PDOK: OGC API Features, GeoPackage or WFS; each file is one kind of region in one year."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from spatial.domain.mirror import BOUNDARIES, RUBRIEKEN, boundary_path, package_path, part_path
from spatial.errors import FetchError, NotThereError
from spatial.fetch.http import Answer, BrokenBodyError, Client
from spatial.fetch.pages import next_address
from spatial.fetch.report import Fetched, refuse
from spatial.fetch.storage import Check, Found, Shelf, Wanted, open_shelf

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_TITLE = "CBS gebiedsindelingen (CBS / Kadaster, PDOK)"
_RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
_LIMIT = 1_000
_OLDEST = 2016
_SERVICE, _HISTORIC = "/gebiedsindelingen/", "/gebiedsindelingen-historisch/"
_SQLITE = b"SQLite format 3\x00"
_HEADER = 100
_LARGEST_PAGE = 65_536


class Form(StrEnum):
    """How boundaries are asked."""

    OGC = "ogc"
    GPKG = "gpkg"
    WFS = "wfs"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What is fetched.

    Attributes:
        ogc: root of the OGC API, such as ``https://api.pdok.nl/cbs/gebiedsindelingen/ogc/v1``.
        service: root of WFS and downloads, such as ``https://service.pdok.nl/cbs/gebiedsindelingen``.
        years: indelingen.
        rubrieken: kinds of region; of no account for a GeoPackage, which has them all.
        form: how they are asked.
    """

    ogc: str
    service: str
    years: tuple[int, ...]
    rubrieken: tuple[str, ...] = RUBRIEKEN
    form: Form = Form.OGC

    @property
    def root(self) -> str:
        """Address under which they are."""
        return (self.ogc if self.form is Form.OGC else self.service).rstrip("/")


class _Properties(msgspec.Struct):
    jaarcode: int | str | None = None
    jrstatcode: str | None = None

    @property
    def year(self) -> str:
        return str(self.jaarcode) if self.jaarcode is not None else (self.jrstatcode or "")[:4]


class _Feature(msgspec.Struct):
    properties: _Properties


class _Link(msgspec.Struct):
    rel: str = ""
    href: str = ""


class _Features(msgspec.Struct):
    type: str
    features: list[msgspec.Raw]
    links: list[_Link] = msgspec.field(default_factory=list)
    number_matched: int | str | None = msgspec.field(default=None, name="numberMatched")


_PAGE = msgspec.json.Decoder(_Features)
_FEATURE = msgspec.json.Decoder(_Feature)


def fetch_boundaries(
    client: Client, wanted: Boundaries, into: Path, *, accept_changes: bool = False
) -> Fetched:
    """Fetch boundaries; those of other years and kinds that are here already stay.

    Args:
        client: who asks.
        wanted: what is fetched.
        into: root of the layout of ``domain.mirror``.
        accept_changes: replace what is here when it has changed.

    Raises:
        NotThereError: there are no gemeenten of a year.
        SourceChangedError: boundaries that are here have changed; nothing is replaced.
        FetchError: they cannot be had whole.
    """
    years = tuple(sorted(set(wanted.years)))
    asked = {
        "protocol": wanted.form.value,
        "url": wanted.root,
        "years": list(years),
        "rubrieken": list(wanted.rubrieken),
    }
    with open_shelf(into / BOUNDARIES, client, asked) as shelf:
        files = len(years) * (1 if wanted.form is Form.GPKG else len(wanted.rubrieken))
        client.progress.begin(f"boundaries {years[0]}-{years[-1]}", files)
        rows = _fetch_all(shelf, wanted, years)
        changed = shelf.changed()
        if changed and not accept_changes:
            raise refuse("the boundaries", shelf.folder, [f"{path} is another" for path in changed])
        shelf.take_over_others()
        size, count = sum(entry.size for entry in shelf.new.values()), len(shelf.new)
        about = {"title": _TITLE, "licence": LICENCE, "url": wanted.root}
        renewed = shelf.finish(about)
        changes = tuple(f"{path} is another" for path in changed)
        return Fetched(shelf.folder, rows, count, size, renewed, changes)


def _fetch_all(shelf: Shelf, wanted: Boundaries, years: tuple[int, ...]) -> int:
    """Fetch all files, some at one time: each has an address of its own; return the regions."""
    kinds = RUBRIEKEN[:1] if wanted.form is Form.GPKG else wanted.rubrieken
    with ThreadPoolExecutor(shelf.client.limits.connections, "boundaries") as pool:
        jobs = [
            pool.submit(_fetch_kind, shelf, wanted, kind, year) for year in years for kind in kinds
        ]
        try:
            return sum(job.result() for job in jobs)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _fetch_kind(shelf: Shelf, wanted: Boundaries, rubriek: str, year: int) -> int:
    """Fetch one kind of region in one year; only gemeenten must be there. Return the regions."""
    if wanted.form is Form.GPKG:
        url = f"{wanted.root}/atom/v1_0/downloads/{package_path(year)}"
        shelf.fetch(Wanted(package_path(year), url, _check_package))
        return 0
    try:
        return sum(_fetch_parts(shelf, wanted, rubriek, year))
    except NotThereError:
        if rubriek == RUBRIEKEN[0]:
            raise
        shelf.client.progress.note(f"there is no {rubriek} of {year} at {wanted.root}")
        return 0


def _fetch_parts(shelf: Shelf, wanted: Boundaries, rubriek: str, year: int) -> Iterator[int]:
    name = boundary_path(rubriek, year).removesuffix(".geojson")
    address = _ogc if wanted.form is Form.OGC else _wfs
    number, rows, url = 1, 0, address(wanted, rubriek, year, 0)
    seen: set[str] = set()
    while url:
        if url in seen:
            raise FetchError(f"{name} part {number - 1}: its next page {url} was asked before")
        seen.add(url)
        path = part_path(name, number, ".geojson")
        entry = shelf.fetch(Wanted(path, url, _feature_check(year, url, first=number == 1)))
        rows += entry.rows or 0
        yield entry.rows or 0
        full = wanted.form is Form.WFS and entry.rows == _LIMIT
        url = address(wanted, rubriek, year, rows) if full else entry.next
        number += 1


def _ogc(wanted: Boundaries, rubriek: str, year: int, _start: int) -> str:
    """Return the address of regions; of years before 2016 in the collection of older ones.

    All years are in one collection: without ``jaarcode`` the answer would be a mix.
    """
    root = wanted.root
    if year < _OLDEST:
        if _SERVICE not in root:
            message = (
                f"{root}: boundaries before {_OLDEST} are asked at {_HISTORIC}, not known here"
            )
            raise FetchError(message)
        root = root.replace(_SERVICE, _HISTORIC)
    query = urlencode({"f": "json", "limit": _LIMIT, "jaarcode": year, "crs": _RD}, safe=":/")
    return f"{root}/collections/{rubriek}_gegeneraliseerd/items?{query}"


def _wfs(wanted: Boundaries, rubriek: str, year: int, start: int) -> str:
    query = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": f"gebiedsindelingen:{rubriek}_gegeneraliseerd",
        "outputFormat": "application/json",
        "srsName": "EPSG:28992",
        "count": _LIMIT,
        "startIndex": start,
    }
    return f"{wanted.root}/{year}/wfs/v1_0?{urlencode(query, safe=':/')}"


def _feature_check(year: int, url: str, *, first: bool) -> Check:
    """Return a check: whole GeoJSON, and every feature is of the year that was asked."""

    def check(path: Path, answer: Answer) -> Found:
        page, years = _read_features(path.read_bytes())
        if first and not page.features:
            raise NotThereError(f"{url}: there are no regions in it")
        if years - {str(year)}:
            message = f"{url}: holds regions of {', '.join(sorted(years))}, asked was {year}"
            raise FetchError(message)
        link = next((link.href for link in page.links if link.rel == "next"), "")
        to = next_address(answer.url, link)
        if first and not to and len(page.features) < min(_matched(page), _LIMIT):
            message = f"holds {len(page.features)} of {_matched(page)} regions, and names no next"
            raise BrokenBodyError(message)
        content = hashlib.sha256()  # of the regions: an answer may also say when it was made
        for feature in page.features:
            content.update(feature)
        return Found(content.hexdigest(), len(page.features), to)

    return check


def _read_features(body: bytes) -> tuple[_Features, set[str]]:
    """Return a FeatureCollection, and the years of its features."""
    try:
        page = _PAGE.decode(body)
        years = {_FEATURE.decode(feature).properties.year for feature in page.features}
    except msgspec.DecodeError as error:
        start = " ".join(body[:120].decode("utf-8", "replace").split())
        message = f"the body is not GeoJSON ({error}); it starts with {start!r}"
        raise BrokenBodyError(message) from error
    if page.type != "FeatureCollection":
        raise BrokenBodyError(f"the body is a {page.type}, not a FeatureCollection")
    return page, years


def _matched(page: _Features) -> int:
    """Return how many regions there are, as far as the answer says."""
    return page.number_matched if isinstance(page.number_matched, int) else 0


def _check_package(path: Path, _answer: Answer) -> Found:
    """Refuse what is no SQLite file, or not as long as it says."""
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if not head.startswith(_SQLITE) or len(head) < _HEADER:
        raise BrokenBodyError(f"the body is no GeoPackage; it starts with {head[:24]!r}")
    if head[24:28] != head[92:96]:
        return Found()  # written by a program that does not keep the number of pages
    page = int.from_bytes(head[16:18])
    size = (_LARGEST_PAGE if page == 1 else page) * int.from_bytes(head[28:32])
    if size != path.stat().st_size:
        message = f"the GeoPackage should have {size} bytes, {path.stat().st_size} came"
        raise BrokenBodyError(message)
    return Found()
