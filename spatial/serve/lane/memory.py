"""Answers that were asked before, up to a number of bytes; the longest unused go first."""

from collections import OrderedDict

from spatial.serve.lane.answer import Answer, Key


class Memory:
    """The answers of one edition."""

    def __init__(self, limit: int) -> None:
        """Keep answers up to ``limit`` bytes together."""
        self._limit = limit
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._sizes: dict[Key, int] = {}
        self._size = 0

    def get(self, key: Key) -> Answer | None:
        """Return an answer and remember that it was asked for."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer, or count it anew after it grew by a content coding."""
        size = answer.size + sum(map(len, key))
        self._size += size - self._sizes.get(key, 0)
        self._sizes[key] = size
        self._answers[key] = answer
        self._answers.move_to_end(key)
        while self._size > self._limit and len(self._answers) > 1:
            oldest, _ = self._answers.popitem(last=False)
            self._size -= self._sizes.pop(oldest)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return self._size
