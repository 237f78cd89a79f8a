"""The small country with every status and hostile names, behind pages of three features."""

from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from spatial.domain.status import WITH_VALUE, Status
from spatial.serve.app import Service, create_app
from spatial.serve.config import render, resources
from spatial.serve.read.edition import Edition, open_editions
from tests import miniland

BASE = Path(__file__).parents[3] / "pygeoapi-config.yml"
HOSTILE = {
    "GM0001": "=cmd|' /C calc'!A1",
    "GM0002": '+"aan", halen\nregel',
    "GM0003": "<script>alert(1)</script>",
    "GM0004": "@SUM(A1:A9)",
    "GM0005": "-2+3",
    "GM0010": "\tHoekdal; DROP TABLE gemeenten --",
}


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        for code, name in HOSTILE.items():
            patch.setitem(miniland.NAMES, code, name)
        miniland.miniland_snapshot(folder, every_status())
    return folder


@pytest.fixture(scope="session")
def hostile(store: Path) -> Edition:
    return open_editions(store).current


@pytest.fixture(scope="session")
def web(store: Path, hostile: Edition) -> Iterator[TestClient]:
    text = BASE.read_text(encoding="utf-8")
    for name in ("default_items", "max_items"):
        text = text.replace(f"{name}: 1000", f"{name}: 3")
    config = store / "config.yml"
    config.write_text(render(text, resources(hostile.contents)), encoding="utf-8")
    with TestClient(create_app(Service(config, store, "http://testserver"))) as client:
        yield client


def every_status() -> pa.Table:
    """Figures of miniland in which every status occurs, with and without a value."""
    rows = miniland.observations().to_pylist()
    valued = cycle(sorted(WITH_VALUE))
    empty = cycle(sorted(set(Status) - WITH_VALUE))
    for place, row in zip(count(), rows, strict=False):
        if place % 5 == 0:
            row.update(waarde=None, ondergrens=None, bovengrens=None)
        row["status"] = next(empty if row["waarde"] is None else valued).value
    return miniland.table(rows)
