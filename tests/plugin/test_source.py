"""The addresses that are asked."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from aandachtsgroepen.source import Service, service_at, without_number

from spatial.domain.status import WITH_VALUE

SERVICE = Service("https://kaart.example.org/v1")


@pytest.mark.parametrize(
    "text",
    [
        "https://kaart.example.org/v1",
        " https://kaart.example.org/v1/ ",
        "https://kaart.example.org/v1//?f=html#boven",
    ],
)
def test_an_address_may_be_copied_from_a_browser(text: str) -> None:
    assert service_at(text) == SERVICE


@pytest.mark.parametrize(
    "text", ["", "kaart.example.org", "ftp://kaart.example.org", "http://", "/v1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        service_at(text)


def test_peilmomenten_are_asked_without_shapes() -> None:
    address = urlsplit(SERVICE.moments("ouderen-gemeente", "personen"))

    assert address.path == "/v1/collections/ouderen-gemeente/items"
    assert parse_qs(address.query) == {
        "f": ["csv"],
        "properties": ["peilmoment,bronStatus,personen"],
        "skipGeometry": ["true"],
    }


def test_a_style_is_asked_as_qgis_reads_it() -> None:
    assert SERVICE.qml("ouderen-gemeente", "personen", "en") == (
        "https://kaart.example.org/v1/styles/ouderen-gemeente/personen?f=qml&lang=en"
    )


def test_titles_are_asked_in_the_language() -> None:
    assert SERVICE.collections("en").endswith("/collections?f=json&lang=en")
    assert SERVICE.schema("grenzen-gemeente", "nl").endswith(
        "grenzen-gemeente/schema?f=json&lang=nl"
    )


def test_a_layer_takes_pages_of_a_thousand() -> None:
    assert SERVICE.layer("ouderen-gemeente") == {
        "url": "https://kaart.example.org/v1",
        "typename": "ouderen-gemeente",
        "pagingEnabled": "true",
        "pageSize": "1000",
    }


def test_metres_are_asked_only_when_wanted() -> None:
    assert SERVICE.layer("ouderen-gemeente", "EPSG:28992")["srsname"] == "EPSG:28992"


def test_a_figure_without_a_number_is_known_by_its_status() -> None:
    expression = without_number("personenStatus")

    assert expression.startswith('"personenStatus" NOT IN (')
    assert set(re.findall(r"'(\w+)'", expression)) == {status.value for status in WITH_VALUE}
