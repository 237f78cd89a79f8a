"""A gemeente beside all others, those like it, its regions and the land; ranks are ranges."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from spatial.compute.benchmark import Rang, Vraag, benchmark, neighbours_of
from spatial.compute.benchmark_forms import csv_of, remarks_of, table_of, written
from spatial.compute.offer import parse_onderwerp
from spatial.domain.regions import Indeling
from spatial.domain.status import Status
from spatial.errors import QuestionError
from spatial.store.snapshot import Snapshot
from tests.compute.divided import DAY
from tests.compute.ranked import ranked_snapshot

ASKED = Vraag("GM0003", parse_onderwerp("ouderen:huishoudens"), DAY)
SECRET = replace(ASKED, regio="GM0002")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return ranked_snapshot(tmp_path_factory.mktemp("store"))


def test_the_highest_of_four_with_a_figure_is_first(snapshot: Snapshot) -> None:
    answer = benchmark(snapshot, ASKED)

    assert answer.eigen.rang == Rang(1, 1, 100.0, 100.0)
    assert (answer.van, answer.gemeenten) == (4, 5)
    assert (answer.eigen.ondergrens, answer.eigen.bovengrens) == (298, 302)


def test_a_secret_figure_has_no_rank_and_stays_in_sight(snapshot: Snapshot) -> None:
    answer = benchmark(snapshot, SECRET)

    assert answer.eigen.rang is None
    assert answer.eigen.waarde is None
    assert answer.eigen.status is Status.GEHEIM_OF_ONBEKEND


def test_similar_gemeenten_stand_beside_it_nearest_first_with_their_own_ranks(
    snapshot: Snapshot,
) -> None:
    found = benchmark(snapshot, ASKED).vergelijkbaar

    assert [(stand.code, stand.afstand) for stand in found] == [("GM0001", 0.5), ("GM0004", 0.75)]
    assert [stand.rang and stand.rang.eerste for stand in found] == [3, 2]


def test_its_provincie_and_the_land_stand_beside_it_without_a_rank(snapshot: Snapshot) -> None:
    found = benchmark(snapshot, ASKED).regios

    assert [(stand.code, stand.waarde, stand.rang) for stand in found] == [
        ("PV21", 560, None),
        ("NL01", 670, None),
    ]


def test_without_similar_gemeenten_the_reason_is_given(snapshot: Snapshot) -> None:
    answer = benchmark(snapshot, replace(ASKED, regio="GM0005"))

    assert answer.vergelijkbaar == ()
    assert "Geen vergelijkbare gemeenten: een van de kenmerken ontbreekt." in remarks_of(answer)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (replace(ASKED, regio="GM9999"), "regio: no gemeente 'GM9999'"),
        (replace(ASKED, regio="PV21"), "regio: no gemeente 'PV21'"),
        (
            replace(ASKED, onderwerp=parse_onderwerp("ouderen:x")),
            "indicator: there is no indicator",
        ),
        (
            replace(ASKED, peilmoment=date(1999, 1, 1)),
            "peilmoment: there is no moment '1999-01-01'",
        ),
        (replace(ASKED, indeling=Indeling(2030)), "indeling: there is no series in one indeling"),
    ],
)
def test_what_the_snapshot_does_not_have_is_refused_by_name(
    snapshot: Snapshot, asked: Vraag, said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        benchmark(snapshot, asked)


def test_the_table_shows_ranges_signs_and_distances(snapshot: Snapshot) -> None:
    answer = benchmark(snapshot, SECRET)
    console = Console(width=200, record=True, file=StringIO())
    console.print(table_of(answer))
    text = console.export_text()

    assert ". geheim of onbekend" in text
    assert "3e van 4" in text
    assert "298 tot 302" in text
    assert "1,25" in text


def test_the_remarks_say_how_to_read_a_rank_and_what_the_source_must_say(
    snapshot: Snapshot,
) -> None:
    said = " ".join(remarks_of(benchmark(snapshot, ASKED)))

    assert "1 gemeenten hebben geen cijfer en geen rang" in said
    assert "huishoudens per km2" in said
    assert "Voorbeeldcijfers" in said


def test_the_document_has_null_beside_a_status_and_the_question_to_ask_again(
    snapshot: Snapshot,
) -> None:
    document = json.loads(written(benchmark(snapshot, SECRET), "json"))

    assert document["eigen"]["waarde"] is None
    assert document["eigen"]["rangMin"] is None
    assert document["eigen"]["status"] == "geheim_of_onbekend"
    assert document["vraag"] == {
        "regio": "GM0002",
        "indicator": "ouderen:huishoudens",
        "peilmoment": "2020-01-01",
        "indeling": None,
    }
    assert any("Voorbeeldcijfers" in text for text in document["meldingen"])


def test_the_csv_has_a_line_for_each_region(snapshot: Snapshot) -> None:
    lines = csv_of(benchmark(snapshot, ASKED)).decode().splitlines()

    assert len(lines) == 1 + 1 + 2 + 2
    assert lines[1].startswith('"zelf","GM0003"')
    assert '"voorbeeldcijfers"' in lines[1]


def test_no_similar_gemeenten_are_an_empty_text_or_none() -> None:
    assert neighbours_of(None) == neighbours_of("") == ()
