"""A selection as one GeoJSON file, a feature on each line, written piece by piece."""

from collections.abc import Iterator

import orjson
import shapely

from spatial.domain.crs import CRS84, Crs
from spatial.serve.formats.arrow import chunks, shapes_of
from spatial.serve.formats.selection import Selection
from spatial.serve.read.layer import Rows
from spatial.store.files.content import about

_ROWS = 500


def geojson_pieces(selection: Selection, address: str) -> Iterator[bytes]:
    """Write a FeatureCollection; x (longitude, easting) comes first in every reference system.

    Beside the features stand what must be said of the figures, and ``crs`` as GDAL and QGIS read it
    when it is not CRS84.

    Args:
        selection: what to write.
        address: link that gives the same file again.
    """
    yield _opening(selection, address)
    separator = b"\n"
    for rows in chunks(selection.rows, _ROWS):
        yield separator + b",\n".join(_features(selection, rows))
        separator = b",\n"
    yield b"\n]}\n"


def _opening(selection: Selection, address: str) -> bytes:
    question = selection.question
    spoken = about(question.edition.contents, question.collection, english=question.english)
    document = {
        "type": "FeatureCollection",
        "name": question.collection.id,
        **({} if question.query.crs == CRS84 else {"crs": _named(question.query.crs)}),
        **{name: text for name, text in spoken.items() if text},
        "uitgave": question.edition.id,
        "timeStamp": question.edition.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberReturned": len(selection.rows),
        "links": [{"rel": "self", "type": question.form.media_type, "href": address}],
    }
    return orjson.dumps(document)[:-1] + b',"features":['


def _named(crs: Crs) -> dict[str, object]:
    return {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs.epsg}"}}


def _features(selection: Selection, rows: Rows) -> Iterator[bytes]:
    question, layer = selection.question, selection.layer
    geometries = _geometries(selection, rows)
    if not question.query.properties:
        encoded, picked = layer.encoded, rows.tolist()
        heads, tails = encoded.heads.pick(picked), encoded.tails.pick(picked)
        for head, geometry, tail in zip(heads, geometries, tails, strict=True):
            # a tail ends with the comma between features
            yield b"".join((head, geometry, tail[:-1]))
        return
    names = question.names
    cells = zip(*(layer.columns[name].pick(rows) for name in names), strict=True)
    for row, geometry, values in zip(rows.tolist(), geometries, cells, strict=True):
        yield b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (
            orjson.dumps(layer.ids[row]),
            geometry,
            orjson.dumps(dict(zip(names, values, strict=True))),
        )


def _geometries(selection: Selection, rows: Rows) -> list[bytes]:
    crs = selection.question.query.crs
    if not selection.question.placed:
        return [b"null"] * len(rows)
    if crs.lat_first:
        # stored texts are in the axis order of their reference system
        rounded = shapely.transform(
            shapes_of(selection, rows), lambda points: points.round(crs.decimals)
        )
        texts = shapely.to_geojson(rounded).tolist()
        return [b"null" if text is None else text.encode() for text in texts]
    places = selection.layer.shape_of[rows].tolist()
    found = selection.layer.shapes.texts(crs, (place for place in places if place >= 0))
    return [found[place].encode() if place >= 0 else b"null" for place in places]
