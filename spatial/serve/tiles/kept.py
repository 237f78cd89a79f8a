"""What was made before, as long as it fits: least recently used goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Kept[T]:
    """Values by key, within a budget; safe for threads.

    Two threads that miss the same key both make it: waiting for each other would cost more.
    """

    def __init__(self, budget: int, size_of: Callable[[T], int]) -> None:
        self._budget = budget
        self._size_of = size_of
        self._size = 0
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key; it is made when it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._size += self._size_of(value)
            while self._size > self._budget:
                self._size -= self._size_of(self._values.popitem(last=False)[1])
        return value
