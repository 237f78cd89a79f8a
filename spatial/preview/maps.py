"""One indicator on the map, all its moments, each on its own indeling or all on one."""

from spatial.domain.indicators import Thema
from spatial.domain.regions import Niveau, niveau_of
from spatial.preview.assets import Assets
from spatial.preview.drawing import Drawing, PageText
from spatial.preview.figures import Series, View, pick, read_series
from spatial.preview.former import former_names
from spatial.preview.page import render_page
from spatial.preview.panels import Panel
from spatial.preview.shapes import read_shapes
from spatial.preview.styles import frozen_scheme
from spatial.preview.tiles import read_tiles
from spatial.store.snapshot import Snapshot


def draw_series(snapshot: Snapshot, collection_id: str, indicator_id: str, assets: Assets) -> str:
    """Draw one indicator of a collection with a slider over its moments.

    Shares are coloured in classes, counts are circles (a choropleth of counts shows area).

    Returns:
        A self-contained HTML document.

    Raises:
        UnknownMemberError: there is no such collection or indicator; the message lists them.
        PreviewError: there is nothing to draw, or a shape is missing.
    """
    return render_page(series_drawing(snapshot, View(collection_id, indicator_id)), assets)


def series_drawing(snapshot: Snapshot, view: View) -> Drawing:
    """Return the map of one view: all its moments, or the one that it names.

    Raises:
        UnknownMemberError: there is no such collection or indicator; the message lists them.
        UnknownRegionError: there is no such region.
        PreviewError: there is nothing to draw, or a shape is missing.
    """
    series = read_series(snapshot, view)
    titel = ", ".join([series_title(series), *_limits(snapshot, view, series)])
    panel = make_panel(snapshot, view, series, titel)
    text = PageText(titel, series.indicator.definitie_nl)
    return Drawing(text, (panel,), frozen_scheme(snapshot, series))


def _limits(snapshot: Snapshot, view: View, series: Series) -> list[str]:
    """Name the only region and the only moment of a view, which nothing else on its page says."""
    moment = pick(series, view)[-1]
    region = [region_name(snapshot, view.regio, moment.indeling)] if view.regio else []
    return [*region, moment.label] if view.peilmoment is not None else region


def region_name(snapshot: Snapshot, code: str, indeling: int) -> str:
    """Return the name of a region in an indeling.

    Raises:
        UnknownRegionError: the indeling does not have it.
    """
    shapes = read_shapes(snapshot, niveau_of(code).value, [indeling], code)[indeling]
    return shapes.namen[shapes.codes.index(code)]


def make_panel(snapshot: Snapshot, view: View, series: Series, titel: str) -> Panel:
    """Put figures and shapes of a view together.

    Raises:
        PreviewError: the peilmoment or the shapes are not there.
        UnknownRegionError: the region to which it is limited is not there.
    """
    moments = pick(series, view)
    indelingen = [moment.indeling for moment in moments]
    shapes = read_shapes(snapshot, series.collection.niveau, indelingen, view.regio)
    tiles = {} if view.regio else read_tiles(snapshot, shapes.values())
    former = former_names(snapshot, series.collection.niveau)
    return Panel(titel, series, moments, shapes, view.regio, tiles, former)


def series_title(series: Series) -> str:
    """Return theme, indicator, level and a common indeling in one Dutch line."""
    niveau = Niveau(series.collection.niveau)
    place = niveau.titel if niveau is Niveau.LAND else f"per {niveau.titel}"
    return ", ".join(filter(None, (subject(series), place, common_indeling(series))))


def common_indeling(series: Series) -> str:
    """Say in which indeling all moments are; nothing when each has its own."""
    if series.indeling is None:
        return ""
    return f"indeling {series.indeling}, volgtijdelijk vergelijkbaar"


def subject(series: Series) -> str:
    """Return theme and indicator in one Dutch line; the theme once when they are the same."""
    thema = Thema(series.collection.thema).titel
    indicator = series.indicator
    if thema.startswith(indicator.titel_nl):
        return thema
    return f"{thema}: {counted_title(series)}"


def counted_title(series: Series) -> str:
    """Return the title of an indicator within a sentence; of persons and dwellings how many."""
    titel, indicator = series.indicator.titel_nl, series.indicator
    own_name = series.collection.thema == Thema.TAAKSTELLING or not indicator.soort.is_count
    return f"{'' if own_name else 'aantal '}{titel[:1].lower()}{titel[1:]}"
