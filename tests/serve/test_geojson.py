import json
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crs import RD
from spatial.serve.ask.query import Box, Query, Sort
from spatial.serve.geojson import Page, feature, page, tidy
from spatial.serve.read.edition import Edition
from spatial.serve.read.layer import Layer


def linked(layer: Layer, query: Query) -> Page:
    """A page with the links that pygeoapi adds."""
    found = page(layer, query)
    following = query.offset + query.limit
    found["links"] = [
        {
            "rel": "self",
            "type": "application/geo+json",
            "href": f"/items?f=json&limit={query.limit}",
        },
        {
            "rel": "next",
            "type": "application/geo+json",
            "href": f"/items?offset={following}&limit={query.limit}",
        },
        {"rel": "collection", "type": "application/json", "href": "/collection"},
    ]
    tidy(found)
    return found


def rels(found: Page) -> list[str]:
    return [link["rel"] for link in found["links"]]


@given(limit=st.integers(1, 30), offset=st.integers(0, 30))
def test_counts_are_exact_and_next_is_there_only_when_more_follows(
    ouderen: Layer, limit: int, offset: int
) -> None:
    found = linked(ouderen, Query(limit=limit, offset=offset))

    assert found["numberMatched"] == 24
    assert found["numberReturned"] == len(found["features"]) == max(0, min(limit, 24 - offset))
    assert ("next" in rels(found)) == (offset + limit < 24)


@given(limit=st.integers(1, 30))
def test_following_next_gives_every_feature_once(ouderen: Layer, limit: int) -> None:
    seen: list[str] = []
    offset = 0
    while True:
        found = linked(ouderen, Query(limit=limit, offset=offset))
        seen += [entry["id"] for entry in found["features"]]
        if "next" not in rels(found):
            break
        offset += limit

    assert seen == ouderen.ids


def test_hits_only_counts(ouderen: Layer) -> None:
    found = linked(ouderen, Query(hits=True, limit=5))

    assert (found["numberMatched"], found["numberReturned"], found["features"]) == (24, 0, [])
    assert "next" not in rels(found)


def test_the_link_to_a_second_page_itself_says_which_page(ouderen: Layer) -> None:
    found = linked(ouderen, Query(limit=5, offset=10))

    assert found["links"][0]["href"].endswith("&offset=10")
    assert "offset" not in found["links"][-1]["href"]


def test_a_confidential_value_is_null_with_its_status_and_no_bounds(ouderen: Layer) -> None:
    properties = feature(ouderen, ouderen.row_of["GM0002-2020-01-01"], RD)["properties"]

    assert properties["personen"] is None
    assert properties["personenStatus"] == "geheim_of_onbekend"
    assert properties["personenMin"] is None
    assert properties["personenMax"] is None


def test_whole_numbers_and_fractions_keep_their_type(edition: Edition) -> None:
    land = edition.layer("grenzen-land")

    properties = feature(land, 0, RD)["properties"]

    assert json.dumps([properties["indeling"], properties["oppervlakteKm2"]]) == "[2020, 500.0]"


def test_only_the_properties_that_are_asked_are_given_in_that_order(ouderen: Layer) -> None:
    found = page(ouderen, Query(limit=1, properties=("personenStatus", "personen")))

    assert list(found["features"][0]["properties"]) == ["personenStatus", "personen"]


def test_shapes_can_be_left_out(ouderen: Layer) -> None:
    found = page(ouderen, Query(limit=3, skip_geometry=True))

    assert [entry["geometry"] for entry in found["features"]] == [None] * 3


def test_the_shape_is_a_multipolygon_wound_by_the_right_hand_rule(ouderen: Layer) -> None:
    shape: dict[str, Any] = feature(ouderen, 0, RD)["geometry"]
    ring = shape["coordinates"][0][0]
    twice_area = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(ring))

    assert shape["type"] == "MultiPolygon"
    assert ring[0] == ring[-1]
    assert twice_area == 2 * 10_000 * 10_000


def test_an_empty_answer_is_a_collection_without_features(ouderen: Layer) -> None:
    query = Query(box=Box(0, 0, 1, 1, RD), sort=(Sort("personen", descending=True),))

    found = page(ouderen, query)

    assert (found["features"], found["numberMatched"]) == ([], 0)
