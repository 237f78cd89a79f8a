"""What a fetch tells while it runs; whoever shows it decides how."""

from typing import Protocol


class Progress(Protocol):
    """Who is told; called from several threads."""

    def begin(self, what: str, pages: int | None) -> None:
        """Hear what is fetched now, and in how many answers (None: not known)."""

    def received(self, size: int) -> None:
        """Hear that some bytes came in; negative when they are given up and asked again."""

    def page(self, *, kept: bool) -> None:
        """Hear that an answer is whole; ``kept``: it was here already."""

    def note(self, text: str) -> None:
        """Hear a sentence that a person must see."""


class Silent:
    """Tells nobody."""

    def begin(self, what: str, pages: int | None) -> None:
        """Do nothing."""

    def received(self, size: int) -> None:
        """Do nothing."""

    def page(self, *, kept: bool) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""
