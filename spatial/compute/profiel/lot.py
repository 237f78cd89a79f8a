"""What happened to a gemeente, in sentences: what it came from, what it became, and when."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from spatial.compute.profiel.links import Links
from spatial.compute.profiel.wording import Taal
from spatial.domain.redivisions import Mutatie, Redivision


def sentences(code: str, events: Sequence[Redivision], taal: Taal, links: Links) -> list[Markup]:
    """Return a sentence per event, oldest first; names lead to the profiles of their codes.

    Args:
        code: the gemeente.
        events: all in which it has a part, oldest first.
        taal: language.
        links: where names lead.
    """
    found: list[Markup] = []
    for _, day in groupby(events, key=lambda event: event.datum):
        rows = list(day)
        came = [row for row in rows if row.nieuwe_code == code and row.oude_code != code]
        went = [row for row in rows if row.oude_code == code]
        found += _came(came, taal, links)
        if went:
            found += _went(went, taal, links)
    # a border that moved both ways stands twice in the register
    return list(dict.fromkeys(found))


def ending(code: str, events: Sequence[Redivision], taal: Taal, links: Links) -> Markup | None:
    """Return the sentence that says how a code ended; None while nothing ended it."""
    went = [row for row in events if row.oude_code == code and _ends(row)]
    return next(_went(went, taal, links), None) if went else None


def _ends(row: Redivision) -> bool:
    return row.mutatie.retires_code and row.oude_code != row.nieuwe_code


def _went(rows: Sequence[Redivision], taal: Taal, links: Links) -> Iterator[Markup]:
    """Say what a gemeente became; a border that moved is told apart."""
    moved = [row for row in rows if row.mutatie is Mutatie.GRENSCORRECTIE]
    for row in moved:
        yield _moved(row, row.nieuwe_code, row.nieuwe_naam, taal, links)
    ended = [row for row in rows if row not in moved]
    if not ended:
        return
    first, day = ended[0], taal.day(ended[0].datum)
    name = first.oude_naam
    if len(ended) > 1:
        parts = [_part(row, row.nieuwe_code, row.nieuwe_naam, taal, links) for row in ended]
        text = taal.text("{} is per {} verdeeld over {}.", "{0} was divided over {2} on {1}.")
        yield Markup(text).format(name, day, _listed(parts, taal))  # noqa: S704 - texts of ours
        return
    became = links.name(first.nieuwe_code, first.nieuwe_naam)
    match first.mutatie:
        case Mutatie.HERNOEMING:
            text = taal.text("{} heet per {} {}.", "{0} is called {2} from {1}.")
        case Mutatie.HERCODERING:
            text = taal.text(
                "{} heet per {} {} ({}); het gebied bleef hetzelfde.",
                "{0} is called {2} ({3}) from {1}; the area stayed the same.",
            )
        case _:
            text = taal.text("{} is per {} deel van {} ({}).", "{0} is part of {2} ({3}) from {1}.")
    yield Markup(text).format(name, day, became, first.nieuwe_code)  # noqa: S704 - texts of ours


def _came(rows: Sequence[Redivision], taal: Taal, links: Links) -> Iterator[Markup]:
    moved = [row for row in rows if row.mutatie is Mutatie.GRENSCORRECTIE]
    for row in moved:
        yield _moved(row, row.oude_code, row.oude_naam, taal, links)
    came = [row for row in rows if row not in moved]
    if not came:
        return
    day = taal.day(came[0].datum)
    if came[0].mutatie is Mutatie.HERCODERING:
        text = taal.text(
            "Heette tot {} {} ({}); het gebied bleef hetzelfde.",
            "Was called {1} ({2}) until {0}; the area stayed the same.",
        )
        old = links.name(came[0].oude_code, came[0].oude_naam)
        yield Markup(text).format(day, old, came[0].oude_code)  # noqa: S704
        return
    parts = [_part(row, row.oude_code, row.oude_naam, taal, links) for row in came]
    many = len(parts) > 1
    text = taal.text(
        "Per {} gingen hierin op: {}." if many else "Per {} ging hierin op: {}.",
        "On {} these became part of it: {}." if many else "On {} this became part of it: {}.",
    )
    yield Markup(text).format(day, _listed(parts, taal))  # noqa: S704


def _moved(row: Redivision, code: str, name: str, taal: Taal, links: Links) -> Markup:
    text = taal.text(
        "Per {} is de grens met {} ({}) verlegd", "On {} the border with {} ({}) was moved"
    )
    said = Markup(text).format(taal.day(row.datum), links.name(code, name), code)  # noqa: S704
    if row.opmerking:
        said += Markup(': <span lang="nl">{}</span>').format(row.opmerking)
    return said + "."


def _part(row: Redivision, code: str, name: str, taal: Taal, links: Links) -> Markup:
    """Name a gemeente with the part of the old one that is concerned."""
    named = links.name(code, name)
    if row.geheel:
        return Markup("{} ({})").format(named, code)
    if row.aandeel is None:
        return Markup("{} ({}; {})").format(named, code, taal.text("een deel", "a part"))
    share = f"{taal.number(100 * row.aandeel, 1)} %"
    of = taal.text("van de oppervlakte", "of the area") if row.aandeel_grondslag else ""
    return Markup("{} ({}; {})").format(named, code, f"{share} {of}".strip())


def _listed(parts: Sequence[Markup], taal: Taal) -> Markup:
    if len(parts) == 1:
        return parts[0]
    last = Markup(" {} {}").format(taal.text("en", "and"), parts[-1])
    return Markup(", ").join(parts[:-1]) + last
