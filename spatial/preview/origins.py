"""How a recoded figure came about, in words for people instead of codes and weights."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spatial.domain.status import Status
from spatial.preview.wording import dutch_number

SUMMED_SHARE = "berekend uit opgetelde aantallen"
"""What a share is called whose counts were added up."""

_PART = re.compile(r"([A-Z]{2}\d{2,4})(?: x ([01]\.\d+))?")
_SUM = "opgeteld uit "
_SMALLEST = 0.0005


@dataclass(frozen=True, slots=True)
class Origins:
    """Words of ``herkomst`` as a layer holds it.

    Attributes:
        names: newest name by region code; a code without a name stands alone.
        weights_of: what the weights were found for, when that is another indicator; else empty.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    weights_of: str = ""

    def sentence(self, herkomst: str | None, status: Status, methode: Status) -> str:
        """Tell how a figure came about, its status first.

        Args:
            herkomst: ``GM0824; GM0788 x 0.285940`` (codes, with the part that was taken), or words
                such as ``opgeteld uit 12 gemeenten``; None where nothing changed.
            status: status of the figure.
            methode: how the counts in it came about; for a count its status.

        Returns:
            A Dutch sentence without full stop; empty when there is nothing to tell.
        """
        if not herkomst:
            return ""
        found = [_PART.fullmatch(part) for part in herkomst.split("; ")]
        parts = [(match[1], match[2]) for match in found if match]
        if len(parts) < len(found):
            return _in_words(herkomst, status, methode)
        listed = _enumerated([self._part(code, weight) for code, weight in parts])
        if any(weight for _, weight in parts):
            found_for = f" (deel bepaald voor {self.weights_of})" if self.weights_of else ""
            return f"{status.label_nl}: {listed}{found_for}"
        detail = f"{_SUM}{listed}" if len(parts) > 1 else f"overgenomen van {listed}"
        return _in_words(detail, status, methode)

    def _part(self, code: str, weight: str | None) -> str:
        region = " ".join(filter(None, (code, self.names.get(code))))
        return f"{_percentage(float(weight))} van {region}" if weight else region


def _in_words(detail: str, status: Status, methode: Status) -> str:
    added = detail.removeprefix(_SUM)
    if added == detail:
        return f"{status.label_nl}: {detail}"
    if methode is Status.GESCHAT:
        return f"{status.label_nl}: {detail}, waarvan ten minste één geschat"
    if status is Status.BEREKEND:
        return f"{SUMMED_SHARE} van {added}"
    return detail


def _percentage(share: float) -> str:
    if 0 < share < _SMALLEST:
        return "minder dan 0,1\u00a0%"
    if 1 - _SMALLEST < share < 1:
        return "meer dan 99,9\u00a0%"
    return f"{dutch_number(100 * share, 1)}\u00a0%"


def _enumerated(parts: Sequence[str]) -> str:
    """Join as a Dutch sentence does: a, b en c."""
    *others, last = parts
    return f"{', '.join(others)} en {last}" if others else last
