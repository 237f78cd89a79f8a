"""A small country with its frozen schemes, read only."""

import json
from collections.abc import Callable

import pytest

from spatial.qgis.rules import Thematic, thematic
from spatial.store.snapshot import MAPS, Snapshot
from tests.preview.country import country_snapshot

type Show = Callable[..., Thematic]


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return country_snapshot(tmp_path_factory.mktemp("qgis-country"))


@pytest.fixture(scope="session")
def show(country: Snapshot) -> Show:
    """Return what makes an indicator of a collection ready to be drawn."""

    def shown(collection_id: str, indicator: str, *, english: bool = False) -> Thematic:
        collection = country.contents.get(collection_id)
        style = json.loads((country.path / MAPS / collection.stijl).read_text(encoding="utf-8"))
        return thematic(country.contents, collection, style, indicator, english=english)

    return shown
