"""Each choice narrows the others."""

import pytest
from aandachtsgroepen.catalogue import (
    OWN,
    Catalogue,
    read_collections,
    read_titles,
    title_sources,
)
from aandachtsgroepen.choice import (
    Choice,
    Facet,
    Option,
    chosen,
    implied,
    kept,
    matching,
    options,
)

from tests.plugin.documents import collections, style, styles


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    known = read_collections(collections(), styles(), "nl")
    documents = [style(owner) for owner in title_sources(styles(), known)]
    return Catalogue(known, read_titles(documents, known, "nl"), "first")


def values(catalogue: Catalogue, facet: Facet, **answers: object) -> list[object]:
    choice = Choice(**answers)  # type: ignore[arg-type]
    return [option.value for option in options(catalogue, choice, facet)]


def test_without_answers_everything_can_be_chosen(catalogue: Catalogue) -> None:
    assert values(catalogue, Facet.THEMA) == ["ouderen", "studenten", "ouderen-vergelijking"]
    assert values(catalogue, Facet.NIVEAU) == ["gemeente", "provincie"]
    assert values(catalogue, Facet.INDELING) == [OWN, 2024]
    assert values(catalogue, Facet.JAAR) == [2021, 2022]
    assert values(catalogue, Facet.INDICATOR) == [
        "personen", "aandeelHuur", "teVerplaatsen", "personenVerandering",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "facet", "left"),
    [
        ({"jaar": 2021}, Facet.THEMA, ["ouderen", "ouderen-vergelijking"]),
        ({"thema": "studenten"}, Facet.JAAR, [2022]),
        ({"thema": "studenten"}, Facet.INDICATOR, ["personen"]),
        ({"niveau": "provincie"}, Facet.INDELING, [OWN]),
        ({"indicator": "teVerplaatsen"}, Facet.NIVEAU, ["provincie"]),
        (
            {"indeling": 2024, "niveau": "gemeente"},
            Facet.THEMA,
            ["ouderen", "ouderen-vergelijking"],
        ),
    ],
)
def test_an_answer_takes_away_what_does_not_go_with_it(
    catalogue: Catalogue, answers: dict[str, object], facet: Facet, left: list[object]
) -> None:
    assert values(catalogue, facet, **answers) == left


@pytest.mark.parametrize("facet", list(Facet))
def test_every_choice_that_is_offered_leaves_a_collection(
    catalogue: Catalogue, facet: Facet
) -> None:
    choice = Choice(niveau="gemeente", jaar=2022)

    for option in options(catalogue, choice, facet):
        assert matching(catalogue, choice.with_(facet, option.value))


def test_a_question_can_still_be_answered_otherwise(catalogue: Catalogue) -> None:
    assert values(catalogue, Facet.THEMA, thema="studenten", niveau="gemeente") == (
        values(catalogue, Facet.THEMA, niveau="gemeente")
    )


def test_an_option_has_words(catalogue: Catalogue) -> None:
    assert options(catalogue, Choice(), Facet.NIVEAU)[0] == Option("gemeente", "gemeente")
    assert options(catalogue, Choice(), Facet.INDICATOR)[1] == Option("aandeelHuur", "Aandeel huur")


def test_one_answer_that_is_left_is_the_answer(catalogue: Catalogue) -> None:
    assert implied(catalogue, Choice(indicator="teVerplaatsen")) == Choice(
        thema="ouderen", niveau="provincie", indeling=OWN, indicator="teVerplaatsen"
    )


def test_a_collection_is_chosen_when_no_other_is_left(catalogue: Catalogue) -> None:
    assert chosen(catalogue, Choice(thema="ouderen", niveau="gemeente")) is None

    found = chosen(catalogue, Choice(thema="ouderen", niveau="gemeente", indeling=2024))
    assert found
    assert found.id == "ouderen-gemeente-indeling-2024"


def test_without_a_catalogue_nothing_is_chosen() -> None:
    assert chosen(Catalogue(), Choice()) is None
    assert options(Catalogue(), Choice(), Facet.THEMA) == ()


def test_a_new_catalogue_keeps_the_answers_that_it_has(catalogue: Catalogue) -> None:
    choice = Choice(thema="ouderen", niveau="corop", jaar=2022)

    assert kept(catalogue, choice) == Choice(thema="ouderen", jaar=2022)


def test_answers_that_no_longer_go_together_are_taken_back(catalogue: Catalogue) -> None:
    assert kept(catalogue, Choice(thema="studenten", niveau="provincie")) == Choice()
