"""The style of an indicator as a file of other programs: QML for QGIS, SLD for the others."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from spatial.qgis.qml import qml
from spatial.qgis.rules import thematic
from spatial.qgis.sld import sld
from spatial.serve.ask.offers import QML, SLD
from spatial.serve.read.edition import Edition
from spatial.store.schemes import owners

FILES = {"qml": (QML, "QGIS (QML)"), "sld": (SLD, "Styled Layer Descriptor (SLD 1.1)")}
"""Media type and title, by their value of ``f``."""


def style_file(
    edition: Edition,
    asked: tuple[str, str],
    document: Mapping[str, Any],
    form: str,
    *,
    english: bool,
) -> Response:
    """Answer with a style as a file.

    Args:
        edition: has the collection.
        asked: id of a collection, or of the one whose schemes are meant, and of an indicator.
        document: with the scheme of the indicator.
        form: ``qml`` or ``sld``.
        english: texts in English; otherwise in Dutch.

    Raises:
        StoreError: the scheme cannot be drawn.
    """
    name, indicator = asked
    known = name in edition
    collection = edition.collection(name) if known else owners(edition.contents)[name]
    shown = thematic(edition.contents, collection, document, indicator, english=english)
    # a style of a layer of the service: see ``Thematic.day``
    shown = replace(shown, day=collection.eind.isoformat())
    text = qml(collection, shown, english=english) if form == "qml" else sld(shown)
    headers = {
        "Content-Disposition": f'attachment; filename="{collection.id}-{indicator}.{form}"',
        "Content-Language": "en" if english else "nl",
    }
    return Response(text, headers=headers, media_type=FILES[form][0])
