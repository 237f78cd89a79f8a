import pytest

from spatial.qgis.conditions import Condition, Every, OneOf, Some, Span, as_expression


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Span("x", 10, 20.5), '"x" >= 10 AND "x" < 20.5'),
        (Span("x", None, -3), '"x" < -3'),
        (Span("x", 0, above=True), '"x" > 0'),
        (Span("x"), '"x" IS NOT NULL'),
        (OneOf("s", ("a",)), "\"s\" = 'a'"),
        (OneOf("s", ("a", "b'c")), "\"s\" IN ('a', 'b''c')"),
        (
            Some((OneOf("s", ("a",)), Every((Span("x", 1), OneOf("t", ("b",)))))),
            '"s" = \'a\' OR ("x" >= 1 AND "t" = \'b\')',
        ),
    ],
)
def test_a_condition_is_written_in_the_language_of_qgis(condition: Condition, text: str) -> None:
    assert as_expression(condition) == text


def test_a_quote_in_a_name_or_text_stays_inside_it() -> None:
    assert as_expression(OneOf('a"b', ("c\\d",))) == '"a""b" = \'c\\\\d\''
