"""Texts and days of features: each different one is looked at once."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spatial.serve.cql2.expression import Folded, Literal, Operand, Property
from spatial.serve.cql2.folding import FOLDINGS
from spatial.serve.matching.numbers import COMPARISONS
from spatial.serve.matching.truth import Mask, Truth, known
from spatial.serve.read.layer import Matched

_PATTERN = re.compile(r"\\(.)|(%+)|(_)|(\\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Texts:
    """The different texts, and the place of each feature's among them; -1 is missing.

    ``places`` of length 1 is the same for all features.
    """

    words: Sequence[str]
    places: npt.NDArray[np.signedinteger]

    def where(self, holds: Callable[[str], bool]) -> Truth:
        """Tell of each feature whether something holds for its text."""
        table = np.array([*(holds(word) for word in self.words), False], dtype=bool)
        return known(table[self.places], self.places < 0)


def compare_texts(op: str, left: Operand, right: Operand, layer: Matched) -> Truth:
    """Compare by code point; days are ISO text, of which that is the order of time."""
    first, second, compared = texts(left, layer), texts(right, layer), COMPARISONS[op]
    if isinstance(right, Literal):
        word = str(right.value)
        return first.where(lambda text: bool(compared(text, word)))
    if isinstance(left, Literal):
        word = str(left.value)
        return second.where(lambda text: bool(compared(word, text)))
    rank = {word: place for place, word in enumerate(sorted({*first.words, *second.words}))}
    yes = compared(_ranks(first, rank), _ranks(second, rank))
    return known(np.asarray(yes, dtype=bool), (first.places < 0) | (second.places < 0))


def texts(operand: Operand, layer: Matched) -> Texts:
    """Return the texts of all features."""
    if isinstance(operand, Literal):
        return Texts((str(operand.value),), np.zeros(1, dtype=np.intp))
    if isinstance(operand, Folded):
        found = texts(operand.operand, layer)
        return Texts([FOLDINGS[operand.function](word) for word in found.words], found.places)
    if isinstance(operand, Property):
        column = layer.columns[operand.naam]
        places: npt.NDArray[np.signedinteger] = column.cells.astype(np.intp, copy=False)
        return Texts(column.words or (), places)
    message = f"{operand} is not a text"
    raise TypeError(message)


def like(pattern: str) -> Callable[[str], bool]:
    """Make the test of a pattern; it takes time in proportion to the text, whatever the pattern.

    >>> bool(like("a%_c")("abbc")), bool(like("a%_c")("ac"))
    (True, False)
    """
    expression = ""
    at = 0
    # each part between two % is taken where it first fits: never tried elsewhere afterwards
    *parts, last = _parts(pattern)
    for part in parts:
        expression += part if not at else f"(?>.*?{part})"
        at += 1
    expression += f".*{last}" if at else last
    return re.compile(f"{expression}\\Z", re.DOTALL).match  # type: ignore[return-value]


def _parts(pattern: str) -> list[str]:
    """Return regular expressions for what stands between the % of a pattern."""
    parts = [""]
    at = 0
    for found in _PATTERN.finditer(pattern):
        parts[-1] += re.escape(pattern[at : found.start()])
        escaped, several, one, _ = found.groups()
        if several:
            parts.append("")
        else:
            parts[-1] += "." if one else re.escape(escaped or "\\")
        at = found.end()
    parts[-1] += re.escape(pattern[at:])
    return parts


def _ranks(found: Texts, rank: dict[str, int]) -> Mask:
    table = np.array([*(rank[word] for word in found.words), -1])
    ranks: Mask = table[found.places]
    return ranks
