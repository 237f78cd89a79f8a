import pytest

from spatial.errors import QuestionError
from spatial.serve.processes.inputs import LONGEST, Input, read_members, read_query

CODES = Input("codes", "C", "C", "", "", pattern="GM[0-9]{4}", most=2, example=("GM0001", "GM0002"))
DAG = Input("dag", "D", "D", "", "", values=("2020-01-01",), form="date", example="2020-01-01")
WIJZE = Input("wijze", "W", "W", "", "", values=("kort", "lang"), default="kort")
SOMS = Input("soms", "S", "S", "", "", values=("x", "y"), most=2, optional=True)
ALL = (CODES, DAG, WIJZE, SOMS)
GOOD = [("codes", "GM0001, GM0002"), ("dag", "2020-01-01")]


def test_a_list_stands_in_an_address_with_commas_or_more_than_once() -> None:
    once = read_query(ALL, GOOD)
    twice = read_query(ALL, [("codes", "GM0001"), ("codes", "GM0002"), *GOOD[1:]])

    assert once["codes"] == twice["codes"] == ("GM0001", "GM0002")


def test_what_is_left_out_has_its_default() -> None:
    given = read_query(ALL, GOOD)

    assert (given["wijze"], given["soms"]) == ("kort", ())


def test_a_body_gives_the_same_as_an_address() -> None:
    members = {"codes": ["GM0001", "GM0002"], "dag": "2020-01-01"}

    assert read_members(ALL, members) == read_query(ALL, GOOD)


@pytest.mark.parametrize(
    ("pairs", "name", "said"),
    [
        (GOOD[1:], "codes", "must be given, such as GM0001,GM0002"),
        (GOOD[:1], "dag", "must be given"),
        ([*GOOD, ("foo", "1")], "foo", "there are codes, dag, wijze, soms"),
        ([*GOOD, ("dag", "2020-01-01")], "dag", "given twice"),
        ([("codes", ""), GOOD[1]], "codes", "'' does not look like GM0001"),
        ([("codes", "GM0001,"), GOOD[1]], "codes", "does not look like"),
        ([("codes", "GM0001\n"), ("dag", "x")], "dag", "there are 2020-01-01"),
        ([("codes", "GM0001,GM0002,GM0003"), GOOD[1]], "codes", "give 1 to 2; there are 3"),
        ([("codes", "G" * (LONGEST + 1)), GOOD[1]], "codes", f"at most {LONGEST} characters"),
        ([*GOOD, ("wijze", "KORT")], "wijze", "there are kort, lang"),
        ([*GOOD, ("soms", "z")], "soms", "there are x, y"),
    ],
)
def test_an_input_that_is_not_allowed_is_named(
    pairs: list[tuple[str, str]], name: str, said: str
) -> None:
    with pytest.raises(QuestionError, match=said) as refused:
        read_query(ALL, pairs)

    assert refused.value.name == name


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ([], "inputs"),
        (None, "inputs"),
        ({"codes": "GM0001", "dag": "2020-01-01"}, "codes"),
        ({"codes": [1], "dag": "2020-01-01"}, "codes"),
        ({"codes": [], "dag": "2020-01-01"}, "codes"),
        ({"codes": ["GM0001"], "dag": ["2020-01-01"]}, "dag"),
        ({"codes": ["GM0001"], "dag": {"href": "http://localhost/"}}, "dag"),
        ({"codes": ["GM0001"], "dag": None}, "dag"),
        ({"codes": ["GM0001"], "dag": "2020-01-01", "foo": 1}, "inputs"),
    ],
)
def test_a_member_of_another_type_is_named(members: object, name: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read_members(ALL, members)

    assert refused.value.name == name


def test_the_schema_says_what_the_check_holds() -> None:
    assert CODES.schema() == {
        "type": "array",
        "minItems": 1,
        "maxItems": 2,
        "items": {"type": "string", "pattern": "GM[0-9]{4}"},
    }
    assert DAG.schema() == {"type": "string", "format": "date", "enum": ["2020-01-01"]}
    assert WIJZE.schema() == {"type": "string", "enum": ["kort", "lang"], "default": "kort"}
