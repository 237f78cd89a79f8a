"""What memory has, for those who see a request as it comes over the line.

Twice the same bytes are twice the same question: what was understood of a request is remembered by
its bytes, so that the next one like it is answered without being read. Only what was understood is
remembered, not the answer: that comes from memory each time, or is not there any more.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable

from spatial.serve.ask.negotiate import coding_of
from spatial.serve.lane.answer import Answer, Asked, Form, Header, Key, Ready, not_modified
from spatial.serve.lane.memory import Memory
from spatial.serve.lane.version import unversioned

type Prompt = Callable[[Key], Answer | None]

LONGEST_REQUEST = 2_048
"""Bytes of a request that is remembered; browsers send about a thousand."""
_MOST_REQUESTS = 2_048
_METHODS = {b"GET": Form.WHOLE, b"HEAD": Form.HEAD}
# what makes an answer depend on more than its address and what the client reads
_SLOWLY = frozenset({b"range", b"expect", b"upgrade"})
# who asks is nobody's business: such a request is answered, and its bytes are not kept
_PERSONAL = frozenset({b"authorization", b"cookie", b"proxy-authorization"})


class Recall:
    """Answers of the live edition about which little or nothing has to be thought."""

    def __init__(self, live: Callable[[], Memory | None], prompt: Prompt) -> None:
        """Look in the memory that ``live`` gives: of the live edition, None when it has none yet.

        What is not there ``prompt`` may make, if that takes no time to speak of.
        """
        self._live = live
        self._prompt = prompt
        self._memory: Memory | None = None
        self._requests: OrderedDict[bytes, Asked] = OrderedDict()

    def first(
        self, method: bytes, url: bytes, headers: Iterable[Header]
    ) -> tuple[Asked, Ready] | None:
        """Return what is asked and its answer; None when somebody else must look at it.

        Args:
            method: in capitals.
            url: path and query as they came over the line.
            headers: names in lower case.
        """
        memory, form, told = self._today(), _METHODS.get(method), dict(headers)
        if memory is None or form is None or _is_slow(told):
            return None
        path, _, query = url.partition(b"?")
        if b"%" in path or not path.isascii():
            return None
        key = (
            unversioned(path.decode("ascii")),
            query,
            told.get(b"accept", b""),
            told.get(b"accept-language", b""),
        )
        coding = coding_of(told.get(b"accept-encoding", b"").decode("latin-1"))
        answer = memory.get(key)
        made = answer is None
        # coding what is new takes its time
        if answer is None and not coding:
            answer = self._prompt(key)
        if answer is None or (coding and not answer.has(coding)):
            return None
        body = answer.body(coding)
        matches, since = told.get(b"if-none-match"), told.get(b"if-modified-since")
        if not_modified(body, answer.moment, matches, since):
            form = Form.NOT_MODIFIED
        personal = not _PERSONAL.isdisjoint(told)
        return Asked(key, coding, form, body.etag, personal, made), body.ready(form)

    def remember(self, request: bytes, asked: Asked) -> None:
        """Remember what bytes ask: one whole request, and no more, on a connection at rest.

        What was asked once may never be asked again: it is not worth the place of another.
        """
        if len(request) > LONGEST_REQUEST or asked.personal or asked.made:
            return
        if len(self._requests) >= _MOST_REQUESTS:
            self._requests.popitem(last=False)
        self._requests[request] = asked

    def again(self, request: bytes) -> tuple[Asked, Ready] | None:
        """Return what bytes that were remembered ask, and the answer when it is in memory still."""
        asked = self._requests.get(request)
        if asked is None:
            return None
        memory = self._today()
        answer = memory.get(asked.key) if memory is not None else None
        if answer is None or not answer.has(asked.coding):
            return None
        body = answer.body(asked.coding)
        return (asked, body.ready(asked.form)) if body.etag == asked.etag else None

    def _today(self) -> Memory | None:
        memory = self._live()
        if memory is not self._memory and memory is not None:
            # what was understood of the snapshot before, and that memory itself, are let go
            self._memory = memory
            self._requests.clear()
        return memory


def _is_slow(told: dict[bytes, bytes]) -> bool:
    connection = told.get(b"connection", b"keep-alive")
    return not _SLOWLY.isdisjoint(told) or connection.lower() != b"keep-alive"
