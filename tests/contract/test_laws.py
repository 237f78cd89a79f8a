"""Laws of the answers that hold whatever is asked: nothing twice, nothing lost, counts exact."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box, shape

COROP = "/collections/ouderen-corop/items"
ROUNDS = settings(max_examples=25)

type Feature = dict[str, Any]
type Condition = tuple[dict[str, str], Callable[[Feature], bool]]


@pytest.fixture(scope="module")
def everything(web: httpx2.Client) -> list[Feature]:
    features: list[Feature] = web.get(COROP, params={"limit": "1000"}).json()["features"]
    return features


def _year(year: int) -> Condition:
    day = f"{year}-01-01"
    return {"datetime": day}, lambda feature: feature["properties"]["peilmoment"] == day


def _period(years: tuple[int, int]) -> Condition:
    first, last = f"{min(years)}-01-01", f"{max(years)}-12-31"
    return {
        "datetime": f"{first}/{last}"
    }, lambda feature: first <= feature["properties"]["peilmoment"] <= last


def _window(corner: tuple[float, float, float, float]) -> Condition:
    west, south, width, height = corner
    bounds = (west, south, round(west + width, 3), round(south + height, 3))
    window = box(*bounds)
    return {"bbox": ",".join(map(str, bounds))}, lambda feature: shape(
        feature["geometry"]
    ).intersects(window)


def _indeling(year: int) -> Condition:
    return {"indeling": str(year)}, lambda feature: feature["properties"]["indeling"] == year


def _more(number: int) -> Condition:
    return (
        {"filter": f"personen > {number}"},
        lambda feature: (
            feature["properties"]["personen"] is not None
            and feature["properties"]["personen"] > number
        ),
    )


_YEARS = st.integers(2017, 2024)
_DEGREES = st.floats(0.05, 2.0).map(lambda number: round(number, 3))
TIMES = st.one_of(_YEARS.map(_year), st.tuples(_YEARS, _YEARS).map(_period))
WINDOWS = st.tuples(
    st.floats(3.0, 7.0).map(lambda number: round(number, 3)),
    st.floats(50.5, 53.5).map(lambda number: round(number, 3)),
    _DEGREES,
    _DEGREES,
).map(_window)
INDELINGEN = _YEARS.map(_indeling)
FILTERS = st.integers(0, 250_000).map(_more)
CONDITIONS = st.tuples(
    *(st.one_of(st.none(), kind) for kind in (TIMES, WINDOWS, INDELINGEN, FILTERS))
).map(lambda found: [condition for condition in found if condition is not None])


@ROUNDS
@given(size=st.integers(20, 700), conditions=CONDITIONS)
def test_the_pages_together_are_the_whole_in_order(
    web: httpx2.Client, size: int, conditions: list[Condition]
) -> None:
    params = {name: text for asked, _ in conditions for name, text in asked.items()}
    short = {**params, "properties": "regioCode", "skipGeometry": "true"}
    whole = web.get(COROP, params={**short, "limit": "1000"}).json()

    seen: list[str] = []
    address = str(httpx2.URL(COROP, params={**short, "limit": str(size)}))
    while address:
        page = web.get(address).json()
        assert page["numberMatched"] == whole["numberMatched"]
        assert page["numberReturned"] == len(page["features"]) <= size
        seen += [feature["id"] for feature in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")

    assert seen == [feature["id"] for feature in whole["features"]]
    assert len(set(seen)) == len(seen) == whole["numberMatched"]


@ROUNDS
@given(conditions=CONDITIONS)
def test_what_matches_is_counted_exactly_and_nothing_else_is_given(
    web: httpx2.Client, everything: list[Feature], conditions: list[Condition]
) -> None:
    params = {name: text for asked, _ in conditions for name, text in asked.items()}
    expected = [
        feature["id"] for feature in everything if all(holds(feature) for _, holds in conditions)
    ]

    answer = web.get(COROP, params={**params, "limit": "1000"})
    hits = web.get(COROP, params={**params, "resulttype": "hits"}).json()

    assert answer.status_code == 200, answer.text
    assert [feature["id"] for feature in answer.json()["features"]] == expected
    assert answer.json()["numberMatched"] == hits["numberMatched"] == len(expected)


@ROUNDS
@given(offset=st.integers(0, 600), size=st.integers(1, 200))
def test_a_page_is_a_slice_of_the_whole(
    web: httpx2.Client, everything: list[Feature], offset: int, size: int
) -> None:
    page = web.get(COROP, params={"offset": str(offset), "limit": str(size)}).json()

    assert [entry["id"] for entry in page["features"]] == [
        entry["id"] for entry in everything[offset : offset + size]
    ]
    assert page["numberMatched"] == len(everything)
