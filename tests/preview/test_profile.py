"""A profile in a file of its own: whole, alone, and the same every time."""

import re

import pytest

from spatial.domain.indicators import Thema
from spatial.errors import QuestionError
from spatial.preview.profile import draw_profile
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.compute.country import country_snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return country_snapshot(tmp_path_factory.mktemp("store"))


def test_it_needs_nothing_and_leads_nowhere(snapshot: Snapshot) -> None:
    text = draw_profile(snapshot, "GM0003")

    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert set(re.findall(r'href="([^"]*)"', text)) == {
        "#inhoud", "#ouderen", "#leeswijzer",
    }  # fmt: skip


def test_what_it_links_to_is_on_the_page(snapshot: Snapshot) -> None:
    text = draw_profile(snapshot, "PV20")

    wanted = set(re.findall(r'href="#([^"]*)"', text))
    there = re.findall(r' id="([^"]*)"', text)
    assert wanted <= set(there)
    assert len(there) == len(set(there))


def test_two_drawings_are_the_same_bytes(snapshot: Snapshot) -> None:
    assert draw_profile(snapshot, "GM0004") == draw_profile(snapshot, "GM0004")


def test_it_says_that_the_figures_are_examples(snapshot: Snapshot) -> None:
    assert "Voorbeeldcijfers: door de computer gemaakt" in draw_profile(snapshot, "GM0004")
    assert "Example figures: made by a computer" in draw_profile(snapshot, "GM0004", english=True)


@pytest.fixture(scope="module")
def amsterdam(example: Settings) -> str:
    return re.sub(r"<[^>]*>", "", draw_profile(open_snapshot(example.data), "GM0363", 2026))


def test_a_real_gemeente_has_every_group_the_ledger_and_those_like_it(amsterdam: str) -> None:
    for title in (
        *(thema.titel for thema in Thema),
        "In het kort",
        "Vrijgekomen corporatiewoningen",
        "Ouderen: locatiequotiënt naar inwoners",
        "Vergelijkbare gemeenten",
        "Eindhoven",
    ):
        assert title in amsterdam


def test_the_newest_opgave_is_told_in_a_sentence(amsterdam: str) -> None:
    assert re.search(
        r"Taakstelling huisvesting vergunninghouders, 2e halfjaar 2025: opgave [\d.]+= berekend, "
        r"gehuisvest [\d.]+, gerealiseerd deel van de opgave \(%\) [\d,]+= berekend; "
        r"achter na 3 maanden\.",
        amsterdam,
    )


def test_old_codes_are_drawn_with_what_they_became(example: Settings) -> None:
    snapshot = open_snapshot(example.data)

    assert "De Friese Meren heet per 1 januari 2016 De Fryske Marren" in draw_profile(
        snapshot, "GM1921"
    )
    assert "The boundaries of 2024 do not have this code" in draw_profile(
        snapshot, "GM0457", 2024, english=True
    )


def test_in_one_indeling_it_says_so(snapshot: Snapshot) -> None:
    assert "Alle jaren in de gemeentelijke indeling van 2022" in draw_profile(
        snapshot, "GM0010", 2022
    )


def test_an_unknown_code_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(QuestionError, match="no region 'GM9999'"):
        draw_profile(snapshot, "GM9999")
