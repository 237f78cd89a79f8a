"""Describe a layer as a collection: titles, fields, extent, indelingen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Transformer

from spatial.domain.crosswalk import Gewichtmethode
from spatial.domain.crs import CRS84, RD
from spatial.domain.indicators import Indicator, Thema
from spatial.domain.redivisions import Mutatie
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import Status
from spatial.store.catalogue import Collection, Field, Kind
from spatial.store.layers import GEOMETRY

_STATUS_CODES = tuple(status.value for status in Status)
_NUMBER = {True: "integer", False: "number"}
_KEYWORDS = ("aandachtsgroepen", "huisvesting", "CBS")


@dataclass(frozen=True, slots=True)
class _Text:
    titel_nl: str
    title_en: str
    beschrijving_nl: str
    description_en: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What an indicator collection is about.

    Attributes:
        thema: its theme.
        niveau: its level.
        indeling: the one indeling of all its periods; None: each period in its own.
    """

    thema: Thema
    niveau: Niveau
    indeling: Indeling | None = None

    @property
    def id(self) -> str:
        """Collection id."""
        suffix = f"-indeling-{self.indeling}" if self.indeling else ""
        return f"{self.thema}-{self.niveau}{suffix}"


def describe_indicators(
    table: pa.Table, subject: Subject, indicators: Sequence[Indicator], sources: Sequence[Source]
) -> Collection:
    """Describe an indicator layer as collection ``<thema>-<niveau>[-indeling-<jaar>]``.

    Args:
        table: the layer as it will be written.
        subject: theme, level and indeling.
        indicators: its indicators, in order.
        sources: sources of figures and shapes; what they must say stands in the description.
    """
    interval = "periodeBegin" in table.column_names
    fields = [*_region_fields(), *(_PERIOD_FIELDS if interval else ())]
    for entry in indicators:
        fields += _indicator_fields(entry)
    tail = [*_ORIGIN_FIELDS, *_TAIL_FIELDS[1:]] if subject.indeling else list(_TAIL_FIELDS[1:])
    return _collection(
        table,
        id_=subject.id,
        kind=Kind.INDICATOREN,
        text=_indicator_text(subject, len(indicators), sources),
        times=("periodeBegin", "periodeEind") if interval else ("peilmoment", "peilmoment"),
        fields=[*fields, _TAIL_FIELDS[0], *tail],
        thema=subject.thema,
        niveau=subject.niveau,
        indicators=tuple(entry.id for entry in indicators),
        sources=sources,
    )


def _indicator_text(subject: Subject, indicators: int, sources: Sequence[Source]) -> _Text:
    thema, niveau, jaar = subject.thema, subject.niveau, subject.indeling
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    if jaar:
        where = (
            f"alle perioden in de gemeentelijke indeling van {jaar} (volgtijdelijk vergelijkbaar)"
        )
        where_en = f"all periods in the boundary vintage of {jaar} (comparable over time)"
        suffix, suffix_en = f", indeling {jaar}", f", vintage {jaar}"
    else:
        where = "elke periode in haar eigen gemeentelijke indeling"
        where_en = "each period in its own boundary vintage"
        suffix = suffix_en = ""
    return _Text(
        f"{thema.titel} per {niveau.titel}{suffix}",
        f"{thema.title_en}, {niveau.plural_en}{suffix_en}",
        f"{thema.titel}: {indicators} indicatoren per {niveau.titel}, {where}. "
        f"Naast elk getal staan status, ondergrens en bovengrens. {notices}".strip(),
        f"{thema.title_en}: {indicators} indicators for {niveau.plural_en}, {where_en}. "
        "Status, lower and upper bound stand beside every number.",
    )


def describe_boundaries(table: pa.Table, niveau: Niveau, sources: Sequence[Source]) -> Collection:
    """Describe a boundaries layer as collection ``grenzen-<niveau>``."""
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    text = _Text(
        f"Grenzen per {niveau.titel}",
        f"Boundaries, {niveau.plural_en}",
        f"Grenzen van {niveau.meervoud} in elke gemeentelijke indeling; dezelfde code is niet altijd "
        f"hetzelfde gebied. {notices}".strip(),
        f"Boundaries of {niveau.plural_en} in every boundary vintage; the same code is not always "
        "the same area.",
    )
    return _collection(
        table,
        id_=f"grenzen-{niveau}",
        kind=Kind.GRENZEN,
        text=text,
        times=("peilmoment", "geldigTotEnMet"),
        fields=[*_region_fields(), *_BOUNDARY_FIELDS],
        niveau=niveau,
        sources=sources,
    )


def describe_redivisions(table: pa.Table, sources: Sequence[Source]) -> Collection:
    """Describe the redivisions layer as collection ``herindelingen``."""
    text = _Text(
        "Herindelingen",
        "Boundary changes",
        "Gemeentelijke herindelingen: welke gemeente op welke dag geheel of gedeeltelijk in welke overging.",
        "Boundary changes: which municipality became, wholly or in part, which other one, and when.",
    )
    return _collection(
        table,
        id_="herindelingen",
        kind=Kind.HERINDELINGEN,
        text=text,
        times=("datum", "datum"),
        fields=list(_REDIVISION_FIELDS),
        sources=sources,
    )


def _collection(  # noqa: PLR0913 - the parts of one collection, all keyword-only
    table: pa.Table,
    *,
    id_: str,
    kind: Kind,
    text: _Text,
    times: tuple[str, str],
    fields: Sequence[Field],
    sources: Sequence[Source],
    thema: str = "",
    niveau: str = "",
    indicators: tuple[str, ...] = (),
) -> Collection:
    begin, eind = times
    years = pc.unique(table["indeling"]).to_pylist() if "indeling" in table.column_names else []
    subject = [word for word in (thema, niveau, "herindelingen" if not niveau else "") if word]
    return Collection(
        id=id_,
        kind=kind,
        thema=str(thema),
        niveau=str(niveau),
        titel_nl=text.titel_nl,
        title_en=text.title_en,
        beschrijving_nl=text.beschrijving_nl,
        description_en=text.description_en,
        trefwoorden=(*(str(word) for word in subject), *_KEYWORDS),
        bestand=f"{id_}.parquet",
        begin_veld=begin,
        eind_veld=eind,
        begin=_extreme(table, begin, "min"),
        eind=_extreme(table, eind, "max"),
        bbox=_bbox(table),
        aantal=table.num_rows,
        indelingen=tuple(sorted(years)),
        indicatoren=indicators,
        velden=tuple(fields),
        bronnen=tuple(source.id for source in sources),
    )


def _extreme(table: pa.Table, column: str, which: str) -> date:
    day: date = pc.min_max(table[column])[which].as_py()
    return day


def _bbox(table: pa.Table) -> tuple[float, float, float, float]:
    """Return west, south, east, north (degrees, CRS84), rounded outward to 4 decimals."""
    shapes = pc.unique(table[GEOMETRY].drop_null())
    bounds = shapely.bounds(shapely.from_wkb(shapes.to_numpy(zero_copy_only=False)))
    lower, upper = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    west, south, east, north = _to_degrees().transform_bounds(*lower, *upper)
    outward = np.array(
        [np.floor(west * 1e4), np.floor(south * 1e4), np.ceil(east * 1e4), np.ceil(north * 1e4)]
    )
    w, s, e, n = (float(edge) for edge in np.round(outward / 1e4, 4))
    return w, s, e, n


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(RD.epsg, CRS84.epsg, always_xy=True)


def _region_fields() -> list[Field]:
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


_PERIOD_FIELDS = (
    Field("periodeBegin", "date", "Begin van de periode", "Start of the period"),
    Field(
        "periodeEind",
        "date",
        "Einde van de periode",
        "End of the period",
        "Laatste dag, inbegrepen.",
    ),
)
_TAIL_FIELDS = (
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
_ORIGIN_FIELDS = (
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
_BOUNDARY_FIELDS = (
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
    _TAIL_FIELDS[-1],
)
_REDIVISION_FIELDS = (
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


def _indicator_fields(entry: Indicator) -> list[Field]:
    value, status, lower, upper = entry.columns
    number = _NUMBER[entry.soort.is_count]
    nl, en, unit = entry.titel_nl, entry.title_en, entry.eenheid
    empty = "Leeg als de status geen getal heeft; nooit nul of geschat in plaats daarvan."
    return [
        Field(value, number, nl, en, f"{entry.definitie_nl} {empty}", unit, indicator=entry.id),
        Field(status, "string", f"{nl}: status", f"{en}: status", codes=_STATUS_CODES, indicator=entry.id),
        Field(lower, number, f"{nl}: ondergrens", f"{en}: lower bound",
              "Laagste waarde die bij de afronding past; leeg zonder getal.", unit, indicator=entry.id),
        Field(upper, number, f"{nl}: bovengrens", f"{en}: upper bound",
              "Hoogste waarde die bij de afronding past; leeg zonder getal.", unit, indicator=entry.id),
    ]  # fmt: skip
