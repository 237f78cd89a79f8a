"""The maps that every build draws, as a table: which question, which figures, what kind of map.

To add a map: add a line to ``ENTRIES``. A new kind of map also gets a value in ``MapKind`` and a
function in ``spatial.preview.drawers``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from spatial.domain.indicators import GROEPEN
from spatial.domain.verdeling import indicator_id, load_scheme
from spatial.store.rasters.index import Coverage

NEWEST = "*"
"""Stands in a collection id for the newest indeling that is loaded."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages.

    Attributes:
        nl: Dutch.
        en: English.
    """

    nl: str
    en: str


class Question(Enum):
    """What people come to ask; the gallery lists maps under it, in this order."""

    OUDEREN = Words("Waar en hoe wonen de ouderen?", "Where and how do older people live?")
    STUDENTEN = Words("Waar wonen de studenten?", "Where do the students live?")
    DETENTIE = Words("Hoe wonen mensen na detentie?", "How do people live after detention?")
    VERGUNNINGHOUDERS = Words(
        "Welke woningen gingen naar vergunninghouders?", "Which dwellings went to permit holders?"
    )
    TAAKSTELLING = Words("Is de taakstelling gehaald?", "Was the statutory target met?")
    VERDELING = Words("Is het eerlijk verdeeld?", "Is it fairly shared?")
    TOEN = Words("Hoe was het toen?", "What was it like then?")
    DICHTHEID = Words("Waar in de gemeente?", "Where within the municipality?")
    VERANDERING = Words("Wat veranderde er?", "What changed?")
    GROEPEN = Words("Hoe verschillen groepen?", "How do groups differ?")
    REGIOS = Words("Hoe verschillen regio's?", "How do regions differ?")


class MapKind(StrEnum):
    """How the figures of an entry are drawn."""

    SERIES = "series"
    """One indicator with a slider over all periods."""
    CHANGE = "change"
    """The last period minus the first one of the same kind, in one indeling."""
    YEARS = "years"
    """The first and the last period side by side."""
    REGIONS = "regions"
    """Two provincies side by side."""
    SWIPE = "swipe"
    """The first and the last period over each other, in one indeling."""
    GROUPS = "groups"
    """The same indicator of two groups side by side, with a slider."""
    DIVISION = "division"
    """A fair distribution: keys and measures to choose from."""
    DENSITY = "density"
    """Cells of a grid in classes, with a slider over all periods."""
    PROGRESS = "progress"
    """A taakstelling: on schedule or not, and its amounts to choose from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One map of the gallery.

    Attributes:
        naam: file name without ``.html``; an address that people keep.
        vraag: the question under which it stands.
        kind: how it is drawn.
        collecties: ids of the collections that it shows; ``*`` stands for the newest indeling.
        indicatoren: the indicators of these collections that it shows.
        titel: what the map is.
        uitleg: what it shows, in a sentence.
    """

    naam: str
    vraag: Question
    kind: MapKind
    collecties: tuple[str, ...]
    indicatoren: tuple[str, ...]
    titel: Words
    uitleg: Words

    @property
    def bestand(self) -> str:
        """File name of its page."""
        return f"{self.naam}.html"


def _divisions() -> tuple[Entry, ...]:
    """Return a map of the fair distribution of every group, and one of what would have to move."""
    keys, measures = load_scheme().published, {one.id: one for one in load_scheme().maten}
    gap, quotient, moved = (
        measures[name] for name in ("Verschil", "Locatiequotient", "TeVerplaatsen")
    )
    return (
        *(
            Entry(
                f"eerlijke-verdeling-{groep.value}",
                Question.VERDELING,
                MapKind.DIVISION,
                ("eerlijke-verdeling-gemeente",),
                tuple(
                    indicator_id(groep.value, key, maat) for maat in (gap, quotient) for key in keys
                ),
                Words(
                    f"{groep.titel}: meer of minder dan evenredig",
                    f"{groep.title_en}: more or fewer than in proportion",
                ),
                Words(
                    "Verschil met het evenredige deel in huishoudens, en het locatiequotiënt; de sleutel "
                    "is te kiezen.",
                    "Difference from the proportional share in households, and the location quotient; "
                    "the key can be chosen.",
                ),
            )
            for groep in GROEPEN
        ),
        Entry(
            "eerlijke-verdeling-corop",
            Question.VERDELING,
            MapKind.DIVISION,
            ("eerlijke-verdeling-corop",),
            tuple(indicator_id(groep.value, key, moved) for groep in GROEPEN for key in keys),
            Words("Welk deel zou moeten verhuizen?", "Which part would have to move?"),
            Words(
                "Te verplaatsen deel van elke groep over de gemeenten van een COROP-gebied; groep en "
                "sleutel zijn te kiezen.",
                "Part of every group to be moved between the municipalities of a COROP area; group and "
                "key can be chosen.",
            ),
        ),
    )


ENTRIES = (
    Entry(
        "ouderen-gemeente",
        Question.OUDEREN,
        MapKind.SERIES,
        ("ouderen-gemeente",),
        ("aandeelCorporatie",),
        Words("Ouderen in een corporatiewoning", "Older people in a housing-association dwelling"),
        Words(
            "Aandeel van de huishoudens van ouderen dat in een corporatiewoning woont.",
            "Share of the households of older people that live in a housing-association dwelling.",
        ),
    ),
    Entry(
        "studenten-gemeente",
        Question.STUDENTEN,
        MapKind.SERIES,
        ("studenten-gemeente",),
        ("personen",),
        Words("Aantal studenten", "Number of students"),
        Words("Hoeveel studenten er wonen, als cirkels.", "How many students live there, as circles."),
    ),
    Entry(
        "uitstroom-detentie-provincie",
        Question.DETENTIE,
        MapKind.SERIES,
        ("uitstroom-detentie-provincie",),
        ("aandeelEenpersoons",),
        Words("Alleenwonend na detentie", "Living alone after detention"),
        Words(
            "Aandeel eenpersoonshuishoudens van uitstromers uit detentie.",
            "Share of one-person households of people leaving detention.",
        ),
    ),
    Entry(
        "vergunninghouders-gemeente",
        Question.VERGUNNINGHOUDERS,
        MapKind.SERIES,
        ("vergunninghouders-gemeente",),
        ("aandeelVrijgekomenCorporatiewoningen",),
        Words("Vrijgekomen corporatiewoningen", "Vacated housing-association dwellings"),
        Words(
            "Welk deel van de vrijgekomen corporatiewoningen naar vergunninghouders ging, per jaar.",
            "Which share of the vacated housing-association dwellings went to permit holders, "
            "by year.",
        ),
    ),
    Entry(
        "taakstelling-gemeente",
        Question.TAAKSTELLING,
        MapKind.PROGRESS,
        ("taakstelling-gemeente",),
        ("realisatie", "saldo", "opgave", "gehuisvest", "taakstelling"),
        Words("Op schema of achter, per halfjaar", "On schedule or behind, by half-year"),
        Words(
            "Welke gemeenten hun opgave haalden, welk deel daarvan, en hoe groot taakstelling, opgave "
            "en saldo zijn.",
            "Which municipalities met their opgave, which part of it, and how large target, opgave and "
            "balance are.",
        ),
    ),
    *_divisions(),
    Entry(
        "vergelijk-jaren",
        Question.TOEN,
        MapKind.YEARS,
        ("ouderen-gemeente",),
        ("aandeelCorporatie",),
        Words("Toen en nu naast elkaar", "Then and now side by side"),
        Words(
            "Ouderen in een corporatiewoning: het eerste en het laatste peilmoment, elk in de eigen "
            "indeling, op dezelfde schaal.",
            "Older people in a housing-association dwelling: the first and the last reference date, "
            "each on its own boundaries, on one scale.",
        ),
    ),
    Entry(
        "ouderen-gemeente-door-de-jaren",
        Question.TOEN,
        MapKind.SERIES,
        ("ouderen-gemeente-indeling-*",),
        ("aandeelCorporatie",),
        Words("Door de jaren, in één indeling", "Through the years, on the same boundaries"),
        Words(
            "Ouderen in een corporatiewoning: alle peilmomenten in dezelfde indeling, met wat "
            "daarvoor is opgeteld of geschat.",
            "Older people in a housing-association dwelling: all reference dates on the same "
            "boundaries, with what was summed or estimated for that.",
        ),
    ),
    Entry(
        "verschil-jaren",
        Question.VERANDERING,
        MapKind.CHANGE,
        ("ouderen-gemeente-indeling-*",),
        ("personen",),
        Words("Verandering van het aantal ouderen", "Change in the number of older people"),
        Words(
            "Van het eerste tot het laatste peilmoment in dezelfde indeling, en waar de verandering "
            "niet vast te stellen is.",
            "From the first to the last reference date on the same boundaries, and where the change "
            "cannot be established.",
        ),
    ),
    Entry(
        "schuif-jaren",
        Question.VERANDERING,
        MapKind.SWIPE,
        ("ouderen-gemeente-indeling-*",),
        ("aandeelCorporatie",),
        Words("Schuif van toen naar nu", "Swipe from then to now"),
        Words(
            "Ouderen in een corporatiewoning: het eerste en het laatste peilmoment over elkaar, met een "
            "scheiding die u verschuift.",
            "Older people in a housing-association dwelling: the first and the last reference date over "
            "each other, with a divider to move.",
        ),
    ),
    Entry(
        "vergelijk-groepen",
        Question.GROEPEN,
        MapKind.GROUPS,
        ("ouderen-gemeente", "studenten-gemeente"),
        ("aandeelCorporatie",),
        Words("Ouderen en studenten naast elkaar", "Older people and students side by side"),
        Words(
            "Welk deel van hun huishoudens in een corporatiewoning woont, op dezelfde schaal.",
            "Which share of their households live in a housing-association dwelling, on one scale.",
        ),
    ),
    Entry(
        "vergelijk-regios",
        Question.REGIOS,
        MapKind.REGIONS,
        ("ouderen-gemeente",),
        ("aandeelCorporatie",),
        Words("Twee provincies naast elkaar", "Two provinces side by side"),
        Words(
            "Ouderen in een corporatiewoning in twee provincies, op dezelfde schaal.",
            "Older people in a housing-association dwelling in two provinces, on one scale.",
        ),
    ),
)  # fmt: skip
"""Under one question in this order."""


def density_entries(coverages: Iterable[Coverage]) -> tuple[Entry, ...]:
    """Return a map of every density of a snapshot; it has the name of its coverage."""
    return tuple(
        Entry(
            coverage.id,
            Question.DICHTHEID,
            MapKind.DENSITY,
            (coverage.collection,),
            (coverage.indicator,),
            Words(coverage.title_nl, coverage.title_en),
            Words(
                f"Aantallen per gemeente, naar inwoners verdeeld over vierkanten van {coverage.grid} m: "
                "elk vierkant is een schatting.",
                f"Counts per municipality, spread by inhabitants over squares of {coverage.grid} m: every "
                "square is an estimate.",
            ),
        )
        for coverage in coverages
    )
