"""Shared fixtures: built stores, the mirror of real boundaries, hypothesis in the house profile."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from spatial.pipeline.build import Inputs, build_snapshot
from spatial.settings import Settings, read_settings
from spatial.store.snapshot import LIVE
from tests.built import store_of

settings.register_profile("house", derandomize=True, deadline=None)
# for a run that counts lines: the run that looks for counterexamples is `make test`
settings.register_profile("counting", settings.get_profile("house"), max_examples=25)
settings.load_profile("house")

_STORES = ("example", "real")
_UNCOUNTED = frozenset({"service", "mirror"})
_DEFAULT_MIRROR = Path(__file__).parents[2] / "shared" / "mirror"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark what is asked of another process or of real boundaries, and put tests in their order.

    A store on real boundaries takes long to build: what needs it runs in `make check`.
    """
    for item in items:
        names = getattr(item, "fixturenames", ())
        if _UNCOUNTED.intersection(names):
            item.add_marker("uncounted")
        if "real" in names:
            item.add_marker("client")
    yield
    items[:] = _builders_first(items)


def _builders_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Let one process build the shared stores at once, while the others run what needs none.

    Of the tests that need a shared store the first is in front, and the others are at the end:
    otherwise all processes would come to wait for the one that builds it.
    """
    stores = [_store_of(item) for item in items]
    builders = {stores.index(store) for store in set(stores) if store}
    last = {at for at, store in enumerate(stores) if store and at not in builders}
    order = sorted(range(len(items)), key=lambda at: (at not in builders, at in last))
    return [items[at] for at in order]


def _store_of(item: pytest.Item) -> str:
    names = set(getattr(item, "fixturenames", ()))
    if call := getattr(item, "callspec", None):
        names -= call.params.keys()  # a parameter may have the name of a store
    return next((store for store in _STORES if store in names), "")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder with real boundaries; the test is skipped where it is absent."""
    folder = Path(os.environ.get("SPATIAL_MIRROR", _DEFAULT_MIRROR))
    if not (folder / "boundaries").is_dir():
        pytest.skip(f"no mirror of real boundaries in {folder} (SPATIAL_MIRROR)")
    return folder


@pytest.fixture(scope="session")
def shared_facts(mirror: Path) -> Path:
    """Folder with the public facts beside the mirror; skipped where it is absent."""
    folder = mirror.parent / "facts"
    if not folder.is_dir():
        pytest.skip(f"no fact tables in {folder}")
    return folder


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a store in which the embedded example is built and live."""
    return _built_once(tmp_path_factory, "example", Inputs())


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, mirror: Path) -> Settings:
    """Settings of a store in which the example figures on real boundaries are built and live."""
    return _built_once(tmp_path_factory, "real", Inputs(mirror))


def _built_once(factory: pytest.TempPathFactory, name: str, inputs: Inputs) -> Settings:
    """Give a store that all test processes of this run share; see ``tests.built``."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    settings_ = replace(read_settings({}), data=shared / name)

    def build(folder: Path) -> None:
        build_snapshot(replace(settings_, data=folder), inputs, lambda _step, _done: None)

    with FileLock(shared / f"{name}.lock"):
        if not (settings_.data / LIVE).exists():
            store_of(name, settings_.data, build, inputs.mirror)
    return settings_
