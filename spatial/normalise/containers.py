"""Files as they arrive: size, first bytes and zip looked at before a format library opens them."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spatial.errors import SourceError

MAX_BYTES = 1 << 30
"""Largest boundary file that is opened, after unpacking (bytes); all PDOK layers fit."""

_STARTS = {".geojson": b"{", ".json": b"{", ".gpkg": b"SQLite format 3\x00"}
_BOM = b"\xef\xbb\xbf"


@contextmanager
def plain_file(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[Path]:
    """Give a GeoJSON or GeoPackage file that is safe to open; unpacked for the duration if zipped.

    Args:
        path: ``.geojson``, ``.json``, ``.gpkg``, or a ``.zip`` with one of these in it.
        max_bytes: limit on the file, and on everything in the zip together, as unpacked.

    Raises:
        SourceError: the file is absent, empty, too large, of another format, or a bad zip.
    """
    _check_size(path, max_bytes)
    if path.suffix.lower() != ".zip":
        _check_start(path, path.name)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="grenzen-") as folder:
        unpacked = _unpack(path, Path(folder), max_bytes)
        _check_start(unpacked, path.name)
        yield unpacked


def _check_size(path: Path, max_bytes: int) -> None:
    if not path.is_file():
        message = f"{path}: there is no such file"
        raise SourceError(message)
    size = path.stat().st_size
    if size == 0:
        message = f"{path.name}: the file is empty; fetch it again"
        raise SourceError(message)
    if size > max_bytes:
        message = f"{path.name}: {size} bytes, more than the limit of {max_bytes}"
        raise SourceError(message)


def _check_start(path: Path, name: str) -> None:
    start = _STARTS.get(path.suffix.lower())
    if start is None:
        message = f"{name}: {path.suffix!r} is not read; expected {', '.join(_STARTS)} or .zip"
        raise SourceError(message)
    with path.open("rb") as stream:
        head = stream.read(64).removeprefix(_BOM).lstrip()
    if not head.startswith(start):
        message = f"{name}: the file starts with {head[:24]!r}, which is not {path.suffix[1:]}"
        raise SourceError(message)


def _unpack(path: Path, folder: Path, max_bytes: int) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            member = _only_member(archive, path.name, max_bytes)
            target = folder / f"unpacked{Path(member.filename).suffix.lower()}"
            with archive.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        message = f"{path.name}: the zip cannot be unpacked: {error}"
        raise SourceError(message) from error
    return target


def _only_member(archive: zipfile.ZipFile, name: str, max_bytes: int) -> zipfile.ZipInfo:
    """Return the one data file; sizes are those of the directory, which ``zipfile`` holds to."""
    size = sum(member.file_size for member in archive.infolist())
    if size > max_bytes:
        message = f"{name}: {size} bytes when unpacked, more than the limit of {max_bytes}"
        raise SourceError(message)
    members = [m for m in archive.infolist() if Path(m.filename).suffix.lower() in _STARTS]
    if len(members) != 1:
        names = [member.filename for member in members]
        message = f"{name}: expected one file of {', '.join(_STARTS)} in the zip, found {names}"
        raise SourceError(message)
    return members[0]
