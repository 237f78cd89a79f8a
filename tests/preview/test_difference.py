from datetime import date

import pytest

from spatial.domain.status import Status
from spatial.errors import PreviewError, UnknownMemberError
from spatial.preview.assets import Assets
from spatial.preview.classes import MISSING_SIGNS, NO_CLASS
from spatial.preview.difference import draw_difference
from spatial.preview.figures import View
from spatial.store.snapshot import Snapshot
from tests.preview.carried import CARRIED
from tests.preview.country import STATUSES
from tests.preview.test_maps import values

SHARE = "aandeelCorporatie"
FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)
UNSURE = MISSING_SIGNS[Status.NIET_VAST_TE_STELLEN]


def changed(country: Snapshot, libraries: Assets, collection: str, indicator: str) -> str:
    days = {"ouderen-gemeente": (FIRST, LAST), CARRIED: (FIRST, date(2022, 12, 31))}[collection]
    before, after = (View(collection, indicator, day) for day in days)
    return draw_difference(country, before, after, libraries)


@pytest.fixture
def groups(country: Snapshot, libraries: Assets) -> str:
    before = View("ouderen-gemeente", SHARE)
    return draw_difference(country, before, View("studenten-gemeente", SHARE), libraries)


def test_values_whose_intervals_overlap_have_bounds_a_pattern_and_no_class(
    country: Snapshot, libraries: Assets
) -> None:
    page = changed(country, libraries, "ouderen-gemeente", SHARE)

    moment = values(page)["panelen"][0]["momenten"][0]

    assert moment["status"][0] == UNSURE
    assert (moment["waarden"][0], moment["klassen"][0]) == (None, NO_CLASS)
    assert (moment["min"][0], moment["max"][0]) == (-0.9, 0.9)


def test_a_missing_value_keeps_its_status_without_colour_bounds_or_sentence(
    country: Snapshot, libraries: Assets
) -> None:
    page = changed(country, libraries, "ouderen-gemeente", SHARE)

    moment = values(page)["panelen"][0]["momenten"][0]

    for place, status in enumerate(STATUSES.values()):
        if not status.has_value:
            assert moment["status"][place] == MISSING_SIGNS[status]
            assert moment["klassen"][place] == NO_CLASS
            assert moment["min"][place] is moment["max"][place] is None
            assert str(place) not in moment["herkomst"]


def test_a_difference_says_from_which_two_values_it_follows(
    country: Snapshot, libraries: Assets
) -> None:
    page = changed(country, libraries, "ouderen-gemeente", SHARE)

    assert "van 10,0 % naar 10,0 %" in values(page)["herkomsten"]
    assert "van 1 januari 2021 tot 31 december 2021" in page


def test_two_groups_share_a_slider_over_the_moments_that_both_have(groups: str) -> None:
    panel = values(groups)["panelen"][0]

    assert [moment["naam"] for moment in panel["momenten"]] == [
        "31 december 2021",
        "31 december 2022",
    ]
    assert panel["eenheid"] == "procentpunten"
    assert "Studenten min ouderen" in groups


def test_the_legend_names_the_middle_and_the_pattern_of_what_cannot_be_told(groups: str) -> None:
    assert "Midden van de schaal: 0 procentpunten (geen verschil)" in groups
    assert f"url(#patroon-{UNSURE})" in groups


def test_a_count_gives_the_change_in_per_cent(country: Snapshot, libraries: Assets) -> None:
    panel = values(changed(country, libraries, CARRIED, "personen"))["panelen"][0]

    assert panel["eenheid"] == "%"
    assert set(panel["momenten"][0]["status"]) <= {
        UNSURE,
        MISSING_SIGNS[Status.GEHEIM_OF_ONBEKEND],
        MISSING_SIGNS[Status.TE_KLEIN],
    }


def test_two_builds_give_the_same_bytes(country: Snapshot, libraries: Assets, groups: str) -> None:
    again = draw_difference(
        country, View("ouderen-gemeente", SHARE), View("studenten-gemeente", SHARE), libraries
    )

    assert again == groups


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            View("ouderen-gemeente", SHARE, FIRST),
            View("ouderen-gemeente", SHARE, date(2022, 1, 1)),
            "choose the collection in one indeling",
        ),
        (
            View("ouderen-gemeente", SHARE, FIRST),
            View("ouderen-gemeente", SHARE),
            "two different peilmomenten",
        ),
        (
            View("ouderen-gemeente", SHARE, LAST),
            View("studenten-gemeente", SHARE),
            "at the same peilmoment",
        ),
        (
            View("ouderen-gemeente", "personen"),
            View("studenten-gemeente", "personen"),
            "would show area",
        ),
        (
            View("ouderen-gemeente", SHARE),
            View("ouderen-provincie", SHARE),
            "not of one level and indeling",
        ),
        (
            View("ouderen-gemeente", SHARE, regio="PV20"),
            View("studenten-gemeente", SHARE),
            "for one region",
        ),
    ],
    ids=["indelingen", "one moment", "unlike moments", "counts of groups", "levels", "regions"],
)
def test_what_has_no_meaning_is_refused(
    country: Snapshot, libraries: Assets, before: View, after: View, message: str
) -> None:
    with pytest.raises(PreviewError, match=message):
        draw_difference(country, before, after, libraries)


def test_an_unknown_collection_is_refused(country: Snapshot, libraries: Assets) -> None:
    with pytest.raises(UnknownMemberError, match="mensen-gemeente"):
        draw_difference(
            country, View("mensen-gemeente", SHARE), View("ouderen-gemeente", SHARE), libraries
        )
