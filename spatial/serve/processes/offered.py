"""The processes that a snapshot offers."""

from spatial.compute.offer import offer_of
from spatial.domain.indicators import GROEPEN
from spatial.domain.regions import LAND_CODE, Niveau
from spatial.serve.processes.process import Process
from spatial.serve.processes.verdeling import verdeling_process
from spatial.serve.processes.vergelijk import vergelijk_process
from spatial.store.snapshot import Snapshot

_EXAMPLES = 2
_LARGE = ("GM0363", "GM0599")
_PROVINCIE = "PV26"


def processes_of(snapshot: Snapshot) -> dict[str, Process]:
    """Return the processes by id; none when the snapshot has no indicators or regions."""
    offer = offer_of(snapshot)
    if not (offer.onderwerpen and snapshot.memberships.members):
        return {}
    found = [vergelijk_process(offer, _largest(snapshot))]
    if any(groep.value in offer.peilmomenten for groep in GROEPEN):
        found.append(verdeling_process(offer, _whole(snapshot)))
    return {process.id: process for process in found}


def _largest(snapshot: Snapshot) -> tuple[str, ...]:
    """Return gemeentecodes of the newest indeling for examples: large ones where they are."""
    members = snapshot.memberships.members
    newest = max(indeling for _, indeling in members)
    codes = {code for (_, year), those in members.items() if year == newest for code in those}
    wanted = [code for code in _LARGE if code in codes] or sorted(codes)
    return tuple(wanted[:_EXAMPLES])


def _whole(snapshot: Snapshot) -> str:
    """Return the code of a provincie for an example; the land when there is none."""
    prefix = Niveau.PROVINCIE.prefix
    provincies = sorted({code for code, _ in snapshot.memberships.members if code[:2] == prefix})
    wanted = [code for code in (_PROVINCIE,) if code in provincies] or provincies
    return wanted[0] if wanted else LAND_CODE
