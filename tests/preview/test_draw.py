from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from spatial.errors import PreviewError
from spatial.preview.draw import Order, draw_file
from spatial.preview.drawing import Look
from spatial.store.snapshot import Snapshot
from tests.preview.test_maps import values

SHARE = Order("ouderen-gemeente", ("aandeelCorporatie",))
SEVERAL = replace(SHARE, indicators=("aandeelCorporatie", "personen"))
DAYS = (date(2021, 1, 1), date(2022, 1, 1))
TITLE = "Ouderen: aandeel in een corporatiewoning, per gemeente"


def page(
    snapshot: Snapshot,
    folder: Path,
    order: Order,
    look: Look = Look(),  # noqa: B008
) -> dict[str, Any]:
    return values(draw_file(snapshot, order, look, ".html", folder).decode())


def titles(document: dict[str, Any]) -> list[str]:
    return [pane["titel"] for pane in document["panelen"]]


def test_no_day_and_no_region_is_one_map_with_all_moments(
    country: Snapshot, library_folder: Path
) -> None:
    panes = page(country, library_folder, SHARE)["panelen"]

    assert [len(pane["momenten"]) for pane in panes] == [4]


@pytest.mark.parametrize(
    ("days", "regios", "named"),
    [
        (DAYS[:1], (), "1 januari 2021"),
        ((), ("PV20",), "Westland"),
        (DAYS[:1], ("PV20",), "Westland, 1 januari 2021"),
    ],
    ids=["day", "region", "both"],
)
def test_one_day_and_one_region_are_named_in_the_title(
    country: Snapshot,
    library_folder: Path,
    days: tuple[date, ...],
    regios: tuple[str, ...],
    named: str,
) -> None:
    document = page(country, library_folder, replace(SHARE, days=days, regios=regios))

    assert titles(document) == [f"{TITLE}, {named}"]


@pytest.mark.parametrize(
    ("days", "regios", "found"),
    [
        (DAYS, (), ["1 januari 2021", "1 januari 2022"]),
        ((), ("PV20", "PV27"), ["Westland", "Oostland"]),
        (DAYS[:1], ("PV20", "PV27"), ["Westland, 1 januari 2021", "Oostland, 1 januari 2021"]),
        (DAYS, ("PV20",), ["Westland, 1 januari 2021", "Westland, 1 januari 2022"]),
    ],
    ids=["days", "regions", "regions on a day", "days of a region"],
)
def test_two_views_stand_side_by_side(
    country: Snapshot,
    library_folder: Path,
    days: tuple[date, ...],
    regios: tuple[str, ...],
    found: list[str],
) -> None:
    order = replace(SHARE, days=days, regios=regios)

    assert titles(page(country, library_folder, order)) == found


def test_another_group_stands_beside_the_first(country: Snapshot, library_folder: Path) -> None:
    order = replace(SHARE, against="studenten-gemeente")

    assert titles(page(country, library_folder, order)) == ["Ouderen", "Studenten"]


@pytest.mark.parametrize(
    "order",
    [
        replace(SHARE, days=DAYS, regios=("PV20", "PV27")),
        replace(SHARE, days=DAYS, against="studenten-gemeente"),
    ],
    ids=["days and regions", "days and groups"],
)
def test_more_than_two_views_are_refused(
    country: Snapshot, library_folder: Path, order: Order
) -> None:
    with pytest.raises(PreviewError, match="make 4 views; side by side shows two"):
        page(country, library_folder, order)


def test_several_indicators_of_one_day_are_in_one_page(
    country: Snapshot, library_folder: Path
) -> None:
    document = page(country, library_folder, replace(SEVERAL, days=DAYS[:1], regios=("PV20",)))

    assert [choice["titel"] for choice in document["keuzen"]] == [
        f"{TITLE}, Westland, 1 januari 2021",
        "Ouderen: aantal personen, per gemeente, Westland, 1 januari 2021",
    ]


@pytest.mark.parametrize(
    "order", [replace(SEVERAL, days=DAYS), replace(SEVERAL, regios=("PV20", "PV27"))]
)
def test_a_choice_of_indicators_is_of_one_map(
    country: Snapshot, library_folder: Path, order: Order
) -> None:
    with pytest.raises(PreviewError, match="give at most one of each, or one indicator"):
        page(country, library_folder, order)


@pytest.mark.parametrize(
    "order", [replace(SEVERAL, difference=True), replace(SEVERAL, against="studenten-gemeente")]
)
def test_a_difference_and_two_groups_are_of_one_indicator(
    country: Snapshot, library_folder: Path, order: Order
) -> None:
    with pytest.raises(PreviewError, match="is of one indicator"):
        page(country, library_folder, order)


def test_all_moments_may_stand_beside_each_other_when_a_page_opens(
    country: Snapshot, library_folder: Path
) -> None:
    looks = (Look(), Look(every=True))

    assert [page(country, library_folder, SHARE, look)["veelvoud"] for look in looks] == [
        False,
        True,
    ]


def test_two_days_may_lie_over_each_other(country: Snapshot, library_folder: Path) -> None:
    order = replace(SHARE, days=DAYS)

    assert page(country, library_folder, order, Look(swipe=True))["schuif"] is True


def test_a_still_picture_has_no_divider(country: Snapshot, library_folder: Path) -> None:
    with pytest.raises(PreviewError, match="no divider to move"):
        draw_file(country, replace(SHARE, days=DAYS), Look(swipe=True), ".svg", library_folder)


def test_a_swipe_of_one_view_is_refused(country: Snapshot, library_folder: Path) -> None:
    with pytest.raises(PreviewError, match="a swipe is between two views"):
        page(country, library_folder, SHARE, Look(swipe=True))


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".webp", b"RIFF")]
)
def test_a_map_can_be_a_still_picture(
    country: Snapshot, library_folder: Path, suffix: str, start: bytes
) -> None:
    assert draw_file(country, SHARE, Look(), suffix, library_folder).startswith(start)


@pytest.mark.parametrize(
    ("order", "suffix", "message"),
    [
        (SHARE, ".gif", "choose one of .html"),
        (SEVERAL, ".png", "a still picture shows one indicator"),
    ],
)
def test_a_file_that_cannot_show_it_is_refused(
    country: Snapshot, library_folder: Path, order: Order, suffix: str, message: str
) -> None:
    with pytest.raises(PreviewError, match=message):
        draw_file(country, order, Look(), suffix, library_folder)
