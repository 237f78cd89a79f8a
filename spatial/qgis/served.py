"""The service as the files for QGIS name it: the source of every layer."""

from dataclasses import dataclass
from datetime import date

from spatial.domain.crs import CRS84, Crs
from spatial.qgis.places import authority
from spatial.store.catalogue import Collection, Contents

_PAGE = 1000
"""Features of one request; by itself QGIS asks a hundred."""


@dataclass(frozen=True, slots=True)
class Served:
    """A service and how it is to be shown.

    Attributes:
        url: address by which clients reach it, without a slash at the end.
        contents: of the snapshot that it answers from.
        crs: the system in which layers are asked.
        english: texts in English; otherwise in Dutch.
    """

    url: str
    contents: Contents
    crs: Crs = CRS84
    english: bool = False

    def title(self, collection: Collection) -> str:
        """Return the title of a collection."""
        return collection.title_en if self.english else collection.titel_nl

    def source(self, collection: Collection, moment: date | None = None) -> str:
        """Return where a layer comes from, as QGIS writes it.

        Args:
            collection: what the layer holds.
            moment: only features whose time begins on this day, which QGIS leaves to the service.
        """
        parts = {
            "pagingEnabled": "true",
            "pageSize": str(_PAGE),
            "typename": collection.id,
            "url": f"{self.url}/",
        }
        if self.crs is not CRS84:
            parts["srsname"] = authority(self.crs)
        if moment is not None:
            parts["filter"] = f"\"{collection.begin_veld}\" = '{moment.isoformat()}'"
        return " ".join(f"{name}='{_escaped(text)}'" for name, text in sorted(parts.items()))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
