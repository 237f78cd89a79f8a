"""The example population agrees with the example groups."""

from dataclasses import replace
from datetime import date

import pytest

from spatial.domain.facts import Facts
from spatial.domain.indicators import GROEPEN
from spatial.domain.regions import Indeling
from spatial.domain.sources import SourceStatus
from spatial.example.atoms import Atoms, trace
from spatial.example.population import (
    EXAMPLE_POPULATION_SOURCE,
    example_population,
    population_counts,
)
from spatial.example.truth import true_counts
from spatial.normalise.facts import code_sets, read_facts
from spatial.settings import read_settings

DAYS = [date(2018, 1, 1), date(2023, 12, 31)]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(read_settings({}).boundaries)


@pytest.fixture(scope="module")
def atoms(facts: Facts) -> Atoms:
    return trace(facts, code_sets(facts), range(2018, 2024))


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        (("totaal", "huishoudens"), ("totaal", "huishoudens")),
        (("totaal", "woonruimten"), ("totaal", "woonruimten")),
        (("corporatie", "huishoudens"), ("corporatie", "woonruimten")),
        (("vrijgekomen_corporatiewoning_alle", "woonruimten"), ("corporatie", "woonruimten")),
    ],
)
def test_no_group_has_more_than_all_of_them(
    atoms: Atoms, part: tuple[str, str], whole: tuple[str, str]
) -> None:
    groups, all_of_them = true_counts(atoms, DAYS), population_counts(atoms, DAYS)

    for groep in GROEPEN:
        counts = groups[groep][part]
        assert counts is not None
        assert (counts <= all_of_them[whole]).all()


def test_the_figures_of_the_country_are_those_of_its_gemeenten(facts: Facts) -> None:
    table = example_population(facts, code_sets(facts), years=[2020])
    rows = [row for row in table.to_pylist() if row["maat"] == "huishoudens"]
    gemeenten = [row for row in rows if row["niveau"] == "gemeente" and row["eind"].month == 1]
    land = next(row for row in rows if row["niveau"] == "land" and row["eind"].month == 1)

    assert sum(row["waarde"] for row in gemeenten) == land["waarde"]
    assert {row["code"] for row in gemeenten} == code_sets(facts)[Indeling(2020)]


def test_the_same_facts_in_another_order_give_the_same_figures(facts: Facts) -> None:
    other = replace(facts, memberships=facts.memberships[::-1], inhabitants=facts.inhabitants[::-1])
    codes = code_sets(facts)

    assert example_population(facts, codes, years=[2020]).equals(
        example_population(other, codes, years=[2020])
    )


def test_the_figures_say_that_they_are_an_example() -> None:
    assert EXAMPLE_POPULATION_SOURCE.status is SourceStatus.VOORBEELDCIJFERS
