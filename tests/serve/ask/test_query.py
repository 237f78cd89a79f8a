from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crs import CRS84, ETRS89, RD
from spatial.errors import QueryError
from spatial.serve.ask.query import (
    Box,
    Filter,
    Interval,
    Limits,
    Query,
    Sort,
    box_of,
    parse_datetime,
    parse_document,
    parse_item,
    parse_items,
)
from spatial.store.catalogue import Field

LIMITS = Limits(1000, 10_000)
FIELDS = {
    name: Field(name, kind, name, name)
    for name, kind in [
        ("naam", "string"),
        ("aantal", "integer"),
        ("aandeel", "number"),
        ("voorlopig", "boolean"),
        ("peilmoment", "date"),
    ]
}
RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"


def parsed(**parameters: str) -> Query:
    pairs = [(name.replace("_", "-"), text) for name, text in parameters.items()]
    return parse_items(pairs, FIELDS, LIMITS)


def test_nothing_asked_is_the_first_page_in_order_of_publication() -> None:
    assert parsed() == Query(limit=1000, offset=0, crs=CRS84)


@pytest.mark.parametrize(
    ("text", "begin", "eind"),
    [
        ("2019-01-01", date(2019, 1, 1), date(2019, 1, 1)),
        ("2019-01-01T00:00:00Z", date(2019, 1, 1), date(2019, 1, 1)),
        ("2019-01-01t12:30:00.5+01:00", date(2019, 1, 1), date(2019, 1, 1)),
        ("2019-01-01T/..", date(2019, 1, 1), None),
        ("2019-01-01T/2020-01-01T", date(2019, 1, 1), date(2020, 1, 1)),
        ("2019-01-01/9999-12-31T00:00:00Z", date(2019, 1, 1), date(9999, 12, 31)),
        ("../2019-01-01", None, date(2019, 1, 1)),
        ("/2019-01-01", None, date(2019, 1, 1)),
        ("2019-01-01/", date(2019, 1, 1), None),
        ("../..", None, None),
    ],
)
def test_every_form_of_datetime_that_clients_send_is_read(
    text: str, begin: date | None, eind: date | None
) -> None:
    assert parse_datetime(text) == Interval(begin, eind)


@pytest.mark.parametrize(
    "text",
    [
        "", "..", "2019", "2019-13-45", "2019-02-29", "99999999999", "a/b/c", "2020-01-01/2019-01-01",
        "2019-01-01/P2D", "2019-01-01/2020-01-01/2021-01-01", "2019-01-01T25:00:00Z", "٢٠١٩-01-01",
    ],
)  # fmt: skip
def test_a_malformed_datetime_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="datetime="):
        parse_datetime(text)


@given(begin=st.dates(), eind=st.dates())
def test_an_interval_is_read_back_unless_it_is_reversed(begin: date, eind: date) -> None:
    text = f"{begin.isoformat()}/{eind.isoformat()}"

    if begin <= eind:
        assert parse_datetime(text) == Interval(begin, eind)
    else:
        with pytest.raises(QueryError, match="ends before it begins"):
            parse_datetime(text)


def test_filters_have_the_type_of_their_property() -> None:
    query = parsed(
        naam="12", aantal="12", aandeel="12", voorlopig="true", peilmoment="2019-01-01T00:00:00Z"
    )

    assert query.filters == (
        Filter("naam", "12"),
        Filter("aantal", 12),
        Filter("aandeel", 12.0),
        Filter("voorlopig", value=True),
        Filter("peilmoment", date(2019, 1, 1)),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("aantal", "12.5"), ("aantal", ""), ("aantal", "1_0"), ("aantal", "9" * 19),
        ("aandeel", "nan"), ("aandeel", "1e999"), ("aandeel", "veel"), ("voorlopig", "1"),
        ("peilmoment", "vandaag"), ("onbekend", "1"), ("filter", "aantal='1'"), ("filter-crs", RD_URI), ("filter-lang", "cql2-text"), ("q", "x"),
        ("limit", "0"), ("limit", "true"), ("limit", "1e3"), ("offset", "-1"), ("offset", "1e20"),
        ("resulttype", "foo"), ("skipGeometry", "foo"), ("f", "mvt"), ("lang", "AAA"),
        ("crs", ""), ("crs", "EPSG:28992"), ("bbox-crs", RD_URI), ("sortby", "onbekend"),
        ("sortby", ""), ("properties", "aantal,onbekend"), ("properties", ""),
        ("bbox", "1,2,3"), ("bbox", "nan,50,5,53"), ("bbox", "inf,50,5,53"), ("bbox", "a,b,c,d"),
        ("bbox", "4,53,5,52"), ("bbox", ""),
    ],
)  # fmt: skip
def test_a_value_that_is_not_allowed_is_refused(name: str, text: str) -> None:
    with pytest.raises(QueryError):
        parse_items([(name, text)], FIELDS, LIMITS)


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(QueryError, match="'limit' is given twice"):
        parse_items([("limit", "1"), ("limit", "2")], FIELDS, LIMITS)


def test_a_limit_beyond_the_maximum_is_the_maximum() -> None:
    assert parsed(limit="20000").limit == 10_000


def test_sort_keys_keep_their_order_and_direction() -> None:
    assert parsed(sortby="-aantal,+naam, aandeel").sort == (
        Sort("aantal", descending=True),
        Sort("naam", descending=False),
        Sort("aandeel", descending=False),
    )


def test_a_box_in_latitude_first_order_is_turned() -> None:
    query = parsed(bbox="50,3,53,7", bbox_crs=ETRS89.uri)

    assert query.box == Box(3, 50, 7, 53, ETRS89)


def test_heights_of_a_box_are_left_out() -> None:
    assert box_of([1, 2, 0, 3, 4, 99], RD) == Box(1, 2, 3, 4, RD)


def test_a_box_over_the_antimeridian_has_two_parts_in_degrees_only() -> None:
    assert box_of([177, -10, -177, 10], CRS84).parts == (
        (177, -10, 180, 10),
        (-180, -10, -177, 10),
    )
    with pytest.raises(QueryError, match="left of"):
        box_of([2, 1, 1, 2], RD)


def test_an_item_has_only_crs_format_and_language() -> None:
    assert parse_item([("crs", RD_URI), ("f", "json")]) == RD
    assert parse_item([]) == CRS84
    with pytest.raises(QueryError, match="limit"):
        parse_item([("limit", "1")])


def test_another_document_has_the_parameters_that_it_names() -> None:
    assert parse_document([("ui", "redoc")], ("f", "ui")) == {"ui": "redoc"}
    with pytest.raises(QueryError, match="foo"):
        parse_document([("foo", "1")], ("f", "ui"))
