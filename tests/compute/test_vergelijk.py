import csv
import io
import json
from datetime import date

import pytest
from rich.console import Console

from spatial.compute.forms import document_of, inputs_of, written
from spatial.compute.offer import Onderwerp, offer_of, parse_onderwerp
from spatial.compute.screen import remarks_of, table_of
from spatial.compute.vergelijk import (
    MAX_CODES,
    MAX_INDICATOREN,
    MAX_PEILMOMENTEN,
    Reden,
    Rij,
    Vergelijking,
    Vraag,
    compare,
)
from spatial.domain.regions import Indeling
from spatial.domain.status import Status
from spatial.errors import QuestionError
from spatial.store.snapshot import Snapshot
from tests.compute.country import country_snapshot

PERSONS = Onderwerp("ouderen", "personen")
RELET = Onderwerp("ouderen", "vrijgekomenCorporatiewoningen")
D2020, D2021, D2022 = (date(year, 1, 1) for year in (2020, 2021, 2022))
SERIES = Indeling(2022)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return country_snapshot(tmp_path_factory.mktemp("store"))


def asked(
    snapshot: Snapshot, codes: str, *days: date, indeling: Indeling | None = None
) -> Vergelijking:
    return compare(snapshot, Vraag(tuple(codes.split()), (PERSONS,), days, indeling))


def row(answer: Vergelijking, code: str, day: date) -> Rij:
    return next(r for r in answer.rijen if (r.region.code, r.peilmoment) == (code, day))


def test_a_cell_comes_with_its_status_and_bounds(snapshot: Snapshot) -> None:
    found = row(asked(snapshot, "GM0004", D2020), "GM0004", D2020)

    assert (found.waarde, found.ondergrens, found.bovengrens) == (200, 198, 202)
    assert (found.status, found.indeling, found.bron) == (Status.WAARGENOMEN, 2020, "85980NED")


def test_there_is_a_row_for_every_region_indicator_and_moment(snapshot: Snapshot) -> None:
    vraag = Vraag(("GM0004", "PV20"), (PERSONS, RELET), (D2021, D2020))

    found = [(r.region.code, r.onderwerp, r.peilmoment) for r in compare(snapshot, vraag).rijen]

    assert found == [
        (code, subject, day)
        for code in ("GM0004", "PV20")
        for subject in (PERSONS, RELET)
        for day in (D2020, D2021)
    ]


def test_a_difference_over_time_is_with_the_earliest_moment(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0004", D2022, D2020, indeling=SERIES)

    found = row(answer, "GM0004", D2022).tijd

    assert (found.waarde, found.ondergrens, found.bovengrens) == (10, 6, 14)
    assert row(answer, "GM0004", D2020).tijd.status is None


def test_a_difference_between_regions_is_with_the_first_one(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0003 GM0004", D2020)

    found = row(answer, "GM0004", D2020).regio

    assert (found.waarde, found.status) == (140, Status.BEREKEND)
    assert row(answer, "GM0003", D2020).regio.status is None


def test_intervals_that_overlap_give_no_difference(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0003", D2020, D2021, indeling=SERIES)

    found = row(answer, "GM0003", D2021).tijd

    assert (found.status, found.waarde) == (Status.NIET_VAST_TE_STELLEN, None)
    assert (found.ondergrens, found.bovengrens) == (-4, 4)


def test_a_confidential_cell_gives_no_number_and_no_difference(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0001 GM0002", D2020)

    found = row(answer, "GM0002", D2020)

    assert (found.waarde, found.ondergrens, found.bovengrens) == (None, None, None)
    assert (found.regio.status, found.regio.ondergrens) == (Status.GEHEIM_OF_ONBEKEND, None)


def test_an_area_that_changed_is_not_compared_over_time(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0003", D2020, D2021)

    found = row(answer, "GM0003", D2021).tijd

    assert (found.waarde, found.reden) == (None, Reden.GEBIED_VERANDERD)


def test_a_region_of_which_gemeenten_merged_inside_it_did_not_change(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "PV20 PV21", D2020, D2022)

    assert row(answer, "PV20", D2022).tijd.reden is None
    assert row(answer, "PV21", D2022).tijd.reden is None


def test_a_retired_code_keeps_its_rows_and_names_its_successors(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0005", D2020, D2021)

    found = row(answer, "GM0005", D2021)

    assert (found.waarde, found.reden) == (None, Reden.CODE_BESTAAT_NIET)
    assert answer.regions[0].laatste_dag == date(2020, 12, 31)
    assert [(entry.code, entry.deel) for entry in answer.regions[0].opvolgers] == [
        ("GM0003", 0.6),
        ("GM0004", 0.4),
    ]


def test_a_code_that_the_one_indeling_does_not_have_is_said_so(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0001 GM0003", D2020, indeling=SERIES)

    assert row(answer, "GM0001", D2020).reden is Reden.CODE_BESTAAT_NIET
    assert row(answer, "GM0003", D2020).waarde == 100


def test_counts_of_different_levels_are_not_subtracted(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0004 PV20", D2020)

    assert row(answer, "PV20", D2020).regio.reden is Reden.ANDER_NIVEAU


def test_a_flow_does_not_apply_on_a_day_on_which_none_ends(snapshot: Snapshot) -> None:
    answer = compare(snapshot, Vraag(("GM0004",), (RELET,), (D2020, date(2020, 12, 31))))

    assert [entry.status for entry in answer.rijen] == [
        Status.NIET_VAN_TOEPASSING,
        Status.WAARGENOMEN,
    ]


@pytest.mark.parametrize(
    ("vraag", "name", "said"),
    [
        (Vraag(("GM9999",), (PERSONS,), (D2020,)), "codes", "no indeling of the snapshot has"),
        (Vraag(("Utrecht",), (PERSONS,), (D2020,)), "codes", "is not a region code such as"),
        (Vraag((), (PERSONS,), (D2020,)), "codes", "give 1 to 50; there are 0"),
        (Vraag(("GM0003",), (), (D2020,)), "indicatoren", "give 1 to 20"),
        (Vraag(("GM0003",), (PERSONS,), ()), "peilmomenten", "give 1 to 24"),
        (
            Vraag(("GM0003",), (Onderwerp("ouderen", "x"),), (D2020,)),
            "indicatoren",
            "there are ouderen:personen, ouderen:huishoudens",
        ),
        (
            Vraag(("GM0003",), (PERSONS,), (date(2019, 1, 1),)),
            "peilmomenten",
            "no moment '2019-01-01'; there are 2020-01-01",
        ),
        (
            Vraag(("GM0003",), (PERSONS,), (D2020,), Indeling(2021)),
            "indeling",
            "there are 2022",
        ),
        (
            Vraag(("PV20",), (PERSONS,), (D2020,), SERIES),
            "indeling",
            "no figures of these themes in indeling 2022",
        ),
    ],
)
def test_an_input_that_cannot_be_answered_is_named_with_what_there_is(
    snapshot: Snapshot, vraag: Vraag, name: str, said: str
) -> None:
    with pytest.raises(QuestionError, match=said) as refused:
        compare(snapshot, vraag)

    assert refused.value.name == name


@pytest.mark.parametrize(
    ("vraag", "name"),
    [
        (
            Vraag(tuple(f"GM{n:04}" for n in range(MAX_CODES + 1)), (PERSONS,), (D2020,)),
            "codes",
        ),
        (
            Vraag(
                ("GM0003",),
                tuple(Onderwerp("ouderen", f"i{n}") for n in range(MAX_INDICATOREN + 1)),
                (D2020,),
            ),
            "indicatoren",
        ),
        (
            Vraag(
                ("GM0003",),
                (PERSONS,),
                tuple(date(2000 + n, 1, 1) for n in range(MAX_PEILMOMENTEN + 1)),
            ),
            "peilmomenten",
        ),
        (
            Vraag(
                tuple(f"GM{n:04}" for n in range(MAX_CODES)),
                tuple(Onderwerp("ouderen", f"i{n}") for n in range(MAX_INDICATOREN)),
                tuple(date(2000 + n, 1, 1) for n in range(MAX_PEILMOMENTEN)),
            ),
            "codes",
        ),
    ],
)
def test_a_question_that_is_too_large_is_refused(
    snapshot: Snapshot, vraag: Vraag, name: str
) -> None:
    with pytest.raises(QuestionError) as refused:
        compare(snapshot, vraag)

    assert refused.value.name == name


def test_what_an_answer_asks_is_the_question_without_repeats_and_in_order(
    snapshot: Snapshot,
) -> None:
    vraag = Vraag(("GM0003", "GM0003"), (PERSONS, PERSONS), (D2021, D2020, D2021))

    answer = compare(snapshot, vraag)

    assert inputs_of(answer.vraag) == {
        "codes": ["GM0003"],
        "indicatoren": ["ouderen:personen"],
        "peilmomenten": ["2020-01-01", "2021-01-01"],
        "indeling": "eigen",
    }


def test_example_figures_say_so_in_every_form(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0003", D2020)
    forms = {form: written(answer, snapshot, form).decode() for form in ("json", "csv", "geojson")}

    assert all("oorbeeldcijfers" in text for text in forms.values())
    assert any("Voorbeeldcijfers" in text for text in remarks_of(answer))


def test_the_same_question_gives_the_same_bytes(snapshot: Snapshot) -> None:
    one, other = (asked(snapshot, "GM0003 GM0004", D2020, D2021) for _ in range(2))

    for form in ("json", "csv", "geojson"):
        assert written(one, snapshot, form) == written(other, snapshot, form)


def test_the_document_holds_question_snapshot_and_sources(snapshot: Snapshot) -> None:
    found = document_of(asked(snapshot, "GM0003", D2020))

    assert found["snapshot"] == snapshot.id
    assert found["vraag"]["codes"] == ["GM0003"]
    assert [source["id"] for source in found["bronnen"]] == ["85980NED", "miniland"]


def test_csv_has_a_line_per_cell_and_leaves_missing_cells_empty(snapshot: Snapshot) -> None:
    text = written(asked(snapshot, "GM0001 GM0002", D2020), snapshot, "csv").decode()

    lines = list(csv.DictReader(io.StringIO(text)))

    assert [line["waarde"] for line in lines] == ["120", ""]
    assert [line["status"] for line in lines] == ["waargenomen", "geheim_of_onbekend"]
    assert lines[1]["verschilRegioStatus"] == "geheim_of_onbekend"
    assert {line["bronStatus"] for line in lines} == {"voorbeeldcijfers"}


def test_geojson_has_the_shape_of_each_moment_and_none_where_the_code_is_not(
    snapshot: Snapshot,
) -> None:
    answer = asked(snapshot, "GM0003 GM0005", D2020, D2021)
    found = json.loads(written(answer, snapshot, "geojson"))
    shapes = {feature["id"]: feature["geometry"] for feature in found["features"]}

    assert shapes["GM0003-2020-01-01"] != shapes["GM0003-2021-01-01"]
    assert shapes["GM0005-2020-01-01"]["type"] == "MultiPolygon"
    assert shapes["GM0005-2021-01-01"] is None


def test_geojson_names_a_property_after_theme_and_indicator(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0004", D2020, D2022, indeling=SERIES)
    found = json.loads(written(answer, snapshot, "geojson"))["features"][1]["properties"]

    assert (found["ouderenPersonen"], found["ouderenPersonenStatus"]) == (210, "waargenomen")
    assert found["ouderenPersonenVerschilTijd"] == 10
    assert found["regioNaam"] == "Verre Oosten"


def test_the_table_says_what_cannot_be_established_and_which_codes_are_gone(
    snapshot: Snapshot,
) -> None:
    console = Console(file=io.StringIO(), record=True, width=240)
    answer = asked(snapshot, "GM0003 GM0005", D2020, D2021, indeling=SERIES)

    console.print(table_of(answer))
    text = console.export_text()

    assert "verschil niet vast te stellen (-4 tot 4)" in text
    assert "code bestaat niet" in text
    assert any(
        "GM0005 Splitsdorp bestond tot en met 2020-12-31; opvolgers: GM0003 (60,0 %)" in line
        for line in remarks_of(answer)
    )


def test_only_what_is_published_first_hand_can_be_asked(snapshot: Snapshot) -> None:
    offer = offer_of(snapshot)

    assert offer.indelingen == (2022,)
    assert offer.days[0] == "2020-01-01"
    assert next(iter(offer.onderwerpen)) == parse_onderwerp("ouderen:personen")
