"""Problem documents: how this service says no."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


def problem(status: HTTPStatus, detail: str) -> JSONResponse:
    """Return a problem document (RFC 9457) that is also an exception as OGC API describes it."""
    document = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": status.phrase.replace(" ", ""),
        "description": detail,
    }
    return JSONResponse(document, status, media_type="application/problem+json")


def no_snapshot(_request: Request, _error: Exception) -> Response:
    """Return the answer while there is no snapshot that can be read."""
    message = "there is no readable snapshot: run 'spatial build'"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, message)
