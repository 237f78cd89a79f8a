"""Maps of a collection that has all its periods in one indeling."""

import re
from datetime import date

import pytest

from spatial.domain.status import OF_FIGURES, Status
from spatial.preview.assets import Assets
from spatial.preview.cells import Figure
from spatial.preview.compare import draw_compare
from spatial.preview.figures import View, read_series
from spatial.preview.maps import draw_series
from spatial.store.snapshot import Snapshot
from tests.preview.carried import CARRIED
from tests.preview.country import HOSTILE
from tests.preview.test_maps import values

SHARE = View(CARRIED, "aandeelCorporatie")
COUNT = View(CARRIED, "personen")
HOUSEHOLDS = View(CARRIED, "huishoudens")
OWN = View("ouderen-gemeente", "aandeelCorporatie")
PERIODS = "1 januari 2021 t/m 31 december 2021"


@pytest.fixture(scope="module")
def page(country: Snapshot, libraries: Assets) -> str:
    return draw_series(country, CARRIED, "aandeelCorporatie", libraries)


def legend(page: str) -> str:
    return page[page.index('<aside class="legenda"') : page.index("</aside>")]


def before(country: Snapshot, view: View) -> dict[str, Figure]:
    return dict(read_series(country, view).moments[0].figures)


def test_the_title_names_the_common_indeling(page: str) -> None:
    assert (
        "<title>Ouderen: aandeel in een corporatiewoning, per gemeente, indeling 2022, "
        "volgtijdelijk vergelijkbaar</title>"
    ) in page


def test_all_moments_share_the_shapes_of_one_indeling(page: str) -> None:
    document = values(page)

    assert set(document["topologie"]["objects"]) == {"gemeente-2022"}
    assert {moment["vormen"] for moment in document["panelen"][0]["momenten"]} == {"gemeente-2022"}


def test_the_footer_says_in_which_indeling_the_periods_are(
    country: Snapshot, libraries: Assets, page: str
) -> None:
    own = draw_series(country, OWN.collection_id, OWN.indicator_id, libraries)

    assert "Alle perioden in de indeling van 2022" in page
    assert "haar eigen gemeentelijke indeling" not in page
    assert "Alle perioden in de indeling" not in own
    assert "haar eigen gemeentelijke indeling" in own


def test_a_sum_and_an_estimate_have_their_own_entry_in_the_legend(page: str) -> None:
    assert re.findall(r'class="rand (\w+)"', legend(page)) == ["opgeteld", "geschat"]
    assert "opgeteld (dikke rand)" in legend(page)
    assert "geschat (gestreepte rand)" in legend(page)


def test_the_legend_has_no_entry_for_what_cannot_occur(
    country: Snapshot, libraries: Assets
) -> None:
    later = View(CARRIED, "aandeelCorporatie", date(2022, 1, 1))

    page = draw_compare(country, later, later, libraries)

    assert "rand " not in legend(page)
    assert all(status.label_nl in legend(page) for status in OF_FIGURES if not status.has_value)
    assert Status.NIET_VAST_TE_STELLEN.label_nl not in legend(page)


def test_a_legend_of_circles_shows_the_edge_of_circles(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_series(country, CARRIED, "personen", libraries)

    assert re.findall(r'class="stip (\w+)"', legend(page)) == ["opgeteld", "geschat"]


def test_every_status_of_a_region_keeps_its_own_letter(page: str) -> None:
    first, *_, last = values(page)["panelen"][0]["momenten"]
    codes = [
        geometry["id"] for geometry in values(page)["topologie"]["objects"]["gemeente-2022"]["geometries"]
    ]  # fmt: skip

    letters = dict(zip(codes, first["status"], strict=True))
    assert letters["GM0010"] == "p"
    assert letters["GM0003"] == "s"
    assert letters["GM0005"] == "g"
    assert set(last["status"]) == {"r"}


def test_only_a_share_of_summed_counts_counts_as_summed(country: Snapshot) -> None:
    share, count = before(country, SHARE)["GM0004"], before(country, COUNT)["GM0004"]

    assert (share.status, share.methode) == (Status.BEREKEND, Status.WAARGENOMEN)
    assert count.methode is Status.OPGETELD


def test_a_figure_tells_of_which_gemeenten_it_was_made(country: Snapshot) -> None:
    figures = before(country, COUNT)

    assert figures["GM0010"].herkomst == "opgeteld uit GM0001 Dorp GM0001 en GM0002 Dorp GM0002"
    assert figures["GM0003"].herkomst.startswith(f"geschat: GM0003 {HOSTILE} en 25,0\u00a0% van")
    assert figures["GM0006"].herkomst == ""


def test_the_part_is_said_to_be_of_persons_where_another_indicator_is_shown(
    country: Snapshot,
) -> None:
    suffix = "(deel bepaald voor personen)"

    assert before(country, HOUSEHOLDS)["GM0003"].herkomst.endswith(suffix)
    assert suffix not in before(country, COUNT)["GM0003"].herkomst


def test_the_page_holds_every_sentence_once(page: str) -> None:
    document = values(page)

    sentences = document["herkomsten"]
    assert len(sentences) == len(set(sentences)) == 2
    used = [moment["herkomst"] for moment in document["panelen"][0]["momenten"]]
    assert used == [{"0": 0, "6": 1}, {"0": 0, "6": 1}, {}, {}]


def test_the_table_tells_when_and_how_a_figure_was_made(page: str) -> None:
    table = page[page.index("<tbody>") : page.index("</tbody>")]

    assert f"{PERIODS}: berekend uit opgetelde aantallen van GM0001 Dorp GM0001" in table
    assert f"{PERIODS}: geschat: GM0003 &#39;s-Oord &lt;/script&gt;" in table
    assert table.count('<td class="herkomst">') == 7


def test_marks_of_the_table_are_explained_below_it(page: str) -> None:
    below = page[page.rindex("</table>") :]

    assert "<td>50,0 <i>=</i>" in page
    for mark, meaning in (
        ("Σ", "opgeteld, of berekend uit opgetelde aantallen"),
        ("≈", "geschat"),
        ("=", "berekend"),
        (".", "geheim of onbekend"),
    ):
        assert f"<b>{mark}</b> {meaning}" in below
    assert "bestaat niet in deze indeling" not in below


def test_a_table_without_recoded_figures_has_no_column_about_them(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_series(country, "ouderen-provincie", "personen", libraries)

    assert "Hoe de cijfers tot stand kwamen" not in page[: page.index("<script")]


def test_a_comparison_names_the_indeling_that_both_have(
    country: Snapshot, libraries: Assets
) -> None:
    left, right = (View(CARRIED, SHARE.indicator_id, date(year, 1, 1)) for year in (2021, 2022))

    page = draw_compare(country, left, right, libraries)

    assert "vergeleken, indeling 2022, volgtijdelijk vergelijkbaar</title>" in page
    assert [pane["titel"] for pane in values(page)["panelen"]] == [
        "1 januari 2021",
        "1 januari 2022",
    ]
    assert set(values(page)["topologie"]["objects"]) == {"gemeente-2022"}


def test_own_and_common_indeling_can_be_compared_and_are_told_apart(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_compare(country, OWN, SHARE, libraries)

    assert [pane["titel"] for pane in values(page)["panelen"]] == [
        "Elke periode in eigen indeling",
        "Indeling 2022",
    ]
    assert "haar eigen gemeentelijke indeling" in page
    assert "Alle perioden in de indeling van 2022" in page


def test_levels_are_told_apart_in_a_comparison(country: Snapshot, libraries: Assets) -> None:
    provincies = View("ouderen-provincie", "aandeelCorporatie")

    page = draw_compare(country, OWN, provincies, libraries)

    assert [pane["titel"] for pane in values(page)["panelen"]] == ["Per gemeente", "Per provincie"]
