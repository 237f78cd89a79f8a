from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml
from pygeoapi.config import validate_config
from pygeoapi.util import yaml_load

from spatial.errors import SettingsError
from spatial.serve.config import BEGIN, END, drift, render, resources
from spatial.serve.read.edition import Edition
from spatial.store.catalogue import Contents
from tests.serve.conftest import BASE


@pytest.fixture(scope="module")
def contents(edition: Edition) -> Contents:
    return edition.contents


@pytest.fixture(scope="module")
def text(contents: Contents) -> str:
    return render(BASE.read_text(encoding="utf-8"), resources(contents))


def test_the_part_written_by_hand_keeps_every_character(text: str) -> None:
    base = BASE.read_text(encoding="utf-8")

    assert text.partition(BEGIN)[0] == base.partition(BEGIN)[0]
    assert text.partition(END)[2] == base.partition(END)[2]


def test_rendering_twice_changes_nothing(text: str, contents: Contents) -> None:
    assert render(text, resources(contents)) == text


def test_pygeoapi_finds_the_configuration_valid(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPATIAL_URL", "http://127.0.0.1:5001")

    document = yaml_load(text)

    assert validate_config(document) is True
    assert document["server"]["url"] == "http://127.0.0.1:5001"


def test_the_extent_in_time_is_a_timestamp_and_not_text(text: str) -> None:
    temporal = yaml.safe_load(text)["resources"]["ouderen-gemeente"]["extents"]["temporal"]

    assert temporal == {
        "begin": datetime(2020, 1, 1, tzinfo=UTC),
        "end": datetime(2022, 12, 31, tzinfo=UTC),
    }


def test_the_store_can_be_moved_by_the_environment(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPATIAL_DATA", "/elders")

    provider = yaml_load(text)["resources"]["ouderen-gemeente"]["providers"][0]

    assert (provider["data"], provider["collection"]) == ("/elders", "ouderen-gemeente")


def test_every_collection_says_in_both_languages_that_its_figures_are_examples(
    text: str, contents: Contents
) -> None:
    documents = yaml.safe_load(text)["resources"]

    assert list(documents) == [collection.id for collection in contents.collections]
    for collection in contents.collections:
        for notice in contents.notices(collection):
            assert documents[collection.id]["description"]["nl"].count(notice) == 1
            assert notice in documents[collection.id]["description"]["en"]


def test_every_collection_names_its_licence(contents: Contents) -> None:
    for resource in resources(contents).values():
        assert [link["title"] for link in resource["links"] if link["rel"] == "license"] == [
            "CC BY 4.0"
        ]


def test_a_source_with_an_address_is_linked_with_its_licence(contents: Contents) -> None:
    sources = tuple(
        replace(source, url=f"https://example.org/{source.id}") for source in contents.sources
    )

    links = resources(replace(contents, sources=sources))["ouderen-gemeente"]["links"]

    assert ("via", "Miniland, grenzen (EUPL-1.2)", "https://example.org/miniland") in [
        (link["rel"], link["title"], link["href"]) for link in links
    ]


def test_a_configuration_that_was_rendered_does_not_drift(text: str, contents: Contents) -> None:
    assert drift(text, contents) == []


def test_drift_names_what_differs_and_what_to_do(text: str, contents: Contents) -> None:
    changed = text.replace("nl: Ouderen per gemeente", "nl: Bejaarden").replace(
        "  grenzen-land:\n", "  grenzen-oud:\n"
    )

    assert drift(changed, contents) == [
        "resources.grenzen-land is missing: run 'spatial config --write'",
        (
            "resources.ouderen-gemeente.title.nl is 'Bejaarden', the catalogue says 'Ouderen per "
            "gemeente': run 'spatial config --write'"
        ),
        "resources.grenzen-oud is not in the catalogue: run 'spatial config --write'",
    ]


def test_an_empty_configuration_lacks_every_collection(contents: Contents) -> None:
    assert len(drift("", contents)) == len(contents.collections)


def test_a_configuration_that_is_not_yaml_is_refused(contents: Contents) -> None:
    with pytest.raises(SettingsError, match="not YAML"):
        drift("{", contents)


@pytest.mark.parametrize("base", ["resources: {}", f"{BEGIN}\n", f"{END}\n{BEGIN}\n"])
def test_a_configuration_without_markers_in_order_is_refused(base: str) -> None:
    with pytest.raises(SettingsError, match="the configuration"):
        render(base, {})
