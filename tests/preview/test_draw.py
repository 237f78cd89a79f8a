from datetime import date
from pathlib import Path

import pytest

from spatial.errors import PreviewError
from spatial.preview.draw import draw_several, draw_views
from spatial.store.snapshot import Snapshot
from tests.preview.test_maps import values

SUBJECT = ("ouderen-gemeente", "aandeelCorporatie")
DAYS = (date(2021, 1, 1), date(2022, 1, 1))


def test_no_day_and_no_region_is_one_map_with_all_moments(
    country: Snapshot, library_folder: Path
) -> None:
    panes = values(draw_views(country, SUBJECT, [], [], library_folder))["panelen"]

    assert [len(pane["momenten"]) for pane in panes] == [4]


@pytest.mark.parametrize(
    ("days", "regios", "titles"),
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
    titles: list[str],
) -> None:
    panes = values(draw_views(country, SUBJECT, days, regios, library_folder))["panelen"]

    assert [pane["titel"] for pane in panes] == titles


def test_another_number_of_views_than_two_is_refused(
    country: Snapshot, library_folder: Path
) -> None:
    with pytest.raises(PreviewError, match="2 peilmomenten and 2 regions make 4 views"):
        draw_views(country, SUBJECT, DAYS, ("PV20", "PV27"), library_folder)


def test_several_indicators_of_one_day_are_in_one_page(
    country: Snapshot, library_folder: Path
) -> None:
    subjects = [SUBJECT, (SUBJECT[0], "personen")]

    document = values(draw_several(country, subjects, DAYS[:1], ["PV20"], library_folder))

    assert [choice["titel"] for choice in document["keuzen"]] == [
        "Ouderen: aandeel in een corporatiewoning, per gemeente, 1 januari 2021",
        "Ouderen: aantal personen, per gemeente, 1 januari 2021",
    ]


@pytest.mark.parametrize(("days", "regios"), [(DAYS, ()), ((), ("PV20", "PV27"))])
def test_a_choice_of_indicators_is_of_one_map(
    country: Snapshot, library_folder: Path, days: tuple[date, ...], regios: tuple[str, ...]
) -> None:
    with pytest.raises(PreviewError, match="give at most one of each, or one indicator"):
        draw_several(country, [SUBJECT, (SUBJECT[0], "personen")], days, regios, library_folder)
