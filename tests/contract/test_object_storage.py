"""Object storage: snapshots pushed to S3 by the command, and served from there."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import s3fs
from moto.server import ThreadedMotoServer

from spatial.store.remote import open_origin, pull
from spatial.store.snapshot import open_snapshot
from tests.contract.served import serving
from tests.miniland import miniland_snapshot, observations

pytestmark = [
    pytest.mark.client,
    pytest.mark.filterwarnings("default"),  # of the drivers and of the stand-in, not ours
]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a local stand-in for S3; drivers find it as they find the real one."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, text in environment.items():
        monkeypatch.setenv(name, text)
    # the stand-in keeps its buckets as long as this process lives
    name = f"kaarten-{secrets.token_hex(4)}"
    s3fs.S3FileSystem(skip_instance_cache=True).mkdir(name)
    try:
        yield f"s3://{name}/aandachtsgroepen"
    finally:
        server.stop()


def spatial(store: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spatial", *words],
        env={**os.environ, "SPATIAL_DATA": str(store)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_snapshot_goes_to_s3_and_comes_back_on_another_machine(
    bucket: str, tmp_path: Path
) -> None:
    snapshot = miniland_snapshot(tmp_path / "there")
    pushed = spatial(tmp_path / "there", "push", bucket)
    pulled = spatial(tmp_path / "here", "pull", bucket)
    assert pushed.returncode == pulled.returncode == 0, pushed.stderr + pulled.stderr
    found = open_snapshot(tmp_path / "here")
    assert (found.id, found.verify()) == (snapshot.id, [])


def test_a_new_snapshot_replaces_the_one_before(bucket: str, tmp_path: Path) -> None:
    miniland_snapshot(tmp_path / "there")
    spatial(tmp_path / "there", "push", bucket)
    spatial(tmp_path / "here", "pull", bucket)
    new = miniland_snapshot(tmp_path / "there", observations().slice(3))
    spatial(tmp_path / "there", "push", bucket)
    found = pull(open_origin(bucket), tmp_path / "here", lambda *_: None)
    assert found.id == new.id
    assert found.verify() == []


def test_a_server_starts_on_an_empty_disk_and_serves_what_is_pushed(
    bucket: str, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    first = miniland_snapshot(there)
    spatial(there, "push", bucket)
    with serving(tmp_path / "here", tmp_path / "log", ORIGIN=bucket, ORIGIN_S="1") as served:
        before = httpx2.get(f"{served.url}/readyz").json()["snapshot"]
        new = miniland_snapshot(there, observations().slice(3))
        spatial(there, "push", bucket)
        after = before
        deadline = time.monotonic() + 30
        while after == before and time.monotonic() < deadline:
            time.sleep(0.1)
            after = httpx2.get(f"{served.url}/readyz").json()["snapshot"]
    assert (before, after) == (first.id, new.id)


def test_what_is_not_there_is_said_in_one_line(bucket: str, tmp_path: Path) -> None:
    empty = spatial(tmp_path / "here", "pull", bucket)
    nowhere = spatial(tmp_path / "here", "pull", "s3://nergens/kaart")
    unsaid = spatial(tmp_path / "here", "pull")
    assert (empty.returncode, nowhere.returncode, unsaid.returncode) == (1, 1, 2)
    assert "spatial push" in empty.stderr
    assert "nergens" in nowhere.stderr
    assert "SPATIAL_ORIGIN" in unsaid.stderr
    assert "Traceback" not in empty.stderr + nowhere.stderr + unsaid.stderr
