"""A server with an origin serves what is live there; without it what is here."""

from dataclasses import replace
from pathlib import Path

import pytest

from spatial import storing
from spatial.errors import StoreError
from spatial.settings import Settings, read_settings
from spatial.store.remote import open_origin, push
from spatial.store.snapshot import open_snapshot
from tests.miniland import miniland_snapshot


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a server that follows a folder."""
    (tmp_path / "bucket").mkdir()
    origin = f"file://{tmp_path}/bucket/kaart"
    # it does not look again while a test runs
    return replace(read_settings({}), data=tmp_path / "here", origin=origin, origin_s=3600)


def test_a_server_on_an_empty_disk_serves_what_is_live_elsewhere(
    settings: Settings, tmp_path: Path
) -> None:
    snapshot = miniland_snapshot(tmp_path / "there")
    push(snapshot, open_origin(settings.origin), lambda *_: None)
    assert storing.served(settings).id == snapshot.id
    assert open_snapshot(settings.data).verify() == []


def test_a_server_whose_origin_fails_serves_what_is_here(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = miniland_snapshot(settings.data)
    assert storing.served(settings).id == snapshot.id
    assert "the snapshot that is here is served" in caplog.text


def test_a_server_with_neither_says_what_the_origin_lacks(settings: Settings) -> None:
    with pytest.raises(StoreError, match="spatial push"):
        storing.served(settings)


def test_a_server_without_origin_serves_what_is_here(settings: Settings) -> None:
    snapshot = miniland_snapshot(settings.data)
    assert storing.served(replace(settings, origin="")).id == snapshot.id
