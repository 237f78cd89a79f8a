"""What is made of the figures of a theme, in collections beside those of the figures themselves."""

from enum import StrEnum


class Aspect(StrEnum):
    """The value stands in the id of a collection, between theme and level."""

    VERGELIJKING = "vergelijking"
    OPVALLEND = "opvallend"
    RANG = "rang"

    @property
    def titel(self) -> str:
        """Dutch title, behind that of the theme."""
        return _TITELS[self][0]

    @property
    def title_en(self) -> str:
        """English title, behind that of the theme."""
        return _TITELS[self][1]


_TITELS = {
    Aspect.VERGELIJKING: ("vergelijking", "comparison"),
    Aspect.RANG: ("rang", "rank"),
    Aspect.OPVALLEND: ("opvallende gebieden", "remarkable areas"),
}
