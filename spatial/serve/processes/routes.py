"""The addresses of processes: list, description, execution by address (GET) or body (POST), jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spatial.errors import QueryError
from spatial.serve.ask.negotiate import apart, language_of
from spatial.serve.ask.offers import EXECUTION, JSON, PROCESS, PROCESSES, form_of, offered
from spatial.serve.ask.query import Limits, parse_page, parse_shown
from spatial.serve.problems import MEDIA_TYPE, problem_document
from spatial.serve.processes.documents import execution_address, list_document, process_document
from spatial.serve.processes.execution import read_execution
from spatial.serve.processes.inputs import read_query
from spatial.serve.processes.offered import processes_of
from spatial.serve.processes.process import Process
from spatial.serve.processes.writing import Ask, Render, Writer, json_answer, safe
from spatial.serve.read.edition import Edition, Editions

PROBLEMS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"


@dataclass(frozen=True, slots=True)
class _Desk:
    """The processes of one edition."""

    edition: Edition
    processes: dict[str, Process]


class _RefusedError(Exception):
    """The request has an answer that is a refusal."""

    def __init__(self, status: HTTPStatus, detail: str, kind: str = "about:blank") -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind


class Processes:
    """Everything about processes, for whatever edition is live."""

    def __init__(self, editions: Editions, render: Render, url: str) -> None:
        self._editions = editions
        self._writer = Writer(render, url)
        self._url = url
        self._live: _Desk | None = None

    def list(self, request: Request) -> Response:
        """Answer ``/processes``."""
        ask = _asked(request, PROCESSES)
        limit, offset = parse_page(ask.pairs, Limits(10, 1000))
        processes = list(self._desk().processes.values())
        document = list_document(self._url, processes, (limit, offset), english=ask.english)
        if ask.form == "html":
            return self._writer.page("processes/index.html", {**document, "items": processes}, ask)
        return json_answer(document, ask)

    def describe(self, request: Request) -> Response:
        """Answer ``/processes/{id}``."""
        ask = _asked(request, PROCESS)
        _refuse_others(ask)
        process = self._process(request, self._desk())
        document = process_document(self._url, process, english=ask.english)
        if ask.form == "html":
            return self._writer.form(process, document, ask)
        return json_answer(document, ask)

    def answer(self, request: Request) -> Response:
        """Answer ``GET /processes/{id}/execution``: the inputs stand in the address."""
        ask = _asked(request, EXECUTION)
        desk = self._desk()
        process = self._process(request, desk)
        try:
            given = read_query(process.inputs, ask.pairs)
            outcome = process.answer(desk.edition.snapshot, given)
        except QueryError as error:
            if ask.form != "html":
                raise
            document = process_document(self._url, process, english=ask.english)
            return self._writer.form(process, document, ask, fault=str(error))
        return self._writer.written(process, outcome, ask)

    async def execute(self, request: Request) -> Response:
        """Answer ``POST /processes/{id}/execution``: the inputs stand in the body."""
        body = await request.body()
        return await run_in_threadpool(self._executed, request, body)

    def no_job(self, request: Request) -> Response:
        """Answer ``/jobs/{id}``: there are no jobs, for every answer comes at once."""
        message = f"there is no job {request.path_params['job']!r}: every answer comes at once"
        raise _RefusedError(HTTPStatus.NOT_FOUND, message, f"{PROBLEMS}/no-such-job")

    def _executed(self, request: Request, body: bytes) -> Response:
        ask = _asked(request, EXECUTION)
        _refuse_others(ask)
        desk = self._desk()
        process = self._process(request, desk)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            message = f"the body is an execute request in {JSON}"
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
        execution = read_execution(process.inputs, body)
        ask = Ask(execution.form or ask.form, ask.english, [])
        outcome = process.answer(desk.edition.snapshot, execution.given)
        answer = self._writer.sent(process, outcome, ask, execution)
        if not (execution.document or execution.reference):
            here = execution_address(self._url, process)
            answer.headers["Content-Location"] = f"{here}?f={ask.form}&{outcome.query}"
        # who asks by address may keep the answer
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _desk(self) -> _Desk:
        edition = self._editions.current
        live = self._live
        if live is None or live.edition is not edition:
            # two threads may both make one; the last is kept
            live = self._live = _Desk(edition, processes_of(edition.snapshot))
        return live

    def _process(self, request: Request, desk: _Desk) -> Process:
        name = request.path_params["process"]
        if name not in desk.processes:
            message = f"there is no process {name!r}; there are {', '.join(desk.processes)}"
            raise _RefusedError(HTTPStatus.NOT_FOUND, message, f"{PROBLEMS}/no-such-process")
        return desk.processes[name]


def process_routes(editions: Editions, render: Render, url: str) -> list[Route]:
    """Return the routes of processes.

    Args:
        editions: the store.
        render: makes pages.
        url: address by which clients reach the service, without a slash at the end.
    """
    processes = Processes(editions, render, url)
    one = "/processes/{process}"
    return [
        Route("/processes", _answering(processes.list)),
        Route(one, _answering(processes.describe)),
        Route(f"{one}/execution", _answering(processes.answer), methods=["GET"]),
        Route(f"{one}/execution", _executing(processes), methods=["POST"]),
        Route("/jobs/{job}", _answering(processes.no_job)),
        Route("/jobs/{job}/results", _answering(processes.no_job)),
    ]


def _answering(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Turn what is refused into a problem document; runs in a thread, as all that is not async."""

    def endpoint(request: Request) -> Response:
        try:
            return answer(request)
        except (QueryError, _RefusedError) as error:
            return _refusal(error)

    return endpoint


def _executing(processes: Processes) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            return await processes.execute(request)
        except (QueryError, _RefusedError) as error:
            return _refusal(error)

    return endpoint


def _refusal(error: QueryError | _RefusedError) -> Response:
    if isinstance(error, _RefusedError):
        document = problem_document(error.status, str(error)) | {"type": error.kind}
    else:
        document = problem_document(HTTPStatus.BAD_REQUEST, str(error))
    return Response(safe(document), int(document["status"]), media_type=MEDIA_TYPE)


def _asked(request: Request, path: str) -> Ask:
    """Read form and language; the guard has put the headers in order.

    Raises:
        QueryError: a parameter is given twice, or is not offered.
    """
    shown, others = apart(request.query_params.multi_items())
    offer = offered(path)
    parse_shown(shown, tuple(offer.forms))
    form, _ = form_of(offer, shown.get("f"), request.headers.get("accept", ""))
    wanted = request.headers.get("accept-language", "")
    language = shown.get("lang") or language_of(wanted)
    return Ask(form, language == "en", others)


def _refuse_others(ask: Ask) -> None:
    if ask.pairs:
        message = f"this address has no parameter {ask.pairs[0][0]!r}"
        raise QueryError(message)
