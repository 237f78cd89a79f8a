"""Divide a whole number of households over members so that the parts add up (F3).

Largest remainder (Hamilton): every member gets its proportional share rounded down, and what is left
goes one by one to the largest remainders. Of equal remainders the lower code comes first, so that the
higher code gets the last one or none. Integers only: nothing depends on how a machine rounds.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from spatial.errors import ValueParseError


def allocate(total: int, weights: Sequence[int | float], codes: Sequence[str]) -> list[int]:
    """Return the part of every member; together they are the total.

    Args:
        total: what is divided, 0 or more.
        weights: the key of every member, 0 or more, in any unit; not all 0.
        codes: of the members, all different: they decide between equal remainders.

    Raises:
        ValueParseError: the total or a weight is negative, the weights are all 0 or not a number, or
            a code occurs twice.
    """
    whole_numbers = _checked(total, weights, codes)
    whole = sum(whole_numbers)
    parts, remainders = zip(*(divmod(total * each, whole) for each in whole_numbers), strict=True)
    order = sorted(range(len(parts)), key=lambda place: (-remainders[place], codes[place]))
    with_one_more = frozenset(order[: total - sum(parts)])
    return [part + (place in with_one_more) for place, part in enumerate(parts)]


def _checked(total: int, weights: Sequence[int | float], codes: Sequence[str]) -> list[int]:
    """Return the weights as whole numbers of the same proportions."""
    try:
        exact = [Fraction(weight) for weight in weights]
    except (ValueError, OverflowError) as error:
        message = f"households cannot be divided by a key that is not a number: {error}"
        raise ValueParseError(message) from error
    if total < 0 or any(weight < 0 for weight in exact) or not any(exact):
        message = f"{total} households cannot be divided by a key of {sum(exact)} in all"
        raise ValueParseError(message)
    if len(set(codes)) != len(exact) or len(codes) != len(exact):
        message = f"{len(exact)} members need as many different codes, not {len(set(codes))}"
        raise ValueParseError(message)
    multiple = lcm(*(weight.denominator for weight in exact))
    return [int(weight * multiple) for weight in exact]
