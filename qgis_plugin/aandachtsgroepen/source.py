"""The addresses of a service, and how QGIS is told of a layer. No QGIS here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict
from urllib.parse import quote, urlencode, urlsplit

from aandachtsgroepen.moments import FIELD, STATUS_FIELD

DEFAULT = "http://127.0.0.1:5000/v1"
_LAYER_PAGE = 1_000
"""Features in one page of a layer; QGIS itself would take 100."""
_WITH_NUMBER = ("waargenomen", "opgeteld", "geschat", "berekend")
"""The statuses of a figure with a number; every other one says why there is none."""


@dataclass(frozen=True)
class Service:
    """A service at an address, without a slash at the end."""

    address: str

    @property
    def ready(self) -> str:
        """Where it says which snapshot is live."""
        return f"{self.address}/readyz"

    @property
    def styles(self) -> str:
        """Where it says which indicators a collection has."""
        return f"{self.address}/styles"

    def collections(self, language: str) -> str:
        """Return where its collections are described."""
        return f"{self.address}/collections?{_query(f='json', lang=language)}"

    def style(self, collection: str) -> str:
        """Return where the indicators of a collection have their titles."""
        return f"{self.styles}/{quote(collection)}"

    def qml(self, collection: str, indicator: str, language: str) -> str:
        """Return where the style of an indicator is, as QGIS reads it."""
        return f"{self.style(collection)}/{quote(indicator)}?{_query(f='qml', lang=language)}"

    def schema(self, collection: str, language: str) -> str:
        """Return where the fields of a collection have their titles."""
        place = f"{self.address}/collections/{quote(collection)}/schema"
        return f"{place}?{_query(f='json', lang=language)}"

    def moments(self, collection: str, indicator: str) -> str:
        """Return where the peilmomenten of a collection are: CSV of all rows, without shapes."""
        columns = f"{FIELD},{STATUS_FIELD},{indicator}"
        wanted = _query(f="csv", properties=columns, skipGeometry="true")
        return f"{self.address}/collections/{quote(collection)}/items?{wanted}"

    def layer(self, collection: str, crs: str = "") -> Dict[str, str]:
        """Return the parameters of a layer for QGIS's OAPIF provider.

        Args:
            collection: collection id.
            crs: system to ask for, such as ``EPSG:28992``; empty: degrees, as every version of QGIS
                reads them.
        """
        parameters = {
            "url": self.address,
            "typename": collection,
            "pagingEnabled": "true",
            "pageSize": str(_LAYER_PAGE),
        }
        return {**parameters, "srsname": crs} if crs else parameters


def service_at(text: str) -> Service:
    """Return the service at an address as a person writes it.

    Raises:
        ValueError: it is not an address of the web.
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{text!r} is not an address of the web"
        raise ValueError(message)
    return Service(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}")


def without_number(status: str) -> str:
    """Return the expression for a row whose figure has no number.

    Args:
        status: name of the field with the status of the figure.
    """
    listed = ", ".join(f"'{name}'" for name in _WITH_NUMBER)
    return f'"{status}" NOT IN ({listed})'


def _query(**parameters: str) -> str:
    return urlencode(parameters)
