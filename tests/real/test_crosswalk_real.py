"""The crosswalk between real indelingen: the real register, real shapes, a synthetic grid."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.compute as pc
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from spatial.domain.crosswalk import PPM, Gewichtmethode, Samenhang, SplitWeights
from spatial.domain.facts import Facts
from spatial.domain.regions import Indeling
from spatial.errors import GeometryError, RegisterError
from spatial.harmonise.changes import Codes, codes_on, components
from spatial.harmonise.crosswalk import crosswalk
from spatial.harmonise.history import history
from spatial.harmonise.weigh.dasymetric import shares
from spatial.harmonise.weigh.general import area_weights, declared_weights, inhabitants_weights
from spatial.harmonise.weigh.inhabitants import inhabitants_jump
from spatial.harmonise.weigh.overlay import cut
from spatial.normalise.boundaries import read_boundaries
from spatial.normalise.facts import code_sets, read_facts

Y2018, Y2021, Y2024, Y2025 = (Indeling(year) for year in (2018, 2021, 2024, 2025))
HAAREN = "GM0788"
WINSUM = "GM0053"
ADDRESSES = {"GM0824": 42.35, "GM0865": 34.25, "GM0757": 15.02, "GM0855": 8.38}
"""Shares (%) of the addresses of Haaren, known from elsewhere."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(Path(__file__).parents[2] / "boundaries")


@pytest.fixture(scope="module")
def codes(facts: Facts) -> Codes:
    return code_sets(facts)


@pytest.fixture(scope="module")
def weights(facts: Facts, codes: Codes) -> list[SplitWeights]:
    forward = [
        *declared_weights(facts.redivisions, allow_area=True),
        *inhabitants_jump(facts.inhabitants, facts.redivisions, codes),
    ]
    return [
        *forward,
        *inhabitants_weights(facts.inhabitants, facts.redivisions, codes, forward),
    ]


def nested(mirror: Path, year: int) -> gpd.GeoDataFrame:
    path = mirror / "boundaries" / "nested" / f"gemeente_nested_{year}.geojson"
    return read_boundaries(path)[0]


def test_only_two_gemeenten_are_divided_from_2018_to_2024(
    facts: Facts, codes: Codes, weights: list[SplitWeights]
) -> None:
    table, _ = crosswalk(facts.redivisions, codes, Y2018, Y2024, weights)

    estimates = table.filter(pc.not_equal(table.column("methode"), Gewichtmethode.EXACT.value))
    assert set(estimates.column("van_code").to_pylist()) == {HAAREN, WINSUM}
    assert set(estimates.column("naar_code").to_pylist()) == {
        "GM1966", "GM1969", "GM0757", "GM0824", "GM0855", "GM0865",
    }  # fmt: skip


def test_every_pair_of_indelingen_has_a_complete_crosswalk(
    facts: Facts, codes: Codes, weights: list[SplitWeights]
) -> None:
    for van, naar in [(2016, 2026), (2026, 2016), (2018, 2025), (2025, 2018), (2021, 2020)]:
        table, _ = crosswalk(facts.redivisions, codes, Indeling(van), Indeling(naar), weights)

        sums = table.group_by("van_code").aggregate([("gewicht_ppm", "sum")]).to_pydict()
        assert set(sums["van_code"]) == codes[Indeling(van)]
        assert set(sums["gewicht_ppm_sum"]) == {PPM}
        assert set(table.column("naar_code").to_pylist()) == codes[Indeling(naar)]


def test_by_way_of_2021_is_the_same_as_straight_to_2025(
    facts: Facts, codes: Codes, weights: list[SplitWeights]
) -> None:
    first, second, straight = (
        crosswalk(facts.redivisions, codes, van, naar, weights)[0].to_pylist()
        for van, naar in ((Y2018, Y2021), (Y2021, Y2025), (Y2018, Y2025))
    )

    onward = {row["van_code"]: row["naar_code"] for row in second}
    chained: dict[tuple[str, str], int] = {}
    for row in first:
        key = row["van_code"], onward[row["naar_code"]]
        chained[key] = chained.get(key, 0) + row["gewicht_ppm"]
    assert chained == {(row["van_code"], row["naar_code"]): row["gewicht_ppm"] for row in straight}


def test_without_leave_to_use_land_winsum_has_no_weights(facts: Facts, codes: Codes) -> None:
    jumps = inhabitants_jump(facts.inhabitants, facts.redivisions, codes)

    with pytest.raises(RegisterError, match="GM0053 of 2018 is divided over GM1966, GM1969"):
        crosswalk(facts.redivisions, codes, Y2018, Y2024, jumps)


def test_the_jump_of_haaren_is_near_its_shares_of_addresses(facts: Facts, codes: Codes) -> None:
    (found,) = inhabitants_jump(facts.inhabitants, facts.redivisions, codes)

    assert found.oude_code == HAAREN
    for code, percent in ADDRESSES.items():
        away = abs(found.ppm[code] - percent * PPM / 100)
        assert away < 15_000
        assert away <= found.grens_ppm[code]


def test_land_is_further_from_the_addresses_than_the_jump(facts: Facts) -> None:
    found = {row.oude_code: row for row in declared_weights(facts.redivisions, allow_area=True)}

    away = {
        code: abs(found[HAAREN].ppm[code] - percent * PPM / 100)
        for code, percent in ADDRESSES.items()
    }

    assert 140_000 < max(away.values()) < 150_000
    assert all(away[code] <= found[HAAREN].grens_ppm[code] for code in away)


def test_components_from_2018_to_2025_are_told_by_kind(facts: Facts, codes: Codes) -> None:
    found = components(facts.redivisions, codes, Y2018, Y2025)

    kinds = {kind: sum(part.samenhang is kind for part in found) for kind in Samenhang}
    assert (kinds[Samenhang.FUSIE], kinds[Samenhang.OPSPLITSING]) == (17, 2)
    assert (kinds[Samenhang.HERNOEMD], kinds[Samenhang.GRENSCORRECTIE]) == (6, 2)
    assert kinds[Samenhang.HERCODEERD] == 0


def test_weesp_was_gone_by_law_from_24_march_2022(facts: Facts, codes: Codes) -> None:
    days = [date(2022, 1, 1), date(2022, 3, 23), date(2022, 3, 24), date(2022, 12, 31)]

    found = ["GM0457" in codes_on(day, facts.redivisions, codes) for day in days]

    assert found == [True, True, False, False]
    assert "GM0457" in codes[Indeling(2022)]


def test_haaren_has_four_successors_that_sum_to_the_whole(
    facts: Facts, codes: Codes, weights: list[SplitWeights]
) -> None:
    found = history(HAAREN, facts.redivisions, codes, weights)

    assert found.laatste_dag == date(2020, 12, 31)
    assert {row.code for row in found.opvolgers} == ADDRESSES.keys()
    assert sum(row.gewicht_ppm or 0 for row in found.opvolgers) == PPM


def test_brielle_became_voorne_aan_zee(facts: Facts, codes: Codes) -> None:
    (found,) = history("GM0501", facts.redivisions, codes, []).opvolgers

    assert (found.code, found.gewicht_ppm) == ("GM1992", PPM)


@pytest.mark.slow
def test_land_is_conserved_from_2018_to_2021(mirror: Path, facts: Facts, codes: Codes) -> None:
    tables = {year: nested(mirror, year) for year in (2018, 2019, 2020, 2021)}
    land = [
        *area_weights(tables[2018], tables[2019], [WINSUM]),
        *area_weights(tables[2020], tables[2021], [HAAREN]),
    ]

    table, _ = crosswalk(facts.redivisions, codes, Y2018, Y2021, land)

    old, new = (
        dict(zip(tables[year]["code"], tables[year].area, strict=True)) for year in (2018, 2021)
    )
    received = dict.fromkeys(new, 0.0)
    for row in table.to_pylist():
        received[row["naar_code"]] += old[row["van_code"]] * row["gewicht_ppm"] / PPM
    assert sum(received.values()) == pytest.approx(sum(new.values()), abs=1_000)
    assert received == pytest.approx(new, abs=1_000)


@pytest.mark.parametrize("years", [(2019, 2020), (2022, 2023)])
def test_unlike_generalisations_are_refused(mirror: Path, years: tuple[int, int]) -> None:
    folder = mirror / "boundaries"
    old, new = (
        read_boundaries(folder / f"gemeente_gegeneraliseerd_{year}.geojson")[0] for year in years
    )

    with pytest.raises(GeometryError, match="not of like detail"):
        area_weights(old, new, ["GM0363"])


def test_like_generalisations_are_not_refused(mirror: Path) -> None:
    folder = mirror / "boundaries"
    old, new = (
        read_boundaries(folder / f"gemeente_gegeneraliseerd_{year}.geojson")[0]
        for year in (2022, 2024)
    )

    (found,) = area_weights(old, new, ["GM0457"])

    assert found.ppm == {"GM0363": PPM}


def test_the_population_split_of_a_grid_is_reproduced(mirror: Path, tmp_path: Path) -> None:
    old, new = nested(mirror, 2020), nested(mirror, 2021)
    size, left, top = 250, 130_000, 415_000
    people = np.random.default_rng(3).integers(0, 900, (100, 100)).astype(np.float64)
    profile = {
        "driver": "GTiff", "count": 1, "dtype": "float64", "crs": "EPSG:28992", "height": 100,
        "width": 100, "transform": Affine(size, 0, left, 0, -size, top), "nodata": -1,
    }  # fmt: skip
    with rasterio.open(tmp_path / "bevolking.tif", "w", **profile) as raster:
        raster.write(people, 1)

    (found,) = shares(old, new, tmp_path / "bevolking.tif", [HAAREN])

    row, column = np.indices(people.shape)
    x, y = left + column * size, top - row * size
    cells = shapely.box(x, y - size, x + size, y)
    (pieces,) = cut(old, new, [HAAREN])
    own = {
        code: float((people * shapely.area(shapely.intersection(cells, shape))).sum())
        for code, shape in pieces.shapes.items()
    }
    expected = {code: count / sum(own.values()) for code, count in own.items()}
    assert found.delen == pytest.approx(expected, abs=1e-9)
    assert found.land == pytest.approx(
        {code: row.ppm[code] / PPM for row in area_weights(old, new, [HAAREN]) for code in row.ppm},
        abs=1e-6,
    )
