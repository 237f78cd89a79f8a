import xml.etree.ElementTree as ET

import pytest

from spatial.qgis.rules import rules_of
from spatial.qgis.sld import sld
from tests.qgis.conftest import Show

SHARE, COUNT = "aandeelCorporatie", "personen"
SPACES = {
    "sld": "http://www.opengis.net/sld",
    "se": "http://www.opengis.net/se",
    "ogc": "http://www.opengis.net/ogc",
}


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text.encode())  # noqa: S314 - our own text


@pytest.mark.parametrize("indicator", [SHARE, COUNT])
def test_every_line_of_the_legend_that_draws_is_a_rule(show: Show, indicator: str) -> None:
    shown = show("ouderen-gemeente", indicator)
    root = parsed(sld(shown))

    titles = [e.text for e in root.iterfind(".//se:Rule/se:Description/se:Title", SPACES)]

    drawn = [rule.label for rule in rules_of(shown) if rule.drawing is not None]
    assert sorted(map(str, titles)) == sorted(drawn)
    assert len(root.findall(".//se:Rule/ogc:Filter", SPACES)) == len(drawn)


def test_a_class_has_its_ends_and_its_colour(show: Show) -> None:
    shown = show("ouderen-gemeente", SHARE)
    root = parsed(sld(shown))

    fills = [
        e.text for e in root.iterfind(".//se:PolygonSymbolizer/se:Fill/se:SvgParameter", SPACES)
    ]

    assert [fill for fill in fills if fill in shown.entry["kleuren"]] == shown.entry["kleuren"]
    below = [e.text for e in root.iterfind(".//ogc:PropertyIsLessThan/ogc:Literal", SPACES)]
    assert [float(str(text)) for text in below] == shown.entry["grenzen"]


def test_edges_and_circles_are_drawn_over_all_regions(show: Show) -> None:
    root = parsed(sld(show("ouderen-gemeente", COUNT)))

    under, over = root.findall(".//se:FeatureTypeStyle", SPACES)

    assert not under.findall(".//se:PointSymbolizer", SPACES)
    assert len(over.findall(".//se:PointSymbolizer", SPACES)) == 3
    sizes = over.findall(".//se:Size/ogc:Mul/ogc:Function", SPACES)
    assert {size.attrib["name"] for size in sizes} == {"sqrt"}


def test_example_figures_are_called_so_in_the_description(show: Show) -> None:
    root = parsed(sld(show("ouderen-gemeente", SHARE, english=True)))

    abstract = root.findtext(".//sld:UserStyle/se:Description/se:Abstract", "", SPACES)

    assert "Example figures" in abstract
