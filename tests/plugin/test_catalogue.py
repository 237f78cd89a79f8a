"""The documents of a service become a catalogue."""

from dataclasses import replace

import pytest
from aandachtsgroepen.catalogue import (
    OWN,
    Catalogue,
    Collection,
    read_collections,
    read_titles,
    title_sources,
)

from tests.plugin.documents import collections, style, styles


@pytest.fixture
def known() -> tuple[Collection, ...]:
    return read_collections(collections(), styles(), "nl")


def test_only_collections_with_indicators_can_be_chosen(known: tuple[Collection, ...]) -> None:
    assert [entry.id for entry in known] == [
        "ouderen-gemeente",
        "ouderen-gemeente-indeling-2024",
        "ouderen-provincie",
        "studenten-gemeente",
        "ouderen-vergelijking-gemeente-indeling-2024",
    ]


def test_a_collection_says_what_it_is_of(known: tuple[Collection, ...]) -> None:
    assert known[1] == Collection(
        id="ouderen-gemeente-indeling-2024",
        title="Ouderen per gemeente, indeling 2024",
        description="Voorbeeldcijfers.",
        thema="ouderen",
        thema_title="Ouderen",
        niveau="gemeente",
        niveau_title="gemeente",
        indeling=2024,
        years=(2021, 2022),
        indicators=("personen", "aandeelHuur"),
    )


def test_without_a_vintage_each_period_has_its_own(known: tuple[Collection, ...]) -> None:
    assert known[0].indeling == OWN


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Ouderen, vergelijking", "gemeente")),
        ("en", ("Older people, comparison", "municipalities")),
    ],
)
def test_an_aspect_belongs_to_the_theme(language: str, words: tuple[str, str]) -> None:
    entry = read_collections(collections(language), styles(), language)[-1]

    assert (entry.thema, entry.niveau) == ("ouderen-vergelijking", "gemeente")
    assert (entry.thema_title, entry.niveau_title) == words


def test_a_title_of_another_form_is_used_whole() -> None:
    document = collections()
    document["collections"][0]["title"] = "Ouderen"

    entry = read_collections(document, styles(), "nl")[0]

    assert (entry.thema_title, entry.niveau_title) == ("Ouderen", "Ouderen")


def test_a_document_of_another_service_is_refused() -> None:
    with pytest.raises(KeyError, match="styles"):
        read_collections(collections(), {}, "nl")


def test_no_more_documents_are_asked_than_have_new_titles(known: tuple[Collection, ...]) -> None:
    assert list(title_sources(styles(), known)) == [
        "ouderen-gemeente",
        "ouderen-provincie",  # for what is to be moved
        "studenten-gemeente",
        "ouderen-vergelijking-gemeente",
    ]
    assert list(title_sources(styles(), [*known, replace(known[0], id="x")])) == list(
        title_sources(styles(), known)
    )


@pytest.mark.parametrize(("language", "title"), [("nl", "Aandeel huur"), ("en", "Share renting")])
def test_an_indicator_has_its_title_in_the_language(
    known: tuple[Collection, ...], language: str, title: str
) -> None:
    documents = [style(owner) for owner in title_sources(styles(), known)]

    titles = read_titles(documents, known, language)

    assert titles["ouderen", "aandeelHuur"] == title
    assert titles.keys() >= {(entry.thema, name) for entry in known for name in entry.indicators}


def test_an_indicator_that_nobody_titled_keeps_its_id(known: tuple[Collection, ...]) -> None:
    assert Catalogue(known).title_of("ouderen", "personen") == "personen"


def test_a_collection_is_found_by_its_id(known: tuple[Collection, ...]) -> None:
    catalogue = Catalogue(known)

    assert catalogue.get("studenten-gemeente") is known[3]
    with pytest.raises(KeyError):
        catalogue.get("grenzen-gemeente")
