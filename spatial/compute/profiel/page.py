"""A profile as a piece of HTML: the same on a page of the service and in a file that stands alone.

It needs the style sheet beside it and no script; its charts are SVG, its figures are in tables too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spatial.compute.profiel.answer import Blok, Profiel
from spatial.compute.profiel.chart import HEIGHT, WIDTH, chart_of, frame_of
from spatial.compute.profiel.gids import Gids
from spatial.compute.profiel.links import NOWHERE, Links
from spatial.compute.profiel.lot import ending, sentences
from spatial.compute.profiel.reeksen import Cel, Reeks
from spatial.compute.profiel.wording import Taal, decimals_of
from spatial.compute.vergelijk import Verschil
from spatial.domain.indicators import GROEPEN, Thema, load_catalogue
from spatial.domain.regions import Niveau, niveau_of
from spatial.domain.status import OF_FIGURES, Status

_KEY_FIGURES = ("personen", "personenPer1000Inwoners", "aandeelCorporatie")
_PERCENT = "%"
_OPGAVE, _HALF_YEAR = "opgave", 6
_SIGNS = tuple(status for status in OF_FIGURES if status.merk)


@dataclass(frozen=True, slots=True)
class Page:
    """What a template needs to show one profile."""

    answer: Profiel
    gids: Gids
    taal: Taal
    links: Links

    def name(self, code: str) -> str:
        """Return the name of a code in the indeling of the profile."""
        return self.gids.name(code, self.answer.jaar)

    def named(self, code: str) -> Markup:
        """Write the name of a code, leading to its profile."""
        return self.links.name(code, self.name(code))

    def level_of(self, code: str) -> Niveau:
        """Return the level of a code."""
        return niveau_of(code)

    def level(self, code: str) -> str:
        """Name the level of a code."""
        niveau = niveau_of(code)
        return self.taal.text(niveau.titel, _LEVEL_EN[niveau])

    def sentences(self) -> list[Markup]:
        """Tell what happened to it."""
        answer = self.answer
        return sentences(answer.vraag.code, answer.gebeurtenissen, self.taal, self.links)

    def ending(self) -> Markup | None:
        """Tell how it ended; None of what exists."""
        answer = self.answer
        if answer.bestaat:
            return None
        return ending(answer.vraag.code, answer.gebeurtenissen, self.taal, self.links)

    def is_ranked(self, blok: Blok) -> bool:
        """Tell whether a series of a theme has a place."""
        return any(reeks.rang for reeks in blok.reeksen.values())

    def figure(self, cel: Cel | None, reeks: Reeks) -> Markup:
        """Write a cell with the sign of its status; empty when there is none."""
        return Markup(self._figure(cel, reeks))  # noqa: S704 - digits, and markup of ours

    def cells(self, reeks: Reeks) -> Markup:
        """Write the cells of a series as those of a row, each with its bounds below it.

        Thousands of them are on a page: they are not put through the template one by one.
        """
        return Markup("".join(self._cell(cel, reeks) for cel in reeks.cellen))  # noqa: S704

    def cells_at(self, blok: Blok, place: int) -> Markup:
        """Write the cells of all series at one moment as those of a row."""
        series = blok.reeksen.values()
        cells = (self._cell(reeks.cellen[place], reeks) for reeks in series)
        return Markup("".join(cells))  # noqa: S704 - as above

    def _cell(self, cel: Cel | None, reeks: Reeks) -> str:
        between = self.bounds(cel, reeks)
        below = f"<small>{between}</small>" if between else ""
        return f'<td class="getal">{self._figure(cel, reeks)}{below}</td>'

    def _figure(self, cel: Cel | None, reeks: Reeks) -> str:
        if cel is None:
            return ""
        return self.taal.figure(cel.value, cel.status, self.decimals(reeks))

    def alike(
        self, cells: Mapping[tuple[Thema, str], Cel], names: list[tuple[Thema, str]]
    ) -> Markup:
        """Write the cells of a similar gemeente as those of a row."""
        written = []
        for name in names:
            cel, decimals = cells.get(name), self.decimals_of(name[1])
            text = "" if cel is None else self.taal.figure(cel.value, cel.status, decimals)
            written.append(f'<td class="getal">{text}</td>')
        return Markup("".join(written))  # noqa: S704 - as above

    def decimals(self, reeks: Reeks) -> int:
        """Tell in how many decimals a series is written."""
        return decimals_of(reeks.indicator.afronding)

    def bounds(self, cel: Cel | None, reeks: Reeks) -> str:
        """Write the bounds of a cell; empty without them, and when they are the number itself."""
        if cel is None or cel.lower is None or cel.upper is None:
            return ""
        if cel.lower == cel.value == cel.upper:
            return ""
        return self.taal.bounds(cel.lower, cel.upper, self.decimals(reeks))

    def change(self, reeks: Reeks) -> str:
        """Say how a series changed; a difference within the rounding has no number."""
        found = reeks.verandering
        if found is None:
            return ""
        decimals = self.decimals(reeks)
        unit = self.taal.text(" procentpunt", " percentage points")
        unit = unit if reeks.field.eenheid == _PERCENT else ""
        if found.waarde is not None:
            number = self.taal.number(found.waarde, decimals, plus=True)
            return f"{number}{unit}{self._within(found, decimals)}"
        if found.status is Status.NIET_VAST_TE_STELLEN:
            said = self.taal.text("niet vast te stellen", "cannot be established")
            return f"{said}{self._within(found, decimals)}"
        label = found.status
        return "" if label is None else self.taal.text(label.label_nl, label.label_en)

    def _within(self, found: Verschil, decimals: int) -> str:
        if found.ondergrens is None or found.bovengrens is None:
            return ""
        if found.ondergrens == found.waarde == found.bovengrens:
            return ""
        return f" ({self.taal.bounds(found.ondergrens, found.bovengrens, decimals)})"

    def place(self, reeks: Reeks) -> str:
        """Write the place of a gemeente as a range; empty without one."""
        if reeks.rang is None:
            return ""
        first, last = (self.taal.ordinal(n) for n in (reeks.rang.eerste, reeks.rang.laatste))
        between, of = self.taal.text("tot", "to"), self.taal.text("van", "of")
        span = first if first == last else f"{first} {between} {last}"
        return f"{span} {of} {reeks.van}"

    def key_figures(self) -> Iterator[tuple[Blok, list[Reeks | None]]]:
        """Give the groups with the figures that are told first."""
        for blok in self.answer.blokken:
            if blok.thema in GROEPEN:
                found = blok.reeksen
                yield blok, [found.get(name) for name in _KEY_FIGURES]

    def target(self) -> Markup:
        """Say how far the newest opgave of the taakstelling is met; empty without one."""
        for blok in self.answer.blokken:
            series = blok.reeksen
            if blok.thema is Thema.TAAKSTELLING and _OPGAVE in series:
                return self._target(blok, series)
        return Markup()

    def _target(self, blok: Blok, series: Mapping[str, Reeks]) -> Markup:
        place = series[_OPGAVE].laatste
        moment = blok.momenten[place]
        told = []
        for name in (_OPGAVE, "gehuisvest", "realisatie"):
            reeks = series.get(name)
            cel = None if reeks is None else reeks.cellen[place]
            if reeks is not None and cel is not None:
                title = self.taal.text(reeks.field.titel_nl, reeks.field.title_en).lower()
                unit = f" ({_PERCENT})" if reeks.field.eenheid == _PERCENT else ""
                told.append(Markup("{}{} {}").format(title, unit, self.figure(cel, reeks)))
        said = Markup(", ").join(told)
        if moment.voortgang is not None:
            label = self.taal.text(moment.voortgang.label_nl, moment.voortgang.label_en)
            said += f"; {label}{self.months(blok, place)}"
        head = self.taal.text(blok.thema.titel, blok.thema.title_en)
        return Markup("{}, {}: {}.").format(head, self.taal.moment(moment), said)

    def months(self, blok: Blok, place: int) -> str:
        """Say how many months of a half-year are counted; empty when it is over."""
        counted = blok.momenten[place].maanden
        if counted is None or counted >= _HALF_YEAR:
            return ""
        return self.taal.text(f" na {counted} maanden", f" after {counted} months")

    def key_titles(self) -> list[tuple[str, str]]:
        """Return the titles of these figures with their units."""
        entries = map(load_catalogue().get, _KEY_FIGURES)
        return [(self.taal.text(one.titel_nl, one.title_en), one.eenheid) for one in entries]

    def decimals_of(self, indicator: str) -> int:
        """Tell in how many decimals an indicator is written."""
        return decimals_of(load_catalogue().get(indicator).afronding)


_LEVEL_EN = {
    Niveau.LAND: "country",
    Niveau.PROVINCIE: "province",
    Niveau.COROP: "COROP area",
    Niveau.VEILIGHEIDSREGIO: "safety region",
    Niveau.GEMEENTE: "municipality",
}


def fragment(answer: Profiel, gids: Gids, *, english: bool, links: Links = NOWHERE) -> Markup:
    """Write a profile as what stands in the body of a page, with its heading.

    Args:
        answer: the profile.
        gids: the regions of the same snapshot.
        english: in English; otherwise in Dutch.
        links: where names lead.
    """
    page = Page(answer, gids, Taal(english), links)
    return _rendered("profiel.html", page.taal, page=page, answer=answer)


def list_fragment(
    gids: Gids, text: str, *, english: bool, links: Links, fault: Mapping[str, str] | None = None
) -> Markup:
    """Write the list of all profiles, or those that are found by a name or code.

    Args:
        gids: the regions.
        text: what is looked for; empty: all.
        english: in English; otherwise in Dutch.
        links: where names lead.
        fault: what was wrong with the address, by language tag.
    """
    found = gids.search(text) if text else []
    return _rendered(
        "lijst.html",
        Taal(english),
        gids=gids,
        links=links,
        gezocht=text,
        gevonden=found,
        fout=fault,
        niveaus=_levels(gids),
        levels_en=_LEVEL_EN,
        voorbij=[one for one in gids.regions.values() if not gids.exists(one.code)],
    )


def style(*, alone: bool) -> str:
    """Return the style sheet of profiles; ``alone`` with what a page of the service has already."""
    names = ("bestand.css", "profiel.css") if alone else ("profiel.css",)
    return "".join((files(__package__) / "static" / n).read_text(encoding="utf-8") for n in names)


def title_of(answer: Profiel, *, english: bool) -> str:
    """Return the title of the document."""
    taal = Taal(english)
    return f"{answer.naam} ({answer.vraag.code}): {taal.text('profiel', 'profile')}"


def _levels(gids: Gids) -> list[tuple[Niveau, list[Any]]]:
    found: dict[Niveau, list[Any]] = {niveau: [] for niveau in Niveau}
    for region in gids.regions.values():
        if gids.exists(region.code):
            found[region.niveau].append(region)
    for regions in found.values():
        regions.sort(key=lambda region: region.naam.lstrip("'").casefold())
    return list(found.items())


def _rendered(name: str, taal: Taal, **values: Any) -> Markup:
    text = _environment().get_template(name).render(taal=taal, t=taal.text, **values)
    return Markup(text)  # noqa: S704 - rendered with autoescape


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("spatial.compute.profiel"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        chart_of=chart_of,
        frame_of=frame_of,
        WIDTH=WIDTH,
        HEIGHT=HEIGHT,
        SIGNS=_SIGNS,
        Niveau=Niveau,
        Status=Status,
        Thema=Thema,
    )
    return environment
