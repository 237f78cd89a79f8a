"""What a coverage says of itself in two languages, and the addresses at which it is found."""

from dataclasses import dataclass
from urllib.parse import quote

from spatial.domain.units import said_en
from spatial.store.files.enclosures import FILES
from spatial.store.rasters.index import Coverage

_PER_KM2 = " per km2"


@dataclass(frozen=True, slots=True)
class Place:
    """A coverage where it is found, in the language in which it is described.

    Attributes:
        url: address of the service, without a slash at the end.
        coverage: the coverage.
        english: texts in English; otherwise in Dutch.
    """

    url: str
    coverage: Coverage
    english: bool

    @property
    def language(self) -> str:
        """Language tag."""
        return "en" if self.english else "nl"

    @property
    def title(self) -> str:
        """Title."""
        return self.coverage.title_en if self.english else self.coverage.title_nl

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences that must stand beside it."""
        return self.coverage.notices_en if self.english else self.coverage.notices_nl

    @property
    def description(self) -> str:
        """Description, with every notice in it."""
        text = self.coverage.description_en if self.english else self.coverage.description_nl
        return " ".join([text, *(notice for notice in self.notices if notice not in text)])

    @property
    def spoken(self) -> str:
        """Description without what the notices say."""
        text = self.description
        for notice in self.notices:
            text = text.replace(notice, "")
        return text.strip()

    @property
    def licence(self) -> str:
        """Its licences, each once."""
        return "; ".join(dict.fromkeys(self.coverage.licence.split("; ")))

    @property
    def unit(self) -> str:
        """Unit."""
        return english_unit(self.coverage) if self.english else self.coverage.unit

    @property
    def address(self) -> str:
        """Address of the collection."""
        return f"{self.url}/collections/{quote(self.coverage.id)}"

    @property
    def file(self) -> str:
        """Address of the whole GeoTIFF."""
        return f"{self.address}/{FILES}/{quote(file_name(self.coverage))}"

    def said(self, dutch: str, english: str) -> str:
        """Choose the wording."""
        return english if self.english else dutch


def file_name(coverage: Coverage) -> str:
    """Return the name of the GeoTIFF in its address."""
    return f"{coverage.id}.tif"


def english_unit(coverage: Coverage) -> str:
    """Return the unit in English."""
    return said_en(coverage.unit.removesuffix(_PER_KM2)) + _PER_KM2


def unit_code(coverage: Coverage) -> str:
    """Return the unit in UCUM, which writes what is counted between braces."""
    return f"{{{coverage.unit.removesuffix(_PER_KM2)}}}/km2"
