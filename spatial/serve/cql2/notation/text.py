"""CQL2 text to the tree of CQL2 JSON.

The library ``cql2`` reads operators and their precedence. It is only given flat pieces: it needs time
that doubles with every parenthesis when something in them is wrong, overflows the stack of the
process on a long row of ``NOT``, keeps whole numbers in double precision, and takes ``notitie`` for
NOT itie. So names, texts, numbers, geometries and everything between parentheses are taken out first
and put back into what it answers.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import cql2
import shapely

from spatial.serve.cql2.limits import MAX_STEPS, MAX_TEXT, checked_text, finite, refusal, shown
from spatial.serve.cql2.notation.tokens import Token, Tokens

_GEOMETRY = re.compile(
    r"(?:(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)(?:\s+ZM?|\s+M|ZM?|M)?"
    r"\s*(?P<open>\()",
    re.IGNORECASE | re.ASCII,
)
_JOINING = ("and", "or")
_KEYWORDS = (*_JOINING, "not", "between", "like", "in", "is", "null", "div", "true", "false")
_VALUES = ("null", "true", "false")
_CONSTRUCTORS = ("date", "timestamp", "interval", "bbox")
_ESCAPE = re.compile(r"''|\\(['\\abtnvfr])")
_ESCAPED = dict(zip("'\\abtnvfr", "'\\\a\b\t\n\v\f\r", strict=True))
_COLUMN = re.compile(r"--> 1:(\d+)")
_PLACED = re.compile(r"p\d+", re.ASCII)


@dataclass(slots=True)
class _Piece:
    """What stands between two parentheses or commas: words for the library, and where they were."""

    words: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add(self, word: str, at: int) -> None:
        self.words.append(word)
        self.places.append(at)

    @property
    def wants_operand(self) -> bool:
        """Whether a minus here is the sign of what follows."""
        last = self.words[-1] if self.words else "("
        return not (_PLACED.fullmatch(last) or last == ")" or last in _VALUES)


@dataclass(slots=True)
class _Frame:
    """An open parenthesis: of a ``group``, of the ``list`` after IN, or of a named function."""

    kind: str
    at: int
    pieces: list[_Piece] = field(default_factory=lambda: [_Piece()])


def read_text(text: str) -> Any:
    """Return the expression as CQL2 JSON; a geometry is a shapely geometry in the order written.

    Raises:
        QueryError: it is none, or more than is allowed.
    """
    return _Reader(checked_text(text, MAX_TEXT)).tree()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._atoms: list[Any] = []
        self._frames = [_Frame("group", 0)]

    def tree(self) -> Any:
        tokens = Tokens(self._text)
        for token in tokens:
            match token.kind:
                case "name":
                    self._name(token, tokens)
                case "sign":
                    self._sign(token, tokens)
                case _:
                    self._add(_literal(token), token.at)
        if len(self._frames) > 1:
            raise refusal(
                f"a parenthesis is not closed: {shown(self._text[self._frames[-1].at :])}"
            )
        return self._single(self._frames[0])

    def _name(self, token: Token, tokens: Tokens) -> None:
        word = token.text.lower()
        if geometry := _GEOMETRY.match(self._text, token.at):
            end = _closing(self._text, geometry.start("open"))
            self._add(_geometry(self._text[token.at : end]), token.at)
            tokens.skip_to(end)
        elif word in _KEYWORDS:
            self._piece.add(word, token.at)
        elif tokens.upcoming() == "(":
            tokens.skip_to(self._text.index("(", token.at) + 1)
            self._frames.append(_Frame(word, token.at))
        else:
            self._add({"property": token.text}, token.at)

    def _sign(self, token: Token, tokens: Tokens) -> None:
        match token.text:
            case "(":
                kind = "list" if self._piece.words[-1:] == ["in"] else "group"
                self._frames.append(_Frame(kind, token.at))
            case ")":
                self._close(token)
            case ",":
                self._frames[-1].pieces.append(_Piece())
            case "-" if self._piece.wants_operand and tokens.upcoming_number():
                number = next(tokens)
                self._add(-_number(number.text), token.at)
            case sign:
                self._piece.add(sign, token.at)

    def _close(self, token: Token) -> None:
        if len(self._frames) == 1:
            raise refusal(f"a parenthesis was not opened: {shown(self._text[: token.at + 1])}")
        frame = self._frames.pop()
        if frame.kind == "group":
            self._add(self._single(frame), frame.at)
        elif frame.kind == "list":
            self._list(frame)
        else:
            self._add(_call(frame.kind, [self._parsed(piece) for piece in frame.pieces]), frame.at)

    def _list(self, frame: _Frame) -> None:
        self._piece.add("(", frame.at)
        for number, piece in enumerate(frame.pieces):
            if number:
                self._piece.add(",", frame.at)
            self._add(self._parsed(piece), frame.at)
        self._piece.add(")", frame.at)

    def _single(self, frame: _Frame) -> Any:
        if len(frame.pieces) > 1:
            raise refusal(f"a list only stands after IN: {shown(self._text[frame.at :])}")
        return self._parsed(frame.pieces[0])

    @property
    def _piece(self) -> _Piece:
        return self._frames[-1].pieces[-1]

    def _add(self, atom: Any, at: int) -> None:
        self._piece.add(f"p{len(self._atoms)}", at)
        self._atoms.append(atom)

    def _parsed(self, piece: _Piece) -> Any:
        """Let the library read one flat piece, and put back what was taken out."""
        words = piece.words
        if len(words) == 1 and _PLACED.fullmatch(words[0]):
            return self._atom(words[0])
        if not words:
            raise refusal("nothing stands between two parentheses or commas")
        _check_steps(words)
        try:
            return self._restored(cql2.parse_text(" ".join(words)).to_json())
        except (cql2.ParseError, cql2.ValidationError) as error:
            at = _place(str(error), piece)
            raise refusal(
                f"it cannot be read at character {at + 1}: {shown(self._text[at:])}"
            ) from error

    def _restored(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._restored(part) for part in node]
        if not isinstance(node, dict):
            return node
        if "property" in node:
            return self._atom(node["property"])
        if node["op"] == "^":
            return self._power(node)
        return {"op": node["op"], "args": self._restored(node["args"])}

    def _atom(self, word: str) -> Any:
        if not _PLACED.fullmatch(word):
            raise refusal(f'{word.upper()} stands where a value is needed (a name goes in "...")')
        return self._atoms[int(word[1:])]

    def _power(self, node: Any) -> Any:
        """Powers are taken from the right; the library takes them from the left."""
        left, right = node["args"]
        power = self._restored(right)
        while isinstance(left, dict) and left.get("op") == "^":
            left, right = left["args"]
            power = {"op": "^", "args": [self._restored(right), power]}
        return {"op": "^", "args": [self._restored(left), power]}


def _literal(token: Token) -> Any:
    match token.kind:
        case "text":
            # another backslash is left for LIKE
            return _ESCAPE.sub(lambda sign: _ESCAPED[sign[1] or "'"], token.text[1:-1])
        case "quoted":
            return {"property": token.text[1:-1]}
        case _:
            return _number(token.text)


def _number(text: str) -> int | float:
    number = finite(float(text))
    return int(text) if text.isdigit() else number


def _geometry(text: str) -> shapely.Geometry:
    try:
        return shapely.from_wkt(text)
    except shapely.GEOSException as error:
        raise refusal(f"{shown(text)} is not a geometry: {error}") from error


def _closing(text: str, at: int) -> int:
    """Return the place after the parenthesis that closes the one at a place."""
    depth = 0
    for found in re.finditer(r"[()]", text[at:]):
        depth += 1 if found[0] == "(" else -1
        if depth == 0:
            return at + found.end()
    raise refusal(f"a parenthesis is not closed: {shown(text[at:])}")


def _call(name: str, args: list[Any]) -> Any:
    if name not in _CONSTRUCTORS:
        return {"op": name, "args": args}
    if name in {"interval", "bbox"}:
        return {name: args}
    if len(args) != 1:
        raise refusal(f"{name.upper()} has one text between its parentheses")
    return {name: args[0]}


def _check_steps(words: list[str]) -> None:
    steps = pending = 0
    for word in words:
        if word == "between":
            pending += 1
        elif word == "and" and pending:
            pending -= 1
        elif word in _JOINING:
            steps = 0
        steps += not (_PLACED.fullmatch(word) or word in "(,)")
        if steps > MAX_STEPS:
            raise refusal(f"more than {MAX_STEPS} operators in a row: use parentheses")


def _place(message: str, piece: _Piece) -> int:
    """Return where in the text the library stopped."""
    found = _COLUMN.search(message)
    column = int(found[1]) - 1 if found else 0
    for word, place in zip(piece.words, piece.places, strict=True):
        if column <= len(word):
            return place
        column -= len(word) + 1
    return piece.places[-1]
