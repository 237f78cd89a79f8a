"""Hooks of mkdocs: generated pages, pages from elsewhere in the repository, links, languages."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from docsite.addresses import addresses_page
from docsite.commands import commands_page
from docsite.links import BORROWED, Place, linked_files, relinked
from docsite.parts import languages_marked
from spatial.settings import read_settings

_ROOT = Path(__file__).resolve().parents[1]
_ALL = "/*"
_MADE: dict[str, Callable[[], str]] = {
    "naslag/opdrachten.md": commands_page,
    "naslag/adressen.md": lambda: addresses_page(read_settings(_environment())),
}
_STATIC = {
    "site/site.css": _ROOT / "docsite" / "static" / "site.css",
    "site/site.js": _ROOT / "docsite" / "static" / "site.js",
    "site/iframe-worker.js": _ROOT / "docsite" / "static" / "iframe-worker.js",
    "site/pictogram.svg": _ROOT / "spatial" / "serve" / "static" / "pictogram.svg",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the address of the service from the environment; list whole folders of the menu."""
    config.extra["service"] = _environment().get("SPATIAL_URL") or config.extra["service"]
    config.nav = [_listed(entry) for entry in config.nav or []]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add what is not in the folder: pages made of the code, borrowed pages, files linked to."""
    for name, make in _MADE.items():
        files.append(File.generated(config, name, content=make()))
    for name, source in BORROWED.items():
        text = (_ROOT / source.path).read_text(encoding="utf-8")
        head = f"---\nlang: {source.language}\n---\n"
        files.append(File.generated(config, name, content=head + text))
    shown = {_source(file): file.content_string for file in files.documentation_pages()}
    for name in linked_files(_ROOT, shown):
        files.append(File.generated(config, f"bron/{name}", abs_src_path=str(_ROOT / name)))
    for name, path in _STATIC.items():
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Let links lead to the site or the service, and mark parts in another language."""
    place = Place(_source(page.file), page.file.src_uri, config.extra["service"].rstrip("/"))
    return languages_marked(relinked(markdown, _ROOT, place))


def on_post_build(*, config: MkDocsConfig) -> None:
    """Take out what the theme would fetch from another host, and a page for servers at a root."""
    Path(config.site_dir, "404.html").unlink(missing_ok=True)
    for path in Path(config.site_dir, "assets", "javascripts").glob("bundle*.js"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'"https://unpkg\.com/[^"]*"', '""', text), encoding="utf-8")


def _environment() -> Mapping[str, str]:
    return os.environ  # noqa: TID251 - mkdocs starts here: there is no command of ours above it


def _listed(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of the menu, with the pages of a folder instead of ``folder/*``."""
    ((title, target),) = entry.items()
    if not (isinstance(target, str) and target.endswith(_ALL)):
        return entry
    folder = target.removesuffix(_ALL)
    names = sorted(path.name for path in (_ROOT / "docs" / folder).glob("*.md"))
    if not names:
        message = f"mkdocs.yml lists {target}, where there are no pages"
        raise PluginError(message)
    return {title: [f"{folder}/{name}" for name in names]}


def _source(file: File) -> str:
    """Return where a page stands in the repository."""
    if file.src_uri in BORROWED:
        return BORROWED[file.src_uri].path
    return str(PurePosixPath("docs") / file.src_uri)
