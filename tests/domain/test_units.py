import pytest

from spatial.domain.indicators import load_catalogue
from spatial.domain.units import said, said_en
from spatial.errors import UnknownMemberError


def test_every_unit_of_the_catalogue_has_an_english_name() -> None:
    for entry in load_catalogue().indicators:
        assert bool(said_en(entry.eenheid)) is bool(said(entry.eenheid))


def test_a_mere_ratio_has_nothing_behind_it() -> None:
    assert (said("verhouding"), said_en("verhouding")) == ("", "")


def test_a_unit_without_english_is_named() -> None:
    with pytest.raises(UnknownMemberError, match="no English for the unit 'ellen'"):
        said_en("ellen")
