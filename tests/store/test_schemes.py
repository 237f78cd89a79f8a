"""Schemes beside the snapshots: kept per collection and per set of sources."""

from dataclasses import replace
from pathlib import Path

import pytest

from spatial.domain.sources import SourceStatus
from spatial.errors import StoreError
from spatial.store.catalogue import Contents
from spatial.store.schemes import SCHEMES, keep_schemes, owners, read_schemes
from tests.miniland import miniland_snapshot

OUDEREN = "ouderen-gemeente"
ENTRIES = {"personen": {"versie": 1}}


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    return miniland_snapshot(tmp_path_factory.mktemp("store")).contents


def of_facts(contents: Contents) -> Contents:
    """The same collections from sources that are no example."""
    sources = tuple(replace(one, status=SourceStatus.OFFICIEEL) for one in contents.sources)
    return replace(contents, sources=sources)


def test_what_is_kept_is_read_by_the_next_build(contents: Contents, tmp_path: Path) -> None:
    keep_schemes(tmp_path, contents, {OUDEREN: ENTRIES})

    assert read_schemes(tmp_path, contents) == {OUDEREN: ENTRIES}


def test_a_store_without_schemes_has_none(contents: Contents, tmp_path: Path) -> None:
    assert read_schemes(tmp_path, contents) == {}


def test_examples_and_facts_do_not_share_a_scheme(contents: Contents, tmp_path: Path) -> None:
    facts = of_facts(contents)
    keep_schemes(tmp_path, contents, {OUDEREN: ENTRIES})

    assert read_schemes(tmp_path, facts) == {}

    keep_schemes(tmp_path, facts, {OUDEREN: {"personen": {"versie": 3}}})

    assert read_schemes(tmp_path, contents)[OUDEREN]["personen"]["versie"] == 1
    assert read_schemes(tmp_path, facts)[OUDEREN]["personen"]["versie"] == 3


def test_an_indicator_that_a_build_leaves_out_keeps_its_scheme(
    contents: Contents, tmp_path: Path
) -> None:
    keep_schemes(tmp_path, contents, {OUDEREN: ENTRIES})

    keep_schemes(tmp_path, contents, {OUDEREN: {"huishoudens": {"versie": 2}}})

    assert set(read_schemes(tmp_path, contents)[OUDEREN]) == {"personen", "huishoudens"}


def test_keeping_the_same_again_leaves_the_file_as_it_is(
    contents: Contents, tmp_path: Path
) -> None:
    keep_schemes(tmp_path, contents, {OUDEREN: ENTRIES})
    (file,) = (tmp_path / SCHEMES).iterdir()
    before = file.stat().st_mtime_ns, file.read_bytes()

    keep_schemes(tmp_path, contents, {OUDEREN: ENTRIES})

    assert (file.stat().st_mtime_ns, file.read_bytes()) == before


def test_a_damaged_file_is_named(contents: Contents, tmp_path: Path) -> None:
    (tmp_path / SCHEMES).mkdir()
    (tmp_path / SCHEMES / f"{OUDEREN}.json").write_text("{}")

    with pytest.raises(StoreError, match=f"{OUDEREN}.json"):
        read_schemes(tmp_path, contents)


def test_only_collections_of_indicators_have_schemes(contents: Contents) -> None:
    assert set(owners(contents)) == {"ouderen-land", "ouderen-provincie", OUDEREN}
