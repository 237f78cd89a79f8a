"""Where numbers and shapes come from, under which licence, and how far they may be trusted."""

from dataclasses import dataclass
from enum import StrEnum


class SourceStatus(StrEnum):
    """What kind of figures or shapes a source gives; shown wherever they are shown."""

    OFFICIEEL = "officieel"
    BEREKEND = "berekend"
    VOORBEELDCIJFERS = "voorbeeldcijfers"
    SCHEMATISCH = "schematisch"


@dataclass(frozen=True, slots=True)
class Source:
    """One source, as it is named in every document, file and legend.

    Attributes:
        id: short name that travels in the tables, such as ``85980NED``.
        titel: Dutch name with its owner.
        status: what kind of figures these are.
        licentie: licence as its owner names it.
        url: where it can be had; empty when it is made here.
        sha256: checksum of the file or files read; empty when it is made here.
        geldt_voor: what of a collection comes from it, where that is not all; Dutch.
        holds_for: the same in English.
    """

    id: str
    titel: str
    status: SourceStatus
    licentie: str
    url: str = ""
    sha256: str = ""
    geldt_voor: str = ""
    holds_for: str = ""

    @property
    def melding(self) -> str:
        """The sentence that must stand beside figures or shapes of this source; may be empty."""
        text = _MELDING.get(self.status, "")
        return f"{text} Dit geldt voor {self.geldt_voor}." if text and self.geldt_voor else text

    @property
    def notice_en(self) -> str:
        """The same sentence in English."""
        text = _NOTICE.get(self.status, "")
        return f"{text} This holds for {self.holds_for}." if text and self.holds_for else text


_MELDING = {
    SourceStatus.VOORBEELDCIJFERS: (
        "Voorbeeldcijfers: door de computer gemaakt, geen waarneming van het CBS."
    ),
    SourceStatus.SCHEMATISCH: "Schematische grenzen: gemaakt uit plaats, oppervlakte en geschetste oevers; niet opgemeten.",
    SourceStatus.BEREKEND: "Berekend met de wettelijke formule, niet als zodanig gepubliceerd.",
}
_NOTICE = {
    SourceStatus.VOORBEELDCIJFERS: "Example figures: made by a computer, not observed by CBS.",
    SourceStatus.SCHEMATISCH: (
        "Schematic boundaries: made from place, area and sketched shores; not surveyed."
    ),
    SourceStatus.BEREKEND: "Computed with the statutory formula, not published as such.",
}
