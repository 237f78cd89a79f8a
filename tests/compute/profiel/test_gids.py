"""Who is found by which name, and what became of a code."""

import pytest

from spatial.compute.profiel.gids import Gids, read_gids, regions_around
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.compute.country import country_snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return country_snapshot(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def gids(snapshot: Snapshot) -> Gids:
    return read_gids(snapshot)


@pytest.fixture(scope="module")
def example_gids(example: Settings) -> Gids:
    return read_gids(open_snapshot(example.data))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("GM0010", ["GM0010"]),
        ("hoekdal", ["GM0010"]),
        ("OOST", ["GM0003", "PV21", "GM0004"]),
        ("dorp", ["GM0005"]),
        ("<b>", ["GM0003"]),
        ("  ", []),
        ("nergens", []),
    ],
)
def test_a_name_or_code_is_found_best_first(gids: Gids, text: str, codes: list[str]) -> None:
    found = [region.code for region in gids.search(text)]

    assert sorted(found) == sorted(codes)
    assert found[:1] == codes[:1] or text == "OOST"


@pytest.mark.parametrize(
    ("text", "code", "today"),
    [
        ("weesp", "GM0457", ("GM0363",)),
        ("sudwest fryslan", "GM1900", ("GM1900",)),
        ("De Friese Meren", "GM1921", ("GM1940",)),
        ("Hengelo", "GM0164", ("GM0164",)),
        ("Slochteren", "GM0040", ("GM1952",)),
        ("GM0241", "GM0241", ("GM1945",)),
    ],
)
def test_old_names_and_codes_lead_to_what_they_are_today(
    example_gids: Gids, text: str, code: str, today: tuple[str, ...]
) -> None:
    found = example_gids.search(text)

    assert found[0].code == code
    assert example_gids.today(code) == today


def test_a_divided_gemeente_is_today_all_of_its_parts(example_gids: Gids) -> None:
    assert example_gids.today("GM0788") == ("GM0757", "GM0824", "GM0855", "GM0865")


def test_a_code_that_ended_before_the_first_indeling_is_known_without_one(
    example_gids: Gids,
) -> None:
    region = example_gids.regions["GM1921"]

    assert region.naam == "De Friese Meren"
    assert str(region.laatste_dag) == "2015-12-31"
    assert example_gids.loaded("GM1921") == ()
    assert not example_gids.exists("GM1921")


def test_a_name_that_was_changed_is_a_former_one(example_gids: Gids) -> None:
    assert example_gids.former["GM0164"] == ("Hengelo",)
    assert "GM0363" not in example_gids.former


@pytest.mark.parametrize(
    ("code", "around"), [("GM0010", ("PV20", "NL01")), ("PV21", ("NL01",)), ("NL01", ())]
)
def test_the_regions_around_hold_all_of_it_the_smallest_first(
    gids: Gids, code: str, around: tuple[str, ...]
) -> None:
    assert regions_around(gids, code, 2022) == around
