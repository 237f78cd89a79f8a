"""One edition as its metadata sees it: data sets, version, moment and owner."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from spatial.serve.ask.offers import DCAT
from spatial.serve.metadata.datasets import Dataset
from spatial.serve.metadata.densities import densities_of
from spatial.serve.metadata.families import families_of
from spatial.serve.metadata.owner import Owner
from spatial.serve.read.edition import Edition


@dataclass(frozen=True, slots=True)
class Described:
    """What is described.

    Attributes:
        datasets: those of a snapshot.
        version: its name.
        moment: when it was made.
        owner: who publishes it.
    """

    datasets: tuple[Dataset, ...]
    version: str
    moment: datetime
    owner: Owner

    @property
    def stamp(self) -> str:
        """The moment as XML Schema writes it."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def catalogue(self) -> str:
        """Address of the catalogue itself, which is not its document."""
        return f"{self.owner.url}{DCAT}#catalogus"

    @property
    def service(self) -> str:
        """Address of the data service."""
        return f"{self.owner.url}{DCAT}#dienst"

    @property
    def publisher(self) -> str:
        """Address of the publisher: its own, or one in this document."""
        if self.owner.registered:
            return self.owner.publisher_url
        return f"{self.owner.url}{DCAT}#uitgever"

    @property
    def contact(self) -> str:
        """Address of the contact point."""
        return f"{self.owner.url}{DCAT}#contact"

    def address(self, dataset: Dataset) -> str:
        """Return the address of a data set; that of the document about it."""
        return f"{self.owner.url}{DCAT}/{quote(dataset.id)}"


def described(edition: Edition, owner: Owner) -> Described:
    """Describe an edition: its collections, then its coverages.

    Raises:
        StoreError: a file of it cannot be read.
    """
    snapshot = edition.snapshot
    datasets = (*families_of(snapshot), *densities_of(snapshot))
    return Described(datasets, edition.id, edition.moment, owner)
