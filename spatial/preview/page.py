"""One self-contained HTML page with folium maps: nothing in it is fetched from anywhere.

folium makes the maps and layers; this project's own page, shapes and behaviour stand around them.
Every style and script is inside and named by its sha256 in a content security policy, so that
text that would come in through a name cannot run. Names of elements are fixed, not random: two
builds of the same snapshot give the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from branca.element import Figure
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spatial.domain.status import Status
from spatial.domain.units import said
from spatial.preview.assets import Assets
from spatial.preview.basemap import ATTRIBUTION, HOST, OPACITY, Background, Grid
from spatial.preview.classes import (
    CIRCLE,
    CIRCLE_BELOW,
    MISSING_SIGNS,
    SIGNS,
    SUMMED_SHARE_SIGN,
    VALUE_SIGNS,
)
from spatial.preview.drawing import Choice, Drawing, Look
from spatial.preview.figures import Moment
from spatial.preview.legend import LAND, legend_of
from spatial.preview.origins import SUMMED_SHARE
from spatial.preview.packing import UNSURE, packed, packed_topology
from spatial.preview.panels import Panel, panel_values
from spatial.preview.panes import Areas, Circles, Overlay, Pane, PaneMap, Start
from spatial.preview.sentences import sentences, told
from spatial.preview.tables import NOT_THERE, SIGN_MARKS, table_rows, table_signs
from spatial.preview.topology import GRID, topology

_OWN_INDELING = "Elke periode staat in haar eigen gemeentelijke indeling: een jaar is niet hetzelfde als een grens."

TEMPLATES = Environment(
    loader=PackageLoader("spatial.preview", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
)


class Page(Figure):
    """The document around the maps, instead of folium's own: no remote script or style."""

    def __init__(self, assets: Assets, context: Mapping[str, Any]) -> None:
        super().__init__()
        self.assets = assets
        self.context = context
        self.maps: list[PaneMap] = []

    def render(self, **kwargs: Any) -> str:
        """Return the whole document."""
        for child in self._children.values():
            child.render(**kwargs)
        assets = self.assets
        scripts = [
            assets.leaflet_js, assets.sync_js, assets.topojson_js, assets.own_js,
            str(self.script.render(**kwargs)),
        ]  # fmt: skip
        style = assets.leaflet_css + assets.own_css
        template = TEMPLATES.get_template("bladzijde.html")
        return template.render(
            self.context,
            this=self,
            stijl=Markup(style),  # noqa: S704 - our own and locked files, checked for end tags
            scripts=[Markup(text) for text in scripts],  # noqa: S704
            csp=content_policy(scripts, [style], self.context["beelden"]),
        )


def render_page(drawing: Drawing, assets: Assets) -> str:
    """Return a page with one map, or with several side by side, and a control when it is a choice."""
    look = drawing.look
    page = Page(assets, _context(drawing.choices, look))
    panes = []
    counted = any(choice.drawing.counts for choice in drawing.choices)
    for place, panel in enumerate(drawing.panels):
        base = None
        if not (look.swipe and page.maps):
            page.maps.append(PaneMap(place, look.grid))
            page.add_child(page.maps[-1])
            base = Background(place, look.base, look.grid) if look.base else None
        circles = Circles(place) if counted else None
        overlay = Overlay(place, panel.raster, look) if panel.raster else None
        pane = Pane(page.maps[-1], Areas(place), circles, base, overlay)
        for layer in pane.layers:
            pane.map.add_child(layer)
        panes.append(pane)
    page.add_child(Start(panes, stacked=look.swipe))
    return page.render()


def content_policy(
    scripts: Sequence[str], styles: Sequence[str], images: Sequence[str] = ()
) -> str:
    """Return a policy that allows these inline texts and sources of images, and nothing else.

    Images ``blob:`` are those that scripts of the page make themselves.
    """
    allowed = {"script-src": scripts, "style-src": styles}
    rules = [
        " ".join([rule, *(f"'sha256-{_digest(text)}'" for text in texts)])
        for rule, texts in allowed.items()
        if texts
    ]
    if images:
        rules.append(" ".join(["img-src", *images]))
    return "; ".join(["default-src 'none'", *rules, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _context(choices: Sequence[Choice], look: Look) -> dict[str, Any]:
    first, every = choices[0].drawing, _panels(choices)
    series = [panel.series for panel in every]
    boundaries = "schematisch" if any(s.schematic for s in series) else "CBS / Kadaster"
    return {
        "titel": first.text.titel,
        "uitleg": first.text.uitleg,
        "meldingen": _notices(every),
        "momenten": [moment.label for moment in first.panels[0].moments],
        "schuif": any(len(panel.moments) > 1 for panel in every),
        "panelen": [
            {
                "titel": panel.titel,
                "stand": panel.summary(panel.moments[-1]),
                "tabel": _table(panel),
            }
            for panel in first.panels
        ],
        "tabelkop": "De verdeelde aantallen als tabel"
        if any(panel.raster for panel in every)
        else "Dezelfde cijfers als tabel",
        "over": look.swipe,
        "ondergrond": ATTRIBUTION if look.base else "",
        "beelden": _images(every, look),
        "groepen": _groups(choices),
        "legendas": [_legend(choice.drawing) for choice in choices],
        "zinnen": told(first.panels, first.scheme),
        "tekens": table_signs(every),
        "bronnen": list(dict.fromkeys(s.bron for s in series)),
        "grenzen": boundaries,
        "indelingen": list(dict.fromkeys(_indeling(s.indeling) for s in series)),
        "tegels": all(panel.tiles for panel in every),
        "gegevens": _json({**_values(choices, boundaries), **_looks(look)}),
    }


def _images(panels: Sequence[Panel], look: Look) -> list[str]:
    """Return where images of a page come from: cells are inside it, a base map is not."""
    inside = ["data:"] if look.base or any(panel.raster for panel in panels) else []
    return ["blob:", *inside, *([HOST] if look.base else [])]


def _looks(look: Look) -> dict[str, Any]:
    return {
        "veelvoud": look.every,
        "schuif": look.swipe,
        "dekking": OPACITY if look.base else 1,
    }


def _panels(choices: Sequence[Choice]) -> list[Panel]:
    return [panel for choice in choices for panel in choice.drawing.panels]


def _groups(choices: Sequence[Choice]) -> list[tuple[str, list[Choice]]]:
    """Return what can be chosen by heading; nothing when there is no choice."""
    if len(choices) == 1:
        return []
    return [(name, list(those)) for name, those in groupby(choices, key=attrgetter("groep"))]


def _legend(drawing: Drawing) -> dict[str, Any]:
    methods = set().union(*(panel.methods() for panel in drawing.panels))
    return {
        "legenda": legend_of(drawing.scheme, drawing.panels, methods),
        "zinnen": told(drawing.panels, drawing.scheme),
    }


def _notices(panels: Sequence[Panel]) -> list[str]:
    return list(dict.fromkeys(notice for panel in panels for notice in panel.series.notices))


def _indeling(indeling: int | None) -> str:
    if indeling is None:
        return _OWN_INDELING
    return (
        f"Alle perioden in de indeling van {indeling}: waar een gemeente is samengevoegd of gesplitst, "
        "zijn de cijfers van ervoor opgeteld of geschat."
    )


def _values(choices: Sequence[Choice], boundaries: str) -> dict[str, Any]:
    every = _panels(choices)
    objects = {
        panel.object_name(indeling): shapes
        for panel in every
        for indeling, shapes in panel.shapes.items()
    }
    counted = any(choice.drawing.counts for choice in choices)
    origins: dict[str, int] = {}
    panes = [_panes(choice.drawing, origins) for choice in choices]
    return {
        "topologie": packed_topology(topology(objects)),
        "tegels": _tiles(every),
        "punten": {name: s.points() for name, s in objects.items()} if counted else {},
        "kleuren": choices[0].drawing.colours,
        "patronen": "".join(MISSING_SIGNS.values()),
        "onbepaald": UNSURE,
        "statussen": {
            **{sign: status.label_nl for status, sign in SIGNS.items()},
            SUMMED_SHARE_SIGN: SUMMED_SHARE,
        },
        "tekens": SIGN_MARKS,
        "nietDaar": NOT_THERE,
        "randen": {
            VALUE_SIGNS[Status.OPGETELD]: Status.OPGETELD,
            SUMMED_SHARE_SIGN: Status.OPGETELD,
            VALUE_SIGNS[Status.GESCHAT]: Status.GESCHAT,
        },
        "land": LAND,
        "stip": CIRCLE,
        "stipOnder": CIRCLE_BELOW,
        "herkomsten": list(origins),
        "grenzen": f"Grenzen: {boundaries}",
        "meldingen": _notices(every),
        "bronvermelding": list(dict.fromkeys(t for p in every for t in p.series.vermelding)),
        "vroeger": [one.values() for one in dict.fromkeys(f for p in every for f in p.vroeger)],
        "panelen": panes[0],
        "keuzen": [
            {
                "sleutel": choice.sleutel,
                "titel": choice.drawing.text.titel,
                "uitleg": choice.drawing.text.uitleg,
                **({"kleuren": choice.drawing.colours, "panelen": shown} if place else {}),
            }
            for place, (choice, shown) in enumerate(zip(choices, panes, strict=True))
        ],
    }


def _panes(drawing: Drawing, origins: dict[str, int]) -> list[dict[str, Any]]:
    panes = [panel_values(panel, drawing.scheme, origins) for panel in drawing.panels]
    for panel, pane in zip(drawing.panels, panes, strict=True):
        pane["momenten"] = [
            packed(values, panel.series.decimals)
            | {
                "zinnen": [
                    [one.kaart, *one.klassen] for one in sentences(panel, moment, drawing.scheme)
                ],
                **_picture(panel, moment, drawing.look.grid),
            }
            for moment, values in zip(panel.moments, pane["momenten"], strict=True)
        ]
    return panes


def _picture(panel: Panel, moment: Moment, grid: Grid) -> dict[str, str]:
    if panel.raster is None:
        return {}
    return {"beeld": panel.raster.address(moment.peilmoment, grid)}


def _tiles(panels: Sequence[Panel]) -> dict[str, Any]:
    """Return the hexagons of all panes, when all have them."""
    if not all(panel.tiles for panel in panels):
        return {}
    hexagons = {code: corners for panel in panels for code, corners in panel.tiles.items()}
    return {"stap": GRID, "hoeken": dict(sorted(hexagons.items()))}


def _table(panel: Panel) -> Markup:
    indicator = panel.series.indicator
    rows = table_rows(panel)
    return Markup(  # noqa: S704 - rendered with autoescape
        TEMPLATES.get_template("tabel.html").render(
            titel=panel.titel,
            eenheid=said(indicator.eenheid),
            momenten=panel.moments,
            rijen=rows,
            herkomst=any(row[-1] for row in rows),
        )
    )


def _json(values: dict[str, Any]) -> Markup:
    """Write JSON that no text in it can end."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704
