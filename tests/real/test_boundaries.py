"""The mirror of real CBS boundaries, read by the one reader."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from spatial.domain.facts import Membership
from spatial.domain.findings import errors_of
from spatial.domain.regions import Indeling, Niveau
from spatial.join.dissolve import dissolve, dissolve_land, regions_for
from spatial.join.generalise import generalise
from spatial.join.repair import repair_coverage
from spatial.normalise.boundaries import read_boundaries, read_mirror
from spatial.normalise.coverage import check_codes, check_coverage
from spatial.normalise.facts import code_sets, read_facts
from spatial.normalise.shapes import read_shapes

COUNTS = {
    2016: 390, 2017: 388, 2018: 380, 2019: 355, 2020: 355,
    2021: 352, 2022: 345, 2023: 342, 2024: 342, 2025: 342,
}  # fmt: skip
YEARS = [Indeling(year) for year in COUNTS]
FACTS = Path(__file__).parents[2] / "boundaries"
OVERLAPS = "alt/gemeente_2025_1m_overlaps.geojson"


@pytest.fixture(scope="module")
def everything(mirror: Path) -> gpd.GeoDataFrame:
    table, findings = read_mirror(mirror, YEARS)
    assert findings == []
    return table


@pytest.fixture(scope="module")
def memberships() -> tuple[Membership, ...]:
    return read_facts(FACTS).memberships


def gemeenten(table: gpd.GeoDataFrame, year: int) -> gpd.GeoDataFrame:
    return table[(table["niveau"] == "gemeente") & (table["indeling"] == year)]


def gemeente_file(mirror: Path, year: int) -> Path:
    return mirror / "boundaries" / f"gemeente_gegeneraliseerd_{year}.geojson"


def test_every_vintage_has_its_number_of_gemeenten(everything: gpd.GeoDataFrame) -> None:
    rows = everything[everything["niveau"] == "gemeente"]

    assert rows.groupby("indeling").size().to_dict() == COUNTS


def test_codes_are_those_of_the_register(everything: gpd.GeoDataFrame) -> None:
    expected = code_sets(read_facts(FACTS))

    findings = [
        finding
        for year in YEARS
        for finding in check_codes(gemeenten(everything, year), expected[year])
    ]

    assert findings == []


def test_regions_are_read_where_there_are_files(everything: gpd.GeoDataFrame) -> None:
    rows = everything[everything["niveau"] != "gemeente"]

    assert rows.groupby(["niveau", "indeling"]).size().to_dict() == {
        **{("corop", year): 40 for year in (2016, 2017, 2018)},
        ("provincie", 2016): 12,
        **{("veiligheidsregio", year): 25 for year in (2020, 2021, 2022, 2023)},
    }


def test_all_shapes_are_in_one_form(everything: gpd.GeoDataFrame) -> None:
    shapes = everything.geometry.to_numpy()

    assert everything.crs == 28992
    assert shapely.is_valid(shapes).all()
    assert set(everything.geom_type) == {"MultiPolygon"}
    assert shapely.is_ccw(shapely.get_exterior_ring(shapely.get_parts(shapes))).all()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("GM0518", "'s-Gravenhage"),
        ("GM0820", "Nuenen, Gerwen en Nederwetten"),
        ("GM1900", "Súdwest-Fryslân"),
    ],
)
def test_names_survive_letter_by_letter(everything: gpd.GeoDataFrame, code: str, name: str) -> None:
    assert set(everything["naam"][everything["code"] == code]) == {name}


@pytest.mark.slow
def test_every_file_is_read_by_the_one_reader(mirror: Path) -> None:
    files = sorted(path for path in (mirror / "boundaries").rglob("*.*") if path.is_file())

    lost: dict[str, int] = {}
    for path in files:
        table, findings = read_shapes(path)
        assert shapely.is_valid(table.geometry.to_numpy()).all()
        assert errors_of(findings) == []
        lost |= {path.name: sum(finding.rule == "missing-geometry" for finding in findings)}

    assert len(lost) == 30
    assert {name: number for name, number in lost.items() if number} == {
        "buurt_gegeneraliseerd_2014.gpkg": 1185,
        "wijk_gegeneraliseerd_2016.geojson": 64,
    }


@pytest.mark.parametrize(
    ("file", "overlap_ha"),
    [
        ("gemeente_gegeneraliseerd_2023.geojson", 10.7),
        ("alt/gemeente_gegeneraliseerd_20220324_vws.geojson", 10.4),
        ("veiligheidsregio_gegeneraliseerd_2022.geojson", 2.1),
        (OVERLAPS, 275.4),
    ],
)
def test_overlaps_are_reported_with_their_area(mirror: Path, file: str, overlap_ha: float) -> None:
    table, _ = read_boundaries(mirror / "boundaries" / file)

    (text,) = [f.message for f in check_coverage(table) if f.rule == "overlap"]

    assert float(text.split("together ")[1].split(" ha")[0]) == pytest.approx(overlap_ha, abs=0.06)


@pytest.mark.slow
def test_thousands_of_gaps_are_reported_as_one_warning(mirror: Path) -> None:
    table, _ = read_boundaries(mirror / "boundaries" / OVERLAPS)

    (finding,) = [finding for finding in check_coverage(table) if finding.rule == "gap"]

    assert int(finding.message.split()[0]) == pytest.approx(3_000, rel=0.05)


@pytest.mark.parametrize("year", YEARS)
def test_large_water_is_not_a_gap(everything: gpd.GeoDataFrame, year: int) -> None:
    assert errors_of(check_coverage(gemeenten(everything, year))) == []


def test_full_detail_has_no_overlap(everything: gpd.GeoDataFrame) -> None:
    findings = check_coverage(gemeenten(everything, 2024))

    assert [finding for finding in findings if finding.rule == "overlap"] == []


def test_provincies_from_gemeenten_agree_with_the_file(
    everything: gpd.GeoDataFrame, memberships: tuple[Membership, ...]
) -> None:
    drawn = everything[everything["niveau"] == "provincie"].set_index("code")

    made = dissolve(gemeenten(everything, 2016), memberships, Niveau.PROVINCIE).set_index("code")

    difference = made.geometry.area / drawn.geometry.area - 1
    assert len(difference) == 12
    assert difference.abs().max() < 0.01


@pytest.mark.slow
def test_regions_of_all_years_are_there(
    everything: gpd.GeoDataFrame, memberships: tuple[Membership, ...]
) -> None:
    wanted = (("land", 1), ("provincie", 12), ("corop", 40))

    regions = regions_for(everything, memberships)

    expected = {(niveau, year): n for niveau, n in wanted for year in YEARS}
    expected |= {("veiligheidsregio", year): 25 for year in YEARS if year >= 2019}
    assert regions.groupby(["niveau", "indeling"]).size().to_dict() == expected
    assert shapely.is_valid(regions.geometry.to_numpy()).all()


@pytest.mark.slow
def test_the_land_of_ragged_gemeenten_has_no_dust(mirror: Path) -> None:
    table, _ = read_boundaries(mirror / "boundaries" / OVERLAPS)

    land = dissolve_land(table)

    parts = shapely.get_parts(land.geometry.to_numpy())
    assert 50 < shapely.get_num_interior_rings(parts).sum() < 100
    assert land.geometry.area.sum() == pytest.approx(table.geometry.union_all().area, rel=0.001)


@pytest.mark.parametrize("year", YEARS)
def test_generalised_gemeenten_stay_a_coverage(everything: gpd.GeoDataFrame, year: int) -> None:
    before = gemeenten(everything, year)

    after = generalise(before, 400.0)

    check_generalised(before, after)


@pytest.mark.slow
def test_ragged_gemeenten_are_generalised_to_a_coverage(mirror: Path) -> None:
    before, _ = read_boundaries(mirror / "boundaries" / OVERLAPS)

    after = generalise(before, 400.0)

    check_generalised(before, after)
    assert after.count_coordinates().sum() < before.count_coordinates().sum() / 4


def check_generalised(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> None:
    shapes = after.geometry.to_numpy()
    parts = shapely.get_num_geometries(repair_coverage(before)[0].geometry.to_numpy())
    assert after["code"].tolist() == before["code"].tolist()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_num_geometries(shapes) == parts).all()
    assert shapely.area(shapes).sum() == pytest.approx(before.geometry.union_all().area, rel=0.005)


@pytest.mark.slow
def test_nested_vintages_conserve_area_in_a_merger(mirror: Path) -> None:
    nested = mirror / "boundaries" / "nested"
    tables = [
        read_boundaries(nested / f"gemeente_nested_{year}.geojson")[0] for year in (2021, 2023)
    ]

    before, after = (dissolve_land(table).geometry.area.sum() for table in tables)

    assert before == pytest.approx(after, abs=1_000)


def test_a_collection_of_all_years_reads_as_the_files_do(mirror: Path, tmp_path: Path) -> None:
    documents = [json.loads(gemeente_file(mirror, year).read_bytes()) for year in (2018, 2019)]
    features = [feature for document in documents for feature in document["features"]]
    path = tmp_path / "gemeente_gegeneraliseerd.geojson"
    path.write_text(json.dumps(documents[0] | {"features": features}), encoding="utf-8")

    table, _ = read_boundaries(path, indeling=Indeling(2019))

    expected, _ = read_boundaries(gemeente_file(mirror, 2019))
    assert same(table, expected)


def test_degrees_read_as_rd_within_centimetres(mirror: Path, tmp_path: Path) -> None:
    source = gpd.read_file(gemeente_file(mirror, 2019)).to_crs(4326)
    path = tmp_path / "crs84.geojson"
    source.to_file(path, COORDINATE_PRECISION=9)

    table, _ = read_boundaries(path)

    expected, _ = read_boundaries(gemeente_file(mirror, 2019))
    found, wanted = (
        shapely.get_coordinates(rows.geometry.to_numpy()) for rows in (table, expected)
    )
    assert np.abs(found - wanted).max() < 0.01


def test_a_geopackage_with_a_layer_per_year_reads_as_the_files_do(
    mirror: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cbsgebiedsindelingen.gpkg"
    for year in (2018, 2019):
        layer = f"gemeente_gegeneraliseerd_{year}"
        gpd.read_file(gemeente_file(mirror, year)).drop(columns="id").to_file(path, layer=layer)

    table, findings = read_boundaries(path, niveau=Niveau.GEMEENTE, indeling=Indeling(2018))

    expected, _ = read_boundaries(gemeente_file(mirror, 2018))
    assert findings == []
    assert same(table, expected)


def same(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> bool:
    columns = left.drop(columns="geometry").equals(right.drop(columns="geometry"))
    return columns and bool((left.geometry.to_wkb() == right.geometry.to_wkb()).all())
