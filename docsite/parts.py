"""Parts of a page in another language than the page: between ``<!-- lang: en -->`` and ``<!-- /lang -->``."""

import re

_BEGIN = re.compile(r"^<!-- lang: ([a-z]{2}) -->$", re.MULTILINE)
_END = re.compile(r"^<!-- /lang -->$", re.MULTILINE)


def languages_marked(markdown: str) -> str:
    """Return a page with its parts in another language inside an element that says so.

    Raises:
        ValueError: a part begins and does not end, or the other way round.
    """
    if len(_BEGIN.findall(markdown)) != len(_END.findall(markdown)):
        message = "every <!-- lang: .. --> needs a <!-- /lang -->"
        raise ValueError(message)
    begun = _BEGIN.sub(r'<div lang="\1" markdown="1">', markdown)
    return _END.sub("</div>", begun)
