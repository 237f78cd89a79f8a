import re
from pathlib import Path

import pytest

from spatial.settings import Settings

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "spatial").rglob("*.py"))


def test_every_setting_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(SPATIAL_\w+)`", text, re.MULTILINE))

    assert documented == {f"SPATIAL_{name.upper()}" for name in Settings.__slots__} | {
        "SPATIAL_MIRROR"
    }


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_no_module_is_longer_than_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_room_is_introduced_in_walking_order() -> None:
    text = (ROOT / "spatial" / "__init__.py").read_text(encoding="utf-8")
    rooms = sorted(path.parent.name for path in (ROOT / "spatial").glob("*/__init__.py"))

    assert all(f"``{room}``" in text for room in rooms)


def test_the_changelog_has_an_unreleased_part_on_top() -> None:
    headings = re.findall(
        r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert headings[0] == "Unreleased"


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/data.md",
        "docs/eerlijke-verdeling.md",
        "docs/ophalen.md",
        "docs/uitrol.md",
    ],
)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    path = ROOT / document
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []
