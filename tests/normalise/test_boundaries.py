import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box

from spatial.domain.findings import Finding, Severity, errors_of
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import (
    CrsError,
    DuplicateKeyError,
    GeometryError,
    SchemaError,
    SourceError,
    UnknownMemberError,
    UnknownRegionError,
)
from spatial.normalise.boundaries import read_boundaries, read_mirror
from spatial.normalise.shapes import read_shapes

Feature = dict[str, Any]
RD = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
LEFT = box(120_000, 480_000, 121_000, 481_000)
RIGHT = box(121_000, 480_000, 122_000, 481_000)


def feature(code: str, shape: Any = LEFT, *, jaar: int = 2023, **changed: Any) -> Feature:
    properties = {
        "statcode": code,
        "jrstatcode": f"{jaar}{code}",
        "statnaam": f"Naam van {code}",
        "rubriek": "gemeente",
        "jaarcode": jaar,
    }
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    return {"type": "Feature", "properties": properties | changed, "geometry": geometry}


def write(path: Path, *features: Feature, crs: Mapping[str, Any] | None = RD) -> Path:
    document: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs is not None:
        document["crs"] = crs
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def geojson(folder: Path, *features: Feature) -> Path:
    return write(folder / "gemeenten.geojson", *features)


def rules(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity.value, finding.key, finding.rule) for finding in findings]


def test_a_file_becomes_the_boundaries_table(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0002", RIGHT), feature("GM0001"))

    table, findings = read_boundaries(path)

    assert findings == []
    assert list(table.columns) == list(BOUNDARY_COLUMNS)
    assert table["code"].tolist() == ["GM0001", "GM0002"]
    assert set(table["niveau"]) == {"gemeente"}
    assert table.crs == 28992


def test_shapes_are_multipolygons_with_outer_rings_counter_clockwise(tmp_path: Path) -> None:
    clockwise = shapely.orient_polygons(LEFT, exterior_cw=True)

    table, _ = read_boundaries(geojson(tmp_path, feature("GM0001", clockwise)))

    (shape,) = table.geometry
    assert isinstance(shape, MultiPolygon)
    assert shape.geoms[0].exterior.is_ccw


def test_heights_are_left_out(tmp_path: Path) -> None:
    table, _ = read_boundaries(geojson(tmp_path, feature("GM0001", shapely.force_3d(LEFT, 4.0))))

    assert not table.geometry.has_z.any()


def test_wfs_features_without_jaarcode_take_the_year_of_jrstatcode(tmp_path: Path) -> None:
    row = feature("GM0001", jaar=2019) | {"id": "gemeente_gegeneraliseerd.12"}
    del row["properties"]["jaarcode"]

    table, _ = read_boundaries(geojson(tmp_path, row))

    assert table["indeling"].tolist() == [2019]


def test_a_jaarcode_written_as_text_is_a_year(tmp_path: Path) -> None:
    table, _ = read_boundaries(geojson(tmp_path, feature("GM0001", jaarcode="2023")))

    assert table["indeling"].tolist() == [2023]


def test_degrees_without_crs_member_are_transformed_longitude_first(tmp_path: Path) -> None:
    degrees = gpd.GeoSeries([LEFT], crs=28992).to_crs(4326)[0]

    path = write(tmp_path / "crs84.json", feature("GM0001", degrees), crs=None)
    table, findings = read_boundaries(path)

    assert table.total_bounds == pytest.approx(LEFT.bounds, abs=0.01)
    assert rules(findings) == [("info", "", "declared-crs")]


def test_rd_without_crs_member_is_read_as_rd_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "rd.json", feature("GM0001"), crs=None)

    table, findings = read_boundaries(path)

    assert tuple(table.total_bounds) == LEFT.bounds
    assert rules(findings) == [("warning", "", "declared-crs")]


def test_degrees_that_are_declared_rd_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001", box(5.0, 52.0, 5.1, 52.1)))

    with pytest.raises(CrsError, match=r"gemeenten.geojson: declares EPSG:28992 but 1 of 1 shapes"):
        read_boundaries(path)


def test_rd_that_is_declared_degrees_is_refused(tmp_path: Path) -> None:
    degrees = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    path = write(tmp_path / "graden.json", feature("GM0001"), crs=degrees)

    with pytest.raises(CrsError, match=r"graden.json: declares EPSG:4326 but 1 of 1 shapes lie"):
        read_boundaries(path)


def test_latitude_first_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "swap.json", feature("GM0001", box(52.0, 5.0, 52.1, 5.1)), crs=None)

    with pytest.raises(CrsError, match=r"run from \(52.0, 5.0\) to \(52.1, 5.1\), expected"):
        read_boundaries(path)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize(
    ("crs", "said"),
    [
        (None, "declares no reference system; expected EPSG:28992 or CRS84"),
        ('LOCAL_CS["ergens"]', "cannot be transformed to EPSG:28992"),
        ("EPSG:3857", "declares EPSG:3857 but 1 of 1 shapes lie outside the Netherlands"),
    ],
)
def test_a_geopackage_in_another_reference_system_is_refused(
    tmp_path: Path, crs: str | None, said: str
) -> None:
    path = tmp_path / "los.gpkg"
    row = {key: [value] for key, value in feature("GM0001")["properties"].items()}
    gpd.GeoDataFrame(row, geometry=[LEFT], crs=crs).to_file(path)

    with pytest.raises(CrsError, match=rf"los.gpkg: .*{said}"):
        read_boundaries(path)


def geopackage(path: Path, *layers: str) -> Path:
    for layer in layers:
        rubriek, jaar = layer.split("_")[0], int(layer[-4:])
        code = {"gemeente": "GM0001", "provincie": "PV20", "wijk": "WK000100"}[rubriek]
        row = feature(code, jaar=jaar, rubriek=rubriek)["properties"]
        columns = {key: [value] for key, value in row.items()}
        gpd.GeoDataFrame(columns, geometry=[LEFT], crs=28992).to_file(path, layer=layer)
    return path


def test_a_geopackage_layer_is_picked_by_level_and_year(tmp_path: Path) -> None:
    layers = ["gemeente_gegeneraliseerd_2022", "gemeente_gegeneraliseerd_2023"]
    path = geopackage(tmp_path / "pdok.gpkg", *layers, "gemeente_niet_gegeneraliseerd_2023")

    table, _ = read_boundaries(path, niveau=Niveau.GEMEENTE, indeling=Indeling(2023))

    assert table["indeling"].tolist() == [2023]


def test_all_served_levels_of_a_geopackage_are_read_together(tmp_path: Path) -> None:
    layers = ["gemeente_gegeneraliseerd_2023", "provincie_gegeneraliseerd_2023"]
    path = geopackage(tmp_path / "pdok.gpkg", *layers, "wijk_gegeneraliseerd_2023")

    table, _ = read_boundaries(path)

    assert table["code"].tolist() == ["GM0001", "PV20"]


def test_a_geopackage_with_more_years_needs_a_year(tmp_path: Path) -> None:
    layers = ["gemeente_gegeneraliseerd_2022", "gemeente_gegeneraliseerd_2023"]

    with pytest.raises(SourceError, match=r"holds the indelingen \[2022, 2023\] together"):
        read_boundaries(geopackage(tmp_path / "pdok.gpkg", *layers))


def test_a_geopackage_without_the_layer_says_what_it_has(tmp_path: Path) -> None:
    layers = ["gemeente_gegeneraliseerd_2022", "gemeente_gegeneraliseerd_2023"]
    path = geopackage(tmp_path / "pdok.gpkg", *layers)

    with pytest.raises(SourceError, match=r"no layer .* \['provincie'\]; it has \['gemeente_geg"):
        read_boundaries(path, niveau=Niveau.PROVINCIE)


def test_layers_in_different_reference_systems_are_refused(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "pdok.gpkg", "gemeente_gegeneraliseerd_2023")
    columns = {key: [value] for key, value in feature("PV20")["properties"].items()}
    other = gpd.GeoDataFrame(columns, geometry=[LEFT], crs=28992).to_crs(4258)
    other.to_file(path, layer="provincie_gegeneraliseerd_2023")

    with pytest.raises(SchemaError, match="different reference systems"):
        read_boundaries(path)


def test_one_year_is_taken_from_a_collection_of_all_years(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001", jaar=2022), feature("GM0001", jaar=2023))

    table, _ = read_boundaries(path, indeling=Indeling(2022))

    assert table["indeling"].tolist() == [2022]


def test_a_collection_of_all_years_needs_a_year(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001", jaar=2022), feature("GM0001", jaar=2023))

    with pytest.raises(SourceError, match=r"\[2022, 2023\] together; say which one to read"):
        read_boundaries(path)


def test_another_vintage_than_asked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds indeling \[2023\], not the 2024 that was asked"):
        read_boundaries(geojson(tmp_path, feature("GM0001")), indeling=Indeling(2024))


def test_a_jaarcode_that_contradicts_jrstatcode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="jaarcode 2022 of 2023GM0001 is another year"):
        read_boundaries(geojson(tmp_path, feature("GM0001", jaarcode=2022)))


def test_a_feature_without_year_is_refused(tmp_path: Path) -> None:
    row = feature("GM0001", jaarcode=None, jrstatcode=None)

    with pytest.raises(SourceError, match="GM0001 has no year in jaarcode or at the start of"):
        read_boundaries(geojson(tmp_path, row, feature("GM0002", RIGHT)))


def test_padded_codes_lose_their_blanks_and_it_is_said(tmp_path: Path) -> None:
    table, findings = read_boundaries(geojson(tmp_path, feature("GM0001  ")))

    assert table["code"].tolist() == ["GM0001"]
    assert rules(findings) == [("warning", "", "padded-code")]


def test_one_region_twice_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"), feature("GM0001 ", RIGHT))

    with pytest.raises(DuplicateKeyError, match="gemeente GM0001 of 2023 stands in the file more"):
        read_boundaries(path)


def test_a_feature_without_code_is_refused(tmp_path: Path) -> None:
    row = feature("GM0001", RIGHT, statcode=None)

    with pytest.raises(SourceError, match="feature 2 has no statcode"):
        read_boundaries(geojson(tmp_path, feature("GM0002"), row))


def test_a_code_of_another_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownRegionError, match="'PV20' is not the code of a gemeente"):
        read_boundaries(geojson(tmp_path, feature("PV20")))


def test_changed_property_names_are_named(tmp_path: Path) -> None:
    row = feature("GM0001")
    row["properties"]["gemeentecode"] = row["properties"].pop("statcode")

    with pytest.raises(SchemaError, match=r"gemeenten.geojson: lacks properties \['statcode'\]"):
        read_boundaries(geojson(tmp_path, row))


def test_a_file_without_any_year_property_is_refused(tmp_path: Path) -> None:
    row = feature("GM0001")
    del row["properties"]["jaarcode"], row["properties"]["jrstatcode"]

    with pytest.raises(SchemaError, match=r"\['jaarcode or jrstatcode'\]"):
        read_boundaries(geojson(tmp_path, row))


def test_wijken_are_not_a_served_level(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("WK000100", rubriek="wijk"))

    with pytest.raises(UnknownMemberError, match=r"holds \['wijk'\], asked was one of"):
        read_boundaries(path)


def test_the_shapes_of_wijken_can_be_read(tmp_path: Path) -> None:
    row = feature("WK000100", None, rubriek="wijk")
    path = geojson(tmp_path, feature("WK000101", rubriek="wijk"), row)

    table, findings = read_shapes(path)

    assert table["code"].tolist() == ["WK000101"]
    assert rules(findings) == [("warning", "WK000100", "missing-geometry")]


def test_other_kinds_of_region_in_a_file_are_left_out_and_it_is_said(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"), feature("WK000100", RIGHT, rubriek="wijk"))

    table, findings = read_boundaries(path)

    assert table["code"].tolist() == ["GM0001"]
    assert rules(findings) == [("info", "", "rubriek")]


def test_the_land_is_in_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownMemberError, match="land is in no file; it is dissolved"):
        read_boundaries(geojson(tmp_path, feature("GM0001")), niveau=Niveau.LAND)


def test_names_are_kept_letter_by_letter(tmp_path: Path) -> None:
    names = ["'s-Gravenhage", "<b onclick=x>Nuenen, Gerwen</b>"]
    rows = [feature("GM0001", statnaam=names[0]), feature("GM0002", RIGHT, statnaam=names[1])]

    table, findings = read_boundaries(geojson(tmp_path, *rows))

    assert table["naam"].tolist() == names
    assert findings == []


def test_an_empty_name_is_an_error_finding(tmp_path: Path) -> None:
    _, findings = read_boundaries(geojson(tmp_path, feature("GM0001", statnaam=" ")))

    assert rules(findings) == [("error", "GM0001", "empty-name")]


def test_a_gemeente_without_shape_is_an_error_finding(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"), feature("GM0002", None))

    table, findings = read_boundaries(path)

    assert table["code"].tolist() == ["GM0001"]
    assert rules(errors_of(findings)) == [("error", "GM0002", "missing-geometry")]


def test_an_empty_shape_is_a_missing_shape(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"), feature("GM0002", MultiPolygon()))

    _, findings = read_boundaries(path)

    assert rules(findings) == [("error", "GM0002", "missing-geometry")]


def test_a_small_repair_is_a_warning_with_the_reason(tmp_path: Path) -> None:
    corners = [(0, 0), (1000, 0), (1000, 1000), (500, 1000), (500, 1500), (500, 1000), (0, 1000)]
    spike = Polygon([(120_000 + x, 480_000 + y) for x, y in corners])

    table, findings = read_boundaries(geojson(tmp_path, feature("GM0001", spike)))

    assert table.geometry.is_valid.all()
    assert rules(findings) == [("warning", "GM0001", "valid-geometry")]
    assert "repaired (Self-intersection[" in findings[0].message


def test_a_repair_that_changes_the_area_is_an_error_finding(tmp_path: Path) -> None:
    x, y = 120_000, 480_000
    bow_tie = Polygon([(x, y), (x + 900, y + 900), (x + 900, y), (x, y + 300)])

    table, findings = read_boundaries(geojson(tmp_path, feature("GM0001", bow_tie)))

    assert table.geometry.is_valid.all()
    assert rules(errors_of(findings)) == [("error", "GM0001", "valid-geometry")]


def test_a_shape_without_area_is_beyond_repair(tmp_path: Path) -> None:
    line = Polygon([(120_000, 480_000), (121_000, 481_000), (120_000, 480_000)])

    table, findings = read_boundaries(
        geojson(tmp_path, feature("GM0001", line), feature("GM0002", RIGHT))
    )

    assert table["code"].tolist() == ["GM0002"]
    assert "beyond repair" in errors_of(findings)[0].message


def test_a_ring_that_does_not_close_is_a_missing_shape_and_a_warning(tmp_path: Path) -> None:
    row = feature("GM0001")
    row["geometry"]["coordinates"] = [row["geometry"]["coordinates"][0][:-1]]

    _, findings = read_boundaries(geojson(tmp_path, row, feature("GM0002", RIGHT)))

    assert ("error", "GM0001", "missing-geometry") in rules(findings)
    assert ("warning", "", "reader") in rules(findings)


def test_label_points_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001", Point(120_000, 480_000)))

    with pytest.raises(GeometryError, match="GM0001 is a Point, expected a MultiPolygon"):
        read_boundaries(path)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_coordinates_that_are_not_finite_are_refused(tmp_path: Path, number: float) -> None:
    row = feature("GM0001")
    ring = [list(point) for point in row["geometry"]["coordinates"][0]]
    ring[2][0] = number
    row["geometry"]["coordinates"] = [ring]

    with pytest.raises(GeometryError, match="GM0001 has 1 coordinates that are not finite"):
        read_boundaries(geojson(tmp_path, row))


def test_null_coordinates_are_refused(tmp_path: Path) -> None:
    row = feature("GM0001")
    row["geometry"]["coordinates"] = [[[None, 480_000.0], [1, 2], [3, 4], [None, 480_000.0]]]

    with pytest.raises(GeometryError, match="a coordinate is null"):
        read_boundaries(geojson(tmp_path, row))


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"), feature("GM0002", RIGHT))
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(SourceError, match=r"gemeenten.geojson: the file cannot be read, it may be"):
        read_boundaries(path)


def test_half_a_geopackage_is_refused(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "half.gpkg", "gemeente_gegeneraliseerd_2023")
    path.write_bytes(path.read_bytes()[:20_000])

    with pytest.raises(SourceError, match=r"half.gpkg: the file cannot be read"):
        read_boundaries(path)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"links": [{"rel": "next", "href": "https://example.org"}]}, "one page of more"),
        ({"numberMatched": 342, "numberReturned": 1}, "holds 1 of 342 features"),
    ],
)
def test_half_an_answer_is_refused(tmp_path: Path, members: dict[str, Any], said: str) -> None:
    path = geojson(tmp_path, feature("GM0001"))
    path.write_text(json.dumps(json.loads(path.read_text()) | members))

    with pytest.raises(SourceError, match=said):
        read_boundaries(path)


def test_a_whole_answer_may_say_its_numbers(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"))
    members = {"numberMatched": 1, "numberReturned": 1}
    path.write_text(json.dumps(json.loads(path.read_text()) | members))

    table, _ = read_boundaries(path)

    assert len(table) == 1


def test_a_collection_without_features_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the file holds no features with a shape"):
        read_boundaries(geojson(tmp_path))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "niets.geojson"
    path.touch()

    with pytest.raises(SourceError, match=r"niets.geojson: the file is empty; fetch it again"):
        read_boundaries(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"weg.geojson: there is no such file"):
        read_boundaries(tmp_path / "weg.geojson")


def test_an_error_page_saved_as_geojson_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fout.geojson"
    path.write_text("<html>503</html>")

    with pytest.raises(SourceError, match="starts with b'<html>503</html>', which is not geojson"):
        read_boundaries(path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grenzen.vrt"
    path.write_text("<OGRVRTDataSource/>")

    with pytest.raises(SourceError, match=r"'.vrt' is not read; expected .geojson, .json, .gpkg"):
        read_boundaries(path)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature("GM0001"))

    with pytest.raises(SourceError, match="bytes, more than the limit of 100"):
        read_boundaries(path, max_bytes=100)


def zipped(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_a_zipped_geopackage_is_read(tmp_path: Path) -> None:
    plain = geopackage(tmp_path / "pdok.gpkg", "gemeente_gegeneraliseerd_2023")
    path = zipped(tmp_path / "pdok.gpkg.zip", ("../pdok.gpkg", plain.read_bytes()))

    table, _ = read_boundaries(path)

    assert table["code"].tolist() == ["GM0001"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bom.zip", ("a.geojson", b"{" + b" " * 5_000_000))

    with pytest.raises(SourceError, match="5000001 bytes when unpacked, more than the limit"):
        read_boundaries(path, max_bytes=1_000_000)


def test_a_zip_without_one_boundary_file_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "twee.zip", ("a.geojson", b"{}"), ("b.geojson", b"{}"))

    with pytest.raises(SourceError, match=r"found \['a.geojson', 'b.geojson'\]"):
        read_boundaries(path)


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kapot.zip"
    path.write_bytes(b"PK\x03\x04 and no more")

    with pytest.raises(SourceError, match=r"kapot.zip: the zip cannot be unpacked"):
        read_boundaries(path)


def small_mirror(root: Path) -> Path:
    folder = root / "boundaries"
    folder.mkdir()
    write(folder / "gemeente_gegeneraliseerd_2022.geojson", feature("GM0001", jaar=2022))
    write(folder / "gemeente_gegeneraliseerd_2023.geojson", feature("GM0001"))
    row = feature("PV20", jaar=2022, rubriek="provincie")
    write(folder / "provincie_gegeneraliseerd_2022.geojson", row)
    return root


def sums(root: Path, digest: Callable[[Path], str]) -> None:
    files = sorted((root / "boundaries").glob("*2022.geojson"))
    lines = [f"{digest(path)}  ./boundaries/{path.name}\n" for path in files]
    (root / "SHA256SUMS").write_text("".join(lines))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_mirror_is_read_by_level_and_year(tmp_path: Path) -> None:
    table, findings = read_mirror(small_mirror(tmp_path), [Indeling(2023), Indeling(2022)])

    keys = list(zip(table["indeling"], table["code"], strict=True))
    assert keys == [(2022, "GM0001"), (2022, "PV20"), (2023, "GM0001")]
    assert findings == []


def test_a_mirror_without_a_gemeente_file_lists_what_is_missing(tmp_path: Path) -> None:
    wanted = [Indeling(2021), Indeling(2022)]

    with pytest.raises(SourceError, match=r"lacks \['gemeente_gegeneraliseerd_2021.geojson'\]"):
        read_mirror(small_mirror(tmp_path), wanted)


def test_a_mirror_is_asked_for_at_least_one_indeling(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="none was asked"):
        read_mirror(small_mirror(tmp_path), [])


def test_a_file_that_is_not_in_the_checksums_is_reported(tmp_path: Path) -> None:
    sums(small_mirror(tmp_path), sha256)

    _, findings = read_mirror(tmp_path, [Indeling(2022), Indeling(2023)])

    assert [(f.severity, f.where) for f in findings] == [
        (Severity.WARNING, "gemeente_gegeneraliseerd_2023.geojson")
    ]


def test_a_file_that_differs_from_its_checksum_is_refused(tmp_path: Path) -> None:
    sums(small_mirror(tmp_path), lambda _: "0" * 64)

    with pytest.raises(SourceError, match=r"gemeente_gegeneraliseerd_2022.geojson: the bytes are"):
        read_mirror(tmp_path, [Indeling(2022)])


def manifest(root: Path, digest: Callable[[Path], str]) -> None:
    files = [
        {"path": path.name, "sha256": digest(path)}
        for path in sorted((root / "boundaries").glob("*2022.geojson"))
    ]
    document = {"complete": True, "about": {}, "files": files}
    (root / "boundaries" / "manifest.json").write_text(json.dumps(document))


def test_a_fetched_file_that_differs_from_its_manifest_is_refused(tmp_path: Path) -> None:
    manifest(small_mirror(tmp_path), lambda _: "0" * 64)

    with pytest.raises(SourceError, match=r"2022.geojson: the bytes are not those of manifest"):
        read_mirror(tmp_path, [Indeling(2022)])


def test_a_file_that_is_not_in_the_manifest_is_reported(tmp_path: Path) -> None:
    manifest(small_mirror(tmp_path), sha256)

    _, findings = read_mirror(tmp_path, [Indeling(2022), Indeling(2023)])

    assert [(f.rule, f.where) for f in findings] == [
        ("checksum", "gemeente_gegeneraliseerd_2023.geojson")
    ]


def test_a_year_without_files_of_its_own_is_read_from_its_geopackage(tmp_path: Path) -> None:
    package = small_mirror(tmp_path) / "boundaries" / "cbsgebiedsindelingen2021.gpkg"
    geopackage(package, "gemeente_gegeneraliseerd_2021", "wijk_gegeneraliseerd_2021")

    table, _ = read_mirror(tmp_path, [Indeling(2021), Indeling(2022)])

    keys = list(zip(table["indeling"], table["niveau"], strict=True))
    assert keys == [(2021, "gemeente"), (2022, "gemeente"), (2022, "provincie")]
