"""What changed between two moments, or sets two groups apart, on the map: with what cannot be told.

Regions whose two values may be equal have a pattern and no colour. The classes lie on both sides of
0 and follow from all differences that the collections allow, not only from those that are shown.
"""

from collections.abc import Iterator
from dataclasses import replace

from spatial.compute.difference import subtract
from spatial.compute.vergelijk import Verschil
from spatial.domain.indicators import Indicator, Soort, Thema
from spatial.domain.regions import Niveau
from spatial.domain.status import Status
from spatial.errors import PreviewError
from spatial.preview.assets import Assets
from spatial.preview.cells import Figure
from spatial.preview.classes import ClassScheme, diverging
from spatial.preview.drawing import Drawing, PageText
from spatial.preview.figures import Moment, Series, View, pick, read_series
from spatial.preview.maps import common_indeling, make_panel
from spatial.preview.page import render_page
from spatial.preview.panels import NOT_DELIVERED
from spatial.preview.wording import decimals_of, dutch_number, with_unit
from spatial.store.snapshot import Snapshot

_PERCENT, _POINTS = "%", "procentpunten"
_RELATIVE_STEP = 0.1
_STEPS_ASIDE = 3
_RULE = (
    "Waar de marges van de twee cijfers elkaar overlappen, is het verschil niet vast te stellen: "
    "die gebieden hebben een patroon en geen kleur."
)


def draw_difference(snapshot: Snapshot, view_a: View, view_b: View, assets: Assets) -> str:
    """Draw the second view minus the first one: two moments of one collection, or two groups.

    Shares and ratios are subtracted (shares: percentage points); counts of two moments give the
    change in per cent, because colours of counts would show area. Two groups without peilmoment
    share a slider over the moments that both have.

    Returns:
        A self-contained HTML document.

    Raises:
        UnknownMemberError: there is no such collection or indicator; the message lists them.
        UnknownRegionError: there is no such region.
        PreviewError: the two cannot be subtracted, or are in different indelingen.
    """
    return render_page(difference(snapshot, view_a, view_b), assets)


def difference(snapshot: Snapshot, view_a: View, view_b: View) -> Drawing:
    """Return the second view minus the first one, see ``draw_difference``."""
    one, other = read_series(snapshot, view_a), read_series(snapshot, view_b)
    _check_views(view_a, view_b)
    _check_series(one, other)
    pairs = list(_pairs(one, other, (view_a, view_b)))
    over_time = view_a.collection_id == view_b.collection_id
    indicator = _derived(other.indicator, pairs[-1] if over_time else None)
    differences = replace(
        other,
        indicator=indicator,
        moments=tuple(_moment(before, after, indicator) for before, after in pairs),
        notices=tuple(dict.fromkeys([*one.notices, *other.notices])),
        bron="; ".join(dict.fromkeys([one.bron, other.bron])),
        vermelding=tuple(dict.fromkeys([*one.vermelding, *other.vermelding])),
    )
    titel = _title(one, other, indicator)
    panel = make_panel(snapshot, view_b, differences, titel)
    text = PageText(titel, f"{indicator.definitie_nl} {_RULE}")
    return Drawing(text, (panel,), _scheme(one, other, indicator))


def _check_views(view_a: View, view_b: View) -> None:
    if view_a.indicator_id != view_b.indicator_id or view_a.regio != view_b.regio:
        message = "a difference is of one indicator, for one region or the whole country"
        raise PreviewError(message)
    same = view_a.peilmoment == view_b.peilmoment
    if view_a.collection_id == view_b.collection_id:
        if same or None in {view_a.peilmoment, view_b.peilmoment}:
            message = "give two different peilmomenten, or two collections of different groups"
            raise PreviewError(message)
    elif not same:
        message = "two groups are held against each other at the same peilmoment, or at all of them"
        raise PreviewError(message)


def _check_series(one: Series, other: Series) -> None:
    indicator = other.indicator
    if one.collection.niveau != other.collection.niveau or one.indeling != other.indeling:
        ids = f"{one.collection.id!r} and {other.collection.id!r}"
        message = f"{ids} are not of one level and indeling: they have no regions in common"
        raise PreviewError(message)
    if indicator.soort.is_difference or other.namen:
        what = "has no numbers to subtract" if other.namen else "is a difference itself"
        message = f"{indicator.id!r} {what}"
        raise PreviewError(message)
    groups = one.collection.id != other.collection.id
    if groups and one.collection.thema == other.collection.thema:
        message = f"{one.collection.id!r} and {other.collection.id!r} are of the same group"
        raise PreviewError(message)
    if indicator.cirkels and (groups or not indicator.soort.is_count):
        message = (
            f"{indicator.id!r} are counts: colours of their differences would show area; choose a "
            "share, or two moments of a count"
        )
        raise PreviewError(message)


def _pairs(one: Series, other: Series, views: tuple[View, View]) -> Iterator[tuple[Moment, Moment]]:
    """Give the moments that are held against each other, the one that is subtracted first.

    Raises:
        PreviewError: a peilmoment is not there, is in another indeling, or none is common.
    """
    before = pick(one, views[0])
    after = pick(other, views[1])
    if views[0].peilmoment is None:
        common = {m.peilmoment for m in before} & {m.peilmoment for m in after}
        before, after = (
            tuple(m for m in moments if m.peilmoment in common) for moments in (before, after)
        )
    if not before:
        message = f"{one.collection.id!r} and {other.collection.id!r} have no moment in common"
        raise PreviewError(message)
    for first, last in zip(before, after, strict=True):
        if first.indeling != last.indeling:
            message = (
                f"{first.peilmoment} is in indeling {first.indeling} and {last.peilmoment} in "
                f"{last.indeling}: a code may mean another area; choose the collection in one "
                f"indeling, such as {other.collection.id}-indeling-{last.indeling}"
            )
            raise PreviewError(message)
        yield first, last


def _derived(indicator: Indicator, pair: tuple[Moment, Moment] | None) -> Indicator:
    """Return an indicator that says what the differences of another one are."""
    relative = indicator.soort.is_count
    points = _POINTS if indicator.eenheid == _PERCENT else indicator.eenheid
    if pair is None:
        what, definition = "verschil", "Verschil tussen de twee groepen"
    else:
        what = f"verandering van {pair[0].label} tot {pair[1].label}"
        definition = f"Verandering van {pair[0].label} tot {pair[1].label}"
    unit = f" in procenten van {pair[0].label}" if relative and pair else f" in {points}"
    return replace(
        indicator,
        soort=Soort.AFWIJKING if pair is None else Soort.VERANDERING,
        relatief=relative,
        eenheid=_PERCENT if relative else points,
        afronding=_RELATIVE_STEP if relative else indicator.afronding,
        cirkels=False,
        klassen=(),
        midden=0.0,
        titel_nl=f"{indicator.titel_nl}, {what}",
        definitie_nl=f"{definition}{unit if points else ''}. {indicator.definitie_nl}",
    )


def _title(one: Series, other: Series, indicator: Indicator) -> str:
    themes = list(dict.fromkeys(Thema(s.collection.thema).titel for s in (other, one)))
    themes[1:] = [titel.lower() for titel in themes[1:]]
    titel = indicator.titel_nl[:1].lower() + indicator.titel_nl[1:]
    subject = f"{' min '.join(themes)}: {titel}"
    place = f"per {Niveau(other.collection.niveau).titel}"
    return ", ".join(filter(None, (subject, place, common_indeling(other))))


def _moment(before: Moment, after: Moment, indicator: Indicator) -> Moment:
    over_time = indicator.soort is Soort.VERANDERING
    label = f"{before.label} tot {after.label}" if over_time else after.label
    return replace(
        after,
        label=label,
        voorlopig=before.voorlopig or after.voorlopig,
        figures=_figures(before, after, indicator),
    )


def _figures(before: Moment, after: Moment, indicator: Indicator) -> dict[str, Figure]:
    """Return a figure for every region of either side; one that a side lacks was not delivered."""
    codes = sorted({*before.figures, *after.figures})
    then = {code: before.figures.get(code, NOT_DELIVERED) for code in codes}
    now = {code: after.figures.get(code, NOT_DELIVERED) for code in codes}
    found = subtract(now, then, relatief=indicator.relatief)
    return {
        code: _figure(found[code], (then[code], now[code]), (before, after), indicator)
        for code in codes
    }


def _figure(
    found: Verschil,
    sides: tuple[Figure, Figure],
    moments: tuple[Moment, Moment],
    indicator: Indicator,
) -> Figure:
    status = Status(found.status or Status.ONTBREEKT_IN_BRON)
    if not status.has_bounds:
        return Figure(None, status, None, None, status)
    methods = {side.methode for side in sides}
    recoded = Status.OPGETELD if Status.OPGETELD in methods else Status.WAARGENOMEN
    methode = recoded if status is Status.BEREKEND else status
    value = None if found.waarde is None else round(found.waarde, decimals_of(indicator.afronding))
    told = _told(sides, moments, indicator)
    return Figure(value, status, found.ondergrens, found.bovengrens, methode, told)


def _told(
    sides: tuple[Figure, Figure], moments: tuple[Moment, Moment], indicator: Indicator
) -> str:
    """Say from which two values the difference follows, and how those came about."""
    over_time = indicator.soort is Soort.VERANDERING
    decimals = 0 if indicator.relatief else decimals_of(indicator.afronding)
    unit = _PERCENT if indicator.eenheid == _POINTS else ""
    values = [with_unit(dutch_number(side.value or 0, decimals), unit) for side in sides]
    text = f"van {values[0]} naar {values[1]}" if over_time else f"{values[1]} min {values[0]}"
    origins = [
        f"{moment.label}: {side.herkomst}" if over_time else side.herkomst
        for side, moment in zip(sides, moments, strict=True)
        if side.herkomst
    ]
    return "; ".join([text, *dict.fromkeys(origins)])


def _scheme(one: Series, other: Series, indicator: Indicator) -> ClassScheme:
    """Return the classes of all differences that these collections allow.

    Over time: of every moment with the first one in its indeling; of groups: at every moment.
    """
    then: dict[tuple[object, ...], Moment] = {}
    over_time = indicator.soort is Soort.VERANDERING
    for moment in one.moments:
        then.setdefault((moment.indeling, None if over_time else moment.peilmoment), moment)
    found = (
        _figures(before, after, indicator)
        for after in other.moments
        if (before := then.get((after.indeling, None if over_time else after.peilmoment)))
    )
    return diverging((f.value for figures in found for f in figures.values()), _STEPS_ASIDE)
