"""Three-valued logic: where a condition is true, and where it is false; elsewhere it is unknown."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

type Mask = npt.NDArray[np.bool_]


class Truth(NamedTuple):
    """One mask per feature, or of length 1 for all alike; never both true.

    Attributes:
        yes: where it is true.
        no: where it is false.
    """

    yes: Mask
    no: Mask


def known(yes: Mask, missing: Mask) -> Truth:
    """Return what is true or false, and unknown where a value is missing."""
    present = ~missing
    return Truth(yes & present, ~yes & present)


def every(parts: list[Truth]) -> Truth:
    """AND: false as soon as one is false."""
    yes, no = parts[0]
    for part in parts[1:]:
        yes, no = yes & part.yes, no | part.no
    return Truth(yes, no)


def some(parts: list[Truth]) -> Truth:
    """OR: true as soon as one is true."""
    yes, no = parts[0]
    for part in parts[1:]:
        yes, no = yes | part.yes, no & part.no
    return Truth(yes, no)
