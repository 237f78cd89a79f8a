"""The service's own pages: pygeoapi names a template and gives its data, we render ours.

pygeoapi makes an environment per page and cannot hand the catalogue to a template. Ours is made
once, and a name that a template does not have is an error instead of an empty spot.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema
from spatial.domain.regions import Niveau
from spatial.domain.sources import Source
from spatial.domain.status import Status
from spatial.serve.ask.offers import ITEMS, OBSERVATIONS, OFFERS
from spatial.serve.coverage.shelf import coverages_of
from spatial.serve.metadata.densities import density_id
from spatial.serve.metadata.families import family_id
from spatial.serve.read.edition import Edition, open_editions
from spatial.store.catalogue import RECODED, Collection, Contents, Kind

PAGE_SIZE = 50
"""Features on one page of HTML when no ``limit`` is asked."""

_OF_A_PAGE = frozenset({"cursor", "lang", "limit", "offset"})
_DUTCH = str.maketrans(",.", ".,")
_FILES = {
    "csv": "CSV",
    "xlsx": "Excel",
    "gpkg": "GeoPackage",
    "fgb": "FlatGeobuf",
    "parquet": "GeoParquet",
    "geojson": "GeoJSON",
    "arrow": "Arrow",
}
_KINDS = {
    Kind.GRENZEN: ("Grenzen", "Boundaries"),
    Kind.HERINDELINGEN: ("Herindelingen", "Boundary changes"),
    Kind.ANALYSE: ("Analyse", "Analysis"),
    Kind.WAARNEMINGEN: ("Waarnemingen", "Observations"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Language and addresses of one page.

    Attributes:
        url: address of the service, to copy into other programs.
        english: the page is in English; otherwise in Dutch.
    """

    url: str
    english: bool

    @property
    def language(self) -> str:
        """Language tag."""
        return "en" if self.english else "nl"

    def text(self, dutch: str, english: str) -> str:
        """Choose the wording of the page's language."""
        return english if self.english else dutch

    def said(self, text: str | Mapping[str, str]) -> str:
        """Choose from a text of the configuration, which may be a text per language."""
        return text if isinstance(text, str) else text[self.language]

    def file(self, path: str) -> str:
        """Return the address of a file of ours on the host of the page, whatever its name."""
        return f"{urlsplit(self.url).path.rstrip('/')}/{quote(path)}"

    def page(self, path: str, **parameters: str) -> str:
        """Return the address of another page, in this page's language."""
        query = urlencode({"f": "html", "lang": self.language, **parameters}, safe="/")
        return f"{self.file(path)}?{query}"

    def download(self, href: str, form: str) -> str:
        """Return a link to features as a link to a file with all that match."""
        found = urlsplit(href)
        asked = {k: v for k, v in asked_of(href).items() if k not in _OF_A_PAGE}
        return f"{found.path}?{urlencode({**asked, 'f': form}, safe='/:,')}"

    def again(self, href: str, **parameters: str) -> str:
        """Return a link of a document as a link to a page, with some parameters replaced."""
        found = urlsplit(href)
        asked = {**asked_of(href), "f": "html", "lang": self.language, **parameters}
        return f"{found.path}?{urlencode(asked, safe='/:,')}"

    def number(self, value: float) -> str:
        """Write a number with every decimal it has: 1.234,5 in Dutch, 1,234.5 in English."""
        return f"{value:,}" if self.english else f"{value:,}".translate(_DUTCH)

    def figure(self, value: float | None, status: str | None) -> Markup:
        """Write a number and the sign of its status, for one cell; observed has no sign."""
        number = escape("" if value is None else self.number(value))
        return number + _sign_of(status, english=self.english) if status else number

    def value(self, value: object) -> str:
        """Write the value of a property that has no status; missing is empty."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.text("ja", "yes") if value else self.text("nee", "no")
        return self.number(value) if isinstance(value, float) else str(value)

    def notices(self, sources: Iterable[Source]) -> list[str]:
        """Return what must be said of sources, in the page's language."""
        spoken = [source for source in sources if source.melding]
        texts = [self.text(source.melding, source.notice_en) for source in spoken]
        return list(dict.fromkeys(texts))


@dataclass(frozen=True, slots=True)
class Group:
    """Collections on one subject, as a page lists them."""

    key: str
    titel_nl: str
    title_en: str
    collections: tuple[Collection, ...]


def render_page(
    config: Mapping[str, Any],
    _templates: object,
    template: str,
    data: Mapping[str, Any],
    locale: Any = None,
) -> str:
    """Render a page; the arguments are those of pygeoapi's ``render_j2_template``."""
    english = locale is not None and locale.language == "en"
    return page_text(config, template, data, english=english)


def page_text(
    config: Mapping[str, Any], template: str, data: Mapping[str, Any], *, english: bool
) -> str:
    """Render a page in English, or else in Dutch."""
    edition = _edition(config)
    contents = edition.contents
    visit = Visit(config["server"]["url"], english)
    return (
        _environment()
        .get_template(template)
        .render(
            data=data,
            visit=visit,
            t=visit.text,
            contents=contents,
            dekkingen=list(coverages_of(edition).values()),
            groups=list(groups_of(contents)),
            notices=visit.notices(contents.sources),
            metadata=config["metadata"],
            said=visit.said,
        )
    )


def groups_of(contents: Contents) -> Iterator[Group]:
    """Gather collections by theme, then boundaries and redivisions, in the order of the catalogue."""
    found: dict[str, list[Collection]] = {}
    for collection in contents.collections:
        found.setdefault(collection.thema or collection.kind, []).append(collection)
    for key, collections in found.items():
        thema = collections[0].thema
        titles = (
            (Thema(thema).titel, Thema(thema).title_en) if thema else _KINDS[collections[0].kind]
        )
        yield Group(key, *titles, tuple(collections))


def level_of(collection: Collection, visit: Visit) -> str:
    """Name the level of a collection in its group, its aspect, and the one indeling of its id."""
    if not collection.niveau:
        return visit.text("alle", "all")
    niveau = Niveau(collection.niveau)
    name = visit.text(niveau.meervoud, niveau.plural_en)
    year = collection.id.partition(RECODED)[2]
    for aspect in Aspect:
        if collection.id.startswith(f"{collection.thema}-{aspect}-"):
            name = f"{visit.text(aspect.titel, aspect.title_en)}: {name}"
    return f"{name}, {visit.text('indeling', 'boundaries of')} {year}" if year else name


def in_own_indeling(collection: Collection) -> bool:
    """Tell whether each period of a collection is in its own indeling."""
    return RECODED not in collection.id


def asked_of(href: str) -> dict[str, str]:
    """Return the parameters of a link."""
    return dict(parse_qsl(urlsplit(href).query, keep_blank_values=True))


def link_of(data: Mapping[str, Any], media_type: str) -> str:
    """Return the link of a document to itself in another form.

    Raises:
        LookupError: it has none.
    """
    for link in data["links"]:
        if link.get("type") == media_type and link["rel"] in {"self", "alternate"}:
            return str(link["href"])
    message = f"the document has no link of type {media_type}"
    raise LookupError(message)


def files_of(collection: Collection | None = None) -> list[tuple[str, str]]:
    """Return the forms in which features can be had as a file, each with its name for people.

    Args:
        collection: what the features are; None: a layer.
    """
    path = ITEMS if collection is None or collection.layered else OBSERVATIONS
    offers = next(offer for offer in OFFERS if offer.path == path)
    return [(form, name) for form, name in _FILES.items() if form in offers.forms]


def filters() -> bool:
    """Tell whether features can be chosen with an expression."""
    return any("filter" in offer.parameters for offer in OFFERS if offer.path == ITEMS)


def mark_of(status: str) -> str:
    """Return the sign of a status in a table; observed and not applicable have none."""
    return Status(status).merk


def statuses_of(collection: Collection) -> tuple[Status, ...]:
    """Return the statuses that figures of a collection can have, in order."""
    codes = {code for field in collection.velden if field.indicator for code in field.codes}
    return tuple(status for status in Status if status.value in codes)


def spoken_of(collection: Collection, visit: Visit, contents: Contents) -> str:
    """Describe a collection without what its notices say."""
    text = visit.text(collection.beschrijving_nl, collection.description_en)
    for notice in contents.notices(collection):
        text = text.replace(notice, "")
    return text.strip()


@cache
def _sign_of(status: str, *, english: bool) -> Markup:
    """Return the sign of a status, with its words for those who cannot see it."""
    found = Status(status)
    if found is Status.WAARGENOMEN:
        return Markup()
    words = found.label_en if english else found.label_nl
    return Markup(
        '<span class="teken" aria-hidden="true">{}</span><span class="verborgen"> {}</span>'
    ).format(mark_of(status), words)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("spatial.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(source_of=_source_of, own_indeling=in_own_indeling)
    environment.globals.update(
        asked_of=asked_of,
        density_id=density_id,
        family_id=family_id,
        files_of=files_of,
        filters=filters,
        in_own_indeling=in_own_indeling,
        level_of=level_of,
        link_of=link_of,
        mark_of=mark_of,
        spoken_of=spoken_of,
        statuses_of=statuses_of,
        Status=Status,
    )
    return environment


def _source_of(source_id: str, contents: Contents) -> Source:
    return contents.source(source_id)


def _edition(config: Mapping[str, Any]) -> Edition:
    """Return the live edition of the store that the configuration names."""
    first = next(iter(config["resources"].values()))
    return open_editions(Path(first["providers"][0]["data"])).current
