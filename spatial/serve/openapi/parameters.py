"""Parameters: those of the service, and every property of a collection as one."""

from collections.abc import Iterator

from spatial.compute.profiel.gids import LONGEST_SEARCH
from spatial.domain.crs import CRS84, OFFERED
from spatial.serve.ask.offers import GPKG, OBSERVATIONS, OF_QGIS, PROFILE, Offer
from spatial.serve.ask.query import LANGUAGES, Limits
from spatial.serve.cql2.limits import MAX_JSON
from spatial.serve.cql2.read import JSON, TEXT
from spatial.serve.openapi.qgis import OWN, THEME_OF_PACK
from spatial.serve.openapi.voice import Groups, Part, Voice, reference
from spatial.serve.tiles.matrices import SCHEMES
from spatial.store.catalogue import WAARNEMINGEN, Field

_LARGEST = 10**18 - 1
_OF_A_GROUP = ("properties", "sortby")
INDELING_OF_PROFILE = "indeling.profiel"
"""A property of features has the same name."""
_JOINED = f"geometrie.{WAARNEMINGEN}"
_OWN_NAMES = {
    (GPKG, "thema"): THEME_OF_PACK,
    (OBSERVATIONS, "geometrie"): _JOINED,
    (PROFILE, "indeling"): INDELING_OF_PROFILE,
}
"""Components of parameters that mean something else at another address."""


def parameters(groups: Groups, limits: Limits, said: Voice) -> dict[str, Part]:
    """Return all parameters by the name of their component.

    QGIS takes its page size from ``limit``, at exactly this place of the document; it and GDAL
    filter by the properties of which the parameter has style ``form`` and is not exploded.
    """
    used = {
        name for offer in groups.offers for name in (*offer.parameters, *offer.pattern.groupindex)
    }
    known = {**_of_the_service(limits, said), **_of_places(said)}
    found = {name: parameter for name, parameter in known.items() if name in used}
    found |= _of_profiles(said)
    found |= {
        _form_name(offer): _form(offer, said) for offer in groups.offers if "f" in offer.parameters
    }
    if WAARNEMINGEN in groups.group_of:
        found[_JOINED] = _joined(said)
    for group, fields in groups.fields.items():
        found |= _of_a_group(group, fields, said)
    for entry, name in groups.names.items():
        found[name] = _query(entry.naam, said.title(entry), _schema(entry))
    return found


def references(offer: Offer, group: str | None) -> list[Part]:
    """Return the parameters of one operation: those of the address, then the properties."""
    names = [_name(name, offer, group) for name in offer.parameters]
    return [reference("parameters", name) for name in names]


def property_references(group: str, groups: Groups) -> Iterator[Part]:
    """Return the properties of a group of collections as parameters."""
    for entry in groups.fields[group]:
        yield reference("parameters", groups.names[entry])


def _name(name: str, offer: Offer, group: str | None) -> str:
    if name == "f":
        return _form_name(offer)
    if offer.path in OF_QGIS and name != "lang":
        return f"{name}{OWN}"
    if own := _OWN_NAMES.get((offer.path, name)):
        return own
    return f"{name}.{group}" if group and name in _OF_A_GROUP else name


def _form_name(offer: Offer) -> str:
    return ".".join(["f", *offer.forms])


def _form(offer: Offer, said: Voice) -> Part:
    text = said(
        "Vorm van het antwoord; gaat voor de Accept-header.",
        "Form of the answer; goes before the Accept header.",
    )
    schema = {"type": "string", "enum": list(offer.forms), "default": next(iter(offer.forms))}
    return _query("f", text, schema)


def _of_the_service(limits: Limits, said: Voice) -> dict[str, Part]:
    uris = [crs.uri for crs in OFFERED]
    crs = {"type": "string", "format": "uri", "enum": uris, "default": CRS84.uri}
    texts: dict[str, tuple[str, Part]] = {
        "lang": (
            said("Taal; gaat voor Accept-Language.", "Language; goes before Accept-Language."),
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "limit": (
            said("Aantal features op een pagina.", "Number of features on a page."),
            {
                "type": "integer",
                "minimum": 1,
                "maximum": limits.maximum,
                "default": limits.default,
            },
        ),
        "offset": (
            said("Aantal features voor de pagina.", "Number of features before the page."),
            {"type": "integer", "minimum": 0, "maximum": _LARGEST, "default": 0},
        ),
        "bbox": (
            said(
                "Alleen features waarvan de vorm dit vak raakt; vier getallen, of zes met hoogten.",
                "Only features whose shape meets this box; four numbers, or six with heights.",
            ),
            {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        ),
        "bbox-crs": (said("Stelsel van bbox.", "Reference system of bbox."), crs),
        "crs": (said("Stelsel van het antwoord.", "Reference system of the answer."), crs),
        "cursor": (
            said(
                "Waar de bladzijde begint, zoals de link 'next' van de vorige zegt.",
                "Where the page begins, as the link 'next' of the one before says.",
            ),
            {"type": "string", "minLength": 1},
        ),
        "datetime": (
            said(
                "Alleen features waarvan de tijd deze dag of periode raakt: 2022-01-01, "
                "2018-01-01/2022-12-31, ../2020-12-31.",
                "Only features whose time meets this day or period: 2022-01-01, "
                "2018-01-01/2022-12-31, ../2020-12-31.",
            ),
            {"type": "string", "minLength": 2},
        ),
        "geometrie": (
            said(
                "Alleen bij f=csv: vormen als tekst in de kolom WKT.",
                "With f=csv only: shapes as text in the column WKT.",
            ),
            {"type": "string", "enum": ["wkt"]},
        ),
        "resulttype": (
            said("hits: alleen het aantal.", "hits: only the number."),
            {"type": "string", "enum": ["results", "hits"], "default": "results"},
        ),
        "skipGeometry": (
            said("Antwoord zonder vormen.", "Answer without shapes."),
            {"type": "boolean", "default": False},
        ),
    }
    texts |= {
        "properties": (
            said("Alleen deze kenmerken.", "Only these properties."),
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
        ),
        "geometrie": (
            said("Met f=csv: ook de vorm, als WKT.", "With f=csv: the shape too, as WKT."),
            {"type": "string", "enum": ["wkt"]},
        ),
    }
    texts |= _of_filter(crs, said)
    return {name: _query(name, text, schema) for name, (text, schema) in texts.items()}


def _joined(said: Voice) -> Part:
    text = said(
        "Hoe de vorm van de regio meekomt. verwijzing: als id in 'grens'; vorm: als geometrie; "
        "wkt: met f=csv, als tekst.",
        "How the shape of the region comes along. verwijzing: as id in 'grens'; vorm: as geometry; "
        "wkt: with f=csv, as text.",
    )
    schema = {"type": "string", "enum": ["verwijzing", "vorm", "wkt"], "default": "verwijzing"}
    return _query("geometrie", text, schema)


def _of_places(said: Voice) -> dict[str, Part]:
    number: Part = {"type": "integer", "minimum": 0}
    texts: dict[str, tuple[str, Part]] = {
        "collectionId": (said("Id van de collectie.", "Id of the collection."), {"type": "string"}),
        "featureId": (
            said("Id van de feature, <code>-<peilmoment>.", "Id of the feature, <code>-<date>."),
            {"type": "string", "example": "GM0363-2022-01-01"},
        ),
        "observationId": (
            said("Id van de waarneming.", "Id of the observation."),
            {"type": "string", "example": "ouderen.totaal.personen.GM0363.2022-01-01.2022"},
        ),
        "folder": (
            said("Map van de groep.", "Folder of the group."),
            {"type": "string", "example": "groep=ouderen"},
        ),
        "file": (
            said(
                "Naam, zoals de links van de collectie zeggen.",
                "Name, as links of the collection say.",
            ),
            {"type": "string", "example": "ouderen-gemeente.fgb"},
        ),
        "processId": (
            said("Id van de vraag.", "Id of the process."),
            {"type": "string", "example": "vergelijk"},
        ),
        "profielId": (
            said("Code van een gemeente of regio.", "Code of a municipality or region."),
            {"type": "string", "example": "GM0363"},
        ),
        "styleId": (
            said("Collectie waarvan de klassen zijn.", "Collection that has the classes."),
            {"type": "string", "example": "ouderen-gemeente"},
        ),
        "indicatorId": (
            said("Id van de indicator.", "Id of the indicator."),
            {"type": "string", "example": "personen"},
        ),
        "datasetId": (
            said("Id van de gegevensverzameling.", "Id of the data set."),
            {"type": "string", "example": "ouderen"},
        ),
        "stacItemId": (
            said("Collectie of raster waarvan de bestanden zijn.", "Collection or raster."),
            {"type": "string", "example": "ouderen-gemeente"},
        ),
        "tileMatrixSetId": (
            said("Indeling in tegels.", "Division in tiles."),
            {"type": "string", "enum": list(SCHEMES)},
        ),
        "tileMatrix": (said("Zoomniveau.", "Zoom level."), number),
        "tileRow": (said("Rij, van boven.", "Row, from the top."), number),
        "tileCol": (said("Kolom, van links.", "Column, from the left."), number),
    }
    return {name: _place(name, text, schema) for name, (text, schema) in texts.items()}


def _of_profiles(said: Voice) -> dict[str, Part]:
    indeling = said(
        "Alle jaren in de grenzen van dit jaar; eigen: elk jaar in zijn eigen grenzen.",
        "All years on the boundaries of this one; eigen: each year on its own.",
    )
    name = said(
        "Een deel van een naam of code, ook van vroeger.",
        "A part of a name or code, also of before.",
    )
    return {
        INDELING_OF_PROFILE: _query("indeling", indeling, {"type": "string", "default": "eigen"}),
        "q": _query("q", name, {"type": "string", "maxLength": LONGEST_SEARCH}),
    }


def _of_filter(crs: Part, said: Voice) -> dict[str, tuple[str, Part]]:
    return {
        "filter": (
            said(
                "Alleen features waarvoor deze voorwaarde in CQL2 waar is: personen > 100 AND "
                "CASEI(regioNaam) LIKE CASEI('a%').",
                "Only features for which this condition in CQL2 is true: personen > 100 AND "
                "CASEI(regioNaam) LIKE CASEI('a%').",
            ),
            {"type": "string", "minLength": 1, "maxLength": MAX_JSON},
        ),
        "filter-lang": (
            said("Taal van filter.", "Language of filter."),
            {"type": "string", "enum": [TEXT, JSON], "default": TEXT},
        ),
        "filter-crs": (
            said("Stelsel van de geometrieen in filter.", "Reference system of filter."),
            crs,
        ),
    }


def _of_a_group(group: str, fields: tuple[Field, ...], said: Voice) -> dict[str, Part]:
    names = [entry.naam for entry in fields]
    chosen: Part = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": names}}
    keys: Part = {"type": "string", "pattern": f"^[+-]?({'|'.join(names)})$"}
    return {
        f"properties.{group}": _query(
            "properties", said("Alleen deze kenmerken.", "Only these properties."), chosen
        ),
        f"sortby.{group}": _query(
            "sortby",
            said("Op deze kenmerken; - is aflopend.", "By these properties; - is descending."),
            {"type": "array", "minItems": 1, "items": keys},
        ),
    }


def _schema(entry: Field) -> Part:
    match entry.type:
        case "date":
            return {"type": "string", "format": "date"}
        case "integer":
            return {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST}
        case _ if entry.codes:
            return {"type": entry.type, "enum": list(entry.codes)}
        case _:
            return {"type": entry.type}


def _query(name: str, description: str, schema: Part) -> Part:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema,
    }


def _place(name: str, description: str, schema: Part) -> Part:
    return {
        "name": name,
        "in": "path",
        "description": description,
        "required": True,
        "schema": schema,
    }
