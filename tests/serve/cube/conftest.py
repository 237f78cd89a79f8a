"""Miniland with all its observations as a collection, behind the real application."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from spatial.domain.regions import Niveau
from spatial.join.layers import boundaries_layer
from spatial.pipeline.observations import Observed, add_observations
from spatial.serve.app import Service, create_app
from spatial.serve.config import render, resources
from spatial.serve.cube.views import Sides
from spatial.serve.read.edition import open_editions
from spatial.store.catalogue import Contents
from spatial.store.describe import describe_boundaries
from spatial.store.snapshot import Snapshot, draft, publish
from tests.miniland import FIGURES, SHAPES, boundaries, observations

BASE = Path(__file__).parents[3] / "pygeoapi-config.yml"
ITEMS = "/collections/waarnemingen/items"


def figures() -> pa.Table:
    """Miniland's figures, for two groups."""
    rows = observations()
    groups = pa.array(["studenten"] * rows.num_rows, pa.string())
    return pa.concat_tables([rows, rows.set_column(1, "groep", groups)])


def observed_snapshot(root: Path, rows: pa.Table) -> Snapshot:
    """Publish boundaries and observations."""
    shapes = boundaries()
    with draft(root) as unfinished:
        found = []
        for niveau in (Niveau.LAND, Niveau.PROVINCIE, Niveau.GEMEENTE):
            of_level = shapes[shapes["niveau"] == niveau.value].reset_index(drop=True)
            layer = boundaries_layer(of_level, SHAPES.status.value)
            unfinished.add_layer(f"grenzen-{niveau}.parquet", layer)
            found.append(describe_boundaries(layer, niveau, [SHAPES]))
        regions = pa.table(
            {
                **{
                    name: pa.array(shapes[name], pa.string()) for name in ("niveau", "code", "naam")
                },
                "indeling": pa.array(shapes["indeling"], pa.int32()),
                "grens": [
                    f"{code}-{year}-01-01"
                    for code, year in zip(shapes["code"], shapes["indeling"], strict=True)
                ],
            }
        )
        collection = add_observations(
            unfinished,
            Observed(
                batches=lambda: iter(rows.to_batches(max_chunksize=50)),
                regions=regions,
                rounding={FIGURES.id: 5},
                sources=(FIGURES, SHAPES),
                bbox=found[0].bbox,
            ),
        )
        contents = Contents((*found, collection), (FIGURES, SHAPES))
        unfinished.seal(contents, {"land": "miniland"})
        return publish(unfinished, root)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a store with observations."""
    folder = tmp_path_factory.mktemp("observed")
    observed_snapshot(folder, figures())
    return folder


@pytest.fixture(scope="session")
def sides(root: Path) -> Sides:
    return Sides(open_editions(root).current)


@pytest.fixture(scope="session")
def client(root: Path) -> TestClient:
    """Client of the application over the observations of miniland."""
    contents = open_editions(root).current.contents
    config = root / "config.yml"
    text = render(BASE.read_text(encoding="utf-8"), resources(contents))
    config.write_text(text, encoding="utf-8")
    return TestClient(create_app(Service(config, root, "http://testserver")))


class Asker:
    """Asks for observations."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str = "", /, **asked: str | int) -> httpx2.Response:
        """Return the answer of an address below the observations."""
        answer: httpx2.Response = self.client.get(
            f"{ITEMS}{path}", params={name.replace("_", "-"): text for name, text in asked.items()}
        )
        return answer

    def document(self, **asked: str | int) -> dict[str, Any]:
        """Return a page."""
        answer = self.get(**asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def values(self, **asked: str | int) -> list[dict[str, Any]]:
        """Return the properties of a page."""
        return [feature["properties"] for feature in self.document(**asked)["features"]]

    def pages(self, **asked: str | int) -> Iterator[dict[str, Any]]:
        """Follow the links to the end."""
        page = self.document(**asked)
        while True:
            yield page
            links = [link["href"] for link in page["links"] if link["rel"] == "next"]
            if not links:
                return
            page = self.client.get(links[0]).json()

    def refusal(self, **asked: str | int) -> str:
        """Return what a refused question is told."""
        answer = self.get(**asked)
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return str(answer.json()["detail"])


@pytest.fixture(scope="session")
def ask(client: TestClient) -> Asker:
    return Asker(client)
