"""Processes in the document: each with its own inputs, as parameters and in the body."""

from collections.abc import Iterable, Iterator, Mapping

from spatial.serve.ask.offers import EXECUTION, GEOJSON, HTML, JSON, offered
from spatial.serve.openapi import parameters
from spatial.serve.openapi.voice import Part, Voice, reference
from spatial.serve.processes.documents import FORMS
from spatial.serve.processes.execution import RESPONSES, TRANSMISSIONS
from spatial.serve.processes.inputs import LONGEST, Input
from spatial.serve.processes.process import OUTPUT, Process

_REFUSED = {
    "400": "badRequest",
    "406": "notAcceptable",
    "default": "problem",
}


def process_parameters(processes: Iterable[Process], said: Voice) -> dict[str, Part]:
    """Return the inputs of all processes as parameters, by the name of their component."""
    return {
        f"{process.id}.{entry.name}": _parameter(entry, said)
        for process in processes
        for entry in process.inputs
    }


def process_schemas(processes: Iterable[Process]) -> dict[str, Part]:
    """Return the schemas of the documents of processes: what is asked and what is answered."""
    found: dict[str, Part] = {
        "processes": {
            "type": "object",
            "required": ["processes", "links"],
            "properties": {
                "processes": {"type": "array", "items": reference("schemas", "processSummary")},
                "links": reference("schemas", "links"),
            },
        },
        "processSummary": _described(),
        "process": _described("inputs", "outputs", "example"),
    }
    for process in processes:
        found[f"answer.{process.id}"] = process.schema
        found[f"execute.{process.id}"] = _execute(process)
    return found


def process_responses(processes: Iterable[Process], said: Voice) -> dict[str, Part]:
    """Return the answers of the processes by the name of their component."""
    where = {
        "Link": {
            "description": said("Waar het antwoord staat.", "Where the answer is."),
            "schema": {"type": "string"},
        }
    }
    found: dict[str, Part] = {
        "elsewhere": {
            "description": said("Het antwoord staat elders.", "The answer is elsewhere."),
            "headers": where,
        }
    }
    for process in processes:
        by_value = reference("schemas", f"answer.{process.id}")
        found[f"answered.{process.id}"] = _answer(by_value, said)
        in_document: Part = {
            "oneOf": [
                by_value,
                {
                    "type": "object",
                    "required": [OUTPUT],
                    "properties": {OUTPUT: {"type": "object"}},
                },
            ]
        }
        found[f"executed.{process.id}"] = _answer(in_document, said)
    return found


def process_paths(processes: Iterable[Process], said: Voice) -> Iterator[tuple[str, Part]]:
    """Give the address at which each process is asked, with its two operations."""
    shown: list[Part] = parameters.references(offered(EXECUTION), None)
    for process in processes:
        title = said(process.titel_nl, process.title_en)
        inputs = [reference("parameters", f"{process.id}.{entry.name}") for entry in process.inputs]
        body = {"schema": reference("schemas", f"execute.{process.id}"), "example": process.body}
        common: Part = {"tags": [said("dienst", "service")]}
        got = {"200": f"answered.{process.id}", "304": "notModified", **_REFUSED}
        posted = {
            "200": f"executed.{process.id}", "204": "elsewhere", "413": "problem", "415": "problem",
            **_REFUSED,
        }  # fmt: skip
        yield (
            EXECUTION.replace("{processId}", process.id),
            {
                "get": {
                    **common,
                    "operationId": f"ask.{process.id}",
                    "summary": f"{title}: {said('vraag in het adres', 'question in the address')}",
                    "parameters": [*shown, *inputs],
                    "responses": _references(got),
                },
                "post": {
                    **common,
                    "operationId": f"execute.{process.id}",
                    "summary": f"{title}: {said('vraag in de body', 'question in the body')}",
                    "parameters": shown,
                    "requestBody": {"required": True, "content": {JSON: body}},
                    "responses": _references(posted),
                },
            },
        )


def _references(names: Mapping[str, str]) -> dict[str, Part]:
    return {status: reference("responses", name) for status, name in sorted(names.items())}


def _parameter(entry: Input, said: Voice) -> Part:
    schema = entry.schema()
    return {
        "name": entry.name,
        "in": "query",
        "required": entry.required,
        "style": "form",
        "explode": False,
        "description": said(entry.uitleg_nl, entry.explanation_en),
        "schema": schema,
        "example": entry.example if isinstance(entry.example, str) else list(entry.example),
    }


def _execute(process: Process) -> Part:
    required = [entry.name for entry in process.inputs if entry.required]
    inputs: Part = {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": {entry.name: _limited(entry.schema()) for entry in process.inputs},
    }
    media_type: Part = {"type": "string", "enum": list(FORMS.values())}
    output = _closed(
        format=_closed(mediaType=media_type),
        transmissionMode={
            "type": "string",
            "enum": list(TRANSMISSIONS),
            "default": TRANSMISSIONS[0],
        },
    )
    response: Part = {"type": "string", "enum": list(RESPONSES), "default": RESPONSES[0]}
    outputs = _closed(**{OUTPUT: output})
    return _closed(inputs=inputs, outputs=outputs, response=response) | {"required": ["inputs"]}


def _limited(schema: Part) -> Part:
    """Say how long a free text may be."""
    if schema["type"] == "array":
        return {**schema, "items": _limited(schema["items"])}
    return schema if "enum" in schema else {**schema, "maxLength": LONGEST}


def _closed(**properties: Part) -> Part:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _answer(document: Part, said: Voice) -> Part:
    collection: Part = {
        "type": "object",
        "required": ["type", "features", "snapshot", "links"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"type": "object"}},
            "snapshot": {"type": "string"},
            "links": reference("schemas", "links"),
        },
    }
    schemas = {
        JSON: document,
        GEOJSON: collection,
        FORMS["csv"]: {"type": "string"},
        HTML: {"type": "string"},
    }
    crs = said("Stelsel van de coordinaten.", "Reference system of the coordinates.")
    return {
        "description": said("Het antwoord.", "The answer."),
        "headers": {"Content-Crs": {"description": crs, "schema": {"type": "string"}}},
        "content": {media_type: {"schema": schema} for media_type, schema in schemas.items()},
    }


def _described(*more: str) -> Part:
    """Describe the description of a process; in a list without its inputs and outputs."""
    texts = ("id", "title", "description", "version")
    lists = ("keywords", "jobControlOptions", "outputTransmission")
    properties: Part = {name: {"type": "string"} for name in texts}
    properties |= {name: {"type": "array", "items": {"type": "string"}} for name in lists}
    properties["links"] = reference("schemas", "links")
    properties |= {name: {"type": "object"} for name in more}
    return {"type": "object", "required": [*properties], "properties": properties}
