import pytest

from spatial.domain.indicators import GROEPEN, Soort, Thema, load_catalogue, parse_catalogue
from spatial.errors import SchemaError, UnknownMemberError

SHARE = """
[[indicator]]
id = "aandeel"
soort = "aandeel"
themas = ["ouderen"]
bron = "x"
teller = "a"
noemer = "b"
afronding = 0.1
eenheid = "%"
titel = { nl = "a", en = "a" }
definitie = { nl = "a", en = "a" }
"""


def test_every_group_has_persons_households_and_dwellings() -> None:
    catalogue = load_catalogue()

    for groep in GROEPEN:
        ids = {entry.id for entry in catalogue.of(groep)}
        assert {"personen", "huishoudens", "woonruimten"} <= ids


def test_two_counts_never_name_the_same_source_cell() -> None:
    for thema in Thema:
        cells = [(e.kenmerk, e.maat) for e in load_catalogue().of(thema) if e.soort.is_count]
        assert len(cells) == len(set(cells))


def test_a_share_divides_two_counts_of_the_same_kind() -> None:
    catalogue = load_catalogue()

    for entry in catalogue.indicators:
        if entry.soort is Soort.AANDEEL:
            above, below = catalogue.get(entry.teller), catalogue.get(entry.noemer)
            assert above.soort is below.soort
            assert above.maat == below.maat


def test_property_names_are_camel_case_and_unique_with_their_companions() -> None:
    names = [name for entry in load_catalogue().indicators for name in entry.columns]

    assert len(names) == len(set(names))
    assert all(name.isalnum() and name[0].islower() for name in names)


def test_an_unknown_indicator_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownMemberError, match="no indicator 'personeel'; there are personen, "):
        load_catalogue().get("personeel")


def test_a_formula_that_refers_to_nothing_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"'aandeel' refers to \['a', 'b'\]"):
        parse_catalogue(SHARE)


def test_an_entry_without_a_key_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"indicator 'aandeel': KeyError\('noemer'\)"):
        parse_catalogue(SHARE.replace('noemer = "b"\n', ""))


def test_an_indicator_stands_in_the_catalogue_once() -> None:
    entry = SHARE.replace('teller = "a"', 'teller = "aandeel"').replace(
        'noemer = "b"', 'noemer = "aandeel"'
    )
    with pytest.raises(SchemaError, match="has an indicator twice"):
        parse_catalogue(entry + entry)


def test_every_theme_has_a_title_in_both_languages() -> None:
    assert all(thema.titel and thema.title_en for thema in Thema)
