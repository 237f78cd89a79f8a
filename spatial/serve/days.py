"""Days as clients write them."""

import re
from datetime import date

from spatial.errors import QueryError

_DAY = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"([Tt]((?:[01]\d|2[0-3]):[0-5]\d(:(?:[0-5]\d|60)(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?)?",
    re.ASCII,
)


def parse_day(name: str, text: str) -> date:
    """Read a day, also from a moment on it.

    Raises:
        QueryError: it is not one.
    """
    match = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError as error:
        message = (
            f"{name}={text!r} is not a day such as 2022-01-01, a moment such as "
            "2022-01-01T00:00:00Z, or for datetime an interval such as 2018-01-01/.."
        )
        raise QueryError(message) from error
