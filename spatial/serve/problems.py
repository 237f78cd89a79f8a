"""Problem documents: how this service says no."""

import json
from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spatial.errors import QueryError, SelectionTooLargeError

type Answer = Callable[[Request], Response]

MEDIA_TYPE = "application/problem+json"


def problem_document(status: HTTPStatus, detail: str) -> dict[str, str | int]:
    """Return a problem document (RFC 9457) that is also an exception as OGC API describes it."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": status.phrase.replace(" ", ""),
        "description": detail,
    }


def problem(status: HTTPStatus, detail: str) -> Response:
    """Return an answer that holds a problem document."""
    text = json.dumps(problem_document(status, detail), ensure_ascii=False)
    # what was asked may stand in it: no markup, whoever shows it
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e")
    return Response(safe, status, media_type=MEDIA_TYPE)


class NotThereError(Exception):
    """There is nothing at this address."""


def answering(answer: Answer) -> Answer:
    """Turn what is refused into a problem document; runs in a thread, as all that is not async."""

    def endpoint(request: Request) -> Response:
        try:
            return answer(request)
        except SelectionTooLargeError as error:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))
        except QueryError as error:
            return problem(HTTPStatus.BAD_REQUEST, str(error))
        except NotThereError as error:
            return problem(HTTPStatus.NOT_FOUND, str(error))

    return endpoint


def as_problem(request: Request, error: Exception) -> Response:
    """Return what the framework has to say (no such address, no such method) as a problem document.

    Raises:
        Exception: the error, when it is not one of the framework's.
    """
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    found = problem(status, f"{status.phrase}: {request.url.path}")
    found.headers.update(error.headers or {})
    return found


def no_snapshot(_request: Request, _error: Exception) -> Response:
    """Return the answer while there is no snapshot that can be read."""
    message = "there is no readable snapshot: run 'spatial build'"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, message)
