"""The processes that a snapshot offers."""

from spatial.compute.offer import offer_of
from spatial.serve.processes.process import Process
from spatial.serve.processes.vergelijk import vergelijk_process
from spatial.store.snapshot import Snapshot

_EXAMPLES = 2
_LARGE = ("GM0363", "GM0599")


def processes_of(snapshot: Snapshot) -> dict[str, Process]:
    """Return the processes by id; none when the snapshot has no indicators."""
    offer = offer_of(snapshot)
    if not offer.onderwerpen:
        return {}
    found = (vergelijk_process(offer, _largest(snapshot)),)
    return {process.id: process for process in found}


def _largest(snapshot: Snapshot) -> tuple[str, ...]:
    """Return gemeentecodes of the newest indeling for examples: large ones where they are."""
    members = snapshot.memberships.members
    newest = max(indeling for _, indeling in members)
    codes = {code for (_, year), those in members.items() if year == newest for code in those}
    wanted = [code for code in _LARGE if code in codes] or sorted(codes)
    return tuple(wanted[:_EXAMPLES])
