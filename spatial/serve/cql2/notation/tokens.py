"""The smallest parts of CQL2 text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spatial.serve.cql2.limits import refusal, shown

_TOKEN = re.compile(
    r"""(?P<blank>\s++)
    |(?P<text>'(?:''|\\.|[^'\\])*+')
    |(?P<quoted>"[^"]++")
    |(?P<name>[^\W\d][\w.:]*+|:[\w.:]*+)
    |(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    |(?P<sign><>|!=|<=|>=|[-=<>+*/%^(),])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of the text.

    Attributes:
        kind: ``text``, ``quoted`` (a name in double quotes), ``name``, ``number`` or ``sign``.
        text: as written.
        at: its place in the text.
    """

    kind: str
    text: str
    at: int


class Tokens:
    """The tokens of a text; what reads them can look ahead and skip."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def __iter__(self) -> Iterator[Token]:
        return self

    def __next__(self) -> Token:
        match = self._match()
        if match is None:
            raise StopIteration
        self._at = match.end()
        return Token(str(match.lastgroup), match[0], match.start())

    def skip_to(self, at: int) -> None:
        """Go on from a place in the text."""
        self._at = at

    def upcoming(self) -> str:
        """Return the text of the next token."""
        match = self._match()
        return match[0] if match else ""

    def upcoming_number(self) -> bool:
        """Tell whether the next token is a number."""
        match = self._match()
        return match is not None and match.lastgroup == "number"

    def _match(self) -> re.Match[str] | None:
        at = self._at
        while at < len(self._text):
            match = _TOKEN.match(self._text, at)
            if match is None:
                raise refusal(f"it cannot be read at character {at + 1}: {shown(self._text[at:])}")
            if match.lastgroup != "blank":
                return match
            at = match.end()
        return None
