"""What the middle of a scale in two directions is called: neither above nor below."""

from spatial.domain.indicators import Indicator, Soort, Tegen

type Names = tuple[str, str]
"""Dutch and English."""

_AGAINST: dict[Tegen | None, Names] = {
    Tegen.VORIGE: ("gelijk aan een jaar eerder", "the same as a year before"),
    Tegen.BASIS: ("gelijk aan het eerste jaar", "the same as the first year"),
    Tegen.LAND: ("het cijfer van het land", "the figure of the country"),
    Tegen.COROP: ("het cijfer van het COROP-gebied", "the figure of the COROP area"),
    None: ("geen verschil", "no difference"),
}
_OF_KIND: dict[Soort, Names] = {
    Soort.VERDELING: ("het evenredige deel", "the proportional share"),
    Soort.REALISATIE: ("de opgave is precies gehaald", "the opgave is exactly met"),
}


_OF_COUNT: Names = ("niets te doen en niets over", "nothing left to do and nothing to spare")


def middle_name(indicator: Indicator) -> Names | None:
    """Name the value that is neither above nor below; None for an indicator without one.

    Raises:
        ValueError: there is such a value, and it has no name.
    """
    if indicator.midden is None:
        return None
    if indicator.soort.is_difference:
        return _AGAINST[indicator.tegen]
    if indicator.soort.is_count:
        return _OF_COUNT
    if indicator.soort in _OF_KIND:
        return _OF_KIND[indicator.soort]
    message = f"the middle of {indicator.id!r} has no name"
    raise ValueError(message)
