"""Texts without differences of case or accents, by the rules of Unicode."""

import unicodedata


def composed(text: str) -> str:
    """Return the text with accented letters as one character (NFC), as the data has them."""
    return unicodedata.normalize("NFC", text)


def casei(text: str) -> str:
    """Return what all texts have in common that differ in case only.

    >>> casei("STRASSE") == casei("Straße")
    True
    """
    return composed(unicodedata.normalize("NFD", text).casefold())


def accenti(text: str) -> str:
    """Return what all texts have in common that differ in accents only.

    >>> accenti("Súdwest-Fryslân")
    'Sudwest-Fryslan'
    """
    letters = unicodedata.normalize("NFD", text)
    return composed("".join(sign for sign in letters if unicodedata.category(sign) != "Mn"))


FOLDINGS = {"casei": casei, "accenti": accenti}
