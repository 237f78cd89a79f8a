"""What the page makes of packed figures, said once more in Python."""

from typing import Any

from spatial.preview.classes import MISSING_SIGNS
from spatial.preview.packing import UNSURE


def unpacked(moment: dict[str, Any], decimals: int) -> dict[str, Any]:
    """Return numbers and bounds of a packed moment; None for what is missing."""
    step = 10**decimals
    numbers, signs = moment["waarden"], moment["status"]
    known = [sign not in MISSING_SIGNS.values() for sign in signs]

    def bounds(name: str, way: int) -> list[float | None]:
        apart = moment[name]
        each = apart if isinstance(apart, list) else [apart] * len(numbers)
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
        values["stralen"] = [tenths / 10 for tenths in moment["stralen"]]
    return values
