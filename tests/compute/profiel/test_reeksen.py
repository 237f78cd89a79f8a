"""Figures of one region: nothing is filled in, and no area is compared with another."""

from datetime import date

import pytest

from spatial.compute.profiel.answer import Profiel, Vraag, profiel
from spatial.compute.profiel.gids import Gids, read_gids
from spatial.compute.profiel.reeksen import Cel
from spatial.domain.indicators import Thema
from spatial.domain.regions import Indeling
from spatial.domain.status import Status
from spatial.errors import QuestionError
from spatial.store.snapshot import Snapshot
from tests.compute.country import country_snapshot

SECRET = Cel(None, Status.GEHEIM_OF_ONBEKEND, None, None)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return country_snapshot(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def gids(snapshot: Snapshot) -> Gids:
    return read_gids(snapshot)


def asked(snapshot: Snapshot, gids: Gids, code: str, year: int | None = None) -> Profiel:
    return profiel(snapshot, gids, Vraag(code, None if year is None else Indeling(year)))


def test_all_moments_are_there_oldest_first_and_say_where_the_area_changed(
    snapshot: Snapshot, gids: Gids
) -> None:
    moments = asked(snapshot, gids, "GM0003").blokken[0].momenten

    assert [str(moment.dag) for moment in moments] == [
        "2020-01-01", "2020-12-31", "2021-01-01", "2021-12-31", "2022-01-01", "2022-12-31",
    ]  # fmt: skip
    assert [moment.dag.year for moment in moments if moment.breuk] == [2021]
    assert [moment.voorlopig for moment in moments] == [False] * 4 + [True] * 2


def test_a_merger_inside_a_region_is_no_break(snapshot: Snapshot, gids: Gids) -> None:
    moments = asked(snapshot, gids, "PV20").blokken[0].momenten

    assert not any(moment.breuk for moment in moments)


def test_a_secret_cell_keeps_its_status_and_nothing_else(snapshot: Snapshot, gids: Gids) -> None:
    series = asked(snapshot, gids, "GM0002").blokken[0].reeksen["personen"]

    assert set(series.cellen) == {SECRET}
    assert series.cel == SECRET
    assert series.verandering is None


def test_a_flow_is_counted_on_the_last_day_of_a_year_only(snapshot: Snapshot, gids: Gids) -> None:
    cells = (
        asked(snapshot, gids, "GM0004").blokken[0].reeksen["vrijgekomenCorporatiewoningen"].cellen
    )

    assert [cell is None for cell in cells] == [True, False] * 3


def test_a_change_begins_after_the_area_changed(snapshot: Snapshot, gids: Gids) -> None:
    blok = asked(snapshot, gids, "GM0004").blokken[0]
    series = blok.reeksen["personen"]

    assert series.sinds is not None
    assert blok.momenten[series.sinds].dag == date(2021, 12, 31)
    assert series.verandering is not None
    # 240 and 240, each rounded to five
    assert series.verandering.status is Status.NIET_VAST_TE_STELLEN
    assert (series.verandering.ondergrens, series.verandering.bovengrens) == (-4, 4)


def test_larger_regions_stand_beside_it_at_the_same_moment(snapshot: Snapshot, gids: Gids) -> None:
    answer = asked(snapshot, gids, "GM0004")
    beside = answer.blokken[0].reeksen["personen"].naast

    assert answer.naast == ("PV21", "NL01")
    assert [cell and cell.value for cell in beside] == [340, 465]


def test_in_one_indeling_the_moments_are_all_of_one_area(snapshot: Snapshot, gids: Gids) -> None:
    answer = asked(snapshot, gids, "GM0010", 2022)
    series = answer.blokken[0].reeksen["personen"]

    assert {moment.indeling for moment in answer.blokken[0].momenten} == {2022}
    assert not any(moment.breuk for moment in answer.blokken[0].momenten)
    assert series.cellen[0] == SECRET
    assert series.cel.value == 125
    # the land has no series in this indeling
    assert set(series.naast) == {None}


def test_a_code_of_before_has_its_own_years_and_says_what_it_became(
    snapshot: Snapshot, gids: Gids
) -> None:
    answer = asked(snapshot, gids, "GM0001")

    assert (answer.bestaat, answer.jaar, answer.vandaag) == (False, 2021, ("GM0010",))
    assert [moment.dag.year for moment in answer.blokken[0].momenten] == [2020, 2020, 2021, 2021]
    assert [event.nieuwe_code for event in answer.gebeurtenissen] == ["GM0010"]


def test_a_code_that_the_indeling_does_not_have_has_no_figures_there(
    snapshot: Snapshot, gids: Gids
) -> None:
    answer = asked(snapshot, gids, "GM0001", 2022)

    assert (answer.in_indeling, answer.blokken, answer.vandaag) == (False, (), ("GM0010",))


def test_a_region_has_its_gemeenten_and_the_themes_that_the_snapshot_has(
    snapshot: Snapshot, gids: Gids
) -> None:
    answer = asked(snapshot, gids, "PV20")

    assert answer.leden == ("GM0010",)
    assert [blok.thema for blok in answer.blokken] == [Thema.OUDEREN]
    assert [deel.section.titel_nl for deel in answer.blokken[0].delen] == [
        "Personen, huishoudens en woonruimten",
        "Vrijgekomen corporatiewoningen",
    ]


@pytest.mark.parametrize(
    ("code", "year", "said"),
    [("GM9999", None, "no region 'GM9999'"), ("GM0003", 1999, "there are for 2022")],
)
def test_what_is_not_there_is_refused_with_what_there_is(
    snapshot: Snapshot, gids: Gids, code: str, year: int | None, said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        asked(snapshot, gids, code, year)
