"""The small country with a coverage, behind the real application."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.serve.app import Service, create_app
from spatial.store.rasters.index import Coverage
from tests.densities import write_coverage
from tests.miniland import miniland_snapshot
from tests.serve.conftest import BASE


@pytest.fixture(scope="session")
def covered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Coverage]:
    """Root of a store with miniland and a coverage, and the coverage."""
    folder = tmp_path_factory.mktemp("metadata")
    return folder, write_coverage(miniland_snapshot(folder).path)


@pytest.fixture(scope="session")
def coverage(covered: tuple[Path, Coverage]) -> Coverage:
    return covered[1]


@pytest.fixture(scope="session")
def client(covered: tuple[Path, Coverage]) -> TestClient:
    """Client of the application over miniland with a coverage."""
    return TestClient(create_app(Service(BASE, covered[0], "http://testserver")))
