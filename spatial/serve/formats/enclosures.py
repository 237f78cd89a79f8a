"""Files of whole collections, made by the build: links to them, and the files themselves."""

from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from spatial.serve.problems import problem
from spatial.serve.read.edition import Edition, Editions
from spatial.store.catalogue import Collection
from spatial.store.files.enclosures import FILES, Enclosure, enclosures_of


def enclosures(
    edition: Edition, collection: Collection, url: str, *, english: bool = False
) -> list[dict[str, str | int]]:
    """Return links to the files of a collection, with type, title and length in bytes.

    Args:
        edition: has the files.
        collection: of the edition.
        url: address of the service, without a slash at the end.
        english: titles in English; otherwise in Dutch.
    """
    return [
        {
            "rel": "enclosure",
            "type": entry.media_type,
            "title": entry.title_en if english else entry.titel_nl,
            "href": f"{url}/collections/{quote(collection.id)}/{FILES}/{quote(entry.name)}",
            "length": _path(edition, entry).stat().st_size,
        }
        for entry in enclosures_of(collection)
        if entry.path in edition.snapshot.manifest["files"]
    ]


def enclosure_routes(editions: Editions) -> list[Route]:
    """Return the routes of the files; parts of a file (``Range``) are answered."""

    def answer(request: Request) -> Response:
        collection_id, name = request.path_params["collection_id"], request.path_params["name"]
        if request.query_params:
            return problem(HTTPStatus.BAD_REQUEST, "a file of a whole collection has no parameters")
        edition = editions.current
        for collection in edition.contents.collections:
            for entry in enclosures_of(collection) if collection.id == collection_id else ():
                if entry.name == name and entry.path in edition.snapshot.manifest["files"]:
                    return _file(request, edition, entry)
        message = f"there is no file {name!r} of collection {collection_id!r}"
        return problem(HTTPStatus.NOT_FOUND, message)

    return [Route(f"/collections/{{collection_id}}/{FILES}/{{name}}", answer)]


def _file(request: Request, edition: Edition, entry: Enclosure) -> Response:
    digest: str = edition.snapshot.manifest["files"][entry.path]
    headers = {
        "ETag": f'"{digest[:32]}"',
        "Last-Modified": format_datetime(edition.moment, usegmt=True),
        "Cache-Control": "public, no-cache",
        "Content-Disposition": f'attachment; filename="{entry.name}"',
    }
    known = request.headers.get("if-none-match", "")
    if headers["ETag"] in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    path = _path(edition, entry)
    return FileResponse(path, headers=headers, media_type=entry.media_type, stat_result=path.stat())


def _path(edition: Edition, entry: Enclosure) -> Path:
    return edition.snapshot.path / entry.path
