"""Numbers and words as they stand in a legend, and in the files of other programs."""

from collections.abc import Mapping

_DUTCH = str.maketrans(",.", ".,")


def number(value: float) -> str:
    """Write a number for a program: no exponent, no needless decimals."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def amount(value: float, *, english: bool) -> str:
    """Write a number for a person, with its own decimals: 1.234,5 or 1,234.5."""
    decimals = len(number(value).partition(".")[2])
    text = f"{value:,.{decimals}f}"
    return text if english else text.translate(_DUTCH)


def spoken(texts: Mapping[str, str], *, english: bool) -> str:
    """Return the text in a language of a text that is there in both."""
    return texts["en"] if english else texts["nl"]
