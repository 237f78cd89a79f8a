"""The small country behind the real application, and golden answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from spatial.serve.app import Service, create_app
from spatial.serve.config import render, resources
from spatial.serve.read.edition import Edition, open_editions
from spatial.serve.read.layer import Layer
from tests.miniland import miniland_snapshot

BASE = Path(__file__).parents[2] / "pygeoapi-config.yml"
_EXPECTED = Path(__file__).parent / "expected"

type Golden = Callable[[str, Any], None]


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a store with miniland."""
    folder = tmp_path_factory.mktemp("store")
    miniland_snapshot(folder)
    return folder


@pytest.fixture(scope="session")
def edition(root: Path) -> Edition:
    return open_editions(root).current


@pytest.fixture(scope="session")
def ouderen(edition: Edition) -> Layer:
    return edition.layer("ouderen-gemeente")


@pytest.fixture(scope="session")
def config(root: Path, edition: Edition) -> Path:
    """Configuration file for miniland."""
    path = root / "config.yml"
    text = BASE.read_text(encoding="utf-8")
    path.write_text(render(text, resources(edition.contents)), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def client(root: Path, config: Path) -> TestClient:
    """Client of the application over miniland."""
    return TestClient(create_app(Service(config, root, "http://testserver")))


@pytest.fixture
def golden() -> Golden:
    """Compare a document with the file of that name; a file that is not there is written."""

    def compare(name: str, document: Any) -> None:
        path = _EXPECTED / name
        if not path.exists():
            text = json.dumps(document, ensure_ascii=False, indent=1)
            path.write_text(f"{text}\n", encoding="utf-8")
            pytest.fail(f"{path.name} was not there: written now, read it and commit it")
        assert document == json.loads(path.read_text(encoding="utf-8"))

    return compare
