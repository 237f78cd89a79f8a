"""The tree of CQL2 JSON to an expression of which every type is right."""

from collections.abc import Callable, Mapping
from typing import Any

import shapely

from spatial.domain.crs import Crs
from spatial.serve.cql2.expression import (
    GEOMETRY,
    Among,
    Arithmetic,
    Comparison,
    Condition,
    Constant,
    Every,
    Flag,
    Folded,
    Like,
    Literal,
    Missing,
    Not,
    Operand,
    Place,
    Property,
    Some,
    Span,
    Spatial,
    Temporal,
)
from spatial.serve.cql2.folding import FOLDINGS, composed
from spatial.serve.cql2.limits import MAX_DEPTH, MAX_RELATIONS, MAX_VERTICES, finite, refusal, shown
from spatial.serve.cql2.literals import day, day_of, instant, moment, place_of
from spatial.store.catalogue import Field

_KINDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
}
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
_SPATIAL = (
    "intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains",
)  # fmt: skip
_TEMPORAL = ("after", "before", "disjoint", "equals", "intersects")
_OF_INTERVALS = (
    "contains", "during", "finishedby", "finishes", "meets", "metby", "overlappedby", "overlaps",
    "startedby", "starts",
)  # fmt: skip
_ORDERED = {"text", "number", "date", "moment"}

_MISPLACED = {
    "null": "a missing value is found with IS NULL",
    "list": "a list only stands after IN",
    "interval": "INTERVAL only stands in a temporal function (T_...)",
}

type Reading = Callable[[str, list[Any], int], Condition]


def check(tree: Any, fields: Mapping[str, Field], crs: Crs) -> Condition:
    """Return the expression.

    Args:
        tree: CQL2 JSON; geometries may be shapely's.
        fields: the properties by name; ``geometry`` is the shape.
        crs: reference system of the geometries.

    Raises:
        QueryError: it is not a condition on these properties.
    """
    return _Checker(fields, crs).condition(tree, 0)


class _Checker:
    def __init__(self, fields: Mapping[str, Field], crs: Crs) -> None:
        self._fields = fields
        self._crs = crs
        self._vertices = 0
        self._relations = 0
        self._readings: dict[str, Reading] = {
            "and": self._joined,
            "or": self._joined,
            "not": self._not,
            "between": self._between,
            "in": self._in,
            "like": self._like,
            "isnull": self._missing,
            **dict.fromkeys(_COMPARISONS, self._comparison),
            **{f"s_{name}": self._spatial for name in _SPATIAL},
            **{f"t_{name}": self._temporal for name in (*_TEMPORAL, *_OF_INTERVALS)},
        }

    def condition(self, node: Any, depth: int) -> Condition:
        found = self._operand(node, depth)
        if isinstance(found, Literal | Property | Folded | Arithmetic | Place):
            raise refusal(f"{_name(node)} is a {found.kind}, where a condition is needed")
        return found

    def _operand(self, node: Any, depth: int) -> Operand:
        if depth > MAX_DEPTH:
            raise refusal(f"it has more than {MAX_DEPTH} levels")
        if isinstance(node, dict) and "op" in node:
            return self._operation(node, depth)
        if isinstance(node, dict) and "property" in node:
            return self._property(node["property"])
        return self._literal(node)

    def _property(self, name: Any) -> Property | Flag:
        if name == GEOMETRY:
            return Property(GEOMETRY, GEOMETRY)
        if not isinstance(name, str) or name not in self._fields:
            raise refusal(f"the collection has no property {shown(str(name))}")
        kind = _KINDS[self._fields[name].type]
        return Flag(name) if kind == "boolean" else Property(name, kind)

    def _literal(self, node: Any) -> Operand:
        match node:
            case bool():
                return Constant(node)
            case int() | float():
                return Literal(finite(node), "number")
            case str():
                return Literal(composed(node), "text")
        return self._rare(node)

    def _rare(self, node: Any) -> Literal | Place:
        match node:
            case {"date": text}:
                return day(text)
            case {"timestamp": text}:
                return moment(text)
            case {"type": _} | {"bbox": _} | shapely.Geometry():
                return self._place(node)
        raise refusal(_MISPLACED.get(_member(node), f"{_name(node)} is not an expression"))

    def _place(self, node: Any) -> Place:
        found = place_of(node, self._crs)
        self._vertices += int(shapely.get_num_coordinates(found.shape))
        if self._vertices > MAX_VERTICES:
            raise refusal(f"its geometries have more than {MAX_VERTICES} points together")
        return found

    def _operation(self, node: dict[str, Any], depth: int) -> Operand:
        name, args = node["op"], node.get("args")
        if not isinstance(name, str) or not isinstance(args, list) or len(node) > 2:  # noqa: PLR2004
            raise refusal("an operation has a name (op) and a list (args), and nothing else")
        name = name.lower()
        if name in _ARITHMETIC:
            left, right = (self._of_kind("number", part, depth) for part in _count(name, args, 2))
            return Arithmetic(name, left, right)
        if name in FOLDINGS:
            return _folded(name, self._of_kind("text", _count(name, args, 1)[0], depth))
        if name not in self._readings:
            raise refusal(f"there is no operator or function {shown(name)}")
        return self._readings[name](name, args, depth)

    def _of_kind(self, kind: str, node: Any, depth: int) -> Operand:
        found = self._operand(node, depth + 1)
        if found.kind != kind:
            raise refusal(f"{_name(node)} is a {found.kind}, where a {kind} is needed")
        return found

    def _joined(self, name: str, args: list[Any], depth: int) -> Condition:
        if len(args) < 2:  # noqa: PLR2004 - two is what AND and OR are about
            raise refusal(f"{name} has at least two conditions")
        parts = tuple(self.condition(part, depth + 1) for part in args)
        return Every(parts) if name == "and" else Some(parts)

    def _not(self, name: str, args: list[Any], depth: int) -> Condition:
        return Not(self.condition(_count(name, args, 1)[0], depth + 1))

    def _comparison(self, name: str, args: list[Any], depth: int) -> Condition:
        left, right = (self._operand(part, depth + 1) for part in _count(name, args, 2))
        return _comparison(name, left, right)

    def _between(self, name: str, args: list[Any], depth: int) -> Condition:
        value, low, high = (self._operand(part, depth + 1) for part in _count(name, args, 3))
        return Every((_comparison(">=", value, low), _comparison("<=", value, high)))

    def _in(self, name: str, args: list[Any], depth: int) -> Condition:
        value, choices = _count(name, args, 2)
        if not isinstance(choices, list) or not choices:
            raise refusal("IN is followed by a list with at least one value")
        operand = self._operand(value, depth + 1)
        found = [self._operand(choice, depth + 1) for choice in choices]
        if operand.kind == "text":
            texts = [choice for choice in found if isinstance(choice, Literal)]
            if all(choice.kind == "text" for choice in found) and len(texts) == len(found):
                return Among(operand, frozenset(str(choice.value) for choice in texts))
        return Some(tuple(_comparison("=", operand, choice) for choice in found))

    def _like(self, name: str, args: list[Any], depth: int) -> Condition:
        value, pattern = (self._of_kind("text", part, depth) for part in _count(name, args, 2))
        if not isinstance(pattern, Literal):
            raise refusal("the pattern of LIKE is a text as written")
        return Like(value, str(pattern.value))

    def _missing(self, name: str, args: list[Any], depth: int) -> Condition:
        return Missing(self._operand(_count(name, args, 1)[0], depth + 1))

    def _spatial(self, name: str, args: list[Any], depth: int) -> Condition:
        self._relations += 1
        if self._relations > MAX_RELATIONS:
            raise refusal(f"it has more than {MAX_RELATIONS} spatial functions")
        left, right = (self._shape(name, part, depth) for part in _count(name, args, 2))
        return Spatial(name.removeprefix("s_"), left, right, self._crs.uri)

    def _shape(self, name: str, node: Any, depth: int) -> Property | Place:
        found = self._operand(node, depth + 1)
        if isinstance(found, Place) or (isinstance(found, Property) and found.kind == GEOMETRY):
            return found
        raise refusal(f"{name.upper()} compares geometries, and {_name(node)} is none")

    def _temporal(self, name: str, args: list[Any], depth: int) -> Condition:
        left, right = (self._span(name, part, depth) for part in _count(name, args, 2))
        ends = [end for span in (left, right) for end in (span.begin, span.eind)]
        if any(end is not None and end.kind == "date" for end in ends):
            left, right = _in_days(left), _in_days(right)
        return Temporal(name.removeprefix("t_"), left, right)

    def _span(self, name: str, node: Any, depth: int) -> Span:
        if isinstance(node, dict) and "interval" in node:
            return self._interval(node["interval"], depth)
        if name.removeprefix("t_") in _OF_INTERVALS:
            raise refusal(f"{name.upper()} compares intervals, and {_name(node)} is none")
        found = self._end(node, depth)
        return Span(found, found)

    def _interval(self, ends: Any, depth: int) -> Span:
        if not isinstance(ends, list) or len(ends) != 2:  # noqa: PLR2004 - an interval has two ends
            raise refusal("INTERVAL has two ends")
        begin, eind = (None if end == ".." else self._end(end, depth) for end in ends)
        if begin and eind and begin.kind != eind.kind:
            raise refusal("the ends of INTERVAL are both days or both moments")
        if (
            isinstance(begin, Literal)
            and isinstance(eind, Literal)
            and str(begin.value) > str(eind.value)
        ):
            raise refusal("INTERVAL ends before it begins")
        return Span(begin, eind)

    def _end(self, node: Any, depth: int) -> Literal | Property:
        found = instant(node) if isinstance(node, str) else self._operand(node, depth + 1)
        if isinstance(found, Literal | Property) and found.kind in {"date", "moment"}:
            return found
        raise refusal(f"{_name(node)} is not a day or a moment")


def _count(name: str, args: list[Any], wanted: int) -> list[Any]:
    if len(args) != wanted:
        raise refusal(f"{name.upper()} has {wanted} arguments, not {len(args)}")
    return args


def _folded(name: str, operand: Operand) -> Literal | Folded:
    if isinstance(operand, Property | Folded):
        return Folded(name, operand)
    if isinstance(operand, Literal):
        return Literal(FOLDINGS[name](str(operand.value)), "text")
    raise refusal(f"{name.upper()} has a text between its parentheses")


def _comparison(op: str, left: Operand, right: Operand) -> Comparison:
    left, right = _one_kind(left, right)
    if left.kind != right.kind:
        raise refusal(f"a {left.kind} cannot be compared with a {right.kind} ({op})")
    if left.kind not in _ORDERED and not (left.kind == "boolean" and op in {"=", "<>"}):
        raise refusal(f"values of kind {left.kind} cannot be compared with {op}")
    return Comparison(op, left, right)


def _one_kind(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """A text or a moment beside a day is a day: QGIS writes days as texts, also with a time."""
    if left.kind == "date" and isinstance(right, Literal):
        return left, right if right.kind not in {"text", "moment"} else day_of(right)
    if right.kind == "date" and isinstance(left, Literal):
        return left if left.kind not in {"text", "moment"} else day_of(left), right
    return left, right


def _in_days(span: Span) -> Span:
    begin, eind = (
        day_of(end) if isinstance(end, Literal) and end.kind == "moment" else end
        for end in (span.begin, span.eind)
    )
    return Span(begin, eind)


def _member(node: Any) -> str:
    """Return by what a part of the expression can be told that stands in the wrong place."""
    if isinstance(node, dict):
        return "interval" if "interval" in node else ""
    return "null" if node is None else "list"


def _name(node: Any) -> str:
    """Name a part of the expression for a message."""
    match node:
        case {"property": name}:
            return f"the property {shown(str(name))}"
        case {"op": name}:
            return f"the result of {shown(str(name))}"
        case _:
            return shown(str(node))
