"""Schemas of the documents of profiles."""

from spatial.domain.regions import Niveau
from spatial.domain.status import Status
from spatial.serve.openapi.voice import Part, reference

_TEXT: Part = {"type": "string"}
_FLAG: Part = {"type": "boolean"}
_YEAR: Part = {"type": "integer"}
_DAY: Part = {"type": "string", "format": "date"}
_NUMBER: Part = {"type": "number", "nullable": True}
_COUNT: Part = {"type": "integer", "minimum": 1}


def profile_schemas() -> dict[str, Part]:
    """Return the schemas of the list and of one profile, by name."""
    niveau: Part = {"type": "string", "enum": [one.value for one in Niveau]}
    named = _closed(code=_TEXT, naam=_TEXT, niveau=niveau)
    spoken = _closed(nl=_TEXT, en=_TEXT)
    entry = _closed(
        **named["properties"], bestaat=_FLAG, laatsteDag=_maybe(_DAY), vroegereNamen=_many(_TEXT),
        vandaag=_many(_TEXT), href={"type": "string", "format": "uri"},
    )  # fmt: skip
    sentences = _closed(nl=_many(_TEXT), en=_many(_TEXT))
    profile = _closed(
        **named["properties"], indeling=_maybe(_YEAR), indelingen=_many(_YEAR), bestaat=_FLAG,
        inIndeling=_FLAG, einde=_maybe(spoken), vandaag=_many(named), ligtIn=_many(named),
        gemeenten=_many(named),
        herindelingen=_closed(zinnen=sentences, gebeurtenissen=_many({"type": "object"})),
        themas=_many(_thema()), vergelijkbaar=_maybe(_alike()), bronnen=_many({"type": "object"}),
        meldingen=_many(spoken), snapshot=_TEXT, links=reference("schemas", "links"),
    )  # fmt: skip
    links = reference("schemas", "links")
    return {"profiles": _closed(profielen=_many(entry), links=links), "profile": profile}


_FIGURE: Part = {
    "waarde": _NUMBER,
    "status": {"type": "string", "enum": [one.value for one in Status]},
    "min": _NUMBER,
    "max": _NUMBER,
}


def _thema() -> Part:
    moment = _closed(
        peilmoment=_DAY, periodeEind=_maybe(_DAY), indeling=_YEAR, anderGebied=_FLAG,
        voorlopig=_FLAG, herkomst=_maybe(_TEXT), voortgang=_maybe(_TEXT), maanden=_maybe(_YEAR),
    )  # fmt: skip
    change = _closed(sinds=_DAY, **_FIGURE, eenheid=_TEXT)
    place = _closed(
        min=_COUNT, max=_COUNT, van=_COUNT, percentielMin=_NUMBER, percentielMax=_NUMBER
    )
    indicator = _closed(
        indicator=_TEXT, titel=_TEXT, title=_TEXT, definitie=_TEXT, definition=_TEXT, eenheid=_TEXT,
        laatste=_DAY, cijfers=_many(_maybe(_closed(**_FIGURE))),
        naast=_many(_closed(code=_TEXT, **_FIGURE)), verandering=_maybe(change), rang=_maybe(place),
    )  # fmt: skip
    part = _closed(titel=_TEXT, title=_TEXT, indicatoren=_many(indicator))
    return _closed(
        thema=_TEXT, titel=_TEXT, title=_TEXT, collectie=_TEXT, rangIndeling=_maybe(_YEAR),
        momenten=_many(moment), delen=_many(part),
    )  # fmt: skip


def _alike() -> Part:
    figure = _closed(thema=_TEXT, indicator=_TEXT, peilmoment=_DAY, **_FIGURE)
    one = _closed(code=_TEXT, naam=_TEXT, afstand={"type": "number"}, cijfers=_many(figure))
    return _closed(
        indeling=_YEAR, kenmerken=_many(_TEXT), reden=_maybe(_TEXT), gemeenten=_many(one)
    )


def _closed(**properties: Part) -> Part:
    """Describe an object that has just these members, all of them."""
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _many(items: Part) -> Part:
    return {"type": "array", "items": items}


def _maybe(schema: Part) -> Part:
    return {**schema, "nullable": True}
