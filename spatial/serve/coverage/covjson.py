"""A block of cells as CoverageJSON (OGC 21-069r2)."""

from typing import Any

import numpy as np
import orjson

from spatial.domain.crs import RD
from spatial.serve.coverage.block import Block
from spatial.serve.coverage.cells import Cells
from spatial.serve.coverage.wording import Place, english_unit, unit_code
from spatial.store.rasters.index import Coverage

DECIMALS = 2
"""Of the values: one person in a cell of 500 m is 4 per km2, in one of 100 m it is 100."""
_UCUM = "http://www.opengis.net/def/uom/UCUM/"


def covjson(block: Block, cells: Cells, place: Place) -> bytes:
    """Write a block: axes x, y (middles of the cells, m in RD, y from the north) and t (days).

    A cell without a value is null.

    Args:
        block: which cells.
        cells: their values, NaN where there is none.
        place: where the coverage is found.
    """
    name = block.coverage.indicator
    document = {
        "type": "Coverage",
        "id": place.address,
        "domain": _domain(block),
        "parameters": {name: _parameter(block.coverage, place)},
        "ranges": {
            name: {
                "type": "NdArray",
                "dataType": "float",
                "axisNames": ["t", "y", "x"],
                "shape": list(cells.shape),
                # NaN is written as null
                "values": np.round(cells.astype(np.float64).ravel(), DECIMALS),
            }
        },
    }
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def _domain(block: Block) -> dict[str, Any]:
    left, bottom, right, top = block.bounds
    half = block.coverage.grid / 2
    return {
        "type": "Domain",
        "domainType": "Grid",
        "axes": {
            "x": {"start": left + half, "stop": right - half, "num": block.columns},
            "y": {"start": top - half, "stop": bottom + half, "num": block.rows},
            "t": {"values": [band.peilmoment.isoformat() for band in block.bands]},
        },
        "referencing": [
            {
                "coordinates": ["x", "y"],
                "system": {"type": "ProjectedCRS", "id": RD.uri},
            },
            {
                "coordinates": ["t"],
                "system": {"type": "TemporalRS", "calendar": "Gregorian"},
            },
        ],
    }


def _parameter(coverage: Coverage, place: Place) -> dict[str, Any]:
    nl, en = (Place(place.url, coverage, english) for english in (False, True))
    return {
        "type": "Parameter",
        "description": {"nl": nl.description, "en": en.description},
        "unit": {
            "label": {"nl": coverage.unit, "en": english_unit(coverage)},
            "symbol": {"type": _UCUM, "value": unit_code(coverage)},
        },
        "observedProperty": {
            "id": f"{place.address}/schema#{coverage.indicator}",
            "label": {"nl": coverage.title_nl, "en": coverage.title_en},
        },
    }
