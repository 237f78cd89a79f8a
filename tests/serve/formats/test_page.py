"""Every address in docs/formaten.md is answered by the small country, and its numbers hold."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spatial.domain.formats import FILE_FORMATS
from spatial.serve.formats.selection import FileLimits

_PAGE = (Path(__file__).parents[3] / "docs" / "formaten.md").read_text(encoding="utf-8")
_ADDRESSES = re.findall(r"^(/collections/\S+)$", _PAGE, re.MULTILINE)


@pytest.mark.parametrize("address", _ADDRESSES)
def test_an_address_on_the_page_gives_its_file(client: TestClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content


def test_every_format_is_on_the_page_with_an_address() -> None:
    for entry in FILE_FORMATS:
        assert f"| `{entry.name}` |" in _PAGE
        assert any(f"f={entry.name}" in address for address in _ADDRESSES)
        assert f"`{entry.media_type}`" in _PAGE or entry.name == "geojson"


def test_the_limits_on_the_page_are_those_that_hold() -> None:
    limits = FileLimits()

    for number in (limits.features, limits.cells):
        assert f"{number:,}".replace(",", ".") in _PAGE
    assert (limits.size, limits.writing) == (1 << 30, 2)
