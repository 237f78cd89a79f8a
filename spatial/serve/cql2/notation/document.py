"""CQL2 JSON, read with limits.

Not with the library of the text form: it keeps whole numbers in double precision.
"""

import json
from typing import Any, NoReturn

from spatial.serve.cql2.limits import (
    MAX_DEPTH,
    MAX_JSON,
    checked_text,
    finite,
    plain_text,
    refusal,
    shown,
)


def read_json(text: str) -> Any:
    """Return the expression.

    Raises:
        QueryError: it is no JSON, or more than is allowed.
    """
    checked_text(text, MAX_JSON)
    try:
        tree = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise refusal(f"it has more than {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise refusal(f"it is not JSON: {error}") from error
    _check(tree, 0)
    return tree


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise refusal(
            f"a member is given twice among {shown(', '.join(name for name, _ in pairs))}"
        )
    return members


def _no_number(text: str) -> NoReturn:
    raise refusal(f"{text} is not a number")


def _check(node: Any, depth: int) -> None:
    """Refuse what is nested too deeply, and texts and numbers that are not allowed."""
    # an operator is an object and a list, and a geometry has four levels of its own
    if depth > 2 * MAX_DEPTH:
        raise refusal(f"it has more than {MAX_DEPTH} levels")
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            _check(part, depth + 1)
    elif isinstance(node, str):
        plain_text(node)
    elif isinstance(node, int | float):
        finite(node)
