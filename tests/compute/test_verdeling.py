import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console, Group

from spatial.compute.verdeling import Hoeveelheid, PerSleutel, Vraag, verdeel
from spatial.compute.verdeling_forms import document_of, remarks_of, tables_of, written
from spatial.domain.indicators import Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.status import Status
from spatial.errors import QuestionError
from spatial.store.snapshot import Snapshot
from tests.compute.divided import DAY, SECRET, divided_snapshot

EAST = Vraag("PV21", Thema.OUDEREN, DAY, ("inwoners",))
WEST = replace(EAST, regio="PV20")
LAND = replace(EAST, regio="NL01")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return divided_snapshot(tmp_path_factory.mktemp("store"))


def by_key(snapshot: Snapshot, question: Vraag) -> PerSleutel:
    (found,) = verdeel(snapshot, question).sleutels
    return found


def test_a_region_is_divided_over_its_gemeenten(snapshot: Snapshot) -> None:
    answer = verdeel(snapshot, EAST)
    (entry,) = answer.sleutels

    assert (answer.naam, answer.indeling, answer.groep.waarde) == ("Oostland", 2020, 560)
    assert [lid.code for lid in entry.leden] == ["GM0003", "GM0004", "GM0005"]
    assert [lid.evenredig.waarde for lid in entry.leden] == [265.3, 206.3, 88.4]
    assert [lid.verschil.waarde for lid in entry.leden] == [34.7, -6.3, -28.4]
    assert [lid.locatiequotient.waarde for lid in entry.leden] == [1.13, 0.97, 0.68]


def test_an_allocation_in_whole_households_adds_up_to_the_region(snapshot: Snapshot) -> None:
    for question in (EAST, WEST, LAND):
        for entry in verdeel(snapshot, replace(question, sleutels=())).sleutels:
            parts = [lid.toewijzing for lid in entry.leden]
            if None not in parts:
                assert sum(filter(None, parts)) == verdeel(snapshot, question).groep.waarde


def test_the_index_has_bounds_and_a_ceiling(snapshot: Snapshot) -> None:
    entry = by_key(snapshot, EAST)

    assert (entry.te_verplaatsen.waarde, entry.te_verplaatsen.status) == (6, Status.BEREKEND)
    assert (entry.te_verplaatsen.laag, entry.te_verplaatsen.hoog) == (5, 7)
    assert entry.plafond == 84.2


def test_a_secret_gemeente_has_a_share_and_nothing_else(snapshot: Snapshot) -> None:
    secret = by_key(snapshot, WEST).leden[1]

    assert (secret.groep.waarde, secret.groep.laag, secret.groep.hoog) == (None, None, None)
    assert (secret.evenredig.waarde, secret.toewijzing) == (10.0, 10)
    for number in (secret.groep, secret.verschil, secret.locatiequotient):
        assert (number.status, number.waarde, number.laag, number.hoog) == (
            SECRET,
            None,
            None,
            None,
        )


def test_the_index_of_two_gemeenten_with_one_secret_is_withheld_with_a_reason(
    snapshot: Snapshot,
) -> None:
    entry = by_key(snapshot, WEST)

    assert (entry.te_verplaatsen.status, entry.te_verplaatsen.waarde) == (SECRET, None)
    assert "geheim" in entry.opmerking
    assert "confidential" in entry.remark


def test_without_a_key_all_keys_stand_beside_each_other(snapshot: Snapshot) -> None:
    answer = verdeel(snapshot, replace(EAST, sleutels=()))

    assert [entry.sleutel.id for entry in answer.sleutels] == [
        "inwoners", "huishoudens", "woonruimten", "corporatiewoningen", "vrijgekomen", "oppervlakte",
    ]  # fmt: skip


def test_a_flow_is_that_of_the_year_of_the_day(snapshot: Snapshot) -> None:
    entry = by_key(snapshot, replace(EAST, sleutels=("vrijgekomen",)))

    assert (entry.begin, entry.eind) == (date(2020, 1, 1), date(2020, 12, 31))
    assert [lid.sleutel.waarde for lid in entry.leden] == [150, 90, 100]
    assert by_key(snapshot, EAST).begin == by_key(snapshot, EAST).eind == DAY


def test_surface_is_that_of_the_shapes(snapshot: Snapshot) -> None:
    entry = by_key(snapshot, replace(EAST, sleutels=("oppervlakte",)))

    assert len({lid.sleutel.waarde for lid in entry.leden}) == 1
    assert [lid.toewijzing for lid in entry.leden] == [187, 187, 186]


def test_a_key_without_figures_says_so(snapshot: Snapshot) -> None:
    entry = by_key(snapshot, replace(EAST, sleutels=("woonruimten",)))

    assert {lid.evenredig.status for lid in entry.leden} == {Status.ONTBREEKT_IN_BRON}
    assert entry.te_verplaatsen.status is Status.ONTBREEKT_IN_BRON
    assert "geen cijfer" in entry.opmerking
    assert {lid.toewijzing for lid in entry.leden} == {None}


def test_a_small_key_gives_no_quotient(snapshot: Snapshot) -> None:
    entry = by_key(snapshot, replace(EAST, sleutels=("huishoudens",)))

    assert entry.leden[2].locatiequotient.status is Status.TE_KLEIN


def test_the_land_says_how_much_is_between_provincies(snapshot: Snapshot) -> None:
    found = by_key(snapshot, LAND).ongelijkheid

    assert found is not None
    assert found.tussen is not None
    assert found.binnen is not None
    assert (found.meegeteld, found.weggelaten) == (4, 1)
    assert found.tussen.waarde is not None
    assert by_key(snapshot, EAST).ongelijkheid is not None


def test_provincies_can_be_the_members_of_the_land(snapshot: Snapshot) -> None:
    entry = by_key(snapshot, replace(LAND, leden=Niveau.PROVINCIE))

    assert [(lid.code, lid.groep.waarde) for lid in entry.leden] == [("PV20", 110), ("PV21", 560)]
    assert entry.te_verplaatsen.waarde is not None


def test_persons_can_be_divided_too(snapshot: Snapshot) -> None:
    answer = verdeel(snapshot, replace(EAST, hoeveelheid=Hoeveelheid.PERSONEN))

    assert answer.groep.waarde == 790


@pytest.mark.parametrize(
    ("question", "name", "says"),
    [
        (replace(EAST, regio="PV99"), "regio", "PV20, PV21"),
        (replace(EAST, regio="x"), "regio", "not a region code"),
        (replace(EAST, regio="GM0003"), "leden", "does not consist"),
        (replace(EAST, leden=Niveau.LAND), "leden", "does not consist"),
        (replace(EAST, leden=Niveau.COROP), "groep", "ouderen-gemeente"),
        (replace(EAST, groep=Thema.TAAKSTELLING), "groep", "studenten"),
        (replace(EAST, groep=Thema.STUDENTEN), "groep", "none of 'studenten'"),
        (replace(EAST, peilmoment=date(2019, 1, 1)), "peilmoment", "2020-01-01, 2020-12-31"),
        (replace(EAST, indeling=Indeling(2024)), "indeling", "ouderen-gemeente"),
        (replace(EAST, sleutels=("bomen",)), "sleutel", "inwoners, huishoudens"),
    ],
)
def test_a_question_that_cannot_be_answered_names_the_input_and_what_there_is(
    snapshot: Snapshot, question: Vraag, name: str, says: str
) -> None:
    with pytest.raises(QuestionError, match=says) as refused:
        verdeel(snapshot, question)

    assert refused.value.name == name


def test_an_answer_names_its_snapshot_sources_and_question(snapshot: Snapshot) -> None:
    document = document_of(verdeel(snapshot, EAST))

    assert document["snapshot"] == snapshot.id
    assert document["vraag"] == {
        "regio": "PV21", "groep": "ouderen", "peilmoment": "2020-01-01", "sleutel": "inwoners",
        "leden": "gemeente", "hoeveelheid": "huishoudens",
    }  # fmt: skip
    assert {source["status"] for source in document["bronnen"]} == {
        "voorbeeldcijfers", "schematisch",
    }  # fmt: skip
    assert document["meldingen"][0]["nl"].startswith("Voorbeeldcijfers")


def test_the_same_question_gives_the_same_bytes(snapshot: Snapshot) -> None:
    for form in ("json", "csv"):
        assert written(verdeel(snapshot, EAST), form) == written(verdeel(snapshot, EAST), form)


def test_every_form_has_the_same_numbers(snapshot: Snapshot) -> None:
    answer = verdeel(snapshot, replace(WEST, sleutels=("inwoners", "corporatiewoningen")))

    document = json.loads(written(answer, "json"))
    lines = list(csv.DictReader(io.StringIO(written(answer, "csv").decode())))

    members = [(key, lid) for key in document["sleutels"] for lid in key["leden"]]
    assert len(lines) == len(members) == 4
    for line, (key, lid) in zip(lines, members, strict=True):
        assert (line["regioCode"], line["verdeelsleutel"]) == (lid["code"], key["sleutel"])
        assert line["toewijzing"] == str(lid["toewijzing"])
        for name in ("groep", "sleutel", "evenredig", "verschil", "locatiequotient"):
            number = lid[name]
            assert line[f"{name}Status"] == number["status"]
            found = [line[f"{name}{end}"] for end in ("", "Min", "Max")]
            wanted = [number["waarde"], number["min"], number["max"]]
            assert [float(text) if text else None for text in found] == wanted


def test_the_table_shows_signs_bounds_and_what_must_be_said(snapshot: Snapshot) -> None:
    console = Console(file=io.StringIO(), width=240)
    answer = verdeel(snapshot, WEST)

    console.print(Group(*tables_of(answer)))

    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "GM0002 Klein, Dal en Berg" in text
    assert ". geheim of onbekend" in text
    assert "Voorbeeldcijfers" in " ".join(remarks_of(answer))
    assert "inwoners: Te verplaatsen deel niet getoond" in " ".join(remarks_of(answer))


def test_the_table_of_all_keys_has_a_column_for_each(snapshot: Snapshot) -> None:
    console = Console(file=io.StringIO(), width=240)

    console.print(Group(*tables_of(verdeel(snapshot, replace(EAST, sleutels=())))))

    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "toewijzing naar elke sleutel" in text
    assert "corporatiewoningen" in text
    assert "niet in de bron" in text
