"""A fair distribution on the map: the members of the region with what they have and would have."""

from collections.abc import Iterator
from typing import Any

import orjson

from spatial.compute.places import read_shapes
from spatial.compute.verdeling import Getal, Lid, PerSleutel, Verdeeld
from spatial.store.snapshot import Snapshot

type Document = dict[str, Any]

_NUMBERS = ("sleutel", "evenredig", "verschil", "locatiequotient")


def geojson_of(answer: Verdeeld, snapshot: Snapshot) -> Document:
    """Return a distribution as a FeatureCollection: a feature per member (CRS84).

    The properties of a key are ``<sleutel>``, ``<sleutel>Evenredig``, ``...Verschil``,
    ``...Locatiequotient``, each with ``Status``, ``Min`` and ``Max``, and ``...Toewijzing``.
    """
    members = answer.sleutels[0].leden
    year = int(answer.indeling)
    shapes = read_shapes(snapshot, {(lid.code, year) for lid in members})
    features = []
    for place, lid in enumerate(members):
        shape = shapes.get((lid.code, year))
        properties: Document = {
            "regioCode": lid.code,
            "regioNaam": lid.naam,
            "niveau": answer.vraag.leden.value,
            "peilmoment": answer.vraag.peilmoment.isoformat(),
            "indeling": year,
            **dict(_number("groep", lid.groep)),
        }
        for entry in answer.sleutels:
            properties |= dict(_of_key(entry, entry.leden[place]))
        features.append(
            {
                "type": "Feature",
                "id": f"{lid.code}-{answer.vraag.peilmoment}",
                "geometry": None if shape is None else orjson.Fragment(shape),
                "properties": properties,
            }
        )
    return {
        "type": "FeatureCollection",
        "features": features,
        "numberReturned": len(features),
        "snapshot": answer.snapshot,
    }


def _of_key(entry: PerSleutel, lid: Lid) -> Iterator[tuple[str, Any]]:
    key = entry.sleutel.id
    for name in _NUMBERS:
        named = key if name == "sleutel" else f"{key}{name.capitalize()}"
        yield from _number(named, getattr(lid, name))
    yield f"{key}Toewijzing", lid.toewijzing


def _number(name: str, number: Getal) -> Iterator[tuple[str, Any]]:
    yield name, number.waarde
    yield f"{name}Status", number.status.value
    yield f"{name}Min", number.laag
    yield f"{name}Max", number.hoog
