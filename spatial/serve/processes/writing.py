"""How answers of processes are written: by value or as an address, in every form, and as pages."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from spatial.domain.crs import CRS84
from spatial.serve.ask.offers import JSON
from spatial.serve.processes.documents import FORMS, answer_links, execution_address
from spatial.serve.processes.execution import Execution
from spatial.serve.processes.process import OUTPUT, Document, Outcome, Process

type Render = Callable[[str, Mapping[str, Any], str], str]
"""Makes a page: template, data, language."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How an answer is to come.

    Attributes:
        form: ``json``, ``geojson``, ``csv`` or ``html``.
        english: in English; otherwise in Dutch.
        pairs: the other parameters.
    """

    form: str
    english: bool
    pairs: list[tuple[str, str]]

    @property
    def language(self) -> str:
        """Language tag."""
        return "en" if self.english else "nl"


class Writer:
    """Writes answers."""

    def __init__(self, render: Render, url: str) -> None:
        """Write pages with ``render``, and addresses below ``url``."""
        self._render = render
        self._url = url

    def sent(self, process: Process, outcome: Outcome, ask: Ask, execution: Execution) -> Response:
        """Write an answer to a body: the output itself or a document with it, or where it is."""
        here = f"{execution_address(self._url, process)}?f={ask.form}&{outcome.query}"
        reference = {"href": here, "type": FORMS[ask.form], "rel": "item"}
        if not execution.document:
            if execution.reference:
                told = {"Link": f'<{here}>; rel="item"; type="{FORMS[ask.form]}"'}
                return Response(None, HTTPStatus.NO_CONTENT, told)
            return self.written(process, outcome, ask)
        if execution.reference:
            return json_answer({OUTPUT: reference}, ask)
        body = bytes(self.written(process, outcome, ask).body)
        if ask.form == "json":
            return json_answer({OUTPUT: orjson.Fragment(body)}, ask)
        value = orjson.Fragment(body) if ask.form == "geojson" else body.decode()
        return json_answer({OUTPUT: {"value": value, "mediaType": FORMS[ask.form]}}, ask)

    def written(self, process: Process, outcome: Outcome, ask: Ask) -> Response:
        """Write an answer by value; the same question to the same snapshot gives the same validator."""
        links = answer_links(self._url, process, outcome.query, english=ask.english)
        if ask.form == "csv":
            found = Response(outcome.csv(), media_type=FORMS["csv"])
            found.headers["Content-Disposition"] = f'attachment; filename="{process.id}.csv"'
        elif ask.form == "html":
            data = {"links": links, "process": process, "answer": outcome.answer}
            found = self.page(process.page, {**data, "query": outcome.query}, ask)
        elif ask.form == "geojson":
            found = json_answer({**outcome.geojson(), "links": links}, ask)
            found.headers["Content-Type"] = FORMS["geojson"]
            found.headers["Content-Crs"] = f"<{CRS84.uri}>"
        else:
            found = json_answer({**outcome.document(), "links": links}, ask)
        found.headers["Link"] = f'<{links[0]["href"]}>; rel="canonical"'
        found.headers["ETag"] = f'"{hashlib.sha256(found.body).hexdigest()[:32]}"'
        return found

    def form(self, process: Process, document: Document, ask: Ask, fault: str = "") -> Response:
        """Return the page on which a process is asked; with what was wrong with a question."""
        given = {entry.name: entry.shown() for entry in process.inputs}
        if fault:
            given |= {name: text for name, text in ask.pairs if name in given}
        data = {**document, "process": process, "given": given, "fault": fault}
        answer = self.page("processes/process.html", data, ask)
        if fault:
            answer.status_code = HTTPStatus.BAD_REQUEST
        return answer

    def page(self, template: str, data: Mapping[str, Any], ask: Ask) -> Response:
        """Return a page."""
        text = self._render(template, data, ask.language)
        return Response(text, headers={"Content-Language": ask.language}, media_type=FORMS["html"])


def json_answer(document: Document, ask: Ask) -> Response:
    """Return a document."""
    told = {"Content-Language": ask.language}
    return Response(safe(document), headers=told, media_type=JSON)


def safe(document: Mapping[str, Any]) -> bytes:
    """Write JSON; what was asked may stand in it, so no markup, whoever shows it."""
    return orjson.dumps(document).replace(b"<", b"\\u003c").replace(b">", b"\\u003e")
