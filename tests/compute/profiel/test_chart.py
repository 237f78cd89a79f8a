"""Charts: what is not known is not drawn, and what is drawn can be read from its scale."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.compute.profiel.chart import Chart, chart_of, frame_of
from spatial.compute.profiel.reeksen import Cel, Moment, Reeks
from spatial.compute.profiel.wording import Taal
from spatial.domain.indicators import load_catalogue
from spatial.domain.status import Status
from spatial.store.catalogue import Field

DUTCH = Taal(english=False)
PERSONS = load_catalogue().get("personen")
FIELD = Field("personen", "integer", "Personen", "Persons", eenheid="personen")
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def counted(value: int, status: Status = Status.WAARGENOMEN) -> Cel:
    return Cel(value, status, max(0, value - 2), value + 2)


SECRET = Cel(None, Status.GEHEIM_OF_ONBEKEND, None, None)
ABSENT = Cel(None, Status.ONTBREEKT_IN_BRON, None, None)


def drawn(*cells: Cel | None, breaks: tuple[int, ...] = (), taal: Taal = DUTCH) -> Chart:
    moments = [
        Moment(date(2018 + place, 1, 1), None, 2018 + place, place in breaks, voorlopig=place > 3)
        for place in range(len(cells))
    ]
    series = Reeks(PERSONS, FIELD, stroom=False, cellen=cells, laatste=len(cells) - 1)
    return chart_of(series, frame_of(moments, taal))


def test_figures_that_follow_each_other_are_one_line_in_a_band() -> None:
    chart = drawn(counted(100), counted(110), counted(120))

    assert chart.lijn.count("M") == 1
    assert chart.lijn.count("L") == 2
    assert chart.band.count("Z") == 1
    assert chart.staaf == ""


def test_a_secret_figure_breaks_the_line_and_stands_as_its_sign() -> None:
    chart = drawn(counted(100), counted(110), SECRET, counted(120), counted(130))

    assert chart.lijn.count("M") == 2
    assert [sign for _, sign in chart.tekens] == ["."]


def test_a_change_of_area_breaks_the_line_and_is_marked() -> None:
    chart = drawn(counted(100), counted(110), counted(900), counted(910), breaks=(2,))

    assert chart.lijn.count("M") == 2
    assert chart.breuken.count("M") == 1
    assert "ander gebied vanaf 1 januari 2020" in chart.alt


def test_a_change_of_area_at_a_moment_without_the_figure_is_marked_at_the_next() -> None:
    chart = drawn(counted(100), None, counted(110), breaks=(1,))

    assert chart.lijn == ""
    assert chart.breuken.count("M") == 1


def test_a_figure_that_stands_alone_shows_its_bounds() -> None:
    chart = drawn(SECRET, counted(100), SECRET)

    assert chart.staaf.count("M") == 1
    assert chart.band == ""


def test_how_a_figure_came_about_and_that_it_is_provisional_is_seen_from_its_mark() -> None:
    chart = drawn(
        counted(100),
        counted(110, Status.OPGETELD),
        counted(120, Status.GESCHAT),
        counted(125, Status.BEREKEND),
        counted(130),
        counted(130, Status.GESCHAT),
    )

    assert {kind for kind, _ in chart.punten} == {
        "rond", "vierkant", "ruit", "rond binnen", "ruit open",
    }  # fmt: skip


def test_without_any_number_nothing_is_drawn_but_signs() -> None:
    chart = drawn(ABSENT, SECRET)

    assert (chart.lijn, chart.band, chart.staaf, chart.punten) == ("", "", "", ())
    assert [sign for _, sign in chart.tekens] == ["-", "."]
    assert chart.alt == "Personen: op geen enkel moment een getal."


def test_a_steady_series_is_not_drawn_as_a_mountain() -> None:
    chart = drawn(counted(10_000), counted(10_002), counted(10_001))
    heights = [float(point.split(" ")[1]) for point in chart.lijn[1:].split("L")]

    assert max(heights) - min(heights) < 2
    assert chart.afgekapt


def test_a_series_that_doubles_stands_on_zero() -> None:
    chart = drawn(counted(100), counted(200))

    assert not chart.afgekapt
    assert chart.hoogten[0][1] == "0"


@pytest.mark.parametrize(
    ("taal", "said"),
    [
        (
            DUTCH,
            "Personen: van 100 (1 januari 2018) tot 120 (1 januari 2020); laagste 100 (1 januari 2018), hoogste 120 (1 januari 2020); 1 keer geen getal.",
        ),
        (
            Taal(english=True),
            "Persons: from 100 (1 January 2018) to 120 (1 January 2020); lowest 100 (1 January 2018), highest 120 (1 January 2020); no number 1 times.",
        ),
    ],
)
def test_a_chart_says_in_words_what_it_shows(taal: Taal, said: str) -> None:
    assert drawn(counted(100), SECRET, counted(120), taal=taal).alt == said


def test_a_quotient_is_drawn_against_one_also_when_all_are_above_it() -> None:
    quotient = load_catalogue().get("ouderenInwonersLocatiequotient")
    moments = [
        Moment(date(year, 1, 1), None, year, breuk=False, voorlopig=False) for year in (2021, 2022)
    ]
    cells = (Cel(1.8, Status.BEREKEND, 1.79, 1.81), Cel(1.9, Status.BEREKEND, 1.89, 1.91))
    series = Reeks(quotient, FIELD, stroom=False, cellen=cells, laatste=1)

    chart = chart_of(series, frame_of(moments, DUTCH))

    height = float(chart.midden.removeprefix("M54 ").removesuffix("H272"))
    heights = [float(point.split(" ")[1]) for point in chart.lijn[1:].split("L")]
    assert max(heights) < height <= 72


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**7)), min_size=1, max_size=16))
def test_all_that_is_drawn_lies_on_the_chart(values: list[int | None]) -> None:
    chart = drawn(*(SECRET if value is None else counted(value) for value in values))

    for path in (chart.lijn, chart.band):
        for point in filter(None, re.split("[MLZ]", path)):
            x, y = map(float, NUMBERS.findall(point))
            assert 54 <= x <= 272
            assert 7.9 <= y <= 72.1
    assert len(chart.tekens) == values.count(None)
    assert 2 <= len(chart.hoogten) <= 6
