"""Sections say once what their indicators share."""

import pytest

from spatial.domain.indicators import Catalogue, Soort, Thema, parse_catalogue
from spatial.errors import SchemaError

FILE = """
[themas]
twee = ["ouderen", "studenten"]

[[sectie]]
titel = { nl = "Aantallen", en = "Counts" }
toelichting = { nl = "Geteld.", en = "Counted." }
soort = "stand"
themas = "twee"
bron = "x"
afronding = 5.0

[[sectie.indicator]]
id = "a"
kenmerk = "a"
maat = "personen"
titel = { nl = "A", en = "Ae" }
definitie = { nl = "Van a.", en = "Of a." }

[[sectie.indicator]]
id = "b"
kenmerk = "b"
maat = "personen"
afronding = 1.0
titel = { nl = "B", en = "Be" }
definitie = { nl = "Van b.", en = "Of b." }

[[sectie]]
titel = { nl = "Per b", en = "Per b" }
soort = "verhouding"
themas = "twee"
bron = "x"

[[sectie.indicator]]
id = "{id}PerB"
van = ["a", "b"]
noemer = "b"
factor = 1000
titel = { nl = "{titel} per b", en = "{titel} per b" }
definitie = { nl = "{titel} op b.", en = "{titel} to b." }

[[indicator]]
id = "los"
soort = "stand"
themas = ["ouderen"]
bron = "x"
kenmerk = "los"
maat = "huishoudens"
afronding = 1.0
titel = { nl = "Los", en = "Loose" }
definitie = { nl = "Los.", en = "Loose." }
"""


@pytest.fixture
def catalogue() -> Catalogue:
    return parse_catalogue(FILE)


def test_an_indicator_has_what_its_section_says(catalogue: Catalogue) -> None:
    found = catalogue.get("a")

    assert (found.soort, found.bron, found.afronding) == (Soort.STAND, "x", 5.0)
    assert found.themas == (Thema.OUDEREN, Thema.STUDENTEN)


def test_an_entry_may_say_otherwise_than_its_section(catalogue: Catalogue) -> None:
    assert catalogue.get("b").afronding == 1.0


def test_the_unit_of_a_count_is_its_measure(catalogue: Catalogue) -> None:
    assert catalogue.get("los").eenheid == "huishoudens"


def test_an_entry_made_of_others_is_one_for_each_of_them(catalogue: Catalogue) -> None:
    found = catalogue.get("aPerB")

    assert (found.teller, found.noemer, found.factor) == ("a", "b", 1000)
    assert (found.titel_nl, found.definition_en) == ("A per b", "Ae to b.")
    assert (found.afronding, found.eenheid) == (5.0, "personen")
    assert catalogue.get("bPerB").afronding == 1.0


def test_sections_name_their_indicators_in_order(catalogue: Catalogue) -> None:
    assert [section.indicatoren for section in catalogue.sections] == [
        ("a", "b"),
        ("aPerB", "bPerB"),
    ]
    assert catalogue.sections[0].toelichting_nl == "Geteld."


def test_an_entry_made_of_what_does_not_stand_before_it_is_refused() -> None:
    with pytest.raises(SchemaError, match="made of 'c', which does not stand before it"):
        parse_catalogue(FILE.replace('van = ["a", "b"]', 'van = ["a", "c"]'))


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(SchemaError, match="the catalogue cannot be read"):
        parse_catalogue("[[sectie]")


def test_a_section_without_title_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"KeyError\('titel'\)"):
        parse_catalogue(FILE.replace('titel = { nl = "Per b", en = "Per b" }', ""))
