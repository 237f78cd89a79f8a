"""The one place where names inside pygeoapi are replaced, each with the reason.

Plain ``pygeoapi serve`` works without these; its answers then have the defects named here.
"""

import json
from http import HTTPStatus
from types import ModuleType
from typing import Any

import pygeoapi.api as core_api
import pygeoapi.util
from pygeoapi import l10n, linked_data
from pygeoapi.api import coverages, itemtypes, maps, processes, stac, tiles
from pyproj.exceptions import CRSError

from spatial.errors import QueryError
from spatial.serve.ask.query import Box, box_of, parse_crs
from spatial.serve.cql2.classes import FILTER_CLASSES
from spatial.serve.cql2.read import Written
from spatial.serve.door.pages import render_page
from spatial.serve.geojson import Page, tidy
from spatial.serve.links import DUTCH
from spatial.serve.problems import MEDIA_TYPE, problem_document
from spatial.serve.processes.documents import CONFORMANCE as PROCESS_CLASSES
from spatial.serve.tiles.documents import CONFORMANCE as TILE_CLASSES

OFFERED_CLASSES = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *FILTER_CLASSES,
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles",
    *TILE_CLASSES,
    *PROCESS_CLASSES,
]
"""What every snapshot has; see ``endpoints.conformance``."""
_SHAPES = frozenset({"geometry", "schema:geo", "gsp:hasGeometry"})
_LINKED = ("@context", "type", "@id", "numberMatched", "numberReturned")
_WRITERS: tuple[ModuleType, ...] = (
    pygeoapi.util, core_api, itemtypes, coverages, maps, processes, stac, tiles,
)  # fmt: skip


def amend_pygeoapi() -> None:
    """Replace the names; doing it twice changes nothing.

    - ``to_json`` writes ``<`` as ``&lt;``, which corrupts labels: ours writes the JSON escape, which
      is as safe inside a script of an HTML page. Ours also puts the links of a page right.
    - ``render_j2_template`` has English pages that load from elsewhere: ours renders our own, with
      the same links.
    - ``validate_datetime`` refuses forms of QGIS and GDAL and moments outside the extent, and lets
      others through: the provider reads datetime itself.
    - ``transform_bbox`` moves two corners, which tilts a box in RD by kilometres: ours keeps the box
      in its own reference system, where the provider has the shapes too.
    - ``get_exception`` answers plain JSON, and a page in the language of the machine: ours answers a
      problem document, and a page in the language asked.
    - JSON-LD of a page of features is not JSON when the page is empty, and has their addresses only:
      ours has their properties as well (the shapes are in GeoJSON).
    - ``parse_cql2_text`` and ``modify_pygeofilter`` read less of CQL2 than there is, and do not know
      the properties: ours hand the filter to the provider as it is written.
    - ``CONFORMANCE_CLASSES_FEATURES`` claims transactions: ours claims what is there.
    """
    # pygeoapi has no Dutch catalogue: what it says of links is given here
    l10n._gettext_cache.setdefault("nl", {}).update(DUTCH)  # noqa: SLF001
    for module in _WRITERS:
        module.to_json = to_json  # type: ignore[attr-defined]
    core_api.render_j2_template = render_page
    itemtypes.render_j2_template = _render_tidily
    itemtypes.validate_datetime = _as_it_is
    itemtypes.transform_bbox = _own_box
    itemtypes.parse_cql2_text = _as_written
    itemtypes.modify_pygeofilter = _with_crs
    itemtypes.CONFORMANCE_CLASSES_FEATURES = OFFERED_CLASSES
    core_api.API.get_exception = _exception
    linked_data.render_j2_template = _linked


def to_json(document: Any, pretty: bool = False) -> str:  # noqa: FBT001, FBT002 - pygeoapi's signature
    """Write JSON without NaN, safe inside a script of an HTML page."""
    if isinstance(document, Page):
        tidy(document)
        _name_form(document)
    text = json.dumps(
        document,
        default=pygeoapi.util.json_serial,
        indent=4 if pretty else None,
        separators=(",", ": " if pretty else ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def _render_tidily(config: Any, templates: Any, template: Any, data: Any, *rest: Any) -> str:
    if isinstance(data, Page):
        tidy(data)
    return render_page(config, templates, template, data, *rest)


def _name_form(page: Page) -> None:
    """Let links to other pages name the form, whatever way it was asked for."""
    for link in page["links"]:
        if link["rel"] in {"next", "prev"} and "?offset=" in link["href"]:
            link["href"] = link["href"].replace("?offset=", "?f=json&offset=", 1)


def _exception(  # noqa: PLR0913, PLR0917 - pygeoapi's signature
    self: core_api.API,
    status: int,
    headers: dict[str, str],
    format_: str | None,
    code: str,
    description: str,
) -> tuple[dict[str, str], int, str]:
    if format_ == "html":
        headers["Content-Type"] = "text/html"
        said = {"code": code, "description": description}
        locale = l10n.str2locale(headers["Content-Language"])
        return headers, status, render_page(self.tpl_config, None, "exception.html", said, locale)
    headers["Content-Type"] = MEDIA_TYPE
    return headers, status, to_json(problem_document(HTTPStatus(status), description))


def _linked(_config: Any, _templates: Any, template: str, data: dict[str, Any]) -> str:
    if not template.endswith("index.jsonld"):
        return to_json(data)
    features = [
        {name: cell for name, cell in feature.items() if name not in _SHAPES}
        for feature in data["features"]
    ]
    return to_json({**{name: data[name] for name in _LINKED if name in data}, "features": features})


def _as_it_is(_extents: Any, text: str | None = None) -> str | None:
    return text


def _as_written(text: str) -> str:
    return text


def _with_crs(text: str, *, filter_crs_uri: str, **_: Any) -> Written:
    return Written(text, filter_crs_uri)


def _own_box(numbers: list[float], from_crs: str, _to_crs: str, **_: Any) -> Box:
    try:
        return box_of(numbers, parse_crs("bbox-crs", from_crs))
    except QueryError as error:
        raise CRSError(str(error)) from error
