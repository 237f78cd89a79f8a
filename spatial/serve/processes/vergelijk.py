"""Process ``vergelijk``: ``compute.vergelijk`` as the service offers it."""

from datetime import date
from typing import Any

from spatial.compute.forms import OWN, csv_of, document_of, geojson_of, inputs_of
from spatial.compute.offer import Offer, parse_onderwerp
from spatial.compute.vergelijk import (
    CODES,
    INDELING,
    INDICATOREN,
    MAX_CODES,
    MAX_INDICATOREN,
    MAX_PEILMOMENTEN,
    PEILMOMENTEN,
    Reden,
    Vraag,
    compare,
)
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import OF_FIGURES, Status
from spatial.serve.processes.inputs import Given, Input
from spatial.serve.processes.process import Outcome, Process
from spatial.serve.processes.schemas import (
    FLAG,
    NUMBER,
    TEXT,
    listed,
    nullable,
    object_of,
    texts,
    with_sources,
)
from spatial.store.snapshot import Snapshot

REGION = "^((NL|PV|CR|VR)[0-9]{2}|GM[0-9]{4})$"
"""What a region code looks like."""

_EXAMPLE_DAYS = 2


def vergelijk_process(offer: Offer, codes: tuple[str, ...]) -> Process:
    """Describe the process for a snapshot.

    Args:
        offer: what can be asked.
        codes: region codes that make a good example.
    """
    subjects = tuple(map(str, offer.onderwerpen))
    thema = subjects[0].partition(":")[0]
    days = offer.peilmomenten[thema]
    januari = [day for day in days if day.endswith("-01-01")] or list(days)
    return Process(
        id="vergelijk",
        titel_nl="Vergelijk gebieden, indicatoren en peilmomenten",
        title_en="Compare regions, indicators and moments",
        beschrijving_nl=(
            "Zet cijfers naast elkaar, met status en grenzen, en zegt hoe ze verschillen: over de tijd "
            "met het eerste peilmoment, en tussen gebieden met het eerste gebied. Overlappen de grenzen, "
            "dan is het verschil niet vast te stellen."
        ),
        description_en=(
            "Puts figures beside each other, with status and bounds, and says how they differ: over "
            "time with the first moment, and between regions with the first region. Where bounds "
            "overlap the difference cannot be established."
        ),
        trefwoorden=("vergelijken", "indicatoren", "gemeenten", "regio's"),
        inputs=(
            Input(
                CODES, "Gebieden", "Regions",
                f"Codes van gemeenten of regio's, 1 tot {MAX_CODES}. Met de eerste wordt vergeleken.",
                f"Codes of municipalities or regions, 1 to {MAX_CODES}. The first is compared with.",
                pattern=REGION, most=MAX_CODES, example=codes,
            ),
            Input(
                INDICATOREN, "Indicatoren", "Indicators",
                f"Thema en indicator met een dubbele punt ertussen, 1 tot {MAX_INDICATOREN}.",
                f"Theme and indicator with a colon between them, 1 to {MAX_INDICATOREN}.",
                values=subjects, most=MAX_INDICATOREN, example=subjects[:1],
            ),
            Input(
                PEILMOMENTEN, "Peilmomenten", "Reference dates",
                f"Dagen, 1 tot {MAX_PEILMOMENTEN}.", f"Days, 1 to {MAX_PEILMOMENTEN}.",
                values=offer.days, form="date", most=MAX_PEILMOMENTEN,
                example=tuple(januari[-_EXAMPLE_DAYS:]),
            ),
            Input(
                INDELING, "Indeling", "Boundary vintage",
                "Jaar van de gemeentelijke indeling voor alle peilmomenten, of eigen: elk in zijn eigen.",
                "Year of the boundaries for all moments, or eigen: each moment in its own.",
                values=(OWN, *map(str, offer.indelingen)), default=OWN, example=OWN,
            ),
        ),
        schema=_schema(),
        page="processes/vergelijk.html",
        answer=_answer,
    )  # fmt: skip


def _answer(snapshot: Snapshot, given: Given) -> Outcome:
    indeling = given[INDELING]
    answer = compare(
        snapshot,
        Vraag(
            tuple(given[CODES]),
            tuple(parse_onderwerp(text) for text in given[INDICATOREN]),
            tuple(date.fromisoformat(text) for text in given[PEILMOMENTEN]),
            None if indeling == OWN else Indeling(int(str(indeling))),
        ),
    )
    return Outcome(
        inputs_of(answer.vraag),
        lambda: document_of(answer),
        lambda: geojson_of(answer, snapshot),
        lambda: csv_of(answer),
        answer,
    )


def _schema() -> dict[str, Any]:
    niveau = texts(*(niveau.value for niveau in Niveau))
    statuses = [status.value for status in OF_FIGURES]
    reden = nullable(texts(*(reden.value for reden in Reden)))
    bounds = {"min": nullable(NUMBER), "max": nullable(NUMBER)}
    day = {**TEXT, "format": "date"}
    relations = listed(object_of(code=TEXT, deel=nullable(NUMBER)))
    difference = nullable(
        object_of(
            waarde=nullable(NUMBER), **bounds, reden=reden,
            status=texts(*(status.value for status in Status)),
        )
    )  # fmt: skip
    row = object_of(
        regioCode=TEXT, regioNaam=TEXT, niveau=niveau, thema=TEXT, indicator=TEXT, peilmoment=day,
        indeling={"type": "integer"}, waarde=nullable(NUMBER), status=texts(*statuses), **bounds,
        voorlopig=FLAG, reden=reden, bron=nullable(TEXT), bronStatus=nullable(TEXT),
        verschilTijd=difference, verschilRegio=difference,
    )  # fmt: skip
    region = object_of(
        code=TEXT, naam=TEXT, niveau=niveau, indelingen=listed({"type": "integer"}),
        laatsteDag=nullable(day), opvolgers=relations, voorgangers=relations,
    )  # fmt: skip
    indicator = object_of(
        thema=TEXT, indicator=TEXT, titel=TEXT, title=TEXT, eenheid=TEXT, verschilEenheid=TEXT,
        definitie=TEXT,
    )  # fmt: skip
    asked = {CODES: listed(TEXT), INDICATOREN: listed(TEXT), PEILMOMENTEN: listed(TEXT)}
    return with_sources(
        vraag=object_of(**asked, indeling=TEXT),
        regios=listed(region), indicatoren=listed(indicator), rijen=listed(row),
    )  # fmt: skip
