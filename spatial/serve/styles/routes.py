"""The addresses of class schemes, and the documents that they answer.

A snapshot holds them as files (see ``spatial.store.schemes``); nothing is made here.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import JSON, STYLE_OF_ONE, STYLES, form_of, offered
from spatial.serve.problems import NotThereError, answering
from spatial.serve.read.edition import Edition, Editions
from spatial.serve.styles.files import FILES, style_file
from spatial.store.catalogue import Collection
from spatial.store.schemes import Style, owners, read_style
from spatial.store.snapshot import MAPS

_WHOLE = ("collectie", "titel", "bronnen", "patronen", "statussen")
"""What a document says besides its indicators."""


class Styles:
    """The schemes of whatever edition is live."""

    def __init__(self, editions: Editions, url: str) -> None:
        self._editions = editions
        self._url = f"{url}{STYLES}"

    def all(self, _: Request) -> Response:
        """Answer ``/styles``: per collection the indicators that have a scheme."""
        contents = self._editions.current.contents
        styles = [
            {
                "id": basis,
                "titel": {"nl": collection.titel_nl, "en": collection.title_en},
                "indicatoren": list(collection.indicatoren),
                "links": [self._link("item", basis)],
            }
            for basis, collection in owners(contents).items()
        ]
        return JSONResponse({"styles": styles, "links": [self._link("self")]})

    def style(self, request: Request) -> Response:
        """Answer ``/styles/{styleId}``: all schemes of a collection."""
        basis, document = self._document(request)
        return JSONResponse({**document, "links": [self._link("self", basis)]})

    def scheme(self, request: Request) -> Response:
        """Answer ``/styles/{styleId}/{indicatorId}``: one scheme, with the signs beside it."""
        basis, document = self._document(request)
        name = request.path_params["indicator"]
        entry = document["indicatoren"].get(name)
        if entry is None:
            message = f"{basis} has no scheme of an indicator {name!r}"
            raise NotThereError(message)
        given = request.query_params
        accept = request.headers.get("accept", "")
        form, _ = form_of(offered(STYLE_OF_ONE), given.get("f"), accept)
        if form in FILES:
            language = given.get("lang") or language_of(request.headers.get("accept-language", ""))
            return style_file(
                self._editions.current,
                (request.path_params["style"], name),
                document,
                form,
                english=language == "en",
            )
        whole = {member: document[member] for member in _WHOLE}
        links = [
            self._link("self", basis, name),
            *self._files(basis, name),
            self._link("collection", basis),
        ]
        return JSONResponse({**whole, "indicator": name, "schema": entry, "links": links})

    def _files(self, basis: str, name: str) -> list[dict[str, str]]:
        return [
            {
                **self._link("alternate", basis, f"{name}?f={form}"),
                "type": media_type,
                "title": title,
            }
            for form, (media_type, title) in FILES.items()
        ]

    def _document(self, request: Request) -> tuple[str, Style]:
        """Return the schemes of a collection; one in another indeling has those of its own."""
        edition, name = self._editions.current, request.path_params["style"]
        for basis, collection in owners(edition.contents).items():
            if name in {basis, collection.id} or _uses(edition, name, basis):
                return basis, read_style(edition.snapshot.path / MAPS, collection)
        message = f"there is no style {name!r}"
        raise NotThereError(message)

    def _link(self, rel: str, *path: str) -> dict[str, str]:
        return {"rel": rel, "type": JSON, "href": "/".join((self._url, *path))}


def style_routes(editions: Editions, url: str) -> list[Route]:
    """Return the routes of class schemes.

    Args:
        editions: the store.
        url: address by which clients reach the service, without a slash at the end.
    """
    styles = Styles(editions, url)
    return [
        Route(STYLES, styles.all),
        Route(f"{STYLES}/{{style}}", answering(styles.style)),
        Route(f"{STYLES}/{{style}}/{{indicator}}", answering(styles.scheme)),
    ]


def style_link(url: str, collection: Collection, *, english: bool) -> dict[str, str]:
    """Return the link from a collection to the schemes of its indicators."""
    return {
        "rel": "style",
        "type": JSON,
        "title": "Classes and colours" if english else "Klassen en kleuren",
        "href": f"{url}{STYLES}/{collection.basis}",
    }


def _uses(edition: Edition, name: str, basis: str) -> bool:
    return name in edition and edition.collection(name).basis == basis
