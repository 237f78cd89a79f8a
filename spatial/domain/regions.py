"""Region codes, levels and indelingen as CBS writes them.

The key of a region is (code, indeling): the same code in two indelingen need not be the same area.
"""

import re
from enum import StrEnum
from typing import NewType

from spatial.errors import UnknownRegionError

Indeling = NewType("Indeling", int)
"""A gemeentelijke indeling, named after its 1 January: ``Indeling(2022)`` holds all of 2022."""

LAND_CODE = "NL01"
LAND_NAAM = "Nederland"


class Niveau(StrEnum):
    """A level of region; the value is what travels in tables and in collection ids."""

    LAND = "land"
    PROVINCIE = "provincie"
    COROP = "corop"
    VEILIGHEIDSREGIO = "veiligheidsregio"
    GEMEENTE = "gemeente"

    @property
    def prefix(self) -> str:
        """The two letters with which CBS starts a code of this level."""
        return _PREFIX[self]

    @property
    def titel(self) -> str:
        """Dutch name of one region of this level."""
        return _TITEL[self]

    @property
    def meervoud(self) -> str:
        """Dutch plural, for titles."""
        return _MEERVOUD[self]

    @property
    def plural_en(self) -> str:
        """English plural, for translated titles."""
        return _PLURAL_EN[self]


_PREFIX = {
    Niveau.LAND: "NL",
    Niveau.PROVINCIE: "PV",
    Niveau.COROP: "CR",
    Niveau.VEILIGHEIDSREGIO: "VR",
    Niveau.GEMEENTE: "GM",
}
_TITEL = {
    Niveau.LAND: "land",
    Niveau.PROVINCIE: "provincie",
    Niveau.COROP: "COROP-gebied",
    Niveau.VEILIGHEIDSREGIO: "veiligheidsregio",
    Niveau.GEMEENTE: "gemeente",
}
_MEERVOUD = {
    Niveau.LAND: "Nederland",
    Niveau.PROVINCIE: "provincies",
    Niveau.COROP: "COROP-gebieden",
    Niveau.VEILIGHEIDSREGIO: "veiligheidsregio's",
    Niveau.GEMEENTE: "gemeenten",
}
_PLURAL_EN = {
    Niveau.LAND: "the Netherlands",
    Niveau.PROVINCIE: "provinces",
    Niveau.COROP: "COROP areas",
    Niveau.VEILIGHEIDSREGIO: "safety regions",
    Niveau.GEMEENTE: "municipalities",
}
_PATTERN = re.compile(r"(NL|PV|CR|VR)\d{2}|GM\d{4}")


def parse_code(text: str) -> str:
    """Return a region code without the blanks with which StatLine pads it.

    Raises:
        UnknownRegionError: the text is not a code of a level that this project serves.
    """
    code = text.strip()
    if not _PATTERN.fullmatch(code):
        message = (
            f"{text!r} is not a region code such as 'GM0363', 'PV27', 'CR23', 'VR13' or 'NL01'"
        )
        raise UnknownRegionError(message)
    return code


def niveau_of(code: str) -> Niveau:
    """Tell the level of a region code.

    Raises:
        UnknownRegionError: no level of this project has codes with this prefix.
    """
    for niveau, prefix in _PREFIX.items():
        if code.startswith(prefix):
            return niveau
    message = f"no level has codes like {code!r}"
    raise UnknownRegionError(message)
