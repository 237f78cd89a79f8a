import pytest

from spatial.errors import QueryError
from spatial.serve.ask.negotiate import coding_of, language_of


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""), ("identity", ""), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=0", ""), ("gzip, br;q=0.5", "gzip"), ("*", "br"), ("*;q=0", ""), ("zstd, gzip", "zstd"),
        ("gzip;q=0.5, identity", ""), ("gzip;q=1.1.1", ""), ("GZIP", "gzip"), ("br;q=0, *", "zstd"),
    ],
)  # fmt: skip
def test_a_coding_is_chosen_by_weight(header: str, coding: str) -> None:
    assert coding_of(header) == coding


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "nl"),
        ("en", "en"),
        ("en-US, nl;q=0.9", "en"),
        ("de, nl", "nl"),
        ("de", "nl"),
        ("en;q=0", "nl"),
    ],
)
def test_a_language_is_chosen_by_weight(header: str, language: str) -> None:
    assert language_of(header) == language


def test_a_malformed_weight_of_a_language_is_refused() -> None:
    with pytest.raises(QueryError, match="is not a weight"):
        language_of("en;q=x")
