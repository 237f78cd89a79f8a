"""The engine that an address names; its package is loaded only then."""

import re

from spatial.errors import SettingsError
from spatial.pipeline.engines.local import LocalEngine
from spatial.pipeline.series.folder import Engine

LOCAL = "local"
_ADDRESS = re.compile(r"(dask|spark)://(\S+)")


def choose_engine(address: str) -> Engine:
    """Return the engine of an address.

    Args:
        address: ``local`` (processes on this machine), ``local[2]`` (so many), ``dask://local``,
            ``dask://host:port`` (a scheduler), ``spark://local[2]`` or ``spark://host:port``.

    Raises:
        SettingsError: no such engine, or its package is not installed.
    """
    if found := re.fullmatch(r"local(?:\[(\d+)\])?", address):
        return LocalEngine(int(found[1]) if found[1] else None)
    if not (found := _ADDRESS.fullmatch(address)):
        message = (
            f"--engine {address!r} is not one of local, local[2], dask://local, dask://host:port, "
            "spark://local[2], spark://host:port"
        )
        raise SettingsError(message)
    name, where = found.groups()
    try:
        if name == "dask":
            from spatial.pipeline.engines.dask import DaskEngine  # noqa: PLC0415 - an extra

            return DaskEngine(where)
        from spatial.pipeline.engines.spark import SparkEngine  # noqa: PLC0415 - an extra

        return SparkEngine(where)
    except ImportError as error:
        message = (
            f"--engine {address} needs a package that is not installed: "
            f"pip install 'aandachtsgroepen-in-kaart[{name}]' ({error})"
        )
        raise SettingsError(message) from error
