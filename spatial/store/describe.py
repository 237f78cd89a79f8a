"""Describe a layer as a collection: titles, fields, extent, indelingen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Transformer

from spatial.domain.aspects import Aspect
from spatial.domain.crs import CRS84, RD
from spatial.domain.indicators import Indicator, Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source
from spatial.store.catalogue import Collection, Field, Kind
from spatial.store.fields import (
    BOUNDARY_FIELDS,
    COMPARED_FIELDS,
    FLOW_FIELDS,
    LEDGER_FIELDS,
    ORIGIN_FIELDS,
    PERIOD_FIELDS,
    REDIVISION_FIELDS,
    TAIL_FIELDS,
    indicator_fields,
    region_fields,
)
from spatial.store.layers import GEOMETRY

_KEYWORDS = ("aandachtsgroepen", "huisvesting", "CBS")
_SAID: Mapping[Aspect | None, tuple[str, str]] = {
    Aspect.VERGELIJKING: (
        (
            "Verandering sinds een jaar eerder en sinds het eerste jaar, en afwijking van land en "
            "COROP-gebied; een verschil dat binnen de afronding valt heeft geen getal. "
        ),
        (
            "Change since a year before and since the first year, and deviation from country and "
            "COROP area; a difference within the rounding has no number. "
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Text:
    """Title and description in two languages."""

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
        aspect: what was made of the figures; None: the figures themselves.
    """

    thema: Thema
    niveau: Niveau
    indeling: Indeling | None = None
    aspect: Aspect | None = None

    @property
    def id(self) -> str:
        """Collection id."""
        suffix = f"-indeling-{self.indeling}" if self.indeling else ""
        aspect = f"-{self.aspect}" if self.aspect else ""
        return f"{self.thema}{aspect}-{self.niveau}{suffix}"


def describe_indicators(
    table: pa.Table, subject: Subject, indicators: Sequence[Indicator], sources: Sequence[Source]
) -> Collection:
    """Describe an indicator layer as collection ``<thema>[-<aspect>]-<niveau>[-indeling-<jaar>]``.

    Args:
        table: the layer as it will be written.
        subject: theme, level and indeling.
        indicators: its indicators, in order.
        sources: sources of figures and shapes; what they must say stands in the description.
    """
    interval = "periodeBegin" in table.column_names
    present = set(table.column_names)
    beside = (*PERIOD_FIELDS, *FLOW_FIELDS, *COMPARED_FIELDS)
    fields = [*region_fields(), *(field for field in beside if field.naam in present)]
    for entry in indicators:
        fields += indicator_fields(entry)
    if "voortgang" in present:
        fields += LEDGER_FIELDS
    tail = [*(field for field in ORIGIN_FIELDS if field.naam in present), *TAIL_FIELDS[1:]]
    return collection_of(
        table,
        id_=subject.id,
        kind=Kind.INDICATOREN,
        text=_indicator_text(subject, len(indicators), sources),
        times=("periodeBegin", "periodeEind") if interval else ("peilmoment", "peilmoment"),
        fields=[*fields, TAIL_FIELDS[0], *tail],
        thema=subject.thema,
        niveau=subject.niveau,
        indicators=tuple(entry.id for entry in indicators),
        sources=sources,
    )


def _indicator_text(subject: Subject, indicators: int, sources: Sequence[Source]) -> Text:
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
    aspect = f", {subject.aspect.titel}" if subject.aspect else ""
    aspect_en = f", {subject.aspect.title_en}" if subject.aspect else ""
    said, said_en = _SAID.get(subject.aspect, ("", ""))
    return Text(
        f"{thema.titel}{aspect} per {niveau.titel}{suffix}",
        f"{thema.title_en}{aspect_en}, {niveau.plural_en}{suffix_en}",
        f"{thema.titel}{aspect}: {indicators} indicatoren per {niveau.titel}, {where}. {said}"
        f"Naast elk getal staan status, ondergrens en bovengrens. {notices}".strip(),
        f"{thema.title_en}{aspect_en}: {indicators} indicators for {niveau.plural_en}, {where_en}. "
        f"{said_en}Status, lower and upper bound stand beside every number.",
    )


def describe_boundaries(table: pa.Table, niveau: Niveau, sources: Sequence[Source]) -> Collection:
    """Describe a boundaries layer as collection ``grenzen-<niveau>``."""
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    text = Text(
        f"Grenzen per {niveau.titel}",
        f"Boundaries, {niveau.plural_en}",
        f"Grenzen van {niveau.meervoud} in elke gemeentelijke indeling; dezelfde code is niet altijd "
        f"hetzelfde gebied. {notices}".strip(),
        f"Boundaries of {niveau.plural_en} in every boundary vintage; the same code is not always "
        "the same area.",
    )
    return collection_of(
        table,
        id_=f"grenzen-{niveau}",
        kind=Kind.GRENZEN,
        text=text,
        times=("peilmoment", "geldigTotEnMet"),
        fields=[*region_fields(), *BOUNDARY_FIELDS],
        niveau=niveau,
        sources=sources,
    )


def describe_redivisions(table: pa.Table, sources: Sequence[Source]) -> Collection:
    """Describe the redivisions layer as collection ``herindelingen``."""
    text = Text(
        "Herindelingen",
        "Boundary changes",
        "Gemeentelijke herindelingen: welke gemeente op welke dag geheel of gedeeltelijk in welke overging.",
        "Boundary changes: which municipality became, wholly or in part, which other one, and when.",
    )
    return collection_of(
        table,
        id_="herindelingen",
        kind=Kind.HERINDELINGEN,
        text=text,
        times=("datum", "datum"),
        fields=list(REDIVISION_FIELDS),
        sources=sources,
    )


def collection_of(  # noqa: PLR0913 - the parts of one collection, all keyword-only
    table: pa.Table,
    *,
    id_: str,
    kind: Kind,
    text: Text,
    times: tuple[str, str],
    fields: Sequence[Field],
    sources: Sequence[Source],
    thema: str = "",
    niveau: str = "",
    indicators: tuple[str, ...] = (),
) -> Collection:
    """Describe any layer; extent, number of features and indelingen are those of the table."""
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
