"""Temporary files: written in a thread, a few at a time, gone whatever becomes of the request."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from spatial.serve.formats.selection import FileLimits


class Workshop:
    """The files that one worker has in hand; to be used from one event loop."""

    def __init__(self, limits: FileLimits) -> None:
        self._limits = limits
        self._writing = 0
        self._handing = 0

    @property
    def full(self) -> bool:
        """Tell whether there is no room for another file."""
        return self._writing >= self._limits.writing or self._handing >= self._limits.handing

    @property
    def idle(self) -> bool:
        """Tell whether there is no file at all."""
        return self._writing == self._handing == 0

    async def make(self, name: str, write: Callable[[Path], None]) -> Path:
        """Write a file in a folder of its own; it must be discarded after use.

        When the request ends before the file is written, the thread goes on until it is (a thread
        cannot be ended) and keeps its place; then the file is discarded.

        Args:
            name: file name.
            write: called with the path to write, in a thread.

        Raises:
            Exception: what ``write`` raises; nothing is left then.
        """
        folder = Path(tempfile.mkdtemp(prefix="aandachtsgroepen-"))
        self._handing += 1
        self._writing += 1
        work = asyncio.ensure_future(run_in_threadpool(write, folder / name))
        work.add_done_callback(self._done)
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(lambda _: self.discard(folder / name))
            raise
        except BaseException:
            self.discard(folder / name)
            raise
        return folder / name

    def discard(self, path: Path) -> None:
        """Delete a file that was made, with its folder."""
        self._handing -= 1
        shutil.rmtree(path.parent, ignore_errors=True)

    def _done(self, work: asyncio.Future[None]) -> None:
        self._writing -= 1
        if not work.cancelled():
            # heard here, so that nobody complains when the request has gone
            work.exception()
