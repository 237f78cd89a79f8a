"""The fields of a collection: names, types, titles in two languages, and what missing means."""

from spatial.domain.crosswalk import Gewichtmethode
from spatial.domain.indicators import Indicator
from spatial.domain.redivisions import Mutatie
from spatial.domain.regions import Niveau
from spatial.domain.sources import SourceStatus
from spatial.domain.status import OF_FIGURES, Status
from spatial.domain.taakstelling import Voortgang
from spatial.store.catalogue import Field

STATUS_CODES = tuple(status.value for status in OF_FIGURES)
_CODES_OF_DIFFERENCES = (*STATUS_CODES, Status.NIET_VAST_TE_STELLEN.value)
_NUMBER = {True: "integer", False: "number"}


def region_fields() -> list[Field]:
    """Return the fields with which every feature of a region begins."""
    levels = tuple(niveau.value for niveau in Niveau)
    return [
        Field(
            "regioCode", "string", "Regiocode", "Region code", "Code van het CBS, zonder opvulling."
        ),
        Field("regioNaam", "string", "Regionaam", "Region name"),
        Field("niveau", "string", "Niveau", "Level", codes=levels),
        Field(
            "indeling",
            "integer",
            "Gemeentelijke indeling",
            "Boundary vintage",
            "Indeling per 1 januari van dit jaar.",
        ),
        Field(
            "peilmoment",
            "date",
            "Peilmoment",
            "Reference date",
            "Dag waarop het cijfer of de grens geldt, of begint te gelden.",
        ),
    ]


PERIOD_FIELDS = (
    Field("periodeBegin", "date", "Begin van de periode", "Start of the period"),
    Field(
        "periodeEind",
        "date",
        "Einde van de periode",
        "End of the period",
        "Laatste dag, inbegrepen.",
    ),
)
LEDGER_FIELDS = (
    Field(
        "voortgang", "string", "Voortgang", "Progress",
        "Voldaan: niets te doen, of alles gedaan. Op schema: het halfjaar loopt nog en het gedane deel is ten minste "
        "een zesde per getelde maand. Anders achter. Niet te bepalen: een getal ontbreekt, of de grenzen laten meer toe.",
        codes=tuple(one.value for one in Voortgang),
    ),
    Field(
        "maanden", "integer", "Getelde maanden", "Months counted",
        "Maanden van het halfjaar tot en met de peildatum van gehuisvest; 6 als het voorbij is.",
    ),
    Field(
        "cumulatiefSinds", "date", "Opgeteld sinds", "Cumulative since",
        "Eerste dag van de reeks waarover is opgeteld; leeg in een halfjaar zonder taakstelling per gemeente.",
    ),
)  # fmt: skip
"""What stands behind the indicators of the taakstelling."""
FLOW_FIELDS = (
    Field(
        "stroomBegin", "date", "Begin van de stroom", "Start of the flow",
        "Eerste dag waarover de stromen van de rij zijn geteld; leeg als op het peilmoment geen stroom eindigt.",
    ),
    Field(
        "stroomEind", "date", "Einde van de stroom", "End of the flow",
        "Laatste dag waarover de stromen van de rij zijn geteld, inbegrepen; de andere cijfers gelden op het peilmoment.",
    ),
)  # fmt: skip
COMPARED_FIELDS = (
    Field(
        "peilmomentVorige", "date", "Peilmoment van een jaar eerder", "Reference date of a year before",
        "Waartegen SindsVorige is gerekend: hetzelfde soort dag; leeg als de reeks het niet heeft.",
    ),
    Field(
        "peilmomentBasis", "date", "Eerste peilmoment", "First reference date",
        "Waartegen SindsBasis is gerekend: hetzelfde soort dag; leeg op dat peilmoment zelf.",
    ),
)  # fmt: skip
TAIL_FIELDS = (
    Field("voorlopig", "boolean", "Voorlopig", "Provisional", "Waar als de bron de cijfers voorlopig noemt."),
    Field("bron", "string", "Bron", "Source"),
    Field(
        "bronStatus", "string", "Status van de bron", "Status of the source",
        "Voorbeeldcijfers zijn gemaakt, niet waargenomen.",
        codes=(SourceStatus.OFFICIEEL, SourceStatus.BEREKEND, SourceStatus.VOORBEELDCIJFERS),
    ),
    Field(
        "grenzen", "string", "Status van de grenzen", "Status of the boundaries",
        codes=(SourceStatus.OFFICIEEL, SourceStatus.SCHEMATISCH),
    ),
)  # fmt: skip
ORIGIN_FIELDS = (
    Field(
        "methode", "string", "Methode", "Method",
        "Geschat als een waarde van de rij geschat is, anders opgeteld als een waarde dat is.",
        codes=(Status.WAARGENOMEN, Status.OPGETELD, Status.GESCHAT),
    ),
    Field(
        "herkomst", "string", "Herkomst", "Origin",
        "Oude codes met hun gewicht voor de eerste indicator; leeg als het gebied gelijk bleef.",
    ),
)  # fmt: skip
BOUNDARY_FIELDS = (
    Field(
        "geldigTotEnMet", "date", "Geldig tot en met", "Valid until", "Laatste dag van de indeling."
    ),
    Field(
        "oppervlakteKm2", "number", "Oppervlakte van de vorm", "Area of the shape", eenheid="km2"
    ),
    Field(
        "laatsteDag",
        "date",
        "Laatste dag",
        "Last day",
        "Laatste dag waarop de code bestond; leeg zolang hij bestaat.",
    ),
    Field(
        "opvolgers",
        "string",
        "Opvolgers",
        "Successors",
        "Codes waarin de gemeente overging, met het deel (0-1) waar dat bekend is.",
    ),
    Field(
        "voorgangers",
        "string",
        "Voorgangers",
        "Predecessors",
        "Codes die in de gemeente opgingen, met het deel (0-1) van de oude gemeente.",
    ),
    TAIL_FIELDS[-1],
)
REDIVISION_FIELDS = (
    Field("datum", "date", "Datum", "Date", "Eerste dag waarop de wijziging geldt."),
    Field("oudeCode", "string", "Oude code", "Old code"),
    Field("oudeNaam", "string", "Oude naam", "Old name"),
    Field("nieuweCode", "string", "Nieuwe code", "New code"),
    Field("nieuweNaam", "string", "Nieuwe naam", "New name"),
    Field("mutatie", "string", "Soort wijziging", "Kind of change", codes=tuple(m.value for m in Mutatie)),
    Field("geheel", "boolean", "Geheel", "Whole", "Waar als de hele oude gemeente overging."),
    Field("aandeel", "number", "Aandeel", "Share", "Deel van de oude gemeente (0-1); leeg als het geheel of niet bekend is."),
    Field("aandeelGrondslag", "string", "Grondslag van het aandeel", "Basis of the share"),
    Field("gewicht", "number", "Gewicht", "Weight", "Deel van de oude gemeente (0-1) waarmee tellingen meegaan."),
    Field("gewichtMethode", "string", "Methode van het gewicht", "Method of the weight", codes=tuple(m.value for m in Gewichtmethode)),
    Field("zekerheid", "string", "Zekerheid", "Certainty"),
    Field("opmerking", "string", "Opmerking", "Remark"),
    Field("bron", "string", "Bron", "Source"),
)  # fmt: skip


def indicator_fields(entry: Indicator) -> list[Field]:
    """Return value, status, lower and upper bound of an indicator."""
    value, status, lower, upper = entry.columns
    number = _NUMBER[entry.is_whole]
    codes = _CODES_OF_DIFFERENCES if entry.soort.is_difference else STATUS_CODES
    nl, en, unit = entry.titel_nl, entry.title_en, entry.eenheid
    empty = "Leeg als de status geen getal heeft; nooit nul of geschat in plaats daarvan."
    return [
        Field(value, number, nl, en, f"{entry.definitie_nl} {empty}", unit, indicator=entry.id),
        Field(status, "string", f"{nl}: status", f"{en}: status", codes=codes, indicator=entry.id),
        Field(lower, number, f"{nl}: ondergrens", f"{en}: lower bound",
              "Laagste waarde die bij de afronding past; leeg zonder getal.", unit, indicator=entry.id),
        Field(upper, number, f"{nl}: bovengrens", f"{en}: upper bound",
              "Hoogste waarde die bij de afronding past; leeg zonder getal.", unit, indicator=entry.id),
    ]  # fmt: skip
