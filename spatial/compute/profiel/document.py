"""A profile as JSON values: every figure with status and bounds, missing numbers are null."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup

from spatial.compute.benchmark import Rang
from spatial.compute.forms import source_of, unit_of_difference
from spatial.compute.places import Region
from spatial.compute.profiel.answer import Blok, Gelijken, Profiel
from spatial.compute.profiel.gids import Gids
from spatial.compute.profiel.links import NOWHERE
from spatial.compute.profiel.lot import ending, sentences
from spatial.compute.profiel.reeksen import Cel, Moment, Reeks
from spatial.compute.profiel.wording import Taal
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import niveau_of

type Document = dict[str, Any]
_LANGUAGES = (("nl", Taal(english=False)), ("en", Taal(english=True)))


def document_of(answer: Profiel, gids: Gids) -> Document:
    """Return a profile as JSON values."""
    vraag, events = answer.vraag, answer.gebeurtenissen
    told = {
        language: ending(vraag.code, events, taal, NOWHERE) if not answer.bestaat else None
        for language, taal in _LANGUAGES
    }
    return {
        "code": vraag.code,
        "naam": answer.naam,
        "niveau": answer.niveau.value,
        "indeling": None if vraag.indeling is None else int(vraag.indeling),
        "indelingen": list(answer.indelingen),
        "bestaat": answer.bestaat,
        "inIndeling": answer.in_indeling,
        "einde": None if told["nl"] is None else {k: _plain(v) for k, v in told.items() if v},
        "vandaag": [_named(code, gids) for code in answer.vandaag],
        "ligtIn": [_named(code, gids, answer.jaar) for code in answer.ligt_in],
        "gemeenten": [_named(code, gids, answer.jaar) for code in answer.leden],
        "herindelingen": {
            "zinnen": {
                language: [_plain(one) for one in sentences(vraag.code, events, taal, NOWHERE)]
                for language, taal in _LANGUAGES
            },
            "gebeurtenissen": [_event(event) for event in events],
        },
        "themas": [_blok(blok, answer.naast) for blok in answer.blokken],
        "vergelijkbaar": None if answer.gelijken is None else _alike(answer.gelijken),
        "bronnen": [source_of(source) for source in answer.sources],
        "meldingen": [{"nl": dutch, "en": english} for dutch, english in answer.meldingen],
        "snapshot": answer.snapshot,
    }


def entry_of(region: Region, gids: Gids) -> Document:
    """Return a region of the list of profiles as JSON values."""
    return {
        "code": region.code,
        "naam": region.naam,
        "niveau": region.niveau.value,
        "bestaat": gids.exists(region.code),
        "laatsteDag": _day(region.laatste_dag),
        "vroegereNamen": list(gids.former.get(region.code, ())),
        "vandaag": list(gids.today(region.code)),
    }


def _plain(text: Markup) -> str:
    return text.striptags()


def _named(code: str, gids: Gids, indeling: int | None = None) -> Document:
    return {"code": code, "naam": gids.name(code, indeling), "niveau": niveau_of(code).value}


def _event(event: Redivision) -> Document:
    return {
        "datum": event.datum.isoformat(),
        "mutatie": event.mutatie.value,
        "oudeCode": event.oude_code,
        "oudeNaam": event.oude_naam,
        "nieuweCode": event.nieuwe_code,
        "nieuweNaam": event.nieuwe_naam,
        "geheel": event.geheel,
        "aandeel": event.aandeel,
        "aandeelGrondslag": event.aandeel_grondslag or None,
        "zekerheid": event.zekerheid or None,
        "opmerking": event.opmerking or None,
    }


def _blok(blok: Blok, beside: Iterable[str]) -> Document:
    codes = list(beside)
    return {
        "thema": blok.thema.value,
        "titel": blok.thema.titel,
        "title": blok.thema.title_en,
        "collectie": blok.collection.id,
        "rangIndeling": blok.rangindeling,
        "momenten": [_moment(moment) for moment in blok.momenten],
        "delen": [
            {
                "titel": deel.section.titel_nl,
                "title": deel.section.title_en,
                "indicatoren": [_reeks(reeks, blok.momenten, codes) for reeks in deel.reeksen],
            }
            for deel in blok.delen
        ],
    }


def _moment(moment: Moment) -> Document:
    return {
        "peilmoment": moment.dag.isoformat(),
        "periodeEind": _day(moment.eind),
        "indeling": moment.indeling,
        "anderGebied": moment.breuk,
        "voorlopig": moment.voorlopig,
        "herkomst": moment.herkomst or None,
        "voortgang": None if moment.voortgang is None else moment.voortgang.value,
        "maanden": moment.maanden,
    }


def _reeks(reeks: Reeks, momenten: tuple[Moment, ...], codes: list[str]) -> Document:
    found = reeks.verandering
    since = None if reeks.sinds is None else momenten[reeks.sinds].dag
    return {
        "indicator": reeks.indicator.id,
        "titel": reeks.field.titel_nl,
        "title": reeks.field.title_en,
        "definitie": reeks.indicator.definitie_nl,
        "definition": reeks.indicator.definition_en,
        "eenheid": reeks.field.eenheid,
        "laatste": momenten[reeks.laatste].dag.isoformat(),
        "cijfers": [None if cel is None else _cel(cel) for cel in reeks.cellen],
        "naast": [
            {"code": code, **_cel(cel)}
            for code, cel in zip(codes, reeks.naast, strict=True)
            if cel is not None
        ],
        "verandering": None
        if found is None or found.status is None
        else {
            "sinds": _day(since),
            "waarde": found.waarde,
            "status": found.status.value,
            "min": found.ondergrens,
            "max": found.bovengrens,
            "eenheid": unit_of_difference(reeks.field.eenheid),
        },
        "rang": None if reeks.rang is None else _rang(reeks.rang, reeks.van),
    }


def _cel(cel: Cel) -> Document:
    return {"waarde": cel.value, "status": cel.status.value, "min": cel.lower, "max": cel.upper}


def _rang(rang: Rang, among: int) -> Document:
    return {
        "min": rang.eerste,
        "max": rang.laatste,
        "van": among,
        "percentielMin": rang.percentiel_min,
        "percentielMax": rang.percentiel_max,
    }


def _alike(found: Gelijken) -> Document:
    return {
        "indeling": found.indeling,
        "kenmerken": found.kenmerken.split("; ") if found.kenmerken else [],
        "reden": found.reden or None,
        "gemeenten": [
            {
                "code": one.code,
                "naam": one.naam,
                "afstand": one.afstand,
                "cijfers": [
                    {
                        "thema": thema.value,
                        "indicator": name,
                        "peilmoment": found.velden[thema, name][1].isoformat(),
                        **_cel(cel),
                    }
                    for (thema, name), cel in one.cellen.items()
                ],
            }
            for one in found.gemeenten[1:]
        ],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
