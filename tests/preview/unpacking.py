"""What the page makes of packed figures, said once more in Python."""

from itertools import batched
from typing import Any

from spatial.preview.classes import MISSING_SIGNS
from spatial.preview.packing import UNSURE


def undigits(text: str) -> list[int]:
    """Read back whole numbers."""
    numbers, number, shift = [], 0, 0
    for character in text:
        place = ord(character) - 63
        number |= (place & 31) << shift
        shift += 5
        if place < 32:
            numbers.append(~(number >> 1) if number & 1 else number >> 1)
            number, shift = 0, 0
    return numbers


def untopology(short: dict[str, Any]) -> dict[str, Any]:
    """Return a packed topology as TopoJSON."""
    return {
        "type": "Topology",
        "transform": {"scale": [short["stap"]] * 2, "translate": [0, 0]},
        "objects": {
            name: {
                "type": "GeometryCollection",
                "geometries": [
                    {
                        "type": "MultiPolygon",
                        "id": code,
                        "properties": {"naam": entry["namen"].get(code, short["namen"][code])},
                        "arcs": [[undigits(ring) for ring in part] for part in arcs],
                    }
                    for code, arcs in zip(entry["codes"], entry["bogen"], strict=True)
                ],
            }
            for name, entry in short["vormen"].items()
        },
        "arcs": [[list(pair) for pair in batched(undigits(arc), 2)] for arc in short["bogen"]],
    }


def unpacked(moment: dict[str, Any], decimals: int) -> dict[str, Any]:
    """Return numbers and bounds of a packed moment; None for what is missing."""
    step = 10**decimals
    numbers, signs = undigits(moment["waarden"]), moment["status"]
    known = [sign not in MISSING_SIGNS.values() for sign in signs]

    def bounds(name: str, way: int) -> list[float | None]:
        apart = moment[name]
        each = undigits(apart) if isinstance(apart, str) else [apart] * len(numbers)
        return [
            (number + way * steps) / step if has or sign == UNSURE else None
            for number, steps, has, sign in zip(numbers, each, known, signs, strict=True)
        ]

    values = {
        "waarden": [
            number / step if has else None for number, has in zip(numbers, known, strict=True)
        ],
        "min": bounds("min", -1),
        "max": bounds("max", 1),
    }
    if "stralen" in moment:
        values["stralen"] = [tenths / 10 for tenths in undigits(moment["stralen"])]
    return values
