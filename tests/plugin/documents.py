"""Documents of a service with two themes, as they are answered: small enough to check by hand.

ouderen-gemeente, ouderen-provincie     2021-2022, own indeling and all in that of 2024
studenten-gemeente                      2022 only
ouderen-vergelijking-gemeente           only in the indeling of 2024
grenzen-gemeente                        no indicators
"""

from typing import Any

Document = dict[str, Any]

_INDICATORS = {
    "ouderen-gemeente": ["personen", "aandeelHuur"],
    "ouderen-provincie": ["personen", "aandeelHuur", "teVerplaatsen"],
    "studenten-gemeente": ["personen"],
    "ouderen-vergelijking-gemeente": ["personenVerandering"],
}
_TITLES = {
    "personen": ("Personen", "Persons"),
    "aandeelHuur": ("Aandeel huur", "Share renting"),
    "teVerplaatsen": ("Te verplaatsen", "To be moved"),
    "personenVerandering": ("Verandering van personen", "Change in persons"),
}
_SHOWN = (
    # id, Dutch title, English title, first and last year
    ("ouderen-gemeente", "Ouderen per gemeente", "Older people, municipalities", 2021, 2022),
    (
        "ouderen-gemeente-indeling-2024",
        "Ouderen per gemeente, indeling 2024",
        "Older people, municipalities, vintage 2024",
        2021,
        2022,
    ),
    ("ouderen-provincie", "Ouderen per provincie", "Older people, provinces", 2021, 2022),
    ("studenten-gemeente", "Studenten per gemeente", "Students, municipalities", 2022, 2022),
    (
        "ouderen-vergelijking-gemeente-indeling-2024",
        "Ouderen, vergelijking per gemeente, indeling 2024",
        "Older people, comparison, municipalities, vintage 2024",
        2021,
        2022,
    ),
    ("grenzen-gemeente", "Grenzen per gemeente", "Boundaries, municipalities", 2018, 2026),
)
_VINTAGE = "-indeling-2024"
ROWS = """\
"id","peilmoment","bronStatus","personen","grenzen"
"GM0001-2021-01-01",2021-01-01,"voorbeeldcijfers",10,"schematisch"
"GM0002-2021-01-01",2021-01-01,"voorbeeldcijfers",,"schematisch"
"GM0001-2022-01-01",2022-01-01,"voorbeeldcijfers",30,"schematisch"
"GM0001-2021-12-31",2021-12-31,"voorbeeldcijfers",,"schematisch"
"""


def collections(language: str = "nl") -> Document:
    """Return the document at ``/collections``."""
    return {
        "collections": [
            {
                "id": id_,
                "title": english if language == "en" else dutch,
                "description": "Voorbeeldcijfers.",
                "keywords": _keywords(id_),
                "extent": {
                    "temporal": {
                        "interval": [
                            [f"{first}-01-01T00:00:00+00:00", f"{last}-12-31T00:00:00+00:00"]
                        ]
                    }
                },
            }
            for id_, dutch, english, first, last in _SHOWN
        ]
    }


def styles() -> Document:
    """Return the document at ``/styles``."""
    return {"styles": [{"id": id_, "indicatoren": names} for id_, names in _INDICATORS.items()]}


def style(owner: str) -> Document:
    """Return the document at ``/styles/<owner>``; a comparison calls itself by its collection."""
    compared = "vergelijking" in owner
    return {
        "collectie": f"{owner}{_VINTAGE}" if compared else owner,
        "indicatoren": {
            name: {"titel": dict(zip(("nl", "en"), _TITLES[name], strict=True))}
            for name in _INDICATORS[owner]
        },
    }


def _keywords(id_: str) -> list[str]:
    words = id_.removesuffix(_VINTAGE).split("-")
    return [*words[::2], words[-1], "aandachtsgroepen"]
