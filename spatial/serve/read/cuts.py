"""Features with some of their properties, made for a whole layer when the same are asked again."""

import threading
from collections import OrderedDict

from spatial.serve.read.features import Features

type Key = tuple[str, tuple[str, ...]]

_LIMIT = 24_000_000
_ASKED = 1_000


class Cuts:
    """The cuts of the layers of one snapshot, up to a number of bytes; safe for threads.

    The longest unused go first. One that would take more than half of the room is never kept.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        """Keep up to ``limit`` bytes."""
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Features] = OrderedDict()
        self._asked: OrderedDict[Key, int] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size

    def get(self, key: Key) -> Features | None:
        """Return a cut that is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def note(self, key: Key, size: int) -> None:
        """Remember that a part of a layer was cut, of which the whole would take so many bytes."""
        with self._lock:
            self._asked[key] = size
            if len(self._asked) > _ASKED:
                self._asked.popitem(last=False)

    def wants(self, key: Key) -> bool:
        """Tell whether the whole layer is to be cut: it was asked before, and there is room."""
        with self._lock:
            size = self._asked.get(key)
            return size is not None and size <= self._limit // 2

    def keep(self, key: Key, cut: Features) -> None:
        """Keep the cut of a whole layer."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += cut.size - (before.size if before is not None else 0)
            self._kept[key] = cut
            while self._size > self._limit:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size
