import pytest

from spatial.domain.verdeling import entries, indicator_id, load_scheme, parse_scheme
from spatial.errors import SchemaError, UnknownMemberError

KEY = """
[[sleutel]]
id = "bomen"
indicator = "bomenAlle"
eenheid = "bomen"
collectie = true
minimum = 50
titel = { nl = "alle bomen", en = "all trees" }
"""
MEASURE = """
[[maat]]
id = "Deel"
eenheid = "bomen"
afronding = 0.1
binnen = false
titel = { nl = "deel naar {sleutel}", en = "part by {sleutel}" }
definitie = { nl = "Deel naar {sleutel}.", en = "Part by {sleutel}." }
"""
POSTGRESQL = 63
"""The longest name of a column there."""


def test_a_key_and_a_measure_need_no_code_to_become_indicators() -> None:
    found = list(
        entries([("ver-weg", "Ver weg", "Far away")], "eerlijk", parse_scheme(KEY + MEASURE))
    )

    assert [entry["id"] for entry in found] == ["verWegBomenDeel"]
    assert found[0]["titel"] == {
        "nl": "Ver weg: deel naar alle bomen",
        "en": "Far away: part by all trees",
    }
    assert found[0]["definitie"]["nl"] == "Ver weg. Deel naar alle bomen."


def test_a_key_that_is_not_for_the_collections_gives_no_indicators() -> None:
    scheme = parse_scheme(KEY.replace("collectie = true", "collectie = false") + MEASURE)

    assert list(entries([("a", "A", "A")], "eerlijk", scheme)) == []
    assert scheme.sleutel("bomen").title_en == "all trees"


def test_the_keys_that_planners_use_are_there() -> None:
    assert [entry.id for entry in load_scheme().sleutels] == [
        "inwoners", "huishoudens", "woonruimten", "corporatiewoningen", "vrijgekomen", "oppervlakte",
    ]  # fmt: skip


def test_an_unknown_key_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownMemberError, match="no sleutel 'bomen'; there are inwoners, "):
        load_scheme().sleutel("bomen")


def test_property_names_fit_in_every_database() -> None:
    scheme = load_scheme()
    names = [
        indicator_id(groep, sleutel, maat) + "Status"
        for groep in ("vergunninghouders", "uitstroom-detentie")
        for sleutel in scheme.sleutels
        for maat in scheme.maten
    ]

    assert max(map(len, names)) <= POSTGRESQL


def test_the_classes_of_the_location_quotient_are_as_far_below_1_as_above() -> None:
    (quotient,) = (maat for maat in load_scheme().maten if maat.id == "Locatiequotient")

    assert quotient.midden == 1.0
    below = [1 / edge for edge in quotient.klassen if edge < 1]
    assert sorted(below) == [edge for edge in quotient.klassen if edge > 1]


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        KEY + MEASURE.replace("binnen = false", ""),
        KEY * 2 + MEASURE,
        KEY.replace("bomenAlle", "") + MEASURE,
    ],
)
def test_a_file_that_is_not_complete_or_says_a_thing_twice_is_refused(text: str) -> None:
    with pytest.raises(SchemaError):
        parse_scheme(text)
