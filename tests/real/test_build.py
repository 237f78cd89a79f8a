"""The example figures on real boundaries, all vintages of the mirror."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot

COUNTS = {
    2016: 390, 2017: 388, 2018: 380, 2019: 355, 2020: 355,
    2021: 352, 2022: 345, 2023: 342, 2024: 342, 2025: 342,
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot(real: Settings) -> Snapshot:
    return open_snapshot(real.data)


def layer(snapshot: Snapshot, collection: str) -> pa.Table:
    return snapshot.layer(snapshot.contents.get(collection))


def test_every_vintage_has_exactly_its_gemeenten(snapshot: Snapshot) -> None:
    years = pc.value_counts(layer(snapshot, "grenzen-gemeente")["indeling"]).to_pylist()

    assert {entry["values"]: entry["counts"] for entry in years} == COUNTS


@pytest.mark.parametrize("niveau", ["land", "provincie", "corop", "veiligheidsregio", "gemeente"])
def test_every_figure_finds_its_polygon_in_its_own_indeling(
    snapshot: Snapshot, niveau: str
) -> None:
    for thema in (
        "ouderen",
        "studenten",
        "uitstroom-detentie",
        "vergunninghouders",
        "taakstelling",
    ):
        rows = layer(snapshot, f"{thema}-{niveau}")
        assert rows["geometry"].null_count == 0
        assert pc.all(pc.equal(rows["indeling"], pc.year(rows["peilmoment"]))).as_py()


def test_names_with_apostrophes_and_commas_survive(snapshot: Snapshot) -> None:
    names = set(layer(snapshot, "ouderen-gemeente")["regioNaam"].to_pylist())

    assert {"'s-Gravenhage", "Nuenen, Gerwen en Nederwetten", "'s-Hertogenbosch"} <= names


def test_amsterdam_holds_its_own_centre_in_rd(snapshot: Snapshot) -> None:
    rows = layer(snapshot, "grenzen-gemeente")
    shapes = rows.filter(pc.equal(rows["regioCode"], "GM0363"))["geometry"].to_pylist()

    assert len(shapes) == len(COUNTS)
    assert all(shapely.from_wkb(shape).contains(shapely.Point(121400, 487400)) for shape in shapes)


def test_real_boundaries_are_said_to_be_official_and_figures_to_be_examples(
    snapshot: Snapshot,
) -> None:
    rows = layer(snapshot, "ouderen-gemeente")

    assert pc.unique(rows["grenzen"]).to_pylist() == ["officieel"]
    assert pc.unique(rows["bronStatus"]).to_pylist() == ["voorbeeldcijfers"]


def test_what_was_repaired_is_reported(snapshot: Snapshot) -> None:
    text = (snapshot.path / "bevindingen.json").read_text("utf-8")

    assert "grenzen gemeente 2023" in text
    assert "changed by 8.14 ha" in text


def test_realisation_that_nobody_gave_is_not_made_up_on_real_boundaries(
    snapshot: Snapshot,
) -> None:
    gemeenten = layer(snapshot, "taakstelling-gemeente")
    land = {
        str(row["periodeBegin"]): row for row in layer(snapshot, "taakstelling-land").to_pylist()
    }

    assert pc.unique(gemeenten["gehuisvestStatus"]).to_pylist() == ["ontbreekt_in_bron"]
    assert pc.unique(gemeenten["bronStatus"]).to_pylist() == ["berekend"]
    assert land["2022-01-01"]["opgave"] == 13_728
    assert land["2022-01-01"]["gehuisvest"] == 11_895
