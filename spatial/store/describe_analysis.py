"""Describe layers that were computed from the figures: remarkable areas, similar gemeenten."""

from collections.abc import Sequence

import pyarrow as pa

from spatial.domain.indicators import Indicator
from spatial.domain.regions import Niveau
from spatial.domain.remarkable import Opvallend
from spatial.domain.sources import Source
from spatial.store.catalogue import Collection, Field, Kind
from spatial.store.describe import Subject, Text, collection_of
from spatial.store.fields import STATUS_CODES, TAIL_FIELDS, indicator_fields, region_fields


def remarkable_columns(rate: Indicator) -> tuple[str, ...]:
    """Name the columns of the outcome for a rate, in order."""
    smoothed = f"{rate.id}Gladgestreken"
    return (
        smoothed,
        f"{smoothed}Status",
        f"{smoothed}Min",
        f"{smoothed}Max",
        *(
            f"{rate.id}{end}"
            for end in ("Klasse", "Kans", "Getoetst", "ZonderCijfer", "ZonderBuren")
        ),
    )


def describe_remarkable(
    table: pa.Table, subject: Subject, rates: Sequence[Indicator], sources: Sequence[Source]
) -> Collection:
    """Describe a layer of remarkable areas as ``<thema>-opvallend-gemeente-indeling-<jaar>``.

    Args:
        table: the layer as it will be written.
        subject: theme, level, indeling and aspect.
        rates: the indicators that were tested.
        sources: sources of figures and shapes; what they must say stands in the description.
    """
    fields = region_fields()
    for rate in rates:
        fields += [*indicator_fields(rate), *_outcome_fields(rate)]
    return collection_of(
        table,
        id_=subject.id,
        kind=Kind.ANALYSE,
        text=_remarkable_text(subject, rates, sources),
        times=("peilmoment", "peilmoment"),
        fields=[*fields, _TOETS, *TAIL_FIELDS],
        thema=subject.thema,
        niveau=subject.niveau,
        indicators=tuple(rate.id for rate in rates),
        sources=sources,
    )


_TOETS = Field("toets", "string", "Toets", "Test", "Hoe is getoetst; zie docs/opvallend.md.")


def _remarkable_text(
    subject: Subject, rates: Sequence[Indicator], sources: Sequence[Source]
) -> Text:
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    thema, year = subject.thema, subject.indeling
    names = ", ".join(rate.titel_nl for rate in rates)
    names_en = ", ".join(rate.title_en for rate in rates)
    return Text(
        f"{thema.titel}: opvallende gebieden per {subject.niveau.titel}, indeling {year}",
        f"{thema.title_en}: remarkable areas, {subject.niveau.plural_en}, vintage {year}",
        "Verkennend: een reden om te gaan kijken, geen bewijs. Een gemeente is opvallend als haar buren "
        "samen opvallend hoog of laag zijn en zij zelf zeker boven of onder het gemiddelde ligt. "
        f"Getoetst: {names}. Moran per gemeente op verhoudingen, buren volgens Queen, vast zaad, tweezijdig, "
        "false discovery rate 5 %. Eilanden en gemeenten zonder cijfer zijn niet getoetst; hoeveel staat "
        f"bij elk kenmerk. {notices}".strip(),
        "Exploratory: a reason to go and look, not proof. A municipality is remarkable when its "
        "neighbours together are remarkably high or low and it is itself surely above or below the mean. "
        f"Tested: {names_en}. Local Moran on rates, Queen contiguity, fixed seed, two-sided, false "
        "discovery rate of 5 %. Islands and municipalities without a figure are not tested; every "
        "feature says how many.",
    )


def _outcome_fields(rate: Indicator) -> list[Field]:
    nl, en, unit, own = rate.titel_nl, rate.title_en, rate.eenheid, rate.id
    names = remarkable_columns(rate)
    texts = (
        ("number", "gladgestreken", "smoothed",
         "Naar het gemiddelde getrokken, meer naarmate de gemeente kleiner is (Marshall 1991)."),
        ("string", "gladgestreken, status", "smoothed, status", ""),
        ("number", "gladgestreken, ondergrens", "smoothed, lower bound",
         "Laagste waarde die de afronding van de eigen cijfers toelaat."),
        ("number", "gladgestreken, bovengrens", "smoothed, upper bound",
         "Hoogste waarde die de afronding van de eigen cijfers toelaat."),
        ("string", "opvallend", "remarkable", "; ".join(f"{k}: {k.label_nl}" for k in Opvallend)),
        ("number", "kans", "chance",
         "Tweezijdige kans bij toeval, ten hoogste, wat de afronding ook verbergt; leeg als niet is getoetst."),
        ("integer", "aantal getoetst", "number tested", "Gemeenten die op dit peilmoment zijn getoetst."),
        ("integer", "aantal zonder cijfer", "number without figure",
         "Gemeenten die afvielen omdat zij geen cijfer hebben."),
        ("integer", "aantal zonder buren", "number without neighbours",
         "Gemeenten die afvielen omdat zij geen buur met een cijfer hebben, of alleen elkaar raken."),
    )  # fmt: skip
    units = [unit, "", unit, unit, "", "", "gemeenten", "gemeenten", "gemeenten"]
    codes = {1: STATUS_CODES, 4: tuple(klasse.value for klasse in Opvallend)}
    return [
        Field(
            name, kind, f"{nl}: {said}", f"{en}: {said_en}", more, unit_, codes.get(place, ()), own
        )
        for place, (name, unit_, (kind, said, said_en, more)) in enumerate(
            zip(names, units, texts, strict=True)
        )
    ]


def describe_similar(table: pa.Table, sources: Sequence[Source]) -> Collection:
    """Describe the layer of similar gemeenten as collection ``vergelijkbaar-gemeente``.

    Args:
        table: the layer as it will be written.
        sources: sources of the variables and shapes.
    """
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    return collection_of(
        table,
        id_=f"vergelijkbaar-{Niveau.GEMEENTE}",
        kind=Kind.ANALYSE,
        text=Text(
            "Vergelijkbare gemeenten",
            "Similar municipalities",
            "De tien gemeenten die het meest op een gemeente lijken, in elke gemeentelijke indeling: kleinste "
            "afstand in gestandaardiseerde kenmerken (omvang, dichtheid, aandeel corporatiewoningen, omvang van "
            f"het huishouden). Vergelijk alleen binnen een indeling. {notices}".strip(),
            "The ten municipalities most like a municipality, in every boundary vintage: least distance in "
            "standardised variables (size, density, share of housing-association dwellings, household size). "
            "Compare within one vintage only.",
        ),
        times=("peilmoment", "peilmoment"),
        fields=[*region_fields(), *_SIMILAR_FIELDS, *TAIL_FIELDS[1:]],
        niveau=Niveau.GEMEENTE,
        sources=sources,
    )


_SIMILAR_FIELDS = (
    Field(
        "vergelijkbaar", "string", "Vergelijkbare gemeenten", "Similar municipalities",
        "Codes met hun afstand in standaarddeviaties, de meest gelijkende eerst; leeg als er geen zijn.",
    ),
    Field("vergelijkbaarNamen", "string", "Namen", "Names", "Namen in dezelfde volgorde."),
    Field("kenmerken", "string", "Kenmerken", "Variables", "Waarin in deze indeling is vergeleken."),
    Field("reden", "string", "Reden", "Reason", "Waarom de gemeente niet is vergeleken; leeg als dat wel kon."),
)  # fmt: skip


def rank_columns(rate: Indicator) -> tuple[str, ...]:
    """Name the columns of the place of a region for a rate, in order."""
    ends = ("RangMin", "RangMax", "RangVan", "PercentielMin", "PercentielMax")
    return tuple(f"{rate.id}{end}" for end in ends)


def describe_ranks(
    table: pa.Table, subject: Subject, rates: Sequence[Indicator], sources: Sequence[Source]
) -> Collection:
    """Describe a layer of ranks as collection ``<thema>-rang-gemeente-indeling-<jaar>``.

    Args:
        table: the layer as it will be written.
        subject: theme, level, indeling and aspect.
        rates: the indicators that were ranked.
        sources: sources of figures and shapes; what they must say stands in the description.
    """
    notices = " ".join(dict.fromkeys(source.melding for source in sources if source.melding))
    thema, niveau, year = subject.thema, subject.niveau, subject.indeling
    fields = region_fields()
    for rate in rates:
        fields += [*indicator_fields(rate), *_rank_fields(rate, niveau)]
    return collection_of(
        table,
        id_=subject.id,
        kind=Kind.ANALYSE,
        text=Text(
            f"{thema.titel}: rang per {niveau.titel}, indeling {year}",
            f"{thema.title_en}: rank, {niveau.plural_en}, vintage {year}",
            f"De plaats van elke {niveau.titel} onder alle {niveau.meervoud}, als bereik dat geldt voor elk echt "
            "aantal achter de afgeronde cijfers; 1 is de hoogste waarde. Zonder cijfer geen rang; RangVan "
            f"zegt hoeveel er een hebben. {notices}".strip(),
            f"The place of each among all {niveau.plural_en}, as a range that holds for every true count "
            "behind the rounded figures; 1 is the highest value. Without a figure there is no rank; RangVan "
            "says how many have one.",
        ),
        times=("peilmoment", "peilmoment"),
        fields=[*fields, *TAIL_FIELDS],
        thema=thema,
        niveau=niveau,
        indicators=tuple(rate.id for rate in rates),
        sources=sources,
    )


def _rank_fields(rate: Indicator, niveau: Niveau) -> list[Field]:
    texts = (
        ("integer", "eerste plaats", "first place", "Hoogste plaats die de grenzen toelaten; leeg zonder cijfer.", ""),
        ("integer", "laatste plaats", "last place", "Laagste plaats die de grenzen toelaten; leeg zonder cijfer.", ""),
        ("integer", "aantal met een plaats", "number with a place", "", niveau.meervoud),
        ("number", "percentiel, ten minste", "percentile, at least",
         "Deel van de andere dat zeker lager is; leeg zonder cijfer.", "%"),
        ("number", "percentiel, ten hoogste", "percentile, at most",
         "Deel van de andere dat lager kan zijn; leeg zonder cijfer.", "%"),
    )  # fmt: skip
    return [
        Field(
            name, kind, f"{rate.titel_nl}: {nl}", f"{rate.title_en}: {en}", more, unit, (), rate.id
        )
        for name, (kind, nl, en, more, unit) in zip(rank_columns(rate), texts, strict=True)
    ]
