"""pygeoapi's own application, and its configuration for the edition that is served."""

import importlib
import io
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pygeoapi.util
from pygeoapi import l10n
from pygeoapi.api import API
from starlette.types import ASGIApp

from spatial.errors import SettingsError
from spatial.serve.ask.query import Limits
from spatial.serve.config import handwritten, limits_of, resources
from spatial.serve.door.pages import page_text
from spatial.serve.read.edition import Edition

_PYGEOAPI = "pygeoapi.starlette_app"


class Core:
    """pygeoapi behind our door.

    Attributes:
        config: the hand-written part of its configuration.

    Its application takes a configuration once, when it is imported. Ours is that of the live
    snapshot: when there is a new one, it gets another API object, in one assignment.
    """

    def __init__(self, config: Path, data: Path, url: str) -> None:
        """Load pygeoapi with the hand-written part of a configuration.

        Args:
            config: pygeoapi configuration file; what is generated in it is not read.
            data: root of the store.
            url: address of the service, without a slash at the end.

        Raises:
            SettingsError: the configuration file is not there.
        """
        text = _written_by_hand(config)
        variables = {"SPATIAL_DATA": str(data), "SPATIAL_URL": url}
        self.config: dict[str, Any] = _filled_in(text, variables)
        self._module = _load(text, variables)
        self._lock = threading.Lock()

    @property
    def app(self) -> ASGIApp:
        """Pygeoapi's ASGI application."""
        app: ASGIApp = self._module.APP
        return app

    @property
    def module(self) -> ModuleType:
        """The module that it lives in."""
        return self._module

    @property
    def limits(self) -> Limits:
        """How many features are on a page."""
        return limits_of(self.config)

    def page(self, template: str, data: Mapping[str, Any], language: str) -> str:
        """Render a page that is not pygeoapi's, on the edition that it answers from."""
        config: dict[str, Any] = self._module.api_.config
        return page_text(config, template, data, english=language == "en")

    def serve(self, edition: Edition) -> None:
        """Let pygeoapi answer from this edition from now on."""
        config = deepcopy(self.config)
        config["resources"] = resources(edition.contents, str(edition.snapshot.path))
        api = API(config, {})
        with self._lock:
            # translated configurations of the edition before
            l10n._cfg_cache.clear()  # noqa: SLF001
            self._module.api_ = api  # type: ignore[attr-defined]


def read_metadata(config: Path, url: str) -> dict[str, Any]:
    """Read who publishes the service from its configuration, without a server.

    Args:
        config: pygeoapi configuration file.
        url: address of the service, without a slash at the end.

    Raises:
        SettingsError: the configuration file is not there.
    """
    found = _filled_in(_written_by_hand(config), {"SPATIAL_URL": url})
    metadata: dict[str, Any] = found["metadata"]
    return metadata


def _written_by_hand(config: Path) -> str:
    if not config.is_file():
        message = f"there is no configuration {config}: run 'spatial config'"
        raise SettingsError(message)
    return handwritten(config.read_text(encoding="utf-8")) + "\nresources: {}\n"


def _filled_in(text: str, variables: Mapping[str, str]) -> dict[str, Any]:
    """Read a configuration with the environment that it names."""
    with _environment(variables):
        found: dict[str, Any] = pygeoapi.util.yaml_load(io.StringIO(text))
    return found


def _load(text: str, variables: Mapping[str, str]) -> ModuleType:
    """Import pygeoapi's application anew; it takes its configuration when it is imported."""
    with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # no document of the API: ours is made when it is asked for
        named = {"PYGEOAPI_CONFIG": file.name, "PYGEOAPI_OPENAPI": os.devnull}
        with _environment({**variables, **named}):
            sys.modules.pop(_PYGEOAPI, None)
            return importlib.import_module(_PYGEOAPI)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    # pygeoapi reads no other way; what was there is put back
    environment = os.environ  # noqa: TID251
    before = {name: environment.get(name) for name in variables}
    environment.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del environment[name]
            else:
                environment[name] = value
