"""Layers of remarkable gemeenten say what was tested, and keep the sign of what was not."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.remarkable import FLAGGED, Opvallend
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import WITH_VALUE, Status
from spatial.errors import UnknownRegionError
from spatial.pipeline.remarkable import RATES, remarkable_layer
from spatial.settings import Settings
from spatial.store.describe import Subject
from spatial.store.describe_analysis import describe_remarkable
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.lattice import GRID, RATE, SECRET, SHAPES, figures

ISLANDS = {"GM0060", "GM0088", "GM0093", "GM0096", "GM0448"}
"""Ameland, Schiermonnikoog, Terschelling, Vlieland and Texel."""


@pytest.fixture(scope="module")
def layer() -> pa.Table:
    return remarkable_layer(figures(), [RATE], GRID)


def column(layer: pa.Table, end: str) -> list[Any]:
    values: list[Any] = layer[f"{RATE.id}{end}"].to_pylist()
    return values


def test_the_planted_cluster_is_high_with_high_neighbours(layer: pa.Table) -> None:
    rows = layer.filter(pc.equal(layer["regioCode"], "GM0404"))
    neighbours = layer.filter(pc.equal(layer["regioCode"], "GM0403"))

    assert set(rows[f"{RATE.id}Klasse"].to_pylist()) == {Opvallend.ONTBREEKT.value}
    assert set(neighbours[f"{RATE.id}Klasse"].to_pylist()) == {Opvallend.HOOG_BIJ_HOOG.value}


def test_a_secret_figure_has_its_sign_and_no_chance_or_smoothed_rate(layer: pa.Table) -> None:
    row = layer.filter(pc.equal(layer["regioCode"], GRID.codes[SECRET])).to_pylist()[0]

    assert row[f"{RATE.id}GladgestrekenStatus"] == Status.GEHEIM_OF_ONBEKEND
    for end in ("Kans", "Gladgestreken", "GladgestrekenMin", "GladgestrekenMax"):
        assert row[f"{RATE.id}{end}"] is None


def test_every_feature_says_how_many_were_tested_and_dropped(layer: pa.Table) -> None:
    assert set(column(layer, "Getoetst")) == {99}
    assert set(column(layer, "ZonderCijfer")) == {1}
    assert set(column(layer, "ZonderBuren")) == {0}


def test_a_smoothed_rate_lies_within_its_bounds_and_between_the_rate_and_the_mean(
    layer: pa.Table,
) -> None:
    valued = layer.filter(pc.is_valid(layer[f"{RATE.id}Gladgestreken"]))
    smoothed, low, high = (
        np.array(column(valued, f"Gladgestreken{end}")) for end in ("", "Min", "Max")
    )

    assert ((low <= smoothed) & (smoothed <= high)).all()
    assert np.std(smoothed) < np.std(column(valued, ""))


def test_the_order_of_the_rows_does_not_matter(layer: pa.Table) -> None:
    turned = figures().take(pa.array(np.random.default_rng(1).permutation(len(SHAPES) * 2)))

    assert remarkable_layer(turned, [RATE], GRID).equals(layer)


def test_the_fields_are_the_columns_of_the_layer_in_order(layer: pa.Table) -> None:
    subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE, Indeling(2024), Aspect.OPVALLEND)
    source = Source("85980NED", "Miniland", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")
    found = describe_remarkable(layer, subject, [RATE], [source])

    assert ["id", *(field.naam for field in found.velden), "geometry"] == layer.column_names
    assert found.id == "ouderen-opvallend-gemeente-indeling-2024"
    assert "Verkennend" in found.beschrijving_nl
    assert source.melding in found.beschrijving_nl
    assert "significant" not in found.beschrijving_nl + found.description_en


def test_figures_of_other_gemeenten_than_the_neighbours_are_refused() -> None:
    with pytest.raises(UnknownRegionError, match="not of the gemeenten"):
        remarkable_layer(figures().slice(1), [RATE], GRID)


def islands_flagged(snapshot: Snapshot) -> list[str]:
    """Return the islands that a layer of remarkable gemeenten flags, or does not call islands."""
    found = []
    for collection in snapshot.contents.collections:
        if Aspect.OPVALLEND not in collection.id:
            continue
        rows = snapshot.layer(collection)
        rows = rows.filter(pc.is_in(rows["regioCode"], pa.array(sorted(ISLANDS))))
        for rate in collection.indicatoren:
            found += pc.unique(rows[f"{rate}Klasse"]).to_pylist()
    return found


def test_the_wadden_islands_of_the_example_are_never_tested(example: Settings) -> None:
    assert set(islands_flagged(open_snapshot(example.data))) <= {"geen_buren", "ontbreekt"}


def test_the_wadden_islands_of_the_real_boundaries_are_never_tested(real: Settings) -> None:
    assert set(islands_flagged(open_snapshot(real.data))) <= {"geen_buren", "ontbreekt"}


def test_every_group_has_a_layer_of_the_newest_indeling_for_both_rates(example: Settings) -> None:
    snapshot = open_snapshot(example.data)

    for thema in ("ouderen", "studenten", "uitstroom-detentie", "vergunninghouders"):
        found = snapshot.contents.get(f"{thema}-opvallend-gemeente-indeling-2026")
        assert set(found.indicatoren) == set(RATES)
        assert found.aantal == snapshot.contents.get(f"{thema}-gemeente-indeling-2026").aantal


def test_only_what_was_tested_has_a_chance_and_only_a_small_chance_is_flagged(
    example: Settings,
) -> None:
    snapshot = open_snapshot(example.data)
    layer = snapshot.layer(snapshot.contents.get("studenten-opvallend-gemeente-indeling-2026"))
    tested = pa.array([*FLAGGED, Opvallend.NIET_OPVALLEND], pa.string())
    for rate in RATES:
        classes, chance = layer[f"{rate}Klasse"], layer[f"{rate}Kans"]
        assert pc.is_in(classes, tested).equals(pc.is_valid(chance))
        flagged = chance.filter(pc.is_in(classes, pa.array(FLAGGED, pa.string())))
        assert all(value < 0.05 for value in flagged.to_pylist())
        statuses = layer.filter(pc.equal(classes, Opvallend.ONTBREEKT.value))[f"{rate}Status"]
        assert not set(statuses.to_pylist()) & {status.value for status in WITH_VALUE}
