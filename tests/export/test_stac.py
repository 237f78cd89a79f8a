"""A catalogue as a folder: read from disk by pystac, valid, with the files of the snapshot beside it."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import pystac
import pytest

from spatial.errors import StoreError
from spatial.export.stac import Order, Written, export_stac
from spatial.serve.door.core import read_metadata
from spatial.serve.metadata.described import Described, described
from spatial.serve.metadata.owner import owner_of
from spatial.serve.read.edition import opened
from tests.densities import NAME, write_coverage
from tests.miniland import miniland_snapshot
from tests.serve.conftest import BASE
from tests.serve.metadata.reading import documents, valid

URL = "https://kaart.example.nl/v1"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = miniland_snapshot(tmp_path_factory.mktemp("stac")).path
    write_coverage(folder)
    return folder


@pytest.fixture(scope="module")
def content(snapshot: Path) -> Described:
    return described(opened(snapshot), owner_of(read_metadata(BASE, URL), URL))


def export(content: Described, snapshot: Path, order: Order) -> Written:
    return export_stac(content, snapshot, order, lambda _step, _done: None)


@pytest.fixture(scope="module")
def whole(
    content: Described, snapshot: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Written]:
    out = tmp_path_factory.mktemp("catalogue") / "stac"
    return out, export(content, snapshot, Order(out))


def test_every_document_is_valid_and_reached_by_relative_links_only(
    whole: tuple[Path, Written],
) -> None:
    read = documents(pystac.Catalog.from_file(str(whole[0] / "catalog.json")))

    assert all(valid(document) for document in read)
    assert sum(isinstance(document, pystac.Item) for document in read) == whole[1].items
    for path in whole[0].rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert str(whole[0].parent) not in text
        for link in pystac.STACObject.from_file(str(path)).links:
            if link.rel in {"root", "parent", "child", "item", "collection"}:
                assert (path.parent / str(link.href)).resolve().is_file()


def test_the_files_stand_beside_their_items_and_are_those_of_the_snapshot(
    whole: tuple[Path, Written],
) -> None:
    catalog = pystac.Catalog.from_file(str(whole[0] / "catalog.json"))
    size, count = 0, 0

    for item in catalog.get_items(recursive=True):
        for asset in item.assets.values():
            body = Path(str(asset.get_absolute_href())).read_bytes()
            assert asset.href.startswith("./")
            assert asset.extra_fields["file:size"] == len(body)
            assert asset.extra_fields["file:checksum"] == f"1220{hashlib.sha256(body).hexdigest()}"
            size, count = size + len(body), count + 1

    assert (size, count) == (whole[1].size, whole[1].files)
    assert (whole[0] / "ouderen-dichtheid" / NAME / f"{NAME}.tif").is_file()


def test_without_copies_items_point_to_the_service(
    content: Described, snapshot: Path, tmp_path: Path
) -> None:
    written = export(content, snapshot, Order(tmp_path / "a", english=True, copies=False))

    catalog = pystac.Catalog.from_file(str(tmp_path / "a" / "catalog.json"))
    hrefs = [
        asset.href for item in catalog.get_items(recursive=True) for asset in item.assets.values()
    ]
    assert (written.files, written.size) == (0, 0)
    assert catalog.title == "Focus groups on the map"
    assert {urlsplit(href).netloc for href in hrefs} == {"kaart.example.nl"}
    assert all(href.startswith(f"{URL}/collections/") for href in hrefs)
    assert {path.suffix for path in (tmp_path / "a").rglob("*") if path.is_file()} == {".json"}


def test_a_folder_with_something_in_it_stays_as_it_is(
    content: Described, snapshot: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")

    with pytest.raises(StoreError, match="is not empty"):
        export(content, snapshot, Order(tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_that_is_gone_leaves_nothing_half_written(
    content: Described, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        export(content, tmp_path / "no-snapshot", Order(tmp_path / "out"))

    assert list(tmp_path.iterdir()) == []
