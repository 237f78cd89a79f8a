"""Links are written for the repository and hold on the site as well."""

from pathlib import Path

import pytest

from docsite.links import Place, linked_files, relinked
from docsite.parts import languages_marked

SERVICE = "https://kaart.example.nl"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a few files."""
    for name in ("README.md", "CHANGELOG.md", "deploy/nginx.conf", "docs/data.md", "docs/adr/1.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[x](data.md)", "[x](data.md)"),
        ("[x](adr/1.md#kop)", "[x](adr/1.md#kop)"),
        ("[x](../CHANGELOG.md)", "[x](meer/wijzigingen.md)"),
        ("[x](../deploy/nginx.conf)", "[x](bron/deploy/nginx.conf)"),
        ("[x](/v1/kaart/)", f"[x]({SERVICE}/v1/kaart/)"),
        ("[x](https://pdok.nl/a)", "[x](https://pdok.nl/a)"),
        ("[x](#kop)", "[x](#kop)"),
        ("[x](nergens.md)", "[x](nergens.md)"),  # mkdocs complains of it
    ],
)
def test_a_link_of_a_page_leads_to_the_same_on_the_site(
    root: Path, written: str, shown: str
) -> None:
    assert relinked(written, root, Place("docs/waar.md", "waar.md", SERVICE)) == shown


def test_a_page_from_elsewhere_leads_into_the_documentation(root: Path) -> None:
    place = Place("CHANGELOG.md", "meer/wijzigingen.md", SERVICE)

    assert relinked("[x](docs/data.md#kop)", root, place) == "[x](../data.md#kop)"


def test_files_that_pages_link_to_are_taken_along_and_pages_are_not(root: Path) -> None:
    pages = {
        "docs/data.md": "[a](../deploy/nginx.conf) [b](../CHANGELOG.md) [c](adr/1.md) [d](../x)"
    }

    assert linked_files(root, pages) == ["deploy/nginx.conf"]


def test_a_part_in_another_language_is_marked() -> None:
    text = "# Kop\n\n<!-- lang: en -->\n## Part\n<!-- /lang -->\n"

    assert '<div lang="en" markdown="1">\n## Part\n</div>' in languages_marked(text)


def test_a_part_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a <!-- /lang -->"):
        languages_marked("<!-- lang: en -->\n")
