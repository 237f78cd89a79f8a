"""How the processes of the service run: what ``spatial serve`` was asked for."""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who may read the metrics."""

    OFF = "off"
    LOCAL = "local"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Operation:
    """How the processes of the service run; the defaults suit one person on one machine.

    Attributes:
        workers: processes that answer, over one listening socket and one snapshot on disk.
        threads: threads of a worker for what cannot be answered from memory.
        connections: open connections of a worker; one more is answered 503.
        backlog: connections that wait to be taken.
        keep_alive_s: seconds until an unused connection is closed.
        grace_s: seconds that running requests get to finish when the service ends.
        access_log: file to append to, ``-`` for standard output; None: nothing is logged.
        metrics: who may read ``/metrics``.
        trusted_proxies: addresses and networks whose ``X-Forwarded-For`` and ``-Proto`` are
            believed; empty: nobody's.
    """

    workers: int = 1
    threads: int = 8
    connections: int = 1_000
    backlog: int = 2_048
    keep_alive_s: int = 5
    grace_s: int = 30
    access_log: str | None = None
    metrics: Audience = Audience.OFF
    trusted_proxies: tuple[str, ...] = ()
