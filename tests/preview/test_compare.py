from datetime import date

import pytest

from spatial.errors import PreviewError, UnknownRegionError
from spatial.preview.assets import Assets
from spatial.preview.compare import draw_compare, swipe
from spatial.preview.figures import View
from spatial.preview.maps import draw_series
from spatial.preview.page import render_page
from spatial.store.snapshot import Snapshot
from tests.preview.test_maps import values

SHARE = ("ouderen-gemeente", "aandeelCorporatie")


def test_two_years_stand_side_by_side_each_on_its_own_indeling(
    country: Snapshot, libraries: Assets
) -> None:
    left = View(*SHARE, peilmoment=date(2021, 1, 1))
    right = View(*SHARE, peilmoment=date(2022, 1, 1))

    page = draw_compare(country, left, right, libraries)

    panes = values(page)["panelen"]
    assert [pane["titel"] for pane in panes] == ["1 januari 2021", "1 januari 2022"]
    assert [pane["momenten"][0]["vormen"] for pane in panes] == ["gemeente-2021", "gemeente-2022"]
    assert page.count('<aside class="legenda"') == 1
    assert 'id="moment"' not in page


def test_a_comparison_has_the_colours_of_the_series(country: Snapshot, libraries: Assets) -> None:
    one = draw_series(country, *SHARE, libraries)
    two = draw_compare(
        country,
        View(*SHARE, peilmoment=date(2021, 1, 1)),
        View(*SHARE, peilmoment=date(2022, 1, 1)),
        libraries,
    )

    first = values(one)["panelen"][0]["momenten"][0]
    assert values(two)["kleuren"] == values(one)["kleuren"]
    assert values(two)["panelen"][0]["momenten"][0]["klassen"] == first["klassen"]


def test_two_regions_share_a_slider_and_show_only_their_own(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_compare(country, View(*SHARE, regio="PV20"), View(*SHARE, regio="PV27"), libraries)

    west, east = values(page)["panelen"]
    assert (west["titel"], east["titel"]) == ("Westland", "Oostland")
    assert [len(moment["status"]) for moment in west["momenten"]] == [4, 4, 3, 3]
    assert [len(moment["status"]) for moment in east["momenten"]] == [4, 4, 4, 4]
    assert 'id="moment"' in page


def test_two_themes_are_named_and_share_one_legend(country: Snapshot, libraries: Assets) -> None:
    page = draw_compare(
        country, View(*SHARE), View("studenten-gemeente", "aandeelCorporatie"), libraries
    )

    assert [pane["titel"] for pane in values(page)["panelen"]] == ["Ouderen", "Studenten"]
    assert len(values(page)["topologie"]["objects"]) == 2


def test_two_indicators_of_one_kind_share_the_moments_that_both_have(
    country: Snapshot, libraries: Assets
) -> None:
    flow = View("ouderen-gemeente", "aandeelVrijgekomenCorporatiewoningen")

    page = draw_compare(country, View(*SHARE), flow, libraries)

    panes = values(page)["panelen"]
    assert [len(pane["momenten"]) for pane in panes] == [2, 2]
    assert panes[1]["titel"] == "Aandeel van de vrijgekomen corporatiewoningen"


def test_the_same_view_twice_is_named_after_its_subject(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_compare(country, View(*SHARE), View(*SHARE), libraries)

    titles = {pane["titel"] for pane in values(page)["panelen"]}
    assert titles == {"Ouderen: aandeel in een corporatiewoning"}


def test_a_share_and_a_count_cannot_share_a_legend(country: Snapshot, libraries: Assets) -> None:
    with pytest.raises(PreviewError, match=r"'aandeelCorporatie' \(%\) and 'personen'"):
        draw_compare(country, View(*SHARE), View("ouderen-gemeente", "personen"), libraries)


def test_one_fixed_and_one_sliding_view_are_refused(country: Snapshot, libraries: Assets) -> None:
    with pytest.raises(PreviewError, match="give both views a peilmoment, or neither"):
        draw_compare(country, View(*SHARE), View(*SHARE, date(2021, 1, 1)), libraries)


def test_views_without_a_common_moment_are_refused(country: Snapshot, libraries: Assets) -> None:
    halves = View("taakstelling-gemeente", "taakstelling")

    with pytest.raises(PreviewError, match="no moment in common"):
        draw_compare(country, View("studenten-gemeente", "personen"), halves, libraries)


def test_an_unknown_region_is_refused(country: Snapshot, libraries: Assets) -> None:
    with pytest.raises(UnknownRegionError, match="PV99"):
        draw_compare(country, View(*SHARE, regio="PV20"), View(*SHARE, regio="PV99"), libraries)


def test_two_views_over_each_other_are_on_one_map(country: Snapshot, libraries: Assets) -> None:
    days = (View(*SHARE, peilmoment=date(2021, 1, 1)), View(*SHARE, peilmoment=date(2022, 1, 1)))

    page = render_page(swipe(country, *days), libraries)

    assert page.count("L.map(") == 1
    assert values(page)["schuif"] is True
    assert "kaart: map_0, vlakken: geo_json_gebieden_1, stippen: null, vlak: 'vlak1'" in page


def test_two_regions_cannot_lie_over_each_other(country: Snapshot) -> None:
    with pytest.raises(PreviewError, match="show them side by side"):
        swipe(country, View(*SHARE, regio="PV20"), View(*SHARE, regio="PV27"))
