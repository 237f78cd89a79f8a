"""Layers of ranks: a range beside every figure, nothing beside what has none."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.pipeline.ranks import RANKED, rank_layer
from spatial.settings import Settings
from spatial.store.catalogue import Kind
from spatial.store.describe import Subject
from spatial.store.describe_analysis import describe_ranks
from spatial.store.snapshot import MAPS, open_snapshot
from tests.lattice import GRID, RATE, SECRET, figures


@pytest.fixture(scope="module")
def layer() -> pa.Table:
    return rank_layer(figures(), [RATE])


def test_every_moment_is_ranked_by_itself(layer: pa.Table) -> None:
    assert layer.num_rows == 200
    assert set(layer[f"{RATE.id}RangVan"].to_pylist()) == {99}
    assert pc.min(layer[f"{RATE.id}RangMin"]).as_py() == 1
    assert pc.max(layer[f"{RATE.id}RangMax"]).as_py() == 99


def test_a_figure_lies_among_those_that_its_range_names(layer: pa.Table) -> None:
    rows = layer.filter(pc.equal(layer["peilmoment"], layer["peilmoment"][0]))
    rows = rows.filter(pc.is_valid(rows[RATE.id])).sort_by([(RATE.id, "descending")])
    for place, row in enumerate(rows.to_pylist(), 1):
        assert row[f"{RATE.id}RangMin"] <= place <= row[f"{RATE.id}RangMax"]
        assert 0 <= row[f"{RATE.id}PercentielMin"] <= row[f"{RATE.id}PercentielMax"] <= 100


def test_a_secret_figure_has_no_place(layer: pa.Table) -> None:
    row = layer.filter(pc.equal(layer["regioCode"], GRID.codes[SECRET])).to_pylist()[0]

    for end in ("RangMin", "RangMax", "PercentielMin", "PercentielMax"):
        assert row[f"{RATE.id}{end}"] is None


def test_the_fields_of_a_layer_of_ranks_are_its_columns_in_order(layer: pa.Table) -> None:
    subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE, Indeling(2024), Aspect.RANG)
    source = Source("85980NED", "Miniland", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")
    found = describe_ranks(layer, subject, [RATE], [source])

    assert ["id", *(field.naam for field in found.velden), "geometry"] == layer.column_names
    assert found.id == "ouderen-rang-gemeente-indeling-2024"
    assert source.melding in found.beschrijving_nl


def test_its_figures_have_the_colours_of_the_collection_they_are_made_of(layer: pa.Table) -> None:
    subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE, Indeling(2024), Aspect.RANG)
    source = Source("85980NED", "Miniland", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")

    assert describe_ranks(layer, subject, [RATE], [source]).stijl == "stijlen/ouderen-gemeente.json"


def test_every_analysis_has_a_file_of_colours_in_the_snapshot(example: Settings) -> None:
    snapshot = open_snapshot(example.data)
    analyses = [c for c in snapshot.contents.collections if c.kind is Kind.ANALYSE and c.thema]

    assert analyses
    assert all((snapshot.path / MAPS / found.stijl).is_file() for found in analyses)


def test_every_group_is_ranked_in_both_indelingen(example: Settings) -> None:
    contents = open_snapshot(example.data).contents

    for thema in ("ouderen", "studenten", "uitstroom-detentie", "vergunninghouders"):
        for year in (2024, 2026):
            found = contents.get(f"{thema}-rang-gemeente-indeling-{year}")
            assert set(found.indicatoren) == set(RANKED)
