"""The commands for snapshots kept elsewhere: put there, brought here, and followed by a server."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from spatial.errors import SettingsError, StoreError
from spatial.settings import Settings, read_settings
from spatial.store.snapshot import LIVE, Snapshot, open_snapshot

Origin = Annotated[
    str | None,
    typer.Argument(
        help="Address such as s3://bucket/kaart; else SPATIAL_ORIGIN.", metavar="ORIGIN"
    ),
]

log = logging.getLogger(__name__)


def push(origin: Origin = None) -> None:
    """Put the live snapshot where other machines can get it."""
    from spatial.store import remote  # noqa: PLC0415 - only these commands need object storage

    settings = _settings(origin)
    snapshot = open_snapshot(settings.data)
    with _bar(settings.origin) as step:
        name = remote.push(snapshot, remote.open_origin(settings.origin), step)
    typer.echo(f"snapshot {name} is live in {settings.origin}")


def pull(origin: Origin = None) -> None:
    """Bring the snapshot that is live elsewhere to this store, and make it live."""
    from spatial.store import remote  # noqa: PLC0415 - as above

    settings = _settings(origin)
    with _bar(settings.origin) as step:
        snapshot = remote.pull(remote.open_origin(settings.origin), settings.data, step)
    typer.echo(f"snapshot {snapshot.id} is live in {settings.data}")


def served(settings: Settings) -> Snapshot:
    """Return the snapshot to serve; with an origin that of the origin, which is followed from now on.

    When the origin cannot be read the snapshot that is here is served.

    Raises:
        StoreError: there is none here either.
    """
    if not settings.origin:
        return open_snapshot(settings.data)
    from spatial.store import remote  # noqa: PLC0415 - as above

    origin = remote.open_origin(settings.origin)
    try:
        with _bar(settings.origin) as step:
            snapshot = remote.pull(origin, settings.data, step)
    except StoreError as error:
        if not (settings.data / LIVE).exists():
            raise
        snapshot = open_snapshot(settings.data)
        log.warning("%s; the snapshot that is here is served", error)
    threading.Thread(
        target=remote.follow,
        args=(origin, settings.data, settings.origin_s, threading.Event()),
        name="follow-origin",
        daemon=True,
    ).start()
    return snapshot


def _settings(origin: str | None) -> Settings:
    given = {} if origin is None else {"SPATIAL_ORIGIN": origin}
    settings = read_settings({**os.environ, **given})
    if not settings.origin:
        message = "say where: an address such as s3://bucket/kaart, or SPATIAL_ORIGIN"
        raise SettingsError(message)
    return settings


@contextmanager
def _bar(title: str) -> Iterator["Bar"]:
    """Show progress on the error stream, if a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        yield Bar(shown, title)


class Bar:
    """Tells how far it is."""

    def __init__(self, shown: Progress, title: str) -> None:
        self._shown = shown
        self._task = shown.add_task(title, total=None)

    def __call__(self, name: str, done: int, total: int) -> None:
        """Tell which file is there, what is done and how much there is."""
        self._shown.update(self._task, description=name, completed=done, total=total)
