"""How far the opgave is met, on the map."""

from itertools import pairwise

import pytest

from spatial.domain.status import Status
from spatial.domain.taakstelling import Voortgang
from spatial.errors import PreviewError, UnknownMemberError
from spatial.preview.assets import Assets
from spatial.preview.classes import ClassScheme
from spatial.preview.difference import draw_difference
from spatial.preview.figures import Series, View, read_series
from spatial.preview.maps import draw_series, series_drawing
from spatial.preview.progress import NAMES, SCHEME, Progress, progress_indicator
from spatial.preview.sentences import sentences
from spatial.store.snapshot import Snapshot
from tests.preview.test_maps import values

VIEW = View("taakstelling-gemeente", "voortgang")


@pytest.fixture(scope="module")
def series(country: Snapshot) -> Series:
    return read_series(country, VIEW)


def figure(stage: Voortgang, balance: Status) -> tuple[float | None, Status]:
    row = {"voortgang": stage.value, "saldoStatus": balance.value}
    found = Progress(progress_indicator()).figure(row)
    return found.value, found.status


@pytest.mark.parametrize(
    "stage", [stage for stage in Voortgang if stage is not Voortgang.NIET_TE_BEPALEN]
)
def test_every_stage_is_a_class_with_its_own_name(stage: Voortgang) -> None:
    value, status = figure(stage, Status.WAARGENOMEN)

    assert value is not None
    assert SCHEME.labels()[SCHEME.class_of(value)] == stage.label_nl
    assert status is Status.BEREKEND


def test_an_estimated_balance_makes_an_estimated_stage() -> None:
    assert figure(Voortgang.ACHTER, Status.GESCHAT)[1] is Status.GESCHAT


def test_bounds_that_allow_more_than_one_answer_give_none() -> None:
    assert figure(Voortgang.NIET_TE_BEPALEN, Status.GESCHAT) == (None, Status.NIET_VAST_TE_STELLEN)


@pytest.mark.parametrize("balance", [Status.GEHEIM_OF_ONBEKEND, Status.ONTBREEKT_IN_BRON])
def test_without_a_balance_the_reason_is_that_of_the_balance(balance: Status) -> None:
    assert figure(Voortgang.NIET_TE_BEPALEN, balance) == (None, balance)


def test_a_half_year_that_is_not_over_says_how_many_months_are_counted(series: Series) -> None:
    assert [moment.label for moment in series.moments] == [
        "1e halfjaar 2021",
        "2e halfjaar 2021",
        "1e halfjaar 2022",
        "2e halfjaar 2022, 3 van 6 maanden",
    ]


def test_a_map_counts_the_regions_of_every_stage_in_both_languages(country: Snapshot) -> None:
    drawing = series_drawing(country, VIEW)
    panel = drawing.panels[0]

    dutch, english = sentences(panel, panel.moments[0], drawing.scheme)

    assert dutch.kaart == "Van de 8 gemeenten: 1 achter, 1 op schema, 1 voldaan."
    assert dutch.klassen[0] == "In 1 van de 8 gemeenten is de voortgang: achter."
    assert english.kaart == "Of the 8 municipalities: 1 behind, 1 on schedule, 1 met."
    assert english.klassen[2] == "In 1 of the 8 municipalities the progress is: met."


def test_table_legend_and_page_have_names_instead_of_numbers(
    country: Snapshot, libraries: Assets
) -> None:
    page = draw_series(country, VIEW.collection_id, VIEW.indicator_id, libraries)
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    legend = page[page.index('<aside class="legenda"') : page.index("</aside>")]

    assert "<td>voldaan <i>=</i>" in table
    assert "op schema" in legend
    assert "verschil niet vast te stellen" in legend
    assert "met een uitkomst" in page
    assert values(page)["panelen"][0]["namen"] == ["achter", "op schema", "voldaan"]
    assert values(page)["kleuren"] == list(SCHEME.colours)


def test_its_colours_are_those_of_every_snapshot(country: Snapshot) -> None:
    scheme = series_drawing(country, VIEW).scheme

    assert isinstance(scheme, ClassScheme)
    assert scheme == SCHEME
    assert len(NAMES) == len(scheme.colours) == len(scheme.breaks) + 1


def test_stages_differ_in_lightness_for_whoever_sees_no_colours() -> None:
    def lightness(colour: str) -> float:
        return sum(
            part * int(colour[place : place + 2], 16)
            for place, part in ((1, 0.2126), (3, 0.7152), (5, 0.0722))
        )

    steps = [abs(lightness(b) - lightness(a)) for a, b in pairwise(SCHEME.colours)]

    assert min(steps) > 60


def test_stages_cannot_be_subtracted(country: Snapshot, libraries: Assets) -> None:
    days = [moment.peilmoment for moment in read_series(country, VIEW).moments]
    before, after = (View(*("taakstelling-gemeente", "voortgang"), day) for day in days[:2])

    with pytest.raises(PreviewError, match="'voortgang' has no numbers to subtract"):
        draw_difference(country, before, after, libraries)


def test_only_a_taakstelling_has_a_progress(country: Snapshot) -> None:
    with pytest.raises(UnknownMemberError, match="no indicator 'voortgang'"):
        read_series(country, View("ouderen-gemeente", "voortgang"))
