"""Links of pages: they are written for the repository, and must also hold on the site."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_LINK = re.compile(r"(?<=\]\()([^)\s#]*)(#[^)\s]*)?(?=\))")
_ELSEWHERE = re.compile(r"[a-z]+:|//")


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A page of the site that stands elsewhere in the repository.

    Attributes:
        path: from the root of the repository.
        language: of its text.
    """

    path: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands.

    Attributes:
        source: in the repository, from its root.
        target: on the site, as the name of its Markdown file.
        service: address of the service, without a slash at the end.
    """

    source: str
    target: str
    service: str


BORROWED = {
    "meer/bijdragen.md": Borrowed("CONTRIBUTING.md", "en"),
    "meer/feiten.md": Borrowed("boundaries/README.md", "nl"),
    "meer/metingen.md": Borrowed("benchmarks/README.md", "en"),
    "meer/wijzigingen.md": Borrowed("CHANGELOG.md", "en"),
}
_ON_SITE = {source.path: name for name, source in BORROWED.items()}


def relinked(markdown: str, root: Path, place: Place) -> str:
    """Return a page with its links as they are on the site; what leads nowhere stays for mkdocs."""

    def lead(found: re.Match[str]) -> str:
        target, part = found[1], found[2] or ""
        if target.startswith("/v1"):
            return f"{place.service}{target}{part}"
        path = _in_repository(target, place.source)
        if not path or not (root / path).exists():
            return found[0]
        shown = _shown(path)
        return f"{posixpath.relpath(shown, posixpath.dirname(place.target) or '.')}{part}"

    return _LINK.sub(lead, markdown)


def linked_files(root: Path, pages: Mapping[str, str]) -> list[str]:
    """Return the files of the repository that pages link to and that are no pages themselves.

    Args:
        root: of the repository.
        pages: text by the place of a page in the repository.
    """
    return sorted(
        {
            path
            for source, text in pages.items()
            for path in _targets(text, source)
            if not path.startswith("docs/") and path not in _ON_SITE and (root / path).is_file()
        }
    )


def _targets(text: str, source: str) -> Iterator[str]:
    for found in _LINK.finditer(text):
        if path := _in_repository(found[1], source):
            yield path


def _in_repository(target: str, source: str) -> str:
    """Return the path of a link from the root; empty when it is no link to a file."""
    if not target or _ELSEWHERE.match(target) or target.startswith("/"):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def _shown(path: str) -> str:
    """Return where a file of the repository is on the site."""
    if path in _ON_SITE:
        return _ON_SITE[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else f"bron/{path}"
