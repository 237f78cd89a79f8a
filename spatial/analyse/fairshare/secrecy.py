"""Which regional indices may be published although a member is secret (rules D1, D2, D4).

An index of a region is made of published numbers only; of a secret member it takes no more than what
the published whole leaves for all secret members together. That is still a computation for the
reader: where it would come down to one or two members, or to next to nothing, the index is withheld.
"""

from dataclasses import dataclass

import numpy as np

from spatial.analyse.fairshare.amounts import Amounts, Floats, Marks, Verdeling
from spatial.domain.status import Status

FEW = 2
"""So many secret members or fewer may not be told apart from nothing (rule D4)."""

SMALLEST = 10
"""The smallest count that the source prints; it must stay possible for every secret member."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What the published numbers leave for the secret members of each region together.

    Never published: it serves to decide, and as bounds inside an index over the whole region.

    Attributes:
        aantal: how many secret members.
        laag: lowest sum of them.
        hoog: highest sum of them; below ``laag`` when the numbers contradict each other.
    """

    aantal: Floats
    laag: Floats
    hoog: Floats

    @property
    def contradicted(self) -> Marks:
        """Tell where no sum fits."""
        return self.hoog < self.laag

    @property
    def telling(self) -> Marks:
        """Tell where an index may not be given: the rest says too much of a secret member, or nothing."""
        few = (self.aantal <= FEW) & (self.laag > 0)
        return (self.aantal > 0) & (few | (self.hoog < SMALLEST) | self.contradicted)


def rest_of(verdeling: Verdeling, members: Amounts, whole: Amounts) -> Rest:
    """Return what the published number of every region leaves for its secret members.

    Args:
        verdeling: tells which members a region has.
        members: of the group or of the key, per member.
        whole: the same per region, as published.
    """
    secret = members.has(Status.GEHEIM_OF_ONBEKEND)
    least = verdeling.sums(np.where(secret, 0.0, members.laag))
    most = verdeling.sums(np.where(secret, 0.0, members.hoog))
    return Rest(
        verdeling.sums(secret.astype(np.float64)),
        np.maximum(whole.laag - most, 0.0),
        whole.hoog - least,
    )


def filled(verdeling: Verdeling, members: Amounts, rest: Rest) -> Amounts:
    """Return the members with bounds for the secret ones, for use inside a regional index only.

    Returns:
        Values stay missing where they are; a secret member can be anything from 0 up to all of the
        rest (from all of it, when it is alone).
    """
    owner = verdeling.owner
    secret = members.has(Status.GEHEIM_OF_ONBEKEND)
    low = np.where(rest.aantal == 1, rest.laag, 0.0)[owner]
    return Amounts(
        members.waarde,
        members.status,
        np.where(secret, low, members.laag),
        np.where(secret, rest.hoog[owner], members.hoog),
    )
