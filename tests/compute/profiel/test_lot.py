"""Sentences on redivisions, in both languages, with names that cannot do harm."""

from datetime import date

import pytest

from spatial.compute.profiel.links import NOWHERE, Links
from spatial.compute.profiel.lot import ending, sentences
from spatial.compute.profiel.wording import Taal
from spatial.domain.redivisions import Mutatie, Redivision
from tests.miniland import REGISTER

DUTCH, ENGLISH = Taal(english=False), Taal(english=True)


def event(mutatie: Mutatie, **other: object) -> Redivision:
    values: dict[str, object] = {
        "datum": date(2022, 3, 24), "oude_code": "GM0457", "oude_naam": "Weesp",
        "nieuwe_code": "GM0363", "nieuwe_naam": "Amsterdam", "mutatie": mutatie, "geheel": True,
        "aandeel": None, "aandeel_grondslag": "", "zekerheid": "hoog", "opmerking": "", "bron": "x",
    }  # fmt: skip
    return Redivision(**{**values, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("taal", "said"),
    [
        (DUTCH, "Weesp is per 24 maart 2022 deel van Amsterdam (GM0363)."),
        (ENGLISH, "Weesp is part of Amsterdam (GM0363) from 24 March 2022."),
    ],
)
def test_a_gemeente_that_was_taken_in_says_by_whom_and_when(taal: Taal, said: str) -> None:
    assert ending("GM0457", [event(Mutatie.FUSIE)], taal, NOWHERE) == said


@pytest.mark.parametrize(
    ("taal", "said"),
    [
        (DUTCH, "Per 24 maart 2022 ging hierin op: Weesp (GM0457)."),
        (ENGLISH, "On 24 March 2022 this became part of it: Weesp (GM0457)."),
    ],
)
def test_a_gemeente_that_took_one_in_says_which(taal: Taal, said: str) -> None:
    assert sentences("GM0363", [event(Mutatie.FUSIE)], taal, NOWHERE) == [said]


def test_a_divided_gemeente_says_which_part_went_where() -> None:
    events = [row for row in REGISTER if row.oude_code == "GM0005"]

    said = ending("GM0005", events, DUTCH, NOWHERE)

    assert said == (
        "Splitsdorp is per 1 januari 2021 verdeeld over Oost &lt;b&gt; (GM0003; 60,0 % van de "
        "oppervlakte) en Verre Oosten (GM0004; 40,0 % van de oppervlakte)."
    )


def test_names_lead_to_profiles_where_there_is_a_service() -> None:
    links = Links("/v1", {"lang": "nl"}, live=True)

    said = ending("GM0457", [event(Mutatie.FUSIE)], DUTCH, links)

    assert '<a href="/v1/profiel/GM0363?lang=nl">Amsterdam</a>' in str(said)


def test_a_new_name_and_a_new_code_end_no_area() -> None:
    renamed = event(Mutatie.HERNOEMING, nieuwe_code="GM0457", nieuwe_naam="Weesp (NH.)")
    recoded = event(Mutatie.HERCODERING)

    assert ending("GM0457", [renamed], DUTCH, NOWHERE) is None
    assert sentences("GM0457", [renamed], DUTCH, NOWHERE) == [
        "Weesp heet per 24 maart 2022 Weesp (NH.)."
    ]
    assert sentences("GM0457", [recoded], DUTCH, NOWHERE) == [
        "Weesp heet per 24 maart 2022 Amsterdam (GM0363); het gebied bleef hetzelfde."
    ]
    assert sentences("GM0363", [recoded], DUTCH, NOWHERE) == [
        "Heette tot 24 maart 2022 Weesp (GM0457); het gebied bleef hetzelfde."
    ]


def test_a_border_that_moved_both_ways_is_told_once() -> None:
    there = event(Mutatie.GRENSCORRECTIE, geheel=False, opmerking="34 ha")
    back = event(
        Mutatie.GRENSCORRECTIE, geheel=False, opmerking="34 ha", oude_code="GM0363",
        oude_naam="Amsterdam", nieuwe_code="GM0457", nieuwe_naam="Weesp",
    )  # fmt: skip

    said = sentences("GM0363", [there, back], DUTCH, NOWHERE)

    assert [one.striptags() for one in said] == [
        "Per 24 maart 2022 is de grens met Weesp (GM0457) verlegd: 34 ha."
    ]
