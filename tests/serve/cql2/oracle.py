"""A filter held against one row at a time, in the plainest Python; and CQL2 JSON as CQL2 text."""

import math
import operator
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.serve.cql2.rows import Row

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
    "div": lambda left, right: float(math.trunc(left / right)),
    "^": math.pow,
}


def value(node: Any, row: Row) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case per operator
    """The value of an expression for a row; None is missing or unknown."""
    match node:
        case {"property": name}:
            cell = row.get(name)
            return cell.isoformat() if isinstance(cell, date) else cell
        case {"date": text} | {"timestamp": text}:
            return text
        case {"op": "and", "args": args}:
            truths = [value(part, row) for part in args]
            return False if False in truths else None if None in truths else True
        case {"op": "or", "args": args}:
            truths = [value(part, row) for part in args]
            return True if True in truths else None if None in truths else False
        case {"op": "not", "args": [part]}:
            truth = value(part, row)
            return None if truth is None else not truth
        case {"op": "isNull", "args": [part]}:
            return value(part, row) is None
        case {"op": "between", "args": [part, low, high]}:
            both = [{"op": ">=", "args": [part, low]}, {"op": "<=", "args": [part, high]}]
            return value({"op": "and", "args": both}, row)
        case {"op": "in", "args": [part, choices]}:
            each = [{"op": "=", "args": [part, choice]} for choice in choices]
            return value({"op": "or", "args": each}, row)
        case {"op": str(op), "args": args} if op.startswith("t_"):
            return _temporal(op, [_span(part, row) for part in args])
        case {"op": op, "args": args}:
            return _applied(op, [value(part, row) for part in args])
        case _:
            return node


def _applied(op: str, values: list[Any]) -> Any:  # noqa: PLR0911 - a case per operator
    if None in values:
        return None
    if op in _COMPARISONS:
        return _COMPARISONS[op](*values)
    if op == "like":
        return _like(*values)
    if op == "casei":
        return unicodedata.normalize("NFC", values[0].casefold())
    if op == "accenti":
        letters = unicodedata.normalize("NFD", values[0])
        return "".join(sign for sign in letters if not unicodedata.combining(sign))
    try:
        number = _CALCULATIONS[op](float(values[0]), float(values[1]))
    except (ArithmeticError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _like(text: str, pattern: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(_like(text[at:], pattern[1:]) for at in range(len(text) + 1))
    if pattern[0] == "\\" and len(pattern) > 1:
        return text[:1] == pattern[1] and _like(text[1:], pattern[2:])
    return bool(text) and pattern[0] in {"_", text[0]} and _like(text[1:], pattern[1:])


def _span(node: Any, row: Row) -> tuple[Any, Any]:
    ends = node.get("interval", [node, node])
    begin, eind = (
        end if end == ".." else value(end if isinstance(end, dict) else {"date": end}, row)
        for end in ends
    )
    return ("" if begin == ".." else begin), ("~" if eind == ".." else eind)


def _temporal(op: str, spans: list[tuple[Any, Any]]) -> bool | None:
    (begin, eind), (other_begin, other_eind) = spans
    if None in {begin, eind, other_begin, other_eind}:
        return None
    holds: dict[str, bool] = {
        "t_after": begin > other_eind,
        "t_before": eind < other_begin,
        "t_disjoint": begin > other_eind or eind < other_begin,
        "t_intersects": not (begin > other_eind or eind < other_begin),
        "t_equals": (begin, eind) == (other_begin, other_eind),
        "t_contains": begin < other_begin and eind > other_eind,
        "t_during": begin > other_begin and eind < other_eind,
        "t_finishedBy": begin < other_begin and eind == other_eind,
        "t_finishes": begin > other_begin and eind == other_eind,
        "t_meets": eind == other_begin,
        "t_metBy": begin == other_eind,
        "t_overlappedBy": other_begin < begin < other_eind < eind,
        "t_overlaps": begin < other_begin < eind < other_eind,
        "t_startedBy": begin == other_begin and eind > other_eind,
        "t_starts": begin == other_begin and eind < other_eind,
    }
    return holds[op]


def as_text(node: Any) -> str:  # noqa: C901, PLR0911 - a case per kind
    """The expression as CQL2 text, with parentheses around every part."""
    match node:
        case bool():
            return str(node).upper()
        case str():
            return "'" + node.replace("\\", "\\\\").replace("'", "''") + "'"
        case int() | float():
            return repr(node)
        case {"property": name}:
            return f'"{name}"' if len(name) % 2 else name
        case {"date": text}:
            return f"DATE('{text}')"
        case {"timestamp": text}:
            return f"TIMESTAMP('{text}')"
        case {"interval": ends}:
            return f"INTERVAL({', '.join(as_text(end) for end in ends)})"
        case {"op": op, "args": args}:
            return _operation(op, args)
    raise AssertionError(node)


def _operation(op: str, args: list[Any]) -> str:  # noqa: PLR0911 - a case per operator
    if op in {"and", "or"}:
        return "(" + f" {op.upper()} ".join(as_text(part) for part in args) + ")"
    if op == "in":
        return f"({as_text(args[0])} IN ({', '.join(as_text(choice) for choice in args[1])}))"
    texts = [as_text(part) for part in args]
    if op == "between":
        return f"({texts[0]} BETWEEN {texts[1]} AND {texts[2]})"
    if op == "isNull":
        return f"({texts[0]} IS NULL)"
    if op == "not":
        return f"(NOT {texts[0]})"
    if op in {"casei", "accenti"} or op.startswith("t_"):
        return f"{op.upper()}({', '.join(texts)})"
    return f"({texts[0]} {op.upper()} {texts[1]})"
