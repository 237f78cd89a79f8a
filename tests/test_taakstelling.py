"""The ledger of the taakstelling in a build: its layers, their labels, and files that are given."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from spatial.analyse.ledger.balances import with_balances
from spatial.domain.facts import Facts
from spatial.domain.periods import parse_half_year
from spatial.domain.regions import Indeling
from spatial.domain.sources import SourceStatus
from spatial.normalise.facts import read_facts
from spatial.pipeline.recoding import Recoding, recoding
from spatial.pipeline.taakstelling import Targets, make_targets
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot

FACTS = Path(__file__).parents[1] / "boundaries"
TO_1992 = ("GM0501", "GM0530", "GM0614")
"""Brielle, Hellevoetsluis and Westvoorne: Voorne aan Zee since 2023."""

type Row = dict[str, Any]


@pytest.fixture(scope="module")
def snapshot(example: Settings) -> Snapshot:
    return open_snapshot(example.data)


def rows(snapshot: Snapshot, collection: str) -> dict[tuple[str, date], Row]:
    """Return the rows of a layer by region and first day of the half-year."""
    layer = snapshot.layer(snapshot.contents.get(collection)).drop_columns("geometry")
    return {(row["regioCode"], row["periodeBegin"]): row for row in layer.to_pylist()}


def test_opgave_and_saldo_are_the_sum_of_their_parts_at_every_level(snapshot: Snapshot) -> None:
    for niveau in ("land", "provincie", "gemeente", "gemeente-indeling-2024"):
        worked_out = [
            row
            for row in rows(snapshot, f"taakstelling-{niveau}").values()
            if row["opgave"] is not None and row["gehuisvest"] is not None
        ]
        assert worked_out
        for row in worked_out:
            parts = row["taakstelling"] + row["achterstand"] - row["voorsprong"]
            assert row["opgave"] == parts
            assert row["saldo"] == parts - row["gehuisvest"]


def test_what_is_left_over_is_the_start_of_the_next_half_year(snapshot: Snapshot) -> None:
    found = rows(snapshot, "taakstelling-gemeente")
    first, second = date(2022, 1, 1), date(2022, 7, 1)
    codes = [code for code, begin in found if begin == second]

    assert len(codes) == 345
    for code in codes:
        later = found[code, second]
        assert found[code, first]["saldo"] == later["achterstand"] - later["voorsprong"]


def test_a_merger_adds_opgaven_and_the_percentage_is_made_anew(snapshot: Snapshot) -> None:
    day = date(2022, 7, 1)
    own = rows(snapshot, "taakstelling-gemeente")
    merged = rows(snapshot, "taakstelling-gemeente-indeling-2024")["GM1992", day]
    parts = [own[code, day] for code in TO_1992]

    for name in ("opgave", "saldo", "gehuisvest", "taakstellingCumulatief"):
        assert merged[name] == sum(part[name] for part in parts)
    assert merged["realisatie"] == pytest.approx(
        100 * merged["gehuisvest"] / merged["opgave"], abs=0.05
    )
    assert merged["realisatie"] not in {part["realisatie"] for part in parts}


def test_the_saldo_of_a_merged_gemeente_is_that_of_its_parts(snapshot: Snapshot) -> None:
    found = rows(snapshot, "taakstelling-gemeente")
    merged = found["GM1992", date(2023, 1, 1)]

    left = sum(found[code, date(2022, 7, 1)]["saldo"] for code in TO_1992)
    assert merged["achterstand"] - merged["voorsprong"] == left


def test_the_newest_half_year_is_measured_against_the_months_that_are_counted(
    snapshot: Snapshot,
) -> None:
    newest = [
        row
        for (_, begin), row in rows(snapshot, "taakstelling-gemeente").items()
        if begin == date(2025, 7, 1)
    ]

    assert {row["maanden"] for row in newest} == {3}
    assert {row["voorlopig"] for row in newest} == {True}
    assert {row["voortgang"] for row in newest} == {"voldaan", "op_schema", "achter"}
    for row in newest:
        if row["voortgang"] == "op_schema":
            assert 50 <= row["realisatie"] < 100


def test_without_a_target_nothing_is_said_of_progress(snapshot: Snapshot) -> None:
    row = rows(snapshot, "taakstelling-gemeente")["GM0363", date(2018, 1, 1)]

    assert (row["voortgang"], row["cumulatiefSinds"]) == ("niet_te_bepalen", None)
    assert {row[f"{name}Status"] for name in ("opgave", "saldo", "realisatie")} == {
        "ontbreekt_in_bron"
    }


def test_example_realisation_is_labelled_in_source_notice_field_and_row(
    snapshot: Snapshot,
) -> None:
    collection = snapshot.contents.get("taakstelling-gemeente")
    fields = {field.naam: field.beschrijving_nl for field in collection.velden}

    assert {row["bronStatus"] for row in rows(snapshot, collection.id).values()} == {
        "voorbeeldcijfers"
    }
    assert any(
        text.startswith("Voorbeeldcijfers") for text in snapshot.contents.notices(collection)
    )
    assert "Voorbeeldcijfers" in collection.beschrijving_nl
    for name in ("achterstand", "voorsprong", "opgave", "gehuisvest", "saldo", "realisatie"):
        assert "Voorbeeldcijfers" in fields[name]
    assert "Voorbeeldcijfers" not in fields["taakstelling"]


@cache
def given() -> tuple[Facts, Recoding]:
    """Return the facts of this project, and how gemeenten went through redivisions."""
    facts = read_facts(FACTS)
    return facts, recoding(facts)


def made(*files: Path, example: bool = True) -> tuple[Targets, list[str]]:
    """Return the taakstelling of a build, and the rules of what was noticed."""
    targets, findings = make_targets(*given(), files, example=example)
    return targets, [one.rule for one in findings]


def cell(targets: Targets, kenmerk: str, code: str, begin: date) -> tuple[int | None, str, str]:
    """Return value, status and source of one cell."""
    (row,) = (
        row
        for row in targets.ledger.figures.to_pylist()
        if (row["kenmerk"], row["code"], row["begin"]) == (kenmerk, code, begin)
    )
    return row["waarde"], row["status"], row["bron"]


def test_without_files_and_without_example_realisation_stays_unknown() -> None:
    targets, _ = made(example=False)

    first = date(2022, 1, 1)
    assert cell(targets, "gehuisvest", "GM0363", first)[:2] == (None, "ontbreekt_in_bron")
    assert cell(targets, "achterstand", "GM0363", first)[:2] == (None, "ontbreekt_in_bron")
    assert cell(targets, "gehuisvest", "NL01", first)[:2] == (11_895, "berekend")
    assert targets.status is SourceStatus.BEREKEND


def test_a_file_takes_the_place_of_the_example_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "opgave.csv"
    path.write_text(
        "halfjaar,gemeente,taakstelling,achterstand,voorsprong,gehuisvest\n"
        "2022-1,Delft,61,16,,85\n"
        "2022-2,Delft,,,,50\n",
        encoding="utf-8",
    )

    targets, rules = made(path)

    assert cell(targets, "gehuisvest", "GM0503", date(2022, 1, 1)) == (
        85,
        "waargenomen",
        "taakstelling-realisatie",
    )
    assert cell(targets, "taakstelling", "GM0503", date(2022, 1, 1))[0] == 61
    assert cell(targets, "voorsprong", "GM0503", date(2022, 7, 1))[0] == 8
    assert cell(targets, "gehuisvest", "GM0363", date(2022, 1, 1))[0] is None
    assert rules.count("target-not-by-formula") == 1
    assert "opgave.csv" in targets.realisation.titel
    assert len(targets.realisation.sha256) == 64


def test_a_file_of_a_year_after_the_last_total_lengthens_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "opgave.csv"
    path.write_text("halfjaar,gemeente,taakstelling\n2026-1,Delft,70\n", encoding="utf-8")

    targets, _ = made(path)

    assert cell(targets, "taakstelling", "GM0503", date(2026, 1, 1))[:2] == (70, "waargenomen")
    assert parse_half_year("2026-2") in targets.ledger.pace
    assert Indeling(2026) in given()[1].codes


def test_the_published_figures_of_some_gemeenten_are_those_of_the_ledger() -> None:
    targets, _ = made(FACTS / "taakstelling_gemeente.csv")
    first = date(2022, 1, 1)
    rows = with_balances(targets.ledger.figures).to_pylist()
    opgaven = {
        row["code"]: row["waarde"]
        for row in rows
        if row["kenmerk"] == "opgave" and row["begin"] == first and row["niveau"] == "gemeente"
    }

    assert {code: count for code, count in opgaven.items() if count is not None} == {
        "GM0503": 76,
        "GM0518": 417,
        "GM0626": 13,
        "GM0629": 15,
        "GM0637": 109,
        "GM1783": 81,
    }
    assert cell(targets, "taakstelling", "GM1942", date(2020, 7, 1))[:2] == (22, "waargenomen")
