"""One map as a person asks for it: a series, a choice, two views side by side, or their difference."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path

from spatial.errors import PreviewError
from spatial.preview.assets import load_assets
from spatial.preview.choice import Option, draw_choice
from spatial.preview.compare import draw_compare
from spatial.preview.difference import draw_difference
from spatial.preview.figures import View
from spatial.preview.maps import draw_series
from spatial.store.snapshot import Snapshot

_PANES = 2


def draw_views(
    snapshot: Snapshot,
    subject: tuple[str, str],
    days: Sequence[date],
    regios: Sequence[str],
    assets: Path,
) -> str:
    """Draw all periods with a slider, or the two views that days and regions make.

    Args:
        snapshot: what to draw from.
        subject: collection id and indicator id.
        days: no, or two peilmomenten; one is allowed beside two regions.
        regios: no, or two region codes; one is allowed beside two days.
        assets: folder with the installed web assets.

    Raises:
        PreviewError: days and regions make another number of views than two.
        UnknownMemberError: there is no such collection or indicator.
        UnknownRegionError: there is no such region.
    """
    collection_id, indicator_id = subject
    loaded = load_assets(assets)
    if not days and not regios:
        return draw_series(snapshot, collection_id, indicator_id, loaded)
    moments: Sequence[date | None] = days or [None]
    views = [
        View(collection_id, indicator_id, day, regio)
        for regio, day in product(regios or [""], moments)
    ]
    if len(views) != _PANES:
        message = (
            f"{len(days)} peilmomenten and {len(regios)} regions make {len(views)} views; side by side "
            "shows two: give two peilmomenten, or two regions"
        )
        raise PreviewError(message)
    return draw_compare(snapshot, views[0], views[1], loaded)


def draw_several(
    snapshot: Snapshot,
    subjects: Sequence[tuple[str, str]],
    days: Sequence[date],
    regios: Sequence[str],
    assets: Path,
) -> str:
    """Draw several indicators in one page, with a control to choose from them.

    Args:
        snapshot: what to draw from.
        subjects: collection id and indicator id of each.
        days: no peilmoment (all of them, with a slider), or one.
        regios: no region, or the code of one.
        assets: folder with the installed web assets.

    Raises:
        PreviewError: more days or regions, or the indicators cannot share a map.
        UnknownMemberError: there is no such collection or indicator.
        UnknownRegionError: there is no such region.
    """
    if len(days) > 1 or len(regios) > 1:
        message = (
            f"{len(days)} peilmomenten and {len(regios)} regions: a choice of indicators is of one map; "
            "give at most one of each, or one indicator"
        )
        raise PreviewError(message)
    day, regio = next(iter(days), None), next(iter(regios), "")
    options = [Option(View(*subject, day, regio)) for subject in subjects]
    return draw_choice(snapshot, options, load_assets(assets))


def draw_apart(
    snapshot: Snapshot,
    subjects: tuple[tuple[str, str], tuple[str, str]],
    days: Sequence[date],
    regios: Sequence[str],
    assets: Path,
) -> str:
    """Draw a difference: the second day minus the first, or the first subject minus the second.

    Args:
        snapshot: what to draw from.
        subjects: collection id and indicator id, and those that are subtracted; the same for a
            difference of two days.
        days: two peilmomenten; of two groups one, or none for a slider.
        regios: no region, or the code of one.
        assets: folder with the installed web assets.

    Raises:
        PreviewError: these do not make a difference.
        UnknownMemberError: there is no such collection or indicator.
        UnknownRegionError: there is no such region.
    """
    if len(regios) > 1 or len(days) > _PANES:
        message = (
            f"{len(days)} peilmomenten and {len(regios)} regions: a difference takes at most two "
            "peilmomenten and one region"
        )
        raise PreviewError(message)
    regio = regios[0] if regios else ""
    moments: Sequence[date | None] = sorted(days) or [None]
    of, against = subjects
    views = View(*against, moments[0], regio), View(*of, moments[-1], regio)
    return draw_difference(snapshot, *views, load_assets(assets))
