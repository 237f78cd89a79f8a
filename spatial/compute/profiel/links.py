"""Where the names on a profile lead: on a server to other pages, in a file nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of other pages.

    Attributes:
        base: path or address of the service, without a slash at the end.
        asked: parameters that go along.
        live: there is a service; otherwise nothing is linked.
    """

    base: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    live: bool = False

    def profile(self, code: str, **more: str) -> str:
        """Return the address of a profile; with parameters of its own."""
        return self.page(f"profiel/{quote(code)}", **more)

    def page(self, path: str, **more: str) -> str:
        """Return the address of a page of the service."""
        query = urlencode({**self.asked, **{name: text for name, text in more.items() if text}})
        return f"{self.base}/{path}{f'?{query}' if query else ''}"

    def name(self, code: str, name: str) -> Markup:
        """Write a name that leads to its profile."""
        if not self.live:
            return escape(name)
        return Markup('<a href="{}">{}</a>').format(self.profile(code), name)


NOWHERE = Links()
"""Of a page that stands alone."""
