import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from spatial.errors import StoreError
from spatial.preview.classes import PATTERN_INK, PATTERN_PAPER
from spatial.preview.still_ink import INK
from spatial.qgis.qml import aliases, qml
from spatial.qgis.renderer import newest, renderer
from spatial.qgis.symbols import EDGE_INK, PAPER, RECODED_INK
from spatial.qgis.temporal import day_of, temporal_element, validity
from spatial.store.snapshot import Snapshot
from tests.qgis.conftest import Show

SHARE, COUNT = "aandeelCorporatie", "personen"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


def test_a_style_is_one_document_that_names_the_version_it_is_made_for(
    country: Snapshot, show: Show
) -> None:
    text = qml(country.contents.get("ouderen-gemeente"), show("ouderen-gemeente", SHARE))

    assert text.startswith("<!DOCTYPE qgis ")
    root = parsed(text.partition("\n")[2])
    assert root.attrib["version"] == "3.22.0"
    assert [child.tag for child in root][:2] == ["temporal", "renderer-v2"]
    assert root.findtext("previewExpression") == '"regioNaam"'


def test_every_rule_that_draws_has_a_symbol_and_a_filter(show: Show) -> None:
    element = renderer(show("ouderen-gemeente", SHARE))

    rules = element.findall("./rules/rule/rule")
    symbols = [symbol.attrib["name"] for symbol in element.findall("./symbols/symbol")]

    assert [rule.attrib["symbol"] for rule in rules if "symbol" in rule.attrib] == symbols
    assert all(("filter" in rule.attrib) == ("symbol" in rule.attrib) for rule in rules)
    keys = [rule.attrib["key"] for rule in element.iter("rule")]
    assert len(keys) == len(set(keys))


def test_colours_of_edges_and_patterns_are_those_of_the_maps() -> None:
    assert (EDGE_INK, RECODED_INK, PAPER) == (PATTERN_INK, INK, PATTERN_PAPER)


def test_the_size_of_a_circle_grows_with_the_root_of_the_count(show: Show) -> None:
    element = renderer(show("ouderen-gemeente", COUNT))

    sizes = {o.attrib["value"] for o in element.iter("Option") if o.get("name") == "expression"}

    top = show("ouderen-gemeente", COUNT).entry["top"]
    assert sizes == {f'12.7 * sqrt(abs("personen") / {top:.0f})'}
    assert element.attrib["enableorderby"] == "1"
    assert element.findtext("./orderby/orderByClause") == 'abs("personen")'


def test_one_period_is_drawn_unless_features_have_no_time(show: Show) -> None:
    shown = show("ouderen-gemeente", SHARE)

    assert renderer(shown).find("./rules/rule").attrib["filter"] == newest(shown)  # type: ignore[union-attr]
    timeless = renderer(replace(shown, begin="", eind="")).find("./rules/rule")
    assert timeless is not None
    assert "filter" not in timeless.attrib


def test_a_style_says_when_features_hold(country: Snapshot, show: Show) -> None:
    text = qml(country.contents.get("ouderen-gemeente"), show("ouderen-gemeente", SHARE))

    found = parsed(text.partition("\n")[2]).find("temporal")

    expected = temporal_element(validity("peilmoment", "peilmoment", day_of(SHARE)))
    assert found is not None
    assert found.attrib == expected.attrib


@pytest.mark.parametrize(("english", "title"), [(False, "Regionaam"), (True, "Region name")])
def test_fields_are_shown_under_their_titles(
    country: Snapshot, title: str, *, english: bool
) -> None:
    fields = country.contents.get("ouderen-gemeente").velden

    found = {e.attrib["field"]: e.attrib["name"] for e in aliases(fields, english=english)}

    assert list(found) == ["id", *(field.naam for field in fields)]
    assert found["regioNaam"] == title


def test_a_layer_without_figures_is_drawn_by_its_edges(country: Snapshot) -> None:
    text = qml(country.contents.get("ouderen-gemeente"))

    element = parsed(text.partition("\n")[2]).find("renderer-v2")
    assert element is not None
    assert element.attrib["type"] == "singleSymbol"


def test_a_pattern_that_is_not_known_is_a_named_error(show: Show) -> None:
    shown = show("ouderen-gemeente", SHARE)
    first, *others = shown.style["statussen"]
    odd = replace(
        shown, style={**shown.style, "statussen": [{**first, "tekening": "golven"}, *others]}
    )

    with pytest.raises(StoreError, match="no drawing of a pattern 'golven'"):
        renderer(odd)
