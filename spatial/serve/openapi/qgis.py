"""Parameters of the files for QGIS, which other addresses have by the same names in another sense."""

from spatial.domain.crs import CRS84
from spatial.qgis.places import SPOKEN
from spatial.serve.openapi.voice import Part, Voice

OWN = ".qgis"
"""What their components have behind their name."""
THEME_OF_PACK = f"thema{OWN}.pack"


def qgis_parameters(themes: list[str], said: Voice) -> dict[str, Part]:
    """Return the parameters by the name of their component.

    Args:
        themes: what a project can be about.
        said: the language of the document.
    """
    uris = [crs.uri for crs in SPOKEN]
    texts: dict[str, tuple[str, Part]] = {
        "crs": (
            said(
                "Stelsel waarin QGIS de laag opvraagt. RD alleen voor QGIS 3.30 en later.",
                "System in which QGIS asks the layer. RD is for QGIS 3.30 and later only.",
            ),
            {"type": "string", "format": "uri", "enum": uris, "default": CRS84.uri},
        ),
        "indicator": (
            said(
                "Indicator die getekend wordt; zonder deze de eerste. De andere staan bij de stijlen.",
                "Indicator that is drawn; without it the first. The others are among the styles.",
            ),
            {"type": "string", "example": "aandeelCorporatie"},
        ),
        "peilmoment": (
            said(
                "Alleen de features waarvan de tijd op deze dag begint; zonder deze het nieuwste "
                "peilmoment, en daaronder alle perioden.",
                "Only the features whose time begins on this day; without it the newest, and below "
                "it all periods.",
            ),
            {"type": "string", "format": "date", "example": "2022-12-31"},
        ),
        "thema": (
            said(
                "Alle lagen van dit thema; zonder deze van elk thema die in eigen indeling.",
                "All layers of this theme; without it of every theme those in their own vintage.",
            ),
            {"type": "string", "enum": themes},
        ),
    }
    found = {f"{name}{OWN}": _query(name, *told) for name, told in texts.items()}
    text = said("Alle lagen van dit thema.", "All layers of this theme.")
    found[THEME_OF_PACK] = _query("thema", text, {"type": "string", "enum": themes}, required=True)
    return found


def _query(name: str, text: str, schema: Part, *, required: bool = False) -> Part:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "required": required,
        "style": "form",
        "explode": False,
        "schema": schema,
    }
