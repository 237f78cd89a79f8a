"""Links of the service and its collections to the documents for other catalogues."""

from urllib.parse import quote

from spatial.serve.ask.offers import DCAT, GEOJSON, JSON, JSON_LD, STAC
from spatial.serve.metadata.families import family_id
from spatial.serve.processes.documents import link
from spatial.store.catalogue import Collection


def catalogue_links(url: str, *, english: bool) -> list[dict[str, str]]:
    """Return the links of the landing page to the metadata."""
    return [
        link("describedby", JSON_LD, _title("DCAT-AP-NL", english=english), f"{url}{DCAT}"),
        link("describedby", JSON, _title("STAC", english=english), f"{url}{STAC}"),
    ]


def collection_links(url: str, collection: Collection, *, english: bool) -> list[dict[str, str]]:
    """Return the links of a collection to its metadata."""
    return part_links(url, family_id(collection), collection.id, english=english)


def part_links(url: str, dataset: str, part: str, *, english: bool) -> list[dict[str, str]]:
    """Return the links of a part of a data set to the metadata of both."""
    of_dataset, item = (
        f"{url}{DCAT}/{quote(dataset)}",
        f"{url}{STAC}/{quote(dataset)}/{quote(part)}",
    )
    return [
        link("describedby", JSON_LD, _title("DCAT-AP-NL", english=english), of_dataset),
        link("describedby", GEOJSON, _title("STAC", english=english), item),
    ]


def _title(form: str, *, english: bool) -> str:
    return f"Metadata as {form}" if english else f"Metagegevens als {form}"
