"""From one indeling to another: which part of an old gemeente is in which new one.

Weights are whole parts per million and sum to exactly 1,000,000 per old gemeente, so that a recoded
total is the same number, whatever the order of the sums.
"""

from dataclasses import dataclass
from enum import StrEnum

from spatial.domain.tables import Table, columns

PPM = 1_000_000
"""A whole gemeente."""


class Gewichtmethode(StrEnum):
    """How a weight was found, best first."""

    EXACT = "exact"
    SPRONG = "sprong"
    DASYMETRISCH = "dasymetrisch"
    OPGEGEVEN = "opgegeven"
    OPPERVLAKTE = "oppervlakte"

    @property
    def is_estimate(self) -> bool:
        """Tell whether a value recoded with it is an estimate."""
        return self is not Gewichtmethode.EXACT


class Samenhang(StrEnum):
    """What happened to the group of gemeenten to which a row belongs (a connected component)."""

    ONGEWIJZIGD = "ongewijzigd"
    HERNOEMD = "hernoemd"
    HERCODEERD = "hercodeerd"
    FUSIE = "fusie"
    OPSPLITSING = "opsplitsing"
    GRENSCORRECTIE = "grenscorrectie"


@dataclass(frozen=True, slots=True)
class SplitWeights:
    """How one gemeente was divided over its receivers.

    Attributes:
        oude_code: the gemeente that was divided.
        van_indeling: last indeling that has it.
        ppm: parts per million by receiver; sums to exactly ``PPM``.
        grens_ppm: by receiver, how far the weight may be off, either way.
        methode: how it was found.
        bron: where it comes from, in words.
    """

    oude_code: str
    van_indeling: int
    ppm: dict[str, int]
    grens_ppm: dict[str, int]
    methode: Gewichtmethode
    bron: str


CROSSWALK = Table(
    "crosswalk",
    columns(
        [
            ("van_indeling", "int32", True, "indeling of the old code"),
            ("naar_indeling", "int32", True, "indeling of the new code"),
            ("van_code", "string", True, "old gemeentecode"),
            ("naar_code", "string", True, "new gemeentecode"),
            ("gewicht_ppm", "int64", True, "part of the old gemeente that is in the new one"),
            ("grens_ppm", "int64", True, "how far the weight may be off; 0 when exact"),
            ("samenhang", "string", True, "what happened to the group of gemeenten"),
            ("methode", "string", True, "how the weight was found"),
            ("bron", "string", True, "where the weight comes from"),
        ]
    ),
    key=("van_indeling", "naar_indeling", "van_code", "naar_code"),
)
"""General weights: one row per old gemeente and new gemeente that share land."""

CELL_WEIGHTS = Table(
    "cell_weights",
    columns(
        [
            ("groep", "string", True, "thema"),
            ("kenmerk", "string", True, "member as in the catalogue"),
            ("maat", "string", True, "measure"),
            ("van_indeling", "int32", True, "last indeling that has the old code"),
            ("van_code", "string", True, "the gemeente that was divided"),
            ("naar_code", "string", True, "receiver in the next indeling"),
            ("gewicht_ppm", "int64", True, "part that went there; sums to 1,000,000 per cell"),
            ("grens_ppm", "int64", True, "how far the weight may be off"),
            ("methode", "string", True, "how the weight was found"),
            ("bron", "string", True, "where the weight comes from"),
        ]
    ),
    key=("groep", "kenmerk", "maat", "van_indeling", "van_code", "naar_code"),
)
"""Weights of one cell (indicator) of its own, preferred over the general ones."""
