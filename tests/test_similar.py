"""Every gemeente gets those most like it in variables that all gemeenten of the indeling have."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from shapely import MultiPolygon, box

from spatial.compute.benchmark import neighbours_of
from spatial.domain.sources import Source, SourceStatus
from spatial.pipeline.similar import INCOMPLETE, NO_FIGURES, similar_table, variables_of
from spatial.settings import Settings
from spatial.store.describe_analysis import describe_similar
from spatial.store.snapshot import open_snapshot

DAY = date(2023, 1, 1)
CODES = [f"GM{number:04d}" for number in range(30)]


def shapes() -> gpd.GeoDataFrame:
    """Return gemeenten of one to thirty square kilometres."""
    squares = [MultiPolygon([box(0, 0, 1000 * (number + 1), 1000)]) for number in range(len(CODES))]
    return gpd.GeoDataFrame(
        {"code": CODES, "naam": [f"Plaats {code}" for code in CODES], "indeling": 2023},
        geometry=squares,
        crs=28992,
    )


def counts() -> pd.DataFrame:
    """Return figures of which each gemeente has all."""
    draws = np.random.default_rng(12)
    households = np.round(draws.lognormal(9, 1, len(CODES)))
    dwellings = np.round(households * 1.02)
    return pd.DataFrame(
        {
            "inwoners": np.round(households * draws.uniform(1.9, 2.5, len(CODES))),
            "huishoudens": households,
            "woonruimten": dwellings,
            "corporatiewoningen": np.round(dwellings * draws.uniform(0.2, 0.4, len(CODES))),
        },
        index=CODES,
    )


def test_every_gemeente_has_ten_others_nearest_first() -> None:
    table = similar_table(shapes(), counts(), DAY)

    for row in table.to_pylist():
        said = neighbours_of(row["vergelijkbaar"])
        assert len({code for code, _ in said} - {row["regioCode"]}) == 10
        assert [apart for _, apart in said] == sorted(apart for _, apart in said)
        names = [f"Plaats {code}" for code, _ in said]
        assert row["vergelijkbaarNamen"] == "; ".join(names)
        assert row["reden"] is None


def test_two_of_a_kind_are_the_most_alike() -> None:
    drawn, figures = shapes(), counts()
    squares = list(drawn.geometry)
    drawn = drawn.set_geometry([*squares[:7], squares[3], *squares[8:]], crs=28992)
    figures.loc[CODES[7]] = figures.loc[CODES[3]]
    row = similar_table(drawn, figures, DAY).to_pylist()[3]

    assert neighbours_of(row["vergelijkbaar"])[0] == (CODES[7], 0.0)


def test_the_variables_are_size_density_housing_associations_and_household() -> None:
    found = variables_of(counts(), shapes())

    assert list(found) == [
        "huishoudens",
        "huishoudens per km2",
        "aandeel corporatiewoningen",
        "inwoners per huishouden",
    ]
    assert found["huishoudens per km2"][2] == pytest.approx(
        np.log(counts()["huishoudens"].iloc[2] / 3)
    )


def test_a_variable_that_one_gemeente_lacks_is_left_out_for_all() -> None:
    figures = counts()
    figures.loc[CODES[5], "inwoners"] = np.nan
    table = similar_table(shapes(), figures, DAY)

    assert "inwoners" not in table["kenmerken"][0].as_py()
    assert table["vergelijkbaar"].null_count == 0


def test_a_gemeente_without_households_is_not_compared_and_says_why() -> None:
    figures = counts()
    figures.loc[CODES[5]] = np.nan
    rows = similar_table(shapes(), figures, DAY).to_pylist()

    assert (rows[5]["vergelijkbaar"], rows[5]["reden"]) == (None, INCOMPLETE)
    assert not any(CODES[5] in row["vergelijkbaar"] for row in rows if row["vergelijkbaar"])


def test_an_indeling_without_figures_says_so() -> None:
    nothing = pd.DataFrame(np.nan, index=CODES, columns=counts().columns)
    table = similar_table(shapes(), nothing, DAY)

    assert set(table["reden"].to_pylist()) == {NO_FIGURES}
    assert table["kenmerken"].null_count == len(CODES)


def test_the_description_names_the_variables_and_what_the_source_must_say() -> None:
    table = similar_table(shapes(), counts(), DAY)
    layer = table.append_column(
        "geometry", pa.array([shape.wkb for shape in shapes().geometry], pa.binary())
    )
    source = Source("bevolking", "Miniland", SourceStatus.VOORBEELDCIJFERS, "EUPL-1.2")
    found = describe_similar(layer, [source])

    assert found.id == "vergelijkbaar-gemeente"
    assert "dichtheid" in found.beschrijving_nl
    assert source.melding in found.beschrijving_nl


def test_every_gemeente_of_every_indeling_with_figures_has_neighbours_of_that_indeling(
    example: Settings,
) -> None:
    snapshot = open_snapshot(example.data)
    layer = snapshot.layer(snapshot.contents.get("vergelijkbaar-gemeente"))
    assert layer.num_rows == snapshot.contents.get("grenzen-gemeente").aantal
    for year in pc.unique(layer["indeling"]).to_pylist():
        rows = layer.filter(pc.equal(layer["indeling"], year))
        codes = set(rows["regioCode"].to_pylist())
        for row in rows.select(["vergelijkbaar", "reden"]).to_pylist():
            said = {code for code, _ in neighbours_of(row["vergelijkbaar"])}
            assert said <= codes
            assert (len(said) == 10) != bool(row["reden"])
        if year in {2018, 2019, 2020, 2021, 2022, 2023, 2024, 2026}:
            assert rows["reden"].null_count == rows.num_rows
