from pathlib import Path

from spatial.domain.indicators import load_catalogue
from spatial.domain.reference import reference_page

PAGE = Path(__file__).parents[2] / "docs" / "indicatoren.md"


def test_the_reference_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text("utf-8") == reference_page(load_catalogue()), "run scripts/indicatoren"


def test_every_indicator_has_a_heading_that_formulas_link_to() -> None:
    page = PAGE.read_text("utf-8")

    for entry in load_catalogue().indicators:
        assert page.count(f"\n### {entry.id}\n") == 1
    targets = {part.split(")")[0] for part in page.split("](#")[1:]}
    assert targets <= {entry.id.lower() for entry in load_catalogue().indicators}
