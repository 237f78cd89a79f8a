"""A scheme is made once: later values, builds and snapshots do not move it."""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.findings import Severity
from spatial.domain.indicators import load_catalogue
from spatial.domain.status import OF_FIGURES, Status
from spatial.errors import StoreError
from spatial.preview.classes import (
    PATTERN_INK,
    PATTERN_PAPER,
    ClassScheme,
    chosen_classes,
    class_scheme,
    diverging,
    diverging_around,
    frozen_classes,
)
from spatial.preview.figures import View, read_series
from spatial.preview.schemes import as_json, check, freeze, from_json
from spatial.preview.styles import freeze_styles, frozen_scheme
from spatial.store.layers import write_layer
from spatial.store.snapshot import Snapshot

SHARE = load_catalogue().get("aandeelCorporatie")
COUNT = load_catalogue().get("personen")
QUOTIENT = load_catalogue().get("ouderenInwonersLocatiequotient")
CHANGE = load_catalogue().get("aandeelKoopTegenLand")
BASE = date(2022, 12, 31)
OUDEREN = "ouderen-gemeente"
FILE = f"stijlen/{OUDEREN}.json"
numbers = st.lists(st.integers(-10_000, 10_000).map(lambda tenths: tenths / 10))


def changed(country: Snapshot, folder: Path, value: float) -> Snapshot:
    """Copy the country with another share in its first gemeente, in the first period."""
    shutil.copytree(country.path, folder)
    collection = country.contents.get(OUDEREN)
    layer = country.layer(collection)
    place = layer.schema.get_field_index(SHARE.id)
    cells = layer[SHARE.id].to_pylist()
    cells[next(at for at, cell in enumerate(cells) if cell is not None)] = value
    moved = layer.set_column(place, layer.schema.field(place), pa.array(cells, pa.float64()))
    write_layer(moved, folder / collection.bestand)
    return Snapshot(folder, country.manifest)


def entry(document: str, indicator: str = SHARE.id) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document)["indicatoren"][indicator]
    return found


def test_a_new_outlier_moves_no_break_and_is_reported(country: Snapshot, tmp_path: Path) -> None:
    first = freeze_styles(country, {})

    second = freeze_styles(changed(country, tmp_path / "new", 99.9), first.schemes)

    assert second.documents == first.documents
    assert second.schemes == first.schemes
    (finding,) = second.findings
    assert (finding.rule, finding.where, finding.key) == (
        "value-outside-scheme",
        OUDEREN,
        SHARE.id,
    )
    assert finding.message.startswith("1 of ")


def test_without_what_was_kept_that_outlier_would_move_them(
    country: Snapshot, tmp_path: Path
) -> None:
    first = freeze_styles(country, {})

    anew = freeze_styles(changed(country, tmp_path / "new", 99.9), {})

    assert entry(anew.documents[FILE])["grenzen"] != entry(first.documents[FILE])["grenzen"]


def test_a_second_build_on_the_same_values_has_the_same_bytes_and_nothing_to_report(
    country: Snapshot,
) -> None:
    first = freeze_styles(country, {})

    second = freeze_styles(country, first.schemes)

    assert (second.documents, second.schemes) == (first.documents, first.schemes)
    assert first.findings == second.findings == []
    assert {one["versie"] for one in first.schemes[OUDEREN].values()} == {1}


def test_renewing_raises_every_version_and_follows_the_new_values(
    country: Snapshot, tmp_path: Path
) -> None:
    first = freeze_styles(country, {})

    renewed = freeze_styles(changed(country, tmp_path / "new", 99.9), first.schemes, renew=True)

    assert {one["versie"] for one in renewed.schemes[OUDEREN].values()} == {2}
    assert entry(renewed.documents[FILE])["bereik"][1] == 99.9
    assert renewed.findings == []


def test_an_indicator_that_is_new_gets_a_scheme_beside_those_that_were_kept(
    country: Snapshot,
) -> None:
    kept = freeze_styles(country, {}).schemes
    without = {name: one for name, one in kept[OUDEREN].items() if name != SHARE.id}

    again = freeze_styles(country, {**kept, OUDEREN: without})

    assert again.schemes == kept


def test_an_indicator_without_any_value_waits_for_its_first(country: Snapshot) -> None:
    styles = freeze_styles(country, {})

    assert "inwonersTaakstelling" not in styles.schemes["taakstelling-gemeente"]
    assert entry(styles.documents["stijlen/taakstelling-gemeente.json"], "inwonersTaakstelling")


def test_a_scheme_that_no_longer_fits_the_catalogue_is_made_anew_and_reported(
    country: Snapshot,
) -> None:
    kept = freeze_styles(country, {}).schemes
    other = {**kept[OUDEREN], SHARE.id: {**kept[OUDEREN][SHARE.id], "eenheid": "promille"}}

    styles = freeze_styles(country, {**kept, OUDEREN: other})

    assert styles.schemes[OUDEREN][SHARE.id]["versie"] == 2
    assert [(one.rule, one.key) for one in styles.findings] == [("scheme-renewed", SHARE.id)]


def test_a_value_has_one_colour_in_the_snapshot_before_and_after(
    country: Snapshot, tmp_path: Path
) -> None:
    later = changed(country, tmp_path / "new", 99.9)
    view = View(OUDEREN, SHARE.id)

    before = frozen_scheme(country, read_series(country, view))
    after = frozen_scheme(later, read_series(later, view))

    assert isinstance(before, ClassScheme)
    assert after == before
    assert after.colour_of(99.9) == before.colours[-1]


def test_a_snapshot_without_schemes_is_not_drawn(country: Snapshot, tmp_path: Path) -> None:
    shutil.copytree(country.path, tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / "kaart")
    bare = Snapshot(tmp_path / "bare", country.manifest)

    with pytest.raises(StoreError, match="aandeelCorporatie"):
        frozen_scheme(bare, read_series(bare, View(OUDEREN, SHARE.id)))


def test_two_subjects_side_by_side_share_a_scheme_that_later_values_do_not_move(
    country: Snapshot, tmp_path: Path
) -> None:
    later = changed(country, tmp_path / "new", 99.9)
    views = [View(OUDEREN, SHARE.id), View("studenten-gemeente", SHARE.id)]

    before, after = (
        frozen_scheme(held, *(read_series(held, view) for view in views))
        for held in (country, later)
    )

    assert before == after


def test_most_values_in_the_end_classes_is_a_warning_that_says_how_to_renew() -> None:
    frozen = freeze(SHARE, [float(n) for n in range(101)], BASE)

    (finding,) = check("ouderen-gemeente", SHARE, frozen, [150.0, 160.0, 50.0])

    assert finding.severity is Severity.WARNING
    assert "2 of 3 values" in finding.message
    assert "spatial build --renew-schemes" in finding.message


def test_breaks_that_were_chosen_are_not_said_to_need_renewing() -> None:
    frozen = freeze(QUOTIENT, [0.4, 1.0, 2.2], BASE)

    (finding,) = check("eerlijke-verdeling-gemeente", QUOTIENT, frozen, [0.1, 9.0])

    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("indicator", [SHARE, COUNT, QUOTIENT, CHANGE], ids=lambda one: one.id)
@given(values=numbers)
def test_a_scheme_reads_back_as_it_was_written(indicator: Any, values: Sequence[float]) -> None:
    frozen = freeze(indicator, values, BASE)

    assert from_json(json.loads(json.dumps(as_json(frozen)))) == frozen
    assert frozen.fits(indicator)


@given(values=numbers)
def test_a_frozen_scheme_is_that_of_its_values(values: Sequence[float]) -> None:
    assert freeze(SHARE, values, BASE).scheme == class_scheme(values)
    assert freeze(CHANGE, values, BASE).scheme == diverging_around(map(abs, values))


@given(st.lists(st.floats(0, 100), min_size=1), st.lists(st.floats(0, 100)))
def test_exactly_the_values_outside_the_range_are_counted(
    values: Sequence[float], later: Sequence[float]
) -> None:
    outside = sum(value < min(values) or value > max(values) for value in later)

    found = check("x", SHARE, freeze(SHARE, values, BASE), later)

    assert [one.message.partition(" ")[0] for one in found] == ([str(outside)] if outside else [])


def test_a_scheme_of_another_unit_does_not_fit() -> None:
    frozen = freeze(SHARE, [1.0, 2.0], BASE)

    assert not replace(frozen, eenheid="personen").fits(SHARE)


@pytest.mark.parametrize("damage", [{"versie": None}, {"bereik": [1]}, {"basis": "gisteren"}])
def test_a_damaged_scheme_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="class scheme"):
        from_json({**as_json(freeze(SHARE, [1.0, 2.0], BASE)), **damage})


def test_every_status_without_number_has_a_pattern_and_carried_ones_an_edge(
    country: Snapshot,
) -> None:
    held = json.loads(freeze_styles(country, {}).documents[FILE])["statussen"]

    drawn = {one["status"]: one["soort"] for one in held}
    missing = {s.value for s in (*OF_FIGURES, Status.NIET_VAST_TE_STELLEN) if not s.has_value}
    assert {name for name, kind in drawn.items() if kind == "patroon"} == missing
    assert {name for name, kind in drawn.items() if kind == "rand"} == {"opgeteld", "geschat"}
    assert all(one["labels"]["nl"] and one["labels"]["en"] for one in held)


def test_patterns_stand_out_three_to_one_and_are_drawn_in_the_colours_that_the_style_names() -> (
    None
):
    drawn = (files("spatial.preview") / "templates" / "patronen.html").read_text(encoding="utf-8")

    assert set(re.findall(r'(?:stroke|fill)="(#[0-9a-f]+)"', drawn)) == {PATTERN_INK, "#fff"}
    assert _contrast(PATTERN_INK, PATTERN_PAPER) >= 3


@pytest.mark.parametrize("sight", ["all", "deuteranopia", "protanopia"])
@pytest.mark.parametrize("values", [range(101), range(-50, 51)], ids=["one way", "two ways"])
def test_neighbouring_classes_differ_for_the_colour_blind_too(values: range, sight: str) -> None:
    scheme = class_scheme(values) if min(values) >= 0 else diverging(values)

    seen = [_lab(_SIGHTS[sight] @ _linear(colour)) for colour in scheme.colours]

    assert len(seen) >= 4
    assert all(np.linalg.norm(one - other) > 9 for one, other in pairwise(seen))


# Machado, Oliveira and Fernandes (2009), severity 1, in linear sRGB
_SIGHTS = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}  # fmt: skip
_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)  # fmt: skip


def _linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(_TO_XYZ @ np.clip(linear, 0, 1) / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((float(_TO_XYZ[1] @ _linear(c)) for c in (first, second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_keys_of_a_fair_distribution_share_a_scale_so_that_another_key_shows_a_change(
    country: Snapshot,
) -> None:
    held = freeze_styles(country, {}).schemes["eerlijke-verdeling-gemeente"]

    gaps = [held[f"studenten{key}Verschil"] for key in ("Inwoners", "Corporatiewoningen")]
    assert gaps[0]["grenzen"] == gaps[1]["grenzen"]
    assert gaps[0]["bereik"] == gaps[1]["bereik"]


def test_breaks_that_were_chosen_without_a_middle_go_from_light_to_dark() -> None:
    indicator = load_catalogue().get("ouderenInwonersTeVerplaatsen")

    scheme = freeze(indicator, [1.0, 30.0], date(2022, 1, 1)).scheme

    assert isinstance(scheme, ClassScheme)
    assert scheme.breaks == (5.0, 10.0, 15.0, 20.0)
    assert scheme == chosen_classes(scheme.breaks)
    assert scheme.colours[0] != frozen_classes((-1.0, 0.0, 1.0)).colours[0]


def test_circles_of_one_direction_no_longer_fit_an_indicator_that_goes_below_0() -> None:
    saldo = load_catalogue().get("saldo")
    now = freeze(saldo, [-20.0, 50.0], date(2022, 1, 1))
    before = from_json({**as_json(now), "onder": False})

    assert now.fits(saldo)
    assert from_json(as_json(now)) == now
    assert not before.fits(saldo)
