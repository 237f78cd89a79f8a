"""The Parquet files of all observations, a file per group: links to them, and the files themselves."""

from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from spatial.domain.formats import GEOPARQUET
from spatial.serve.problems import problem
from spatial.serve.read.edition import Edition, Editions
from spatial.store.catalogue import WAARNEMINGEN
from spatial.store.cube.partitions import PART, PARTITIONS, folder_of, partition_path
from spatial.store.files.enclosures import FILES

_PATH = f"/collections/{WAARNEMINGEN}/{FILES}"


def partition_links(
    edition: Edition, url: str, *, english: bool = False
) -> list[dict[str, str | int]]:
    """Return links to the files, with type, title and length in bytes.

    Args:
        edition: has the files.
        url: address of the service, without a slash at the end.
        english: titles in English; otherwise in Dutch.
    """
    title = "All observations as Parquet" if english else "Alle waarnemingen als Parquet"
    return [
        {
            "rel": "enclosure",
            "type": GEOPARQUET.media_type,
            "title": f"{title}: {groep}",
            "href": f"{url}{_PATH}/{quote(folder_of(groep), safe='=')}/{PART}",
            "length": (edition.snapshot.path / partition_path(groep)).stat().st_size,
        }
        for groep in (block.groep for block in edition.snapshot.cube.axes.blocks)
    ]


def partition_routes(editions: Editions) -> list[Route]:
    """Return the route of the files; parts of a file (``Range``) are answered."""

    def answer(request: Request) -> Response:
        folder, name = request.path_params["folder"], request.path_params["name"]
        if request.query_params:
            return problem(HTTPStatus.BAD_REQUEST, "a file of observations has no parameters")
        edition = editions.current
        digest = edition.snapshot.manifest["files"].get(f"{PARTITIONS}/{folder}/{name}")
        if digest is None:
            return problem(
                HTTPStatus.NOT_FOUND, f"there is no file {folder}/{name} of observations"
            )
        headers = {
            "ETag": f'"{digest[:32]}"',
            "Last-Modified": format_datetime(edition.moment, usegmt=True),
            "Cache-Control": "public, no-cache",
            "Content-Disposition": f'attachment; filename="{WAARNEMINGEN}-{folder}.parquet"',
        }
        known = request.headers.get("if-none-match", "")
        if headers["ETag"] in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
            return Response(None, HTTPStatus.NOT_MODIFIED, headers)
        path = edition.snapshot.path / PARTITIONS / folder / name
        return FileResponse(
            path, headers=headers, media_type=GEOPARQUET.media_type, stat_result=path.stat()
        )

    return [Route(f"{_PATH}/{{folder}}/{{name}}", answer)]
