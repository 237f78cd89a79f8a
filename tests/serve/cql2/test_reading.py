import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.crs import CRS84
from spatial.errors import QueryError
from spatial.serve.cql2.expression import Comparison, Every, Flag, Literal, Not, Property, Some
from spatial.serve.cql2.limits import (
    MAX_DEPTH,
    MAX_JSON,
    MAX_RELATIONS,
    MAX_STEPS,
    MAX_TEXT,
    MAX_VERTICES,
)
from spatial.serve.cql2.read import JSON, TEXT, language_of, read_filter
from tests.serve.cql2.rows import FIELDS

_WORDS = [
    *FIELDS, "geometry", "AND", "or", "NOT", "BETWEEN", "LIKE", "IN", "IS", "NULL", "TRUE", "div", "+",
    "-", "*", "/", "%", "^", "=", "<>", "<", ">=", "(", ")", ",", "'a'", "''", "'2019-01-01'", "'..'",
    "1", "2.5", "1e9", ".5", "CASEI(", "ACCENTI(", "S_INTERSECTS(", "T_AFTER(", "INTERVAL(", "DATE(",
    "TIMESTAMP(", "BBOX(", "POINT(1 2)", "POLYGON((0 0,1 0,1 1,0 0))", "POINT(", "foo(", "\"", "[", ";",
    "\\", "é", "\u0000", "\ud800",
]  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["op", "args", "property", "date", "interval", "bbox", "type", "x"]),
            inner,
            max_size=2,
        ),
        st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(["and", "not", "=", "in", "like", "+", "casei", "s_within", "t_meets"]),
            st.lists(inner, max_size=3),
        ),
        st.builds(
            lambda kind, points: {"type": kind, "coordinates": points},
            st.sampled_from(["Point", "Polygon", "GeometryCollection", "Feature"]),
            inner,
        ),
    ),
    max_leaves=8,
)

_BOMBS = [
    "(" * 4000, "(" * 4000 + "vlag" + ")" * 4000, "not " * 2000 + "vlag",
    "- " * 4000 + "geheel = 1", "geheel = " + "1+" * 4000 + "1", "a" * 4000 + "(" * 4000,
    "CASEI(" * 1300, "CASEI(" * 600 + "tekst" + ")" * 600 + " = 'a'", "geheel = " * 800 + "1",
    "geheel IN (" * 700, "vlag between 1 and " * 400 + "1", "vlag IS NULL = " * 500 + "vlag",
    "(((((((((((((((((((((((((geheel = 1 AND !)))))))))))))))))))))))))",
    "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 400 + "POINT(1 1)" + ")" * 401,
    "NOT (" * 1500 + "vlag" + ")" * 1500, "(" + "vlag AND " * 800 + "!)", "'" + "\\'" * 4000,
]  # fmt: skip
_PROGRAM = """
import json, sys, threading
from spatial.domain.crs import CRS84
from spatial.errors import QueryError
from spatial.serve.cql2.read import read_filter
from tests.serve.cql2.rows import FIELDS

def read():
    for number, text in enumerate(json.load(sys.stdin)):
        try:
            read_filter(text, "cql2-text", FIELDS, CRS84)
        except QueryError:
            pass
        print(number)

threading.stack_size(1024 * 1024)
reading = threading.Thread(target=read)
reading.start()
reading.join()
"""


def read(text: str) -> Any:
    return read_filter(text, TEXT, FIELDS, CRS84)


def read_object(tree: Any) -> Any:
    return read_filter(json.dumps(tree), JSON, FIELDS, CRS84)


def read_or_refuse(text: str, language: str) -> None:
    try:
        read_filter(text, language, FIELDS, CRS84)
    except QueryError as error:
        # an answer must be able to hold the message
        str(error).encode("utf-8")


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refuse(text, TEXT)


@given(words=st.lists(st.sampled_from(_WORDS), max_size=25))
def test_any_row_of_words_is_read_or_refused(words: list[str]) -> None:
    read_or_refuse(" ".join(words), TEXT)


@given(text=st.text(max_size=60))
def test_any_text_as_json_is_read_or_refused(text: str) -> None:
    read_or_refuse("{" + text, JSON)


@given(tree=_JSON)
def test_any_json_is_read_or_refused(tree: Any) -> None:
    read_or_refuse(json.dumps(tree), JSON)
    read_or_refuse(
        json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, tree]}), JSON
    )


def test_what_would_break_the_parser_does_not_reach_it() -> None:
    # in a process of its own: an overflow of the stack would end this one
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=json.dumps(_BOMBS),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout.split()) == (0, [str(n) for n in range(len(_BOMBS))])


@pytest.mark.parametrize("opening", ['{"op":"not","args":[', "[", '{"a":'])
def test_json_that_is_nested_too_deeply_is_refused(opening: str) -> None:
    with pytest.raises(QueryError, match=r"levels|an object"):
        read_filter(opening * 3000, JSON, FIELDS, CRS84)


def test_the_nested_conditions_of_qgis_are_read() -> None:
    condition = "(geheel = 0)"
    for number in range(1, MAX_DEPTH):
        condition = f"({condition} OR (geheel = {number}))"

    assert isinstance(read(condition), Some)
    with pytest.raises(QueryError, match="levels"):
        read(f"(({condition} OR vlag) OR vlag)")


def test_as_much_as_is_allowed_is_read() -> None:
    codes = ", ".join(f"'GM{number:04}'" for number in range(700))

    assert read(f"naam IN ({codes})").choices >= {"GM0000", "GM0699"}
    assert read("vlag AND " * 900 + "vlag") == Every((Flag("vlag"),) * 901)
    assert read("NOT " * MAX_STEPS + "vlag").part.part == read("NOT " * (MAX_STEPS - 2) + "vlag")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no expression"), ("   ", "no expression"), (f"naam = '{'a' * MAX_TEXT}'", "longer than"),
        ("naam = 'a\x00'", "'\\\\x00'"), ("naam = 'a\x9f'", "'\\\\x9f'"), ("NOT " * 51 + "vlag", "in a row"),
        ("geheel = 1e400", "not finite"), ("geheel = " + "9" * 400, "not finite"),
        ("geheel = ", "character 8"), ("geheel = 1 AND", "character 12"), ("geheel == 1", "'= 1'"),
        ("naam ILIKE 'a'", "ILIKE"), ("(vlag", "not closed"), ("vlag)", "not opened"),
        ("(vlag, vlag)", "after IN"), ("naam = 'a", "character 8"), ("geheel IN ()", "nothing stands"),
        ("geheel = 1; DROP TABLE x", "'; DROP"), ("naam = \"a\"\"b\"", "character"),
        ("S_INTERSECTS(geometry, SRID=28992;POINT(1 1))", "';POINT"),
        ("S_INTERSECTS(geometry, 'POINT(1 1)')", "compares geometries"),
        ("S_INTERSECTS(geometry, POINT(1))", "POINT"), ("S_INTERSECTS(naam, POINT(1 1))", "'naam'"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", "EMPTY"), ("S_WITHIN(geometry)", "2 arguments"),
        ("S_INTERSECTS(geometry, POINT(1 inf))", "not finite"), ("S_INTERSECTS(geometry, BBOX(1,2,3))", "4 or 6"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3,naam))", "4 or 6"),
        ("S_INTERSECTS(geometry, BBOX(1,4,3,2))", "below"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "not valid"),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT EMPTY, POINT(1 1)))", "without points"),
        ("S_BUFFER(geometry, 1)", "'s_buffer'"), ("lower(naam) = 'a'", "'lower'"),
        ("onbekend = 1", "no property 'onbekend'"), ("id = 'GM0001'", "no property 'id'"),
        ("geheel = 'een'", "number cannot be compared with a text"),
        ("naam = 1", "text cannot be compared with a number"), ("vlag = 1", "boolean"),
        ("vlag < TRUE", "cannot be compared with <"), ("geometry = POINT(1 1)", "geometry"),
        ("naam LIKE 1", "where a text is needed"), ("naam LIKE naam", "pattern of LIKE"),
        ("geheel LIKE 'a'", "where a text is needed"), ("naam + 1 = 2", "where a number is needed"),
        ("naam", "where a condition is needed"), ("geheel AND vlag", "where a condition is needed"),
        ("'tekst'", "where a condition is needed"), ("1", "where a condition is needed"),
        ("naam = NULL", "IS NULL"), ("AND", "AND stands where"), ("IN (1)", "IN is followed by a list"), ("CASEI(geheel) = 'a'", "where a text is needed"),
        ("CASEI(naam, naam) = 'a'", "1 arguments"), ("dag = 'vandaag'", "vandaag"),
        ("dag = '2019-02-30'", "2019-02-30"), ("dag = 2019", "date cannot be compared"),
        ("dag = DATE('2019')", "2019"), ("dag = DATE(naam)", "DATE"), ("dag = DATE('a', 'b')", "one text"),
        ("dag = TIMESTAMP('2019-01-01')", "TIMESTAMP"), ("dag = TIMESTAMP('2019-01-01T25:00:00Z')", "exist"),
        ("T_AFTER(dag, 'x')", "TIMESTAMP"), ("T_AFTER(dag, naam)", "not a day"),
        ("T_AFTER(dag, INTERVAL('2019-01-01'))", "two ends"), ("T_DURING(dag, INTERVAL('..','..'))", "intervals"),
        ("T_AFTER(dag, INTERVAL('2020-01-01','2019-01-01'))", "before it begins"),
        ("T_AFTER(dag, INTERVAL('2020-01-01','2021-01-01T00:00:00Z'))", "both days"),
        ("dag = INTERVAL('2020-01-01','..')", "temporal function"), ("geheel IN (geheel IN (1))", "boolean"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        read(text)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ([], "an object"), ({}, "not an expression"), ({"op": "="}, "a name .op. and a list"),
        ({"op": 1, "args": []}, "a name .op. and a list"), ({"op": "and", "args": [True]}, "at least two"),
        ({"op": "not", "args": [True], "x": 1}, "nothing else"), ({"op": "not", "args": []}, "1 arguments"),
        ({"op": "=", "args": [{"property": 3}, 1]}, "no property '3'"), ({"op": "xor", "args": []}, "'xor'"),
        ({"op": "in", "args": [{"property": "geheel"}, 1]}, "a list"),
        ({"op": "in", "args": [{"property": "geheel"}, []]}, "at least one"),
        ({"op": "=", "args": [1, [1]]}, "after IN"), ({"op": "=", "args": [1, {"x": 1}]}, "not an expression"),
        ({"op": "=", "args": ["\ud800", "a"]}, "not allowed"), ({"op": "=", "args": ["\u0000", "a"]}, "not allowed"),
        ({"op": "=", "args": [float("nan"), 1]}, "not a number"), ({"op": "=", "args": [10**400, 1]}, "finite"),
        ({"op": "s_within", "args": [{"type": "Feature"}, {"property": "geometry"}]}, "one of the types"),
        ({"op": "s_within", "args": [{"type": "Point", "coordinates": ["a", "b"]}, {"property": "geometry"}]}, "Point"),
        ({"op": "s_within", "args": [{"type": "Point", "coordinates": []}, {"property": "geometry"}]}, "without points"),
        ({"op": "t_after", "args": [{"interval": ["..", 1]}, {"date": "2019-01-01"}]}, "not a day"),
        ({"op": "t_after", "args": [{"interval": 1}, {"date": "2019-01-01"}]}, "two ends"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_json_is_named(tree: Any, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        read_object(tree)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"op":', "not JSON"), ('{"op":"not","op":"not"}', "given twice"), ("vlag", "an object"),
        ('{"op":"=","args":[1e999,1]}', "finite"), ('{"op":"=","args":[' + "9" * 5000 + ",1]}", "not JSON"),
        ('{"a":"' + "a" * MAX_JSON + '"}', "longer than"),
    ],
)  # fmt: skip
def test_json_that_is_none_or_too_much_is_refused(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        read_filter(text, JSON, FIELDS, CRS84)


def test_a_geometry_of_too_many_points_is_refused() -> None:
    points = [[number, 0] for number in range(MAX_VERTICES + 1)]
    line = {"type": "LineString", "coordinates": points}

    with pytest.raises(QueryError, match="more than 5000 points together"):
        read_object({"op": "s_within", "args": [line, {"property": "geometry"}]})


def test_spatial_functions_are_counted() -> None:
    one = "S_INTERSECTS(geometry, POINT(5 52))"

    assert len(read(" OR ".join([one] * MAX_RELATIONS)).parts) == MAX_RELATIONS
    with pytest.raises(QueryError, match="more than 10 spatial functions"):
        read(" OR ".join([one] * (MAX_RELATIONS + 1)))


def test_names_that_begin_with_a_keyword_or_stand_in_quotes_are_names() -> None:
    notes = {"notitie": FIELDS["naam"], "in_uit": FIELDS["naam"], "een naam": FIELDS["naam"]}

    for name in ("notitie", '"notitie"', "in_uit", '"een naam"'):
        condition = read_filter(f"{name} = 'x'", TEXT, notes, CRS84)

        assert condition == Comparison("=", Property(name.strip('"'), "text"), Literal("x", "text"))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'it''s'", "it's"), ("'it\\'s'", "it's"), ("''", ""), ("''''", "'"), ("'a\\\\'", "a\\"),
        ("'a\\tb'", "a\tb"), ("'a%b'", "a%b"), ("'(a, b)'", "(a, b)"), ("'a\"b'", 'a"b'),
    ],
)  # fmt: skip
def test_quotes_and_escapes_in_a_text_are_read(written: str, value: str) -> None:
    assert read(f"naam = {written}").right == Literal(value, "text")


def test_keywords_and_functions_may_be_in_small_letters() -> None:
    assert read("not vlag or vlag and not vlag") == Some(
        (Not(Flag("vlag")), Every((Flag("vlag"), Not(Flag("vlag")))))
    )
    assert read("casei(naam) like casei('A%')") == read("CASEI(naam) LIKE CASEI('A%')")


def test_json_is_told_from_text_by_its_first_sign() -> None:
    assert language_of(' {"op"') == JSON
    assert language_of("vlag") == TEXT
