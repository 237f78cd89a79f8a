"""The frozen schemes as files: the same that the previews use."""

import json
from typing import Any

import pytest

from spatial.preview.classes import ClassScheme, SymbolScale
from spatial.preview.figures import View, read_series
from spatial.preview.styles import freeze_styles, frozen_scheme
from spatial.store.snapshot import Snapshot
from tests.preview.carried import CARRIED


def style(snapshot: Snapshot, collection_id: str, indicator_id: str) -> dict[str, Any]:
    document = json.loads(freeze_styles(snapshot, {}).documents[f"stijlen/{collection_id}.json"])
    entry: dict[str, Any] = document["indicatoren"][indicator_id]
    return entry


@pytest.mark.parametrize("period", [None, 0, -1])
def test_a_value_has_the_colour_of_the_file_in_every_period_of_a_preview(
    country: Snapshot, period: int | None
) -> None:
    series = read_series(country, View("ouderen-gemeente", "aandeelCorporatie"))
    scheme = frozen_scheme(country, series)
    entry = style(country, "ouderen-gemeente", "aandeelCorporatie")
    shown = series.moments if period is None else [series.moments[period]]
    values = [
        figure.value
        for moment in shown
        for figure in moment.figures.values()
        if figure.value is not None
    ]

    assert isinstance(scheme, ClassScheme)
    assert values
    for value in values:
        place = sum(1 for limit in entry["grenzen"] if limit <= value)
        assert entry["kleuren"][place] == scheme.colour_of(value)


def test_a_series_in_one_indeling_has_the_scheme_of_what_it_is_made_of(country: Snapshot) -> None:
    own = read_series(country, View("ouderen-gemeente", "aandeelCorporatie"))
    carried = read_series(country, View(CARRIED, "aandeelCorporatie"))

    assert frozen_scheme(country, carried) == frozen_scheme(country, own)
    assert f"stijlen/{CARRIED}.json" not in freeze_styles(country, {}).documents


def test_every_class_has_a_label_in_both_languages(country: Snapshot) -> None:
    entry = style(country, "ouderen-gemeente", "aandeelCorporatie")

    classes = len(entry["grenzen"]) + 1

    assert len(entry["kleuren"]) == len(entry["labels"]["nl"]) == classes
    assert entry["labels"]["nl"][0].startswith("minder dan")
    assert len(entry["labels"]["en"]) == classes
    assert entry["labels"]["en"][0].startswith("less than")


def test_a_count_is_a_circle_of_the_same_size_as_in_a_preview(country: Snapshot) -> None:
    series = read_series(country, View("studenten-gemeente", "personen"))
    scheme = frozen_scheme(country, series)
    entry = style(country, "studenten-gemeente", "personen")

    assert isinstance(scheme, SymbolScale)
    assert (entry["top"], entry["straal"]) == (scheme.top, scheme.radius_px)
    assert entry["voorbeelden"][0] == [scheme.top, scheme.radius_of(scheme.top)]
