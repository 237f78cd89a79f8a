"""The addresses of profiles: the list with its search, and one per region, of today or before.

A profile is computed when it is asked for (see ``spatial.compute.profiel``); the lane keeps the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spatial.compute.profiel import page
from spatial.compute.profiel.answer import Vraag, profiel
from spatial.compute.profiel.document import document_of, entry_of
from spatial.compute.profiel.gids import LONGEST_SEARCH, Gids, read_gids
from spatial.compute.profiel.links import Links
from spatial.domain.regions import Indeling
from spatial.errors import QueryError
from spatial.serve.ask.negotiate import language_of
from spatial.serve.ask.offers import HTML, JSON, PROFILE, PROFILES, form_of, offered
from spatial.serve.problems import answering, problem
from spatial.serve.processes.documents import link
from spatial.serve.processes.writing import Ask, Render, json_answer
from spatial.serve.read.edition import Edition, Editions

_YEAR = 4
_OWN = "eigen"
_INDEX = "profiel/index.html"


@dataclass(frozen=True, slots=True)
class _Desk:
    """The regions of one edition."""

    edition: Edition
    gids: Gids


class Profiles:
    """All profiles of whatever edition is live."""

    def __init__(self, editions: Editions, render: Render, url: str) -> None:
        self._editions = editions
        self._render = render
        self._url = url
        self._live: _Desk | None = None

    def index(self, request: Request) -> Response:
        """Answer ``/profiel``: all regions, or those of a name or code."""
        ask, given = _asked(request, PROFILES)
        text = given.get("q", "")
        if len(text) > LONGEST_SEARCH:
            message = f"q is at most {LONGEST_SEARCH} characters"
            raise QueryError(message)
        gids, text = self._desk().gids, text.strip()
        if ask.form == "html":
            return self._listed(gids, ask, text)
        found = gids.search(text) if text else gids.regions.values()
        document = {
            "profielen": [
                {**entry_of(region, gids), "href": f"{self._url}/profiel/{region.code}"}
                for region in found
            ],
            "links": self._links("profiel", ask),
        }
        return json_answer(document, ask)

    def profile(self, request: Request) -> Response:
        """Answer ``/profiel/{code}``."""
        ask, given = _asked(request, PROFILE)
        desk, code = self._desk(), request.path_params["code"]
        indeling = _year(given.get("indeling", _OWN))
        if code not in desk.gids.regions:
            return self._unknown(desk.gids, ask, code)
        answer = profiel(desk.edition.snapshot, desk.gids, Vraag(code, indeling))
        where = f"profiel/{code}"
        chosen = f"indeling={indeling}" if indeling else ""
        links = self._links(where, ask, chosen)
        if ask.form != "html":
            return json_answer({**document_of(answer, desk.gids), "links": links}, ask)
        whole = page.fragment(answer, desk.gids, english=ask.english, links=self._addresses(ask))
        title = page.title_of(answer, english=ask.english)
        return self._page(where, chosen, (title, whole), links, ask)

    def _unknown(self, gids: Gids, ask: Ask, code: str) -> Response:
        """Say that there is no such region: as a document, or on the page where one can search."""
        hint = f"there is no region {code!r}, today or before; {self._url}/profiel lists them all"
        if ask.form != "html":
            return problem(HTTPStatus.NOT_FOUND, hint)
        fault = {
            "nl": f"Er is geen gemeente of regio met code {code}, nu of vroeger.",
            "en": f"There is no municipality or region with code {code}, today or before.",
        }
        answer = self._listed(gids, ask, "", fault)
        answer.status_code = HTTPStatus.NOT_FOUND
        return answer

    def _listed(
        self, gids: Gids, ask: Ask, text: str, fault: Mapping[str, str] | None = None
    ) -> Response:
        addresses = self._addresses(ask)
        whole = page.list_fragment(gids, text, english=ask.english, links=addresses, fault=fault)
        title = "Profiles" if ask.english else "Profielen"
        chosen = "" if not text else addresses.page("profiel", q=text).rpartition("&")[2]
        return self._page("profiel", chosen, (title, whole), self._links("profiel", ask), ask)

    def _page(
        self,
        where: str,
        chosen: str,
        content: tuple[str, Markup],
        links: list[dict[str, str]],
        ask: Ask,
    ) -> Response:
        title, whole = content
        data = {
            "titel": title,
            "inhoud": whole,
            "waar": where,
            "gekozen": f"?{chosen}" if chosen else "",
            "links": links,
        }
        text = self._render(_INDEX, data, ask.language)
        return Response(text, headers={"Content-Language": ask.language}, media_type=HTML)

    def _links(self, where: str, ask: Ask, chosen: str = "") -> list[dict[str, str]]:
        more = f"&{chosen}" if chosen else ""
        forms = {"json": (JSON, "JSON"), "html": (HTML, "Page" if ask.english else "Pagina")}
        return [
            link(
                "self" if form == ask.form else "alternate",
                media_type,
                title,
                f"{self._url}/{where}?f={form}{more}",
            )
            for form, (media_type, title) in forms.items()
        ]

    def _addresses(self, ask: Ask) -> Links:
        """Return addresses on the host of the page, in its language."""
        base = urlsplit(self._url).path.rstrip("/")
        return Links(base, {"f": "html", "lang": ask.language}, live=True)

    def _desk(self) -> _Desk:
        edition = self._editions.current
        live = self._live
        if live is None or live.edition is not edition:
            # two threads may both make one; the last is kept
            live = self._live = _Desk(edition, read_gids(edition.snapshot))
        return live


def profile_routes(editions: Editions, render: Render, url: str) -> list[Route]:
    """Return the routes of profiles.

    Args:
        editions: the store.
        render: makes pages.
        url: address by which clients reach the service, without a slash at the end.
    """
    profiles = Profiles(editions, render, url)
    return [
        Route(PROFILES, answering(profiles.index)),
        Route("/profiel/{code}", answering(profiles.profile)),
    ]


def profiles_link(url: str, *, english: bool) -> dict[str, str]:
    """Return the link of the landing page to the profiles."""
    title = (
        "Profile of every municipality and region"
        if english
        else "Profiel van elke gemeente en regio"
    )
    return link("related", JSON, title, f"{url}{PROFILES}")


def _asked(request: Request, path: str) -> tuple[Ask, dict[str, str]]:
    """Read form, language and the other parameters; the guard has checked them."""
    offer = offered(path)
    given = dict(request.query_params)
    form, _ = form_of(offer, given.get("f"), request.headers.get("accept", ""))
    language = given.get("lang") or language_of(request.headers.get("accept-language", ""))
    return Ask(form, language == "en", []), given


def _year(text: str) -> Indeling | None:
    """Read the indeling that is asked for; ``eigen`` is that of each moment.

    Raises:
        QueryError: it is not a year.
    """
    if text == _OWN:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == _YEAR):
        message = f"indeling={text!r} is not 'eigen' or a year"
        raise QueryError(message)
    return Indeling(int(text))
