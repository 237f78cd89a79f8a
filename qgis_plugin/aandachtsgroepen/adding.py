"""A layer added to the project; what it needs is fetched first, so QGIS never waits for a dead service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict

from aandachtsgroepen.fetch import Failed, Fetcher
from aandachtsgroepen.layers import (
    LayerError,
    Order,
    add_to_project,
    make_layer,
    mark_missing,
    name_fields,
    show,
    styled,
)
from aandachtsgroepen.moments import Period


@dataclass(frozen=True)
class Wish:
    """A layer as it was chosen.

    Attributes:
        order: what it is of.
        period: what it shows.
        name: how it is called.
        crs: system to ask for; empty: degrees.
        regions: how many regions it shows; of a series the most at one moment.
    """

    order: Order
    period: Period
    name: str
    crs: str
    regions: int


Added = Callable[[Any, Wish, str], None]
"""Called with the layer, what was wished, and why it has no style (empty: it has)."""


class Adding:
    """Adds one layer."""

    def __init__(self, fetcher: Fetcher, wish: Wish, added: Added, failed: Failed) -> None:
        self._fetcher, self._wish = fetcher, wish
        self._added, self._failed = added, failed

    def start(self) -> None:
        """Fetch titles and style, make the layer, then call ``added``, or ``failed`` with the reason.

        A layer without a style is still a layer; one without titles is not, because then the service
        is not there.
        """
        order = self._wish.order
        titles = order.service.schema(order.collection, order.language)
        look = order.service.qml(order.collection, order.indicator, order.language)

        def titled(texts: Dict[str, str]) -> None:
            schema = texts[titles]
            self._fetcher.fetch(
                [look],
                lambda found: self._make(schema, found[look], ""),
                lambda reason: self._make(schema, "", reason),
                fresh=False,
            )

        self._fetcher.fetch([titles], titled, self._failed, fresh=False)

    def _make(self, schema: str, qml: str, unstyled: str) -> None:
        wish = self._wish
        try:
            layer = make_layer(wish.order, wish.name, wish.crs)
            unstyled = unstyled or styled(layer, qml, wish.period)
            name_fields(layer, schema)
            mark_missing(layer)
            show(layer, wish.period)
        except LayerError as error:
            self._failed(str(error))
            return
        layer.setName(wish.name)
        add_to_project(layer, wish.period)
        self._added(layer, wish, unstyled)
