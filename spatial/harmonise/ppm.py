"""Fractions to whole parts per million that sum to exactly one million."""

from collections.abc import Mapping
from fractions import Fraction

from spatial.domain.crosswalk import PPM
from spatial.errors import RegisterError


def to_ppm(parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Round parts of a whole by largest remainder.

    Args:
        parts: by code, at least 0 and not all 0; scaled so that together they are the whole.

    Returns:
        Parts per million by code, ascending; they sum to exactly 1,000,000. Each is its part rounded
        down or up; the largest remainders are rounded up, of equal ones those of the lower codes.

    Raises:
        RegisterError: no parts, a negative one, or nothing but zeros.
    """
    total = sum(parts.values(), Fraction(0))
    if total <= 0 or min(parts.values()) < 0:
        shown = {code: float(part) for code, part in parts.items()}
        message = f"parts of a whole are at least 0 and not all 0; these are {shown}"
        raise RegisterError(message)
    scaled = {code: parts[code] * PPM / total for code in sorted(parts)}
    whole = {code: int(part) for code, part in scaled.items()}
    left = PPM - sum(whole.values())
    by_remainder = sorted(scaled, key=lambda code: (whole[code] - scaled[code], code))
    return {code: number + (code in by_remainder[:left]) for code, number in whole.items()}
