"""pygeoapi's door: their calls to ours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pygeoapi.provider.base import (
    BaseProvider,
    ProviderConnectionError,
    ProviderGenericError,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
)

from spatial.domain.crs import CRS84, Crs
from spatial.errors import QueryError, SpatialError
from spatial.serve.ask.query import (
    Box,
    Interval,
    Query,
    Sort,
    box_of,
    parse_crs,
    parse_datetime,
    parse_filter,
)
from spatial.serve.cql2.expression import Condition
from spatial.serve.cql2.read import Written, language_of, read_filter
from spatial.serve.cube.plain import plain_observation, plain_page
from spatial.serve.geojson import feature, page
from spatial.serve.read.edition import open_editions
from spatial.serve.schema import property_schemas
from spatial.store.catalogue import Field


class LayerProvider(BaseProvider):
    """A collection of the live snapshot, as pygeoapi asks for it.

    Configuration beside what every provider has: ``data`` is the root of the store, ``collection``
    the id of the collection in it.
    """

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._collection_id: str = provider_def["collection"]
        self._editions = open_editions(Path(self.data))
        self._fields = self.get_fields()

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """Return a JSON Schema per property; a fresh copy, for pygeoapi writes in it."""
        try:
            return property_schemas(self._editions.current.fields(self._collection_id).values())
        except SpatialError as error:
            raise _translated(error) from error

    def query(self, **asked: Any) -> dict[str, Any]:
        """Answer ``/items``; the arguments are those of ``BaseProvider``.

        Raises:
            ProviderInvalidQueryError: a value is not allowed.
            ProviderConnectionError: the snapshot cannot be read.
        """
        try:
            query, edition = self._query(asked), self._editions.current
            if not edition.collection(self._collection_id).layered:
                return plain_page(edition, query)
            return page(edition.layer(self._collection_id), query, edition.stamp)
        except SpatialError as error:
            raise _translated(error) from error

    def get(self, identifier: str, **asked: Any) -> dict[str, Any]:
        """Answer ``/items/{id}``.

        Raises:
            ProviderItemNotFoundError: no feature has this id.
            ProviderConnectionError: the snapshot cannot be read.
        """
        try:
            found = self._feature(identifier, _crs(asked.get("crs_transform_spec")))
        except SpatialError as error:
            raise _translated(error) from error
        if found is None:
            message = f"{self._collection_id} has no feature {identifier!r}"
            raise ProviderItemNotFoundError(user_msg=message)
        return found

    def _feature(self, identifier: str, crs: Crs) -> dict[str, Any] | None:
        edition = self._editions.current
        if not edition.collection(self._collection_id).layered:
            return plain_observation(edition, identifier, Query(crs=crs))
        layer = edition.layer(self._collection_id)
        row = layer.row_of.get(identifier)
        return None if row is None else feature(layer, row, crs)

    def _query(self, asked: dict[str, Any]) -> Query:
        if asked.get("q"):
            message = "q is not offered: use filter"
            raise QueryError(message)
        fields = self._editions.current.fields(self._collection_id)
        return Query(
            limit=asked.get("limit", Query().limit),
            offset=asked.get("offset", 0),
            hits=asked.get("resulttype") == "hits",
            box=_box(asked.get("bbox") or None),
            interval=_interval(asked.get("datetime_")),
            filters=tuple(
                parse_filter(name, text, fields) for name, text in asked.get("properties") or ()
            ),
            filter=_condition(asked.get("filterq"), fields),
            sort=tuple(
                Sort(key["property"], descending=key["order"] == "-")
                for key in asked.get("sortby") or ()
            ),
            properties=tuple(asked.get("select_properties") or ()),
            skip_geometry=bool(asked.get("skip_geometry")),
            crs=_crs(asked.get("crs_transform_spec")),
        )

    def __repr__(self) -> str:
        return f"<LayerProvider> {self.data} {self._collection_id}"


def _box(bbox: Box | list[float] | None) -> Box | None:
    """Take the box of our own door as it is; plain pygeoapi gives numbers in CRS84."""
    return box_of(bbox, CRS84) if isinstance(bbox, list) else bbox


def _condition(written: Any, fields: Mapping[str, Field]) -> Condition | None:
    """Read the filter that our own door hands over; plain pygeoapi gives one that it has read."""
    if written is None:
        return None
    if not isinstance(written, Written):
        message = "filter is only offered by 'spatial serve', not by plain pygeoapi"
        raise QueryError(message)
    language = language_of(written.text)
    return read_filter(written.text, language, fields, parse_crs("filter-crs", written.crs))


def _interval(text: str | None) -> Interval | None:
    return None if text is None else parse_datetime(text)


def _crs(spec: Any) -> Crs:
    return CRS84 if spec is None else parse_crs("crs", spec.target_crs_uri)


def _translated(error: SpatialError) -> ProviderGenericError:
    if isinstance(error, QueryError):
        return ProviderInvalidQueryError(user_msg=str(error))
    return ProviderConnectionError(str(error))
