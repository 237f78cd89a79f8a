"""What the middle of a scale is called."""

from dataclasses import replace

import pytest

from spatial.domain.indicators import Soort, load_catalogue
from spatial.preview.middles import middle_name


def test_every_middle_of_the_catalogue_has_a_name_in_both_languages() -> None:
    with_middle = [i for i in load_catalogue().indicators if i.midden is not None]

    assert with_middle
    for indicator in with_middle:
        names = middle_name(indicator)
        assert names
        assert all(names)


def test_an_indicator_without_a_middle_has_no_name_for_it() -> None:
    assert middle_name(load_catalogue().get("personen")) is None


@pytest.mark.parametrize(
    ("indicator", "name"),
    [
        ("ouderenInwonersLocatiequotient", "het evenredige deel"),
        ("realisatie", "de opgave is precies gehaald"),
        ("saldo", "niets te doen en niets over"),
    ],
)
def test_the_middle_of_a_share_of_something_is_called_after_it(indicator: str, name: str) -> None:
    names = middle_name(load_catalogue().get(indicator))

    assert names
    assert names[0] == name


def test_a_difference_that_a_map_makes_turns_where_there_is_none() -> None:
    made = replace(load_catalogue().get("aandeelCorporatie"), soort=Soort.AFWIJKING, midden=0.0)

    assert middle_name(made) == ("geen verschil", "no difference")


def test_a_middle_without_a_name_is_an_error_that_names_the_indicator() -> None:
    nameless = replace(load_catalogue().get("aandeelCorporatie"), midden=30.0)

    with pytest.raises(ValueError, match="the middle of 'aandeelCorporatie' has no name"):
        middle_name(nameless)
