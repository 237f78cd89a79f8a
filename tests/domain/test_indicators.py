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
        counts = [e for e in load_catalogue().of(thema) if e.soort.is_count]
        cells = [(e.groep, e.kenmerk, e.maat) for e in counts]
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


COUNTS = """
[[indicator]]
id = "a"
soort = "stand"
themas = ["ouderen"]
bron = "x"
kenmerk = "a"
maat = "personen"
afronding = 5
eenheid = "personen"
titel = { nl = "a", en = "a" }
definitie = { nl = "a", en = "a" }

[[indicator]]
id = "b"
soort = "stand"
themas = ["ouderen"]
bron = "x"
kenmerk = "b"
maat = "personen"
afronding = 5
eenheid = "personen"
titel = { nl = "b", en = "b" }
definitie = { nl = "b", en = "b" }
"""


def test_an_indicator_stands_in_the_catalogue_once() -> None:
    with pytest.raises(SchemaError, match=r"has an indicator twice: \['a', 'b'\]"):
        parse_catalogue(COUNTS + COUNTS)


def test_a_formula_over_a_stock_and_a_flow_is_refused() -> None:
    flow = COUNTS.replace('"stand"', '"stroom"', 1)

    with pytest.raises(SchemaError, match="'aandeel' divides a stroom by a stand"):
        parse_catalogue(flow + SHARE)


def test_a_formula_in_a_theme_without_its_counts_is_refused() -> None:
    wider = SHARE.replace('["ouderen"]', '["ouderen", "studenten"]')

    with pytest.raises(SchemaError, match=r"without its teller or noemer: \['studenten'\]"):
        parse_catalogue(COUNTS + wider)


def test_a_ratio_says_by_what_it_is_multiplied() -> None:
    ratio = SHARE.replace('"aandeel"\nthemas', '"verhouding"\nthemas')

    with pytest.raises(SchemaError, match=r"KeyError\('factor'\)"):
        parse_catalogue(COUNTS + ratio)
    found = parse_catalogue(COUNTS + ratio.replace("eenheid", "factor = 1000\neenheid"))
    assert found.get("aandeel").factor == 1000


def test_every_theme_has_a_title_in_both_languages() -> None:
    assert all(thema.titel and thema.title_en for thema in Thema)


def test_the_realised_part_of_an_opgave_is_a_formula_but_no_ratio_with_a_minimum() -> None:
    entry = load_catalogue().get("realisatie")

    assert (entry.teller, entry.noemer) == ("gehuisvest", "opgave")
    assert entry.soort.has_formula
    assert not entry.soort.is_ratio
    assert not entry.soort.is_count
