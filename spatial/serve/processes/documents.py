"""The documents about processes: list and description (OGC API Processes 1, OGC process description)."""

from collections.abc import Sequence
from typing import Any

from spatial.serve.ask.offers import GEOJSON, HTML, JSON
from spatial.serve.processes.process import OUTPUT, Document, Process

REL = "http://www.opengis.net/def/rel/ogc/1.0"
FORMS = {"json": JSON, "geojson": GEOJSON, "csv": "text/csv", "html": HTML}
"""The forms of an answer, and the media type of each."""

CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "html", "oas30")
)
"""Synchronous execution only: no list of jobs, no dismissal, no callback."""

VERSION = "1.0.0"
_TITLES = {
    "json": ("JSON", "JSON"),
    "geojson": ("GeoJSON (CRS84)", "GeoJSON (CRS84)"),
    "csv": ("CSV", "CSV"),
    "html": ("Pagina", "Page"),
}


def link(rel: str, media_type: str, title: str, href: str) -> dict[str, str]:
    """Return a link of a document."""
    return {"rel": rel, "type": media_type, "title": title, "href": href}


def list_link(url: str, *, english: bool) -> dict[str, str]:
    """Return the link of the landing page to the processes."""
    title = "Questions that are answered when asked" if english else "Vragen aan de dienst"
    return link(f"{REL}/processes", JSON, title, f"{url}/processes")


def list_document(
    url: str, processes: Sequence[Process], page: tuple[int, int], *, english: bool
) -> Document:
    """Return the list of processes.

    Args:
        url: address of the service, without a slash at the end.
        processes: all of them.
        page: how many to show at most, and how many to leave out before.
        english: texts in English; otherwise in Dutch.
    """
    limit, offset = page
    shown = processes[offset : offset + limit]
    address = f"{url}/processes"
    links = [
        link("self", JSON, "JSON", f"{address}?f=json"),
        link("alternate", HTML, "HTML", f"{address}?f=html"),
    ]
    if offset + limit < len(processes):
        following = f"{address}?f=json&limit={limit}&offset={offset + limit}"
        title = "Next page" if english else "Volgende pagina"
        links.append(link("next", JSON, title, following))
    return {
        "processes": [_summary(url, process, english=english) for process in shown],
        "links": links,
    }


def process_document(url: str, process: Process, *, english: bool) -> Document:
    """Return the description of a process with its inputs and outputs."""
    return {
        **_summary(url, process, english=english),
        "inputs": {
            entry.name: {
                "title": entry.title_en if english else entry.titel_nl,
                "description": entry.explanation_en if english else entry.uitleg_nl,
                "minOccurs": int(entry.required),
                "maxOccurs": 1,
                "schema": entry.schema(),
            }
            for entry in process.inputs
        },
        "outputs": {
            OUTPUT: {
                "title": "Answer" if english else "Antwoord",
                "schema": {"oneOf": [_output(form) for form in FORMS]},
            }
        },
        "example": {"inputs": process.example},
    }


def answer_links(url: str, process: Process, query: str, *, english: bool) -> list[dict[str, str]]:
    """Return the links of an answer: to itself in every form, and to its process.

    Args:
        url: address of the service.
        process: that gave it.
        query: the question as the query of an address.
        english: titles in English.
    """
    here = execution_address(url, process)
    found = [
        link(
            "canonical",
            JSON,
            "The same answer" if english else "Hetzelfde antwoord",
            f"{here}?{query}",
        )
    ]
    found += [
        link("alternate", media_type, _TITLES[form][english], f"{here}?f={form}&{query}")
        for form, media_type in FORMS.items()
    ]
    title = process.title_en if english else process.titel_nl
    return [*found, link("up", JSON, title, f"{url}/processes/{process.id}")]


def execution_address(url: str, process: Process) -> str:
    """Return the address at which a process is asked."""
    return f"{url}/processes/{process.id}/execution"


def _summary(url: str, process: Process, *, english: bool) -> Document:
    address = f"{url}/processes/{process.id}"
    return {
        "id": process.id,
        "title": process.title_en if english else process.titel_nl,
        "description": process.description_en if english else process.beschrijving_nl,
        "keywords": list(process.trefwoorden),
        "version": VERSION,
        "jobControlOptions": ["sync-execute"],
        "outputTransmission": ["value", "reference"],
        "links": [
            link("self", JSON, "JSON", f"{address}?f=json"),
            link("alternate", HTML, "HTML", f"{address}?f=html"),
            link(f"{REL}/execute", JSON, "Ask" if english else "Vraag", f"{address}/execution"),
        ],
    }


def _output(form: str) -> dict[str, Any]:
    kind = "object" if form in {"json", "geojson"} else "string"
    return {"type": kind, "contentMediaType": FORMS[form]}
