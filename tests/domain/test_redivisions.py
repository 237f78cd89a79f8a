from dataclasses import replace
from datetime import date

import pytest

from spatial.domain.redivisions import Mutatie, advance, events_of
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError
from tests.miniland import REGISTER, YEARS


def test_advancing_a_code_set_applies_the_merger() -> None:
    codes = frozenset({"GM0001", "GM0002", "GM0003", "GM0004"})

    assert advance(codes, REGISTER, Indeling(2022)) == {"GM0003", "GM0004", "GM0010"}


def test_a_year_without_events_changes_nothing() -> None:
    codes = frozenset({"GM0003"})

    assert advance(codes, REGISTER, Indeling(2023)) == codes


def test_retiring_a_code_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RegisterError, match=r"retires \['GM0001', 'GM0002'\] for 2022"):
        advance(frozenset({"GM0003"}), REGISTER, YEARS[-1])


def test_an_event_within_a_year_first_shows_in_the_next_indeling() -> None:
    event = replace(REGISTER[0], datum=date(2022, 3, 24))

    assert event.first_indeling == 2023
    assert events_of([event], Indeling(2022)) == []


def test_a_rename_does_not_retire_its_code() -> None:
    rename = replace(REGISTER[0], mutatie=Mutatie.HERNOEMING, nieuwe_code="GM0005")

    assert advance(frozenset({"GM0005"}), [rename], Indeling(2021)) == {"GM0005"}
