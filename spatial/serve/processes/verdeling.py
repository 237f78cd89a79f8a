"""Process ``eerlijke-verdeling``: ``compute.verdeling`` as the service offers it."""

from datetime import date
from typing import Any

from spatial.compute.forms import OWN
from spatial.compute.offer import Offer
from spatial.compute.verdeling import Hoeveelheid, Verdeeld, Vraag, verdeel
from spatial.compute.verdeling_cells import (
    GROEP,
    HOEVEELHEID,
    INDELING,
    LEDEN,
    PEILMOMENT,
    REGIO,
    SLEUTEL,
)
from spatial.compute.verdeling_forms import csv_of, document_of
from spatial.compute.verdeling_map import geojson_of
from spatial.domain.indicators import GROEPEN, Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import Status
from spatial.domain.verdeling import load_scheme
from spatial.serve.processes.inputs import Given, Input
from spatial.serve.processes.process import Outcome, Process
from spatial.serve.processes.schemas import (
    NUMBER,
    TEXT,
    Part,
    listed,
    nullable,
    object_of,
    texts,
    with_sources,
)
from spatial.store.snapshot import Snapshot

WHOLE = "^(NL|PV|CR|VR)[0-9]{2}$"
"""What the code of a region above gemeente looks like."""


def verdeling_process(offer: Offer, regio: str) -> Process:
    """Describe the process for a snapshot.

    Args:
        offer: what can be asked.
        regio: region code that makes a good example.
    """
    groups = tuple(group.value for group in GROEPEN if group.value in offer.peilmomenten)
    days = tuple(sorted({day for group in groups for day in offer.peilmomenten[group]}))
    januari = [day for day in offer.peilmomenten[groups[0]] if day.endswith("-01-01")]
    keys = tuple(key.id for key in load_scheme().sleutels)
    levels = tuple(niveau.value for niveau in Niveau if niveau is not Niveau.LAND)
    return Process(
        id="eerlijke-verdeling",
        titel_nl="Verdeel een aandachtsgroep eerlijk over een gebied",
        title_en="Divide a focus group fairly over a region",
        beschrijving_nl=(
            "Zegt wat elk deel van een gebied van een aandachtsgroep zou hebben naar een sleutel, zoals "
            "inwoners, en hoe ver dat is van wat het heeft. Met het deel dat te verplaatsen is, en een "
            "toewijzing in hele huishoudens die optelt."
        ),
        description_en=(
            "Says what each part of a region would have of a focus group by a key, such as inhabitants, "
            "and how far that is from what it has. With the part to be moved, and an allocation in "
            "whole households that adds up."
        ),
        trefwoorden=("eerlijke verdeling", "fair share", "regio's", "gemeenten"),
        inputs=(
            Input(
                REGIO, "Gebied", "Region",
                "Code van het gebied dat verdeeld wordt, zoals PV26; NL01 is het land.",
                "Code of the region that is divided, such as PV26; NL01 is the country.",
                pattern=WHOLE, example=regio,
            ),
            Input(
                GROEP, "Aandachtsgroep", "Focus group", "De groep.", "The group.",
                values=groups, example=groups[0],
            ),
            Input(
                PEILMOMENT, "Peilmoment", "Reference date", "Dag van de cijfers.",
                "Day of the figures.", values=days, form="date", example=(januari or [days[0]])[-1],
            ),
            Input(
                SLEUTEL, "Sleutels", "Keys", "Waarnaar verdeeld wordt; zonder keuze naar elke.",
                "By what is divided; without a choice by each.",
                values=keys, most=len(keys), optional=True, example=keys[:1],
            ),
            Input(
                INDELING, "Indeling", "Boundary vintage",
                "Jaar van de gemeentelijke indeling, of eigen: die van het peilmoment.",
                "Year of the boundaries, or eigen: those of the date itself.",
                values=(OWN, *map(str, offer.indelingen)), default=OWN, example=OWN,
            ),
            Input(
                LEDEN, "Delen", "Parts", "Niveau van de delen waarover verdeeld wordt.",
                "Level of the parts over which is divided.",
                values=levels, default=Niveau.GEMEENTE.value, example=Niveau.GEMEENTE.value,
            ),
            Input(
                HOEVEELHEID, "Wat", "What", "Huishoudens of personen.", "Households or persons.",
                values=tuple(Hoeveelheid), default=Hoeveelheid.HUISHOUDENS.value,
                example=Hoeveelheid.HUISHOUDENS.value,
            ),
        ),
        schema=_schema(),
        page="processes/verdeling.html",
        answer=_answer,
    )  # fmt: skip


def _answer(snapshot: Snapshot, given: Given) -> Outcome:
    answer = verdeel(
        snapshot,
        Vraag(
            regio=_text(given, REGIO),
            groep=Thema(_text(given, GROEP)),
            peilmoment=date.fromisoformat(_text(given, PEILMOMENT)),
            sleutels=tuple(dict.fromkeys(given[SLEUTEL])),
            indeling=None if given[INDELING] == OWN else Indeling(int(_text(given, INDELING))),
            leden=Niveau(_text(given, LEDEN)),
            hoeveelheid=Hoeveelheid(_text(given, HOEVEELHEID)),
        ),
    )
    asked = _inputs(answer)
    return Outcome(
        asked,
        lambda: {**document_of(answer), "vraag": asked},
        lambda: {**geojson_of(answer, snapshot), "vraag": asked, **_said(answer)},
        lambda: csv_of(answer),
        answer,
    )


def _text(given: Given, name: str) -> str:
    return str(given[name])


def _inputs(answer: Verdeeld) -> dict[str, str | list[str]]:
    """Return the question as the inputs that ask it again."""
    vraag = answer.vraag
    return {
        REGIO: vraag.regio,
        GROEP: vraag.groep.value,
        PEILMOMENT: vraag.peilmoment.isoformat(),
        SLEUTEL: [entry.sleutel.id for entry in answer.sleutels],
        INDELING: OWN if vraag.indeling is None else str(vraag.indeling),
        LEDEN: vraag.leden.value,
        HOEVEELHEID: vraag.hoeveelheid.value,
    }


def _said(answer: Verdeeld) -> dict[str, Any]:
    document = document_of(answer)
    return {"bronnen": document["bronnen"], "meldingen": document["meldingen"]}


def _schema() -> Part:
    number = object_of(
        waarde=nullable(NUMBER), status=texts(*(status.value for status in Status)),
        min=nullable(NUMBER), max=nullable(NUMBER),
    )  # fmt: skip
    day: Part = {**TEXT, "format": "date"}
    member = object_of(
        code=TEXT, naam=TEXT, groep=number, sleutel=number, evenredig=number, verschil=number,
        locatiequotient=number, toewijzing=nullable({"type": "integer"}),
    )  # fmt: skip
    inequality = object_of(
        totaal=number, tussen=nullable(number), binnen=nullable(number),
        meegeteld={"type": "integer"}, weggelaten={"type": "integer"},
    )  # fmt: skip
    key = object_of(
        sleutel=TEXT, titel=TEXT, title=TEXT, eenheid=TEXT, begin=day, eind=day, geheel=number,
        teVerplaatsen=number, plafond=nullable(NUMBER), theil=nullable(inequality),
        opmerking=nullable(TEXT), remark=nullable(TEXT), leden=listed(member),
    )  # fmt: skip
    asked = object_of(
        regio=TEXT, groep=TEXT, peilmoment=day, sleutel=listed(TEXT), indeling=TEXT, leden=TEXT,
        hoeveelheid=TEXT,
    )  # fmt: skip
    region = object_of(
        code=TEXT, naam=TEXT, niveau=TEXT, indeling={"type": "integer"}, groep=number
    )
    return with_sources(vraag=asked, regio=region, sleutels=listed(key))
