"""The reference page of the catalogue: every indicator with definition, formula, unit and source cells.

``scripts/indicatoren`` writes it to ``docs/indicatoren.md``.
"""

from collections.abc import Iterator

from spatial.domain.indicators import Catalogue, Indicator, Soort, Tegen, load_catalogue

_HEAD = """---
lang: nl
---
# Indicatoren / Indicators

Gemaakt uit `spatial/domain/indicators.toml` met `scripts/indicatoren`; verander de catalogus, niet deze bladzijde.
Made from the catalogue; change that, not this page.

Naast elk getal `x` staan `xStatus`, `xMin` en `xMax`: [zo leest u een getal](data.md). Voorbeeldcijfers heten overal zo.
{aantal} indicatoren, in {reeksen} reeksen van een thema.
"""
_SOORT = {
    Soort.STAND: "stand op het peilmoment / stock on the reference date",
    Soort.STROOM: "stroom over een periode; nooit optellen bij een stand / flow over a period; never add to a stock",
    Soort.AANDEEL: "aandeel / share",
    Soort.VERHOUDING: "verhouding / ratio",
    Soort.VERANDERING: "verandering / change",
    Soort.AFWIJKING: "afwijking / deviation",
    Soort.REALISATIE: "deel van de opgave dat is gehuisvest / part of the opgave that was housed",
    Soort.VERDELING: "eerlijke verdeling / fair distribution",
}
_TEGEN = {
    Tegen.VORIGE: "de waarde van hetzelfde soort dag een jaar eerder",
    Tegen.BASIS: "de waarde van de eerste dag van dezelfde soort",
    Tegen.LAND: "de waarde van het land",
    Tegen.COROP: "de waarde van het eigen COROP-gebied",
}
_WHOLE = 1


def reference_page(catalogue: Catalogue) -> str:
    """Return the page as Markdown: sections in the order of the catalogue, Dutch before English."""
    return "\n".join(_lines(catalogue)).rstrip() + "\n"


def _lines(catalogue: Catalogue) -> Iterator[str]:
    series = sum(len(entry.themas) for entry in catalogue.indicators)
    yield _HEAD.format(aantal=len(catalogue.indicators), reeksen=series)
    inside: set[str] = set()
    for section in catalogue.sections:
        yield f"## {section.titel_nl} / {section.title_en}\n"
        if section.toelichting_nl:
            yield f"{section.toelichting_nl}\n{section.explanation_en}\n"
        for name in section.indicatoren:
            yield from _entry(catalogue.get(name))
        inside.update(section.indicatoren)
    rest = [entry for entry in catalogue.indicators if entry.id not in inside]
    for thema in dict.fromkeys(entry.themas[0] for entry in rest):
        yield f"## {thema.titel} / {thema.title_en}\n"
        for entry in rest:
            if entry.themas[0] is thema:
                yield from _entry(entry)


def _entry(entry: Indicator) -> Iterator[str]:
    yield f"### {entry.id}\n"
    yield f"**{entry.titel_nl}** / {entry.title_en}\n"
    yield f"{entry.definitie_nl} {entry.definition_en}\n"
    yield "| wat / what | waarde / value |\n|---|---|"
    yield f"| soort / kind | {_SOORT[entry.soort]} |"
    yield f"| thema's / themes | {', '.join(entry.themas)} |"
    yield f"| eenheid / unit | {entry.eenheid} |"
    if entry.soort.is_count:
        yield f"| broncel / source cell | {_cell(entry)} |"
    else:
        yield f"| formule / formula | {_formula(entry)} |"
    yield f"| afronding / rounding | {_rounding(entry)} |"
    if caveat := _caveat(entry):
        yield f"| let op / note | {caveat} |"
    yield ""


def _cell(entry: Indicator) -> str:
    groep = entry.groep or "het thema / the theme"
    return f"bron `{entry.bron}`, groep {groep}, kenmerk `{entry.kenmerk}`, maat `{entry.maat}`"


def _formula(entry: Indicator) -> str:
    above = _link(entry.teller) if entry.teller else ""
    if entry.soort.has_formula:
        times = f" x {entry.factor}" if entry.factor != 1 else ""
        return f"{above} / {_link(entry.noemer)}{times}"
    if entry.tegen is not None:
        percent = ", in procenten daarvan" if entry.relatief else ""
        return f"{above} min {_TEGEN[entry.tegen]}{percent}"
    return above or "zie de definitie / see the definition"


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _rounding(entry: Indicator) -> str:
    if entry.soort.is_count and entry.afronding > _WHOLE:
        return f"de bron rondt af op {entry.afronding:g}; {25} betekent 23 tot en met 27"
    if entry.afronding == _WHOLE:
        return "hele getallen / whole numbers"
    return f"{entry.afronding:g}; grenzen naar buiten afgerond / bounds rounded outward"


def _caveat(entry: Indicator) -> str:
    if entry.soort.is_ratio or entry.relatief:
        return "geen getal (te_klein) als er door minder dan 50 wordt gedeeld / no number over less than 50"
    if entry.soort.is_difference:
        return "overlappen de intervallen, dan wel grenzen en geen getal (niet_vast_te_stellen) / bounds without number when intervals overlap"
    return ""


if __name__ == "__main__":
    print(reference_page(load_catalogue()), end="")  # noqa: T201 - the page is what it gives
