from collections.abc import Iterator

import pytest

from spatial.fetch.http import Client, Limits
from tests.fetch.source import Source, serving

QUICK = Limits(connect_s=2, read_s=2, answer_s=5, tries=4, backoff_s=0.0, pause_s=2)


@pytest.fixture
def source() -> Iterator[Source]:
    """An empty source that is served."""
    with serving(Source()) as served:
        yield served


@pytest.fixture
def client() -> Client:
    """A client with short pauses."""
    return Client("test/1", QUICK)
