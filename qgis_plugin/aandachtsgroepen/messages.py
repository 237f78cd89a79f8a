"""What the plugin tells: one line in the message bar of QGIS, in its language."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis

from aandachtsgroepen.texts import Texts

_SECONDS = 8
_UNTIL_CLOSED = 0


class Messages:
    """Tells in a message bar."""

    def __init__(self, bar: Any, texts: Texts) -> None:
        self._bar = bar
        self._texts = texts

    def tell(self, key: str, *, level: Any = None, **values: object) -> None:
        """Tell something that goes away by itself."""
        shown = Qgis.MessageLevel.Info if level is None else level
        self._push(key, shown, _SECONDS, values)

    def warn(self, key: str, **values: object) -> None:
        """Tell something that a person has to see; it stays until it is closed."""
        self._push(key, Qgis.MessageLevel.Warning, _UNTIL_CLOSED, values)

    def _push(self, key: str, level: Any, seconds: int, values: Any) -> None:
        text = self._texts.say(key, **values)
        self._bar.pushMessage(self._texts.say("title"), text, level, seconds)
