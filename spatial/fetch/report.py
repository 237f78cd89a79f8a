"""What a fetch gave, and what it refuses to do unasked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spatial.errors import SourceChangedError


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch gave.

    Attributes:
        folder: where it stands.
        rows: rows or features.
        files: files in the folder.
        size: bytes of them.
        renewed: whether anything is new since the fetch before.
        changes: what differs from the fetch before, in sentences.
    """

    folder: Path
    rows: int
    files: int
    size: int
    renewed: bool
    changes: tuple[str, ...] = ()


def refuse(what: str, folder: Path, changes: Sequence[str]) -> SourceChangedError:
    """Return the error of a source that changed; what is here stays."""
    message = (
        f"{what} has changed since it was fetched into {folder}: {'; '.join(changes)}. "
        "Nothing was replaced; fetch again with --accept-changes to replace it"
    )
    return SourceChangedError(message)
