import pytest

from spatial.domain.regions import Niveau, niveau_of, parse_code
from spatial.errors import UnknownRegionError


@pytest.mark.parametrize("padded", ["GM0363", "GM0363   ", "PV27  ", "NL01  ", " CR23"])
def test_a_padded_code_loses_its_blanks(padded: str) -> None:
    assert parse_code(padded) == padded.strip()


@pytest.mark.parametrize("text", ["", "363", "GM363", "GM03633", "WK036300", "gm0363", "GM0363x"])
def test_text_that_is_no_code_is_refused_by_name(text: str) -> None:
    with pytest.raises(UnknownRegionError, match="is not a region code such as 'GM0363'"):
        parse_code(text)


def test_every_level_is_found_by_its_prefix() -> None:
    assert [niveau_of(f"{niveau.prefix}01") for niveau in Niveau] == list(Niveau)


def test_a_code_of_another_level_is_refused() -> None:
    with pytest.raises(UnknownRegionError, match="no level has codes like 'WK036300'"):
        niveau_of("WK036300")


def test_every_level_has_a_name_in_both_languages() -> None:
    assert all(niveau.titel and niveau.meervoud and niveau.plural_en for niveau in Niveau)
