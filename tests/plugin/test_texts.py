"""Both languages are complete, and so is their use."""

import ast
import string
from datetime import date
from pathlib import Path

import aandachtsgroepen
import pytest
from aandachtsgroepen.choice import Facet
from aandachtsgroepen.texts import LANGUAGES, TEXTS, Texts, language_of

_HOME = Path(aandachtsgroepen.__file__).parent
_SAYING = {"say", "tell", "warn"}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def said() -> set[str]:
    """Return the keys that stand as text in the code."""
    calls = (
        node
        for source in _HOME.glob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args
    )
    return {
        call.args[0].value
        for call in calls
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in _SAYING
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_says_the_same_values_in_both_languages(key: str) -> None:
    dutch, english = TEXTS[key]

    assert dutch
    assert english
    assert blanks(dutch) == blanks(english)


def test_every_text_that_is_said_is_there() -> None:
    assert said() <= TEXTS.keys()
    assert {facet.value for facet in Facet} <= TEXTS.keys()


def test_no_text_is_left_that_nobody_says() -> None:
    made = {
        "all-figures",
        "no-figures",
        "not-renewed",
        "not-restyled",
        *(facet.value for facet in Facet),
    }
    made |= {f"all-{facet.value}" for facet in Facet}

    assert TEXTS.keys() - made <= said()


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "31 december 2022"), ("en", "31 December 2022")]
)
def test_a_day_is_written_in_words(language: str, words: str) -> None:
    assert Texts(language).day(date(2022, 12, 31)) == words


@pytest.mark.parametrize(
    ("locale", "language"),
    [("nl", "nl"), ("nl_BE", "nl"), ("fy_NL", "nl"), ("en_US", "en"), ("de", "en"), ("C", "en")],
)
def test_dutch_is_for_who_has_qgis_in_dutch(locale: str, language: str) -> None:
    assert language_of(locale) == language
    assert language in LANGUAGES
