from datetime import date
from pathlib import Path

import pytest

from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.store.catalogue import Collection
from spatial.store.describe import Subject
from tests.miniland import miniland_snapshot


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Collection]:
    root: Path = tmp_path_factory.mktemp("store")
    return {entry.id: entry for entry in miniland_snapshot(root).contents.collections}


def test_a_theme_is_described_with_its_extent(collections: dict[str, Collection]) -> None:
    found = collections["ouderen-gemeente"]

    assert (found.begin, found.eind) == (date(2020, 1, 1), date(2022, 12, 31))
    assert found.indelingen == (2020, 2021, 2022)
    assert found.aantal == 24


def test_the_box_holds_the_country(collections: dict[str, Collection]) -> None:
    west, south, east, north = collections["grenzen-land"].bbox

    assert (west, south) < (4.88, 52.31)
    assert (east, north) > (5.6, 52.39)


def test_every_published_column_has_a_field_with_titles(collections: dict[str, Collection]) -> None:
    for found in collections.values():
        assert all(field.titel_nl and field.title_en for field in found.velden)


def test_fields_are_the_columns_of_the_layer_in_order(tmp_path: Path) -> None:
    snapshot = miniland_snapshot(tmp_path)

    for found in snapshot.contents.collections:
        columns = snapshot.layer(found).column_names
        assert [field.naam for field in found.velden] == [
            c for c in columns if c not in {"id", "geometry"}
        ]


def test_example_data_says_so_in_the_description(collections: dict[str, Collection]) -> None:
    text = collections["ouderen-provincie"].beschrijving_nl

    assert "Voorbeeldcijfers" in text
    assert "Schematische grenzen" in text


def test_an_indeling_holds_until_its_31_december(collections: dict[str, Collection]) -> None:
    found = collections["grenzen-gemeente"]

    assert (found.begin_veld, found.eind_veld) == ("peilmoment", "geldigTotEnMet")
    assert found.eind == date(2022, 12, 31)


def test_an_aspect_stands_between_theme_and_level_in_the_id() -> None:
    subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE, Indeling(2024), Aspect.OPVALLEND)

    assert subject.id == "ouderen-opvallend-gemeente-indeling-2024"
