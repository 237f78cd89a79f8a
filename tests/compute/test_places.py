import pytest

from spatial.compute.places import Areas
from spatial.store.memberships import Memberships

LAND = {("NL01", 2020): ("GM0001", "GM0002", "GM0003"), ("NL01", 2021): ("GM0003", "GM0010")}


def areas(
    before: dict[str, tuple[str, ...]],
    after: dict[str, tuple[str, ...]],
    *events: tuple[str, str],
) -> Areas:
    members = {(code, 2020): those for code, those in before.items()}
    members |= {(code, 2021): those for code, those in after.items()}
    return Areas(Memberships(LAND | members), {2021: events})


MERGED = (("GM0001", "GM0010"), ("GM0002", "GM0010"))


def test_a_merger_within_a_region_leaves_its_area() -> None:
    found = areas({"PV20": ("GM0001", "GM0002")}, {"PV20": ("GM0010",)}, *MERGED)

    assert not found.changed("PV20", 2020, 2021)


def test_a_merger_over_the_border_of_a_region_changes_both() -> None:
    found = areas(
        {"PV20": ("GM0001",), "PV21": ("GM0002", "GM0003")},
        {"PV20": ("GM0010",), "PV21": ("GM0003",)},
        *MERGED,
    )

    assert found.changed("PV20", 2020, 2021)
    assert found.changed("PV21", 2021, 2020)


def test_a_gemeente_that_goes_to_another_region_changes_both() -> None:
    found = areas(
        {"PV20": ("GM0001", "GM0002"), "PV21": ("GM0003",)},
        {"PV20": ("GM0010", "GM0003"), "PV21": ()},
        *MERGED,
    )

    assert found.changed("PV20", 2020, 2021)
    assert found.changed("PV21", 2020, 2021)


@pytest.mark.parametrize("code", ["GM0003", "NL01"])
def test_what_no_redivision_touches_did_not_change(code: str) -> None:
    assert not areas({}, {}, *MERGED).changed(code, 2020, 2021)


def test_a_code_that_takes_in_another_changed() -> None:
    found = areas({}, {}, ("GM0001", "GM0003"))

    assert found.changed("GM0003", 2020, 2021)


def test_within_one_indeling_nothing_changes() -> None:
    assert not areas({}, {}, ("GM0001", "GM0003")).changed("GM0003", 2021, 2021)
