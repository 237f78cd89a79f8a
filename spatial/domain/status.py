"""The state of a value, and the bounds that its rounding implies.

A number never travels alone. Missing in, missing out: a status that has no value never gets one,
nor bounds; only a difference that cannot be established has bounds without a number.
"""

from enum import StrEnum


class Status(StrEnum):
    """What a cell says, besides its number."""

    WAARGENOMEN = "waargenomen"
    OPGETELD = "opgeteld"
    GESCHAT = "geschat"
    BEREKEND = "berekend"
    GEHEIM_OF_ONBEKEND = "geheim_of_onbekend"
    NIET_VAN_TOEPASSING = "niet_van_toepassing"
    ONTBREEKT_IN_BRON = "ontbreekt_in_bron"
    TE_KLEIN = "te_klein"
    NIET_VAST_TE_STELLEN = "niet_vast_te_stellen"

    @property
    def has_value(self) -> bool:
        """Tell whether a cell of this status holds a number."""
        return self in WITH_VALUE

    @property
    def has_bounds(self) -> bool:
        """Tell whether a cell of this status has bounds; a difference may have them without number."""
        return self.has_value or self is Status.NIET_VAST_TE_STELLEN

    @property
    def teken(self) -> str:
        """The sign in a table when there is no number, as StatLine uses it."""
        return _TEKEN.get(self, "")

    @property
    def merk(self) -> str:
        """The sign beside a number, or in its place; observed and not applicable have none."""
        return _MERK.get(self, self.teken)

    @property
    def label_nl(self) -> str:
        """Dutch label for legend, table and tooltip."""
        return _LABEL[self][0]

    @property
    def label_en(self) -> str:
        """English label."""
        return _LABEL[self][1]


WITH_VALUE = frozenset(
    {Status.WAARGENOMEN, Status.OPGETELD, Status.GESCHAT, Status.BEREKEND},
)
OF_FIGURES = tuple(status for status in Status if status is not Status.NIET_VAST_TE_STELLEN)
"""What a figure itself can be; only a difference of figures can be niet_vast_te_stellen."""
WORST_LAST = (
    Status.NIET_VAST_TE_STELLEN,
    Status.TE_KLEIN,
    Status.ONTBREEKT_IN_BRON,
    Status.NIET_VAN_TOEPASSING,
    Status.GEHEIM_OF_ONBEKEND,
)
"""What a missing number makes of whatever is computed with it; the later one wins."""
WITHHELD = tuple(
    status
    for status in WORST_LAST
    if status not in (Status.ONTBREEKT_IN_BRON, Status.NIET_VAN_TOEPASSING)
)
"""There is a number that is not given: a sum with one of these is geheim_of_onbekend."""
_TEKEN = {
    Status.GEHEIM_OF_ONBEKEND: ".",
    Status.NIET_VAN_TOEPASSING: "",
    Status.ONTBREEKT_IN_BRON: "-",
    Status.TE_KLEIN: "<",
    Status.NIET_VAST_TE_STELLEN: "?",
}
_MERK = {Status.OPGETELD: "Σ", Status.GESCHAT: "≈", Status.BEREKEND: "="}
_LABEL = {
    Status.WAARGENOMEN: ("waargenomen", "observed"),
    Status.OPGETELD: ("opgeteld", "summed"),
    Status.GESCHAT: ("geschat", "estimated"),
    Status.BEREKEND: ("berekend", "computed"),
    Status.GEHEIM_OF_ONBEKEND: ("geheim of onbekend", "confidential or unknown"),
    Status.NIET_VAN_TOEPASSING: ("niet van toepassing", "not applicable"),
    Status.ONTBREEKT_IN_BRON: ("niet in de bron", "not in the source"),
    Status.TE_KLEIN: ("te klein om te tonen", "too small to show"),
    Status.NIET_VAST_TE_STELLEN: (
        "verschil niet vast te stellen",
        "difference cannot be established",
    ),
}


def rounding_bounds(value: int, base: int) -> tuple[int, int]:
    """Return the lowest and highest whole number that rounds to ``value``.

    Args:
        value: a published count, at least 0.
        base: what it was rounded to (5: nearest five; 1: not rounded).

    Returns:
        The two whole numbers, both possible; never below 0.
    """
    half = (base - 1) // 2
    return max(0, value - half), value + half
