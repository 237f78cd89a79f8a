from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from spatial.domain.redivisions import Lineage
from spatial.errors import CrsError, SchemaError, UnknownRegionError
from spatial.join.attach import Provenance, attach
from spatial.join.layers import boundaries_layer, redivisions_layer
from spatial.join.wide import pivot
from tests.miniland import REGISTER, boundaries, indicators, observations

SAID = Provenance("85980NED", "voorbeeldcijfers", "schematisch")


def wide() -> pa.Table:
    rows = observations()
    rows = rows.filter(pc.equal(rows["niveau"], "gemeente"))
    frame = boundaries()
    regions = pd.DataFrame(frame[frame["niveau"] == "gemeente"].drop(columns="geometry"))
    return pivot(rows, regions, indicators(), "test")[0]


def test_a_row_gets_the_shape_of_its_own_indeling() -> None:
    layer = attach(wide(), boundaries(), SAID).to_pylist()
    area = {row["id"]: shapely.from_wkb(row["geometry"]).area / 1e6 for row in layer}

    assert area["GM0003-2020-01-01"] == 100
    assert area["GM0003-2021-01-01"] == 160


def test_complete_rows_come_first() -> None:
    first = attach(wide(), boundaries(), SAID).slice(0, 10)

    assert all(column.null_count == 0 for column in first.columns)


def test_every_row_names_its_sources() -> None:
    layer = attach(wide(), boundaries(), SAID)

    assert set(layer["bronStatus"].to_pylist()) == {"voorbeeldcijfers"}
    assert set(layer["grenzen"].to_pylist()) == {"schematisch"}


def test_boundaries_in_degrees_are_refused() -> None:
    with pytest.raises(CrsError, match="must be in EPSG:28992, not EPSG:4326"):
        attach(wide(), boundaries().to_crs(4326), SAID)


def test_boundaries_without_names_are_refused() -> None:
    with pytest.raises(SchemaError, match=r"lacks columns \['naam'\]"):
        attach(wide(), boundaries().drop(columns="naam"), SAID)


def test_a_row_without_shape_is_an_error() -> None:
    shapes = boundaries()

    with pytest.raises(UnknownRegionError, match="region GM0005 has no boundary in indeling 2020"):
        attach(wide(), shapes[shapes["code"] != "GM0005"], SAID)


def test_boundaries_layer_says_how_long_an_indeling_holds() -> None:
    row = boundaries_layer(boundaries(), "schematisch").to_pylist()[0]

    assert (row["id"], str(row["geldigTotEnMet"])) == ("GM0001-2020-01-01", "2020-12-31")
    assert row["oppervlakteKm2"] == 100.0


def test_a_redivision_shows_the_area_concerned() -> None:
    shapes = boundaries()
    layer = redivisions_layer(REGISTER, shapes[shapes["niveau"] == "gemeente"]).to_pylist()
    areas = [shapely.from_wkb(row["geometry"]).area for row in layer]

    assert [row["oudeCode"] for row in layer] == ["GM0005", "GM0005", "GM0001", "GM0002"]
    assert areas == pytest.approx([60e6, 40e6, 100e6, 100e6])


def test_a_part_that_the_shapes_do_not_show_has_no_area() -> None:
    far = [replace(row, nieuwe_code="GM0001") for row in REGISTER[:1]]
    shapes = boundaries()

    layer = redivisions_layer(far, shapes[shapes["niveau"] == "gemeente"]).to_pylist()

    assert layer[0]["geometry"] is None


def test_a_retired_code_says_what_it_became() -> None:
    life = {"GM0005": Lineage(date(2020, 12, 31), "GM0003 0.600000; GM0004 0.400000", "")}

    first = boundaries_layer(boundaries(), "schematisch", life).to_pylist()[0]

    assert (first["id"], first["laatsteDag"]) == ("GM0005-2020-01-01", date(2020, 12, 31))
    assert first["opvolgers"].startswith("GM0003 0.6")


def test_a_redivision_before_the_loaded_years_has_no_shape() -> None:
    shapes = boundaries()
    layer = redivisions_layer(REGISTER, shapes[shapes["indeling"] == 2022]).to_pylist()

    assert [row["geometry"] for row in layer] == [None, None, None, None]
