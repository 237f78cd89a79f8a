"""What may be said of a gemeente beside its neighbours: remarkable or not, or why not tested."""

from enum import StrEnum


class Opvallend(StrEnum):
    """The outcome for one rate of one gemeente at one moment; exploratory, never a proof."""

    HOOG_BIJ_HOOG = "hoog_bij_hoog"
    LAAG_BIJ_LAAG = "laag_bij_laag"
    HOOG_BIJ_LAAG = "hoog_bij_laag"
    LAAG_BIJ_HOOG = "laag_bij_hoog"
    NIET_OPVALLEND = "niet_opvallend"
    GEEN_VERSCHIL = "geen_verschil"
    GEEN_BUREN = "geen_buren"
    ONTBREEKT = "ontbreekt"

    @property
    def label_nl(self) -> str:
        """Dutch label for legend and table."""
        return _LABEL[self][0]

    @property
    def label_en(self) -> str:
        """English label."""
        return _LABEL[self][1]


FLAGGED = (
    Opvallend.HOOG_BIJ_HOOG,
    Opvallend.LAAG_BIJ_LAAG,
    Opvallend.HOOG_BIJ_LAAG,
    Opvallend.LAAG_BIJ_HOOG,
)
"""The outcomes that are remarkable."""

_LABEL = {
    Opvallend.HOOG_BIJ_HOOG: ("hoog, met hoge buren", "high, with high neighbours"),
    Opvallend.LAAG_BIJ_LAAG: ("laag, met lage buren", "low, with low neighbours"),
    Opvallend.HOOG_BIJ_LAAG: ("hoog, met lage buren", "high, with low neighbours"),
    Opvallend.LAAG_BIJ_HOOG: ("laag, met hoge buren", "low, with high neighbours"),
    Opvallend.NIET_OPVALLEND: ("niet opvallend", "not remarkable"),
    Opvallend.GEEN_VERSCHIL: (
        "geen verschil tussen gemeenten aantoonbaar",
        "no difference between municipalities can be shown",
    ),
    Opvallend.GEEN_BUREN: ("geen buren", "no neighbours"),
    Opvallend.ONTBREEKT: ("geen cijfer", "no figure"),
}
