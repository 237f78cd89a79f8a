"""The profile of one gemeente or region in a file of its own: no script, and nothing is fetched."""

from markupsafe import Markup

from spatial.compute.profiel import page
from spatial.compute.profiel.answer import Vraag, profiel
from spatial.compute.profiel.gids import read_gids
from spatial.domain.regions import Indeling
from spatial.preview.page import TEMPLATES, content_policy
from spatial.store.snapshot import Snapshot


def draw_profile(
    snapshot: Snapshot, code: str, indeling: int | None = None, *, english: bool = False
) -> str:
    """Draw a profile as a whole document, the same as the service answers it, without links.

    Args:
        snapshot: what to draw from.
        code: gemeente or region, also of before.
        indeling: the one indeling of all years; None: each year in its own.
        english: in English; otherwise in Dutch.

    Raises:
        QuestionError: nothing has the code, or there are no series in the indeling.
    """
    gids = read_gids(snapshot)
    vraag = Vraag(code, None if indeling is None else Indeling(indeling))
    answer = profiel(snapshot, gids, vraag)
    style = page.style(alone=True)
    return TEMPLATES.get_template("profiel.html").render(
        taal="en" if english else "nl",
        titel=page.title_of(answer, english=english),
        overslaan="Skip to the content" if english else "Naar de inhoud",
        inhoud=page.fragment(answer, gids, english=english),
        stijl=Markup(style),  # noqa: S704 - our own files
        csp=content_policy([], [style]),
    )
