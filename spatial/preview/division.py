"""Fair distribution on the map: keys and measures to choose from."""

from collections.abc import Sequence

from spatial.domain.indicators import Thema
from spatial.domain.verdeling import Part
from spatial.preview.choice import Option
from spatial.preview.families import made_of
from spatial.preview.figures import View
from spatial.preview.wording import capitalised

_BY_KEY = " naar {sleutel}"
"""End of the title of a measure."""


def division_options(collection_id: str, indicators: Sequence[str]) -> list[Option]:
    """Return what can be chosen on one map: keys, under the measure (and the group when several).

    Args:
        collection_id: an ``eerlijke-verdeling`` collection.
        indicators: of it, those of one measure and group after another.
    """
    made = made_of()
    grouped = len({made[name].groep for name in indicators}) > 1
    return [
        Option(View(collection_id, name), *_words(made[name], grouped=grouped))
        for name in indicators
    ]


def _words(part: Part, *, grouped: bool) -> tuple[str, str]:
    """Return name and heading of a key; the name says it all, for a closed list shows nothing else."""
    titel, group = part.maat.teksten[0], Thema(part.groep).titel
    whole = titel.format(sleutel=part.sleutel.titel_nl)
    if grouped:
        return f"{group}: {whole}", group
    return capitalised(whole), capitalised(titel.removesuffix(_BY_KEY))
