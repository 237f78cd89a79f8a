import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from spatial.domain.facts import Membership
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.tables import BOUNDARY_COLUMNS
from spatial.errors import DuplicateKeyError, SchemaError, UnknownRegionError
from spatial.join.dissolve import dissolve, dissolve_land, regions_for
from tests.miniland import boundaries

WEST = {"GM0001", "GM0002", "GM0010"}


def membership(
    code: str, year: int, *, region: str = "", niveau: Niveau = Niveau.PROVINCIE
) -> Membership:
    region = region or ("PV20" if code in WEST else "PV21")
    return Membership(Indeling(year), code, niveau, region, f"Naam {region}", "zeker", "miniland")


def gemeenten() -> gpd.GeoDataFrame:
    table = boundaries()
    return table[table["niveau"] == "gemeente"]


def memberships(*, niveau: Niveau = Niveau.PROVINCIE) -> list[Membership]:
    rows = gemeenten()
    return [
        membership(code, year, niveau=niveau)
        for code, year in zip(rows["code"], rows["indeling"], strict=True)
    ]


def test_provincies_are_dissolved_per_indeling() -> None:
    table = dissolve(gemeenten(), memberships(), Niveau.PROVINCIE)

    assert list(table.columns) == list(BOUNDARY_COLUMNS)
    assert table.groupby("indeling")["code"].apply(list).to_dict() == {
        year: ["PV20", "PV21"] for year in (2020, 2021, 2022)
    }
    assert set(table["naam"]) == {"Naam PV20", "Naam PV21"}
    assert table.crs == 28992


def test_a_dissolved_region_is_the_union_of_its_gemeenten() -> None:
    table = dissolve(gemeenten(), memberships(), Niveau.PROVINCIE)
    drawn = boundaries()
    drawn = drawn[drawn["niveau"] == "provincie"].sort_values(["indeling", "code"])

    assert shapely.equals(table.geometry.to_numpy(), drawn.geometry.to_numpy()).all()
    assert set(table.geom_type) == {"MultiPolygon"}


def test_no_dust_is_left_between_gemeenten() -> None:
    loose = gemeenten()
    loose = loose.set_geometry(shapely.set_precision(loose.geometry.scale(0.9999, 1), 0.001))

    land = dissolve_land(loose)

    assert shapely.get_num_interior_rings(shapely.get_parts(land.geometry.to_numpy())).sum() == 0


def test_memberships_of_other_indelingen_and_levels_do_not_count() -> None:
    more = [membership("GM0099", 2019), membership("GM0099", 2020, niveau=Niveau.COROP)]

    table = dissolve(gemeenten(), [*memberships(), *more], Niveau.PROVINCIE)

    assert len(table) == 6


def test_a_gemeente_without_region_is_named_with_its_year() -> None:
    rows = [row for row in memberships() if (row.gemeente, row.indeling) != ("GM0005", 2020)]

    with pytest.raises(UnknownRegionError, match="2020: no provincie is known for GM0005"):
        dissolve(gemeenten(), rows, Niveau.PROVINCIE)


def test_a_membership_without_gemeente_is_named_with_its_year() -> None:
    rows = [*memberships(), membership("GM0099", 2021)]

    with pytest.raises(UnknownRegionError, match="2021: GM0099 have a provincie but no boundary"):
        dissolve(gemeenten(), rows, Niveau.PROVINCIE)


def test_a_gemeente_in_two_regions_is_refused() -> None:
    rows = [*memberships(), membership("GM0001", 2020, region="PV21")]

    with pytest.raises(DuplicateKeyError, match="GM0001 of 2020 belongs to provincie PV20 and to"):
        dissolve(gemeenten(), rows, Niveau.PROVINCIE)


def test_the_land_is_all_gemeenten_of_an_indeling() -> None:
    land = dissolve_land(gemeenten())

    assert land[["niveau", "code", "naam"]].drop_duplicates().values.tolist() == [
        ["land", "NL01", "Nederland"]
    ]
    assert land["indeling"].tolist() == [2020, 2021, 2022]
    assert land.geometry.area.tolist() == pytest.approx([5e8] * 3)


def test_boundaries_without_level_are_refused() -> None:
    with pytest.raises(SchemaError, match="expected boundaries with columns"):
        dissolve_land(gemeenten().drop(columns="niveau"))


def test_regions_take_the_shape_of_the_file_and_the_name_of_the_membership() -> None:
    table = boundaries()
    drawn = box(0, 400_000, 1_000, 401_000)
    here = (table["code"] == "PV20") & (table["indeling"] == 2021)
    table.loc[here, "geometry"] = gpd.GeoSeries([drawn] * here.sum(), index=table.index[here])

    regions = regions_for(table, memberships())

    row = regions[(regions["code"] == "PV20") & (regions["indeling"] == 2021)].iloc[0]
    assert row["naam"] == "Naam PV20"
    assert row["geometry"].equals(drawn)


def test_regions_without_a_file_are_dissolved() -> None:
    regions = regions_for(gemeenten(), memberships(niveau=Niveau.VEILIGHEIDSREGIO))

    assert regions.groupby("niveau").size().to_dict() == {"land": 3, "veiligheidsregio": 6}


def test_regions_come_from_file_and_gemeenten_together() -> None:
    table = boundaries()
    table = table[(table["niveau"] != "provincie") | (table["indeling"] == 2020)]

    regions = regions_for(table, memberships())

    assert regions.groupby("niveau").size().to_dict() == {"land": 3, "provincie": 6}
    assert regions["indeling"].is_monotonic_increasing


def test_a_drawn_region_without_members_is_refused() -> None:
    table = boundaries()
    extra = table[table["code"] == "PV20"].iloc[[0]].assign(code="PV22")

    with pytest.raises(UnknownRegionError, match="PV22 of 2020: in the memberships or in the"):
        regions_for(pd.concat([table, extra], ignore_index=True), memberships())


def test_the_land_takes_the_shape_of_the_table() -> None:
    table = boundaries()
    here = (table["niveau"] == "land") & (table["indeling"] == 2021)

    regions = regions_for(table[(table["niveau"] == "gemeente") | here], [])

    assert regions["indeling"].tolist() == [2020, 2021, 2022]
    assert regions.geometry.iloc[1].equals(table[here].geometry.iloc[0])


def test_levels_without_memberships_are_not_returned() -> None:
    regions = regions_for(boundaries(), [])

    assert set(regions["niveau"]) == {"land"}
