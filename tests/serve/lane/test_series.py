"""Pages of one selection: the others say what a page that was asked first says."""

import asyncio
from itertools import permutations, product
from pathlib import Path

import pytest

from spatial.serve.ask.query import Limits
from spatial.serve.lane.answer import Answer
from spatial.serve.lane.items import Items, Wanted
from spatial.serve.lane.series import placed
from spatial.serve.read.edition import Edition, Editions
from tests.miniland import miniland_snapshot, observations

type Question = tuple[tuple[str, str], ...]

ITEMS = "/collections/ouderen-gemeente/items"
LIMITS = Limits(default=10, maximum=20)


def items() -> Items:
    return Items("http://testserver", LIMITS, [])


def ask(items: Items, edition: Edition, query: bytes, **said: str) -> Answer | None:
    wanted = Wanted(ITEMS, query, said.get("accept", ""), said.get("languages", ""))
    return asyncio.run(items.answer(edition, wanted))


@pytest.mark.parametrize(
    "queries",
    [
        (b"limit=3", b"limit=4", b"limit=50", b"limit=1"),
        (b"", b"limit=3", b"limit=3&offset=2", b"offset=2"),
        (b"offset=20&sortby=-personen&limit=2", b"offset=0&sortby=-personen&limit=24"),
        (b"datetime=2020-01-01&limit=2", b"limit=2&datetime=2020-01-01"),
        (b"limit=5&resulttype=hits", b"limit=6&resulttype=hits"),
        (b"limit=5&properties=personen", b"limit=4&properties=personen", b"limit=5&properties=indeling"),
        (b"limit=5&filter=personen%3E1", b"limit=4&filter=personen%3E1"),
        (b"f=json&limit=2&lang=en", b"f=json&limit=2&lang=nl"),
    ],
)  # fmt: skip
def test_a_later_page_says_what_it_says_when_asked_first(
    edition: Edition, queries: tuple[bytes, ...]
) -> None:
    asked = items()
    for query in queries:
        later, first = ask(asked, edition, query), ask(items(), edition, query)

        assert later is not None
        assert first is not None
        assert later.content == first.content
        assert (later.tag, later.headers) == (first.tag, first.headers)


@pytest.mark.parametrize(
    "wrong",
    [b"limit=", b"limit=&limit=4", b"limit=0", b"limit=x", b"limit=4&limit=4", b"offset=&limit=4",
     b"limit=4&offset=-1", b"%6Cimit=4&limit=4"],
)  # fmt: skip
def test_a_wrong_page_is_refused_whatever_was_asked_before(edition: Edition, wrong: bytes) -> None:
    asked = items()
    ask(asked, edition, b"limit=4")
    ask(asked, edition, b"limit=4&offset=1")

    assert ask(asked, edition, wrong) is None


def test_another_language_or_form_is_another_question(edition: Edition) -> None:
    asked = items()
    dutch = ask(asked, edition, b"limit=2")
    english = ask(asked, edition, b"limit=3", languages="en")
    page = ask(asked, edition, b"limit=3", accept="text/html")

    assert dutch is not None
    assert english is not None
    assert dict(english.headers)[b"content-language"] == b"en"
    assert page is None


def test_a_new_snapshot_is_looked_through_anew(tmp_path: Path) -> None:
    miniland_snapshot(tmp_path)
    editions, asked = Editions(tmp_path), items()
    before = ask(asked, editions.current, b"limit=2&properties=personen")
    miniland_snapshot(tmp_path, observations().slice(0, 60))
    after = ask(asked, editions.current, b"limit=3&properties=personen")
    fresh = ask(items(), editions.current, b"limit=3&properties=personen")

    assert before is not None
    assert after is not None
    assert fresh is not None
    assert after.content == fresh.content


def test_questions_of_one_selection_differ_in_plain_numbers_only() -> None:
    questions: dict[object, list[Question]] = {}
    for count in range(4):
        for names in permutations(("limit", "offset", "xlimit"), count):
            for texts in product(("", "0", "5", "7", "05", "x"), repeat=count):
                asked = tuple(zip(names, texts, strict=True))
                found = placed("&".join(f"{name}={text}" for name, text in asked).encode())
                questions.setdefault(found and found[0], []).append(asked)
    del questions[None]

    assert any(len(asked) > 1 for asked in questions.values())
    for first, *others in questions.values():
        for asked in others:
            assert plain(asked) == plain(first)


def plain(asked: Question) -> list[tuple[str, object]]:
    """Leave out the numbers of pages that are written without zeros in front."""
    numbers = {"limit": {"5", "7"}, "offset": {"0", "5", "7"}}
    return [(name, None if text in numbers.get(name, ()) else text) for name, text in asked]
