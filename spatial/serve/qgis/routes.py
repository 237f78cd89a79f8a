"""The addresses of files for QGIS: a layer definition per collection, a project of all or of a theme.

They are written when they are asked for; the lane keeps the answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spatial.domain.crs import CRS84, Crs
from spatial.errors import QueryError
from spatial.qgis.chosen import drawable, layers_of, main_of, theme_title
from spatial.qgis.layers import Layer
from spatial.qgis.places import SPOKEN
from spatial.qgis.project import Project, packed, project_text
from spatial.qgis.qlr import layer_definition
from spatial.qgis.served import Served
from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import QGS, QGS_TYPE, QGZ, QGZ_TYPE, QLR, QLR_TYPE
from spatial.serve.problems import NotThereError, answering
from spatial.serve.read.edition import Edition, Editions
from spatial.store.catalogue import Collection, Contents, Kind
from spatial.store.schemes import Style, read_style
from spatial.store.snapshot import MAPS

_NAME = "aandachtsgroepen"


@dataclass(frozen=True, slots=True)
class _Titles:
    """How the service is called."""

    titel_nl: str
    title_en: str


class Files:
    """The files of whatever edition is live."""

    def __init__(self, editions: Editions, titles: _Titles, url: str) -> None:
        self._editions = editions
        self._titles = titles
        self._url = url

    def layer(self, request: Request) -> Response:
        """Answer ``/collections/{collectionId}/qgis.qlr``."""
        edition, name = self._editions.current, request.path_params["collection_id"]
        if name not in edition or not edition.collection(name).layered:
            message = f"there is no collection {name!r} that is a layer"
            raise NotThereError(message)
        collection, given = edition.collection(name), request.query_params
        served = self._served(request, edition)
        style = style_of(edition, collection)
        indicators = _indicators(collection, style, given.get("indicator"))
        moments = _moments(edition, collection)
        asked = _moment(collection, moments, given.get("peilmoment"))
        layers = [
            Layer(collection, style, indicators, moment)
            for moment in _chosen(collection, moments, asked)
        ]
        named = [name, given.get("indicator"), given.get("peilmoment")]
        file = "-".join(part for part in named if part)
        return _file(layer_definition(layers, served), f"{file}.qlr", QLR_TYPE, served)

    def project(self, request: Request) -> Response:
        """Answer ``/qgis.qgs``."""
        name, project = self._project(request)
        return _file(project_text(project), f"{name}.qgs", QGS_TYPE, project.served)

    def pack(self, request: Request) -> Response:
        """Answer ``/qgis.qgz``."""
        name, project = self._project(request)
        content = packed(name, project_text(project), project.made)
        return _file(content, f"{name}.qgz", QGZ_TYPE, project.served)

    def _project(self, request: Request) -> tuple[str, Project]:
        edition, theme = self._editions.current, request.query_params.get("thema")
        served = self._served(request, edition)
        collections = _of_theme(edition.contents, theme)
        layers = []
        for collection in collections:
            style = style_of(edition, collection)
            layers.append(Layer(collection, style, main_of(collection, style)))
        title = self._titles.title_en if served.english else self._titles.titel_nl
        if theme is not None:
            title = f"{title}: {theme_title(theme, english=served.english)}"
        name = _NAME if theme is None else f"{_NAME}-{theme}"
        return name, Project(title, layers, served, edition.moment)

    def _served(self, request: Request, edition: Edition) -> Served:
        given = request.query_params
        language = given.get("lang") or language_of(request.headers.get("accept-language", ""))
        crs = _crs(given.get("crs", CRS84.uri))
        return Served(self._url, edition.contents, crs, language == "en")


def qgis_routes(editions: Editions, metadata: Any, url: str) -> list[Route]:
    """Return the routes of files for QGIS.

    Args:
        editions: the store.
        metadata: the part of that name of a pygeoapi configuration.
        url: address by which clients reach the service, without a slash at the end.
    """
    title = metadata["identification"]["title"]
    files = Files(editions, _Titles(title["nl"], title["en"]), url)
    return [
        Route(QLR.replace("collectionId", "collection_id"), answering(files.layer)),
        Route(QGS, answering(files.project)),
        Route(QGZ, answering(files.pack)),
    ]


def layer_link(url: str, collection: Collection, *, english: bool) -> dict[str, str]:
    """Return the link from a collection to its layer definition."""
    return {
        "rel": "related",
        "type": QLR_TYPE,
        "title": "Layer for QGIS, styled and dated"
        if english
        else "Laag voor QGIS, met stijl en tijd",
        "href": f"{url}/collections/{collection.id}/qgis.qlr",
    }


def project_link(url: str, *, english: bool) -> dict[str, str]:
    """Return the link of the landing page to the project."""
    return {
        "rel": "related",
        "type": QGS_TYPE,
        "title": "Project for QGIS" if english else "Project voor QGIS",
        "href": f"{url}{QGS}",
    }


def style_of(edition: Edition, collection: Collection) -> Style | None:
    """Return the schemes of a collection; None when it has none."""
    if collection.kind is not Kind.INDICATOREN:
        return None
    return read_style(edition.snapshot.path / MAPS, collection)


def _indicators(collection: Collection, style: Style | None, asked: str | None) -> tuple[str, ...]:
    """Return what can be drawn, what is asked first."""
    found = drawable(collection, style)
    if asked is None:
        return found
    if asked not in found:
        known = ", ".join(found) or "none"
        message = (
            f"{collection.id} has no indicator {asked!r} that can be drawn; there are: {known}"
        )
        raise QueryError(message)
    return (asked, *(name for name in found if name != asked))


def _moments(edition: Edition, collection: Collection) -> list[date]:
    """Return the days on which the time of features begins, ascending."""
    days = pc.unique(edition.snapshot.features(collection)[collection.begin_veld])
    return sorted(date.fromisoformat(day) for day in days.drop_null().to_pylist())


def _moment(collection: Collection, moments: list[date], asked: str | None) -> date | None:
    if asked is None:
        return None
    known = {moment.isoformat(): moment for moment in moments}
    if asked not in known:
        message = (
            f"{collection.id} has nothing that begins on {asked!r}; there are: {', '.join(known)}"
        )
        raise QueryError(message)
    return known[asked]


def _chosen(
    collection: Collection, moments: list[date], asked: date | None
) -> Iterable[date | None]:
    """Return of which moment each layer is: what is asked, else the newest and then all of them."""
    if asked is not None:
        return (asked,)
    if collection.kind is Kind.HERINDELINGEN or len(moments) == 1:
        return (None,)
    return (moments[-1], None)


def _of_theme(contents: Contents, theme: str | None) -> list[Collection]:
    """Return the layers of a theme; without one of every theme those in their own indeling."""
    if theme is None:
        return [
            collection
            for collection in contents.layers
            if collection.kind is not Kind.ANALYSE and collection.id == _own_id(collection)
        ]
    return layers_of(contents, theme)


def _own_id(collection: Collection) -> str:
    if collection.kind is Kind.INDICATOREN:
        return f"{collection.thema}-{collection.niveau}"
    return collection.id


def _crs(uri: str) -> Crs:
    for crs in SPOKEN:
        if crs.uri == uri:
            return crs
    message = f"crs={uri!r} is not one of {', '.join(crs.uri for crs in SPOKEN)}"
    raise QueryError(message)


def _file(content: str | bytes, name: str, media_type: str, served: Served) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Language": "en" if served.english else "nl",
    }
    return Response(content, headers=headers, media_type=media_type)
