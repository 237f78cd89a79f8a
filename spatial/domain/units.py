"""Units as they stand behind a number, in Dutch and in English."""

from spatial.errors import UnknownMemberError

_RATIO = "verhouding"
"""Stands in lists of properties; behind a number it says nothing."""

_ENGLISH = {
    "": "",
    "%": "%",
    _RATIO: "",
    "procentpunten": "percentage points",
    "personen": "persons",
    "huishoudens": "households",
    "woonruimten": "dwellings",
    "per 1.000 inwoners": "per 1,000 inhabitants",
    "per 100 corporatiewoningen": "per 100 housing-association dwellings",
    "personen per huishouden": "persons per household",
    "personen per woonruimte": "persons per dwelling",
    "huishoudens per woonruimte": "households per dwelling",
}


def said(unit: str) -> str:
    """Return a Dutch unit as it is said behind a number; nothing for a mere ratio."""
    return "" if unit == _RATIO else unit


def said_en(unit: str) -> str:
    """Return a Dutch unit in English, as it is said behind a number.

    Raises:
        UnknownMemberError: there is no English for it.
    """
    try:
        return _ENGLISH[unit]
    except KeyError as error:
        message = f"no English for the unit {unit!r}; there is for {', '.join(_ENGLISH)}"
        raise UnknownMemberError(message) from error
