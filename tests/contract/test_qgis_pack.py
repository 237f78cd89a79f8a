"""QGIS opens the layers of a GeoPackage as they are meant: counted, dated, named, styled."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from spatial.export.geopackage import export_geopackage
from spatial.qgis.pack import schemes
from spatial.settings import Settings
from spatial.store.catalogue import Collection, Kind
from spatial.store.snapshot import Snapshot, open_snapshot
from tests.contract.qgis_process import need_qgis, run_in_qgis

pytestmark = pytest.mark.client

_PROBE = Path(__file__).with_name("qgis_pack_probe.py")
_JUDGE = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
SHARES = ("ouderen-gemeente-indeling-2024", "vergunninghouders-gemeente", "taakstelling-gemeente")
LAYERS = (*SHARES, "grenzen-gemeente", "herindelingen")

type Found = dict[str, Any]


@pytest.fixture(scope="module")
def snapshot(example: Settings) -> Snapshot:
    return open_snapshot(example.data)


@pytest.fixture(scope="module")
def pack(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "kaart.gpkg"
    export_geopackage(snapshot, LAYERS, path, lambda _name, _done: None)
    return path


@pytest.fixture(scope="module")
def seen(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    need_qgis()
    home = tmp_path_factory.mktemp("qgis-pack")
    found: dict[str, Found] = json.loads(
        run_in_qgis(_PROBE, str(pack), str(pack.parent), *LAYERS, home=home)
    )
    return found


def default_of(snapshot: Snapshot, name: str) -> tuple[Collection, str, Found]:
    """Return a collection, and the indicator with which its layer opens, with its scheme."""
    collection = snapshot.contents.get(name)
    entries = schemes(snapshot, collection)["indicatoren"]
    classed = (i for i in collection.indicatoren if entries[i]["soort"] == "klassen")
    indicator = next(classed)
    return collection, indicator, entries[indicator]


def test_every_layer_opens_whole_in_the_reference_system_of_the_country(
    seen: dict[str, Found], snapshot: Snapshot
) -> None:
    for name in LAYERS:
        assert seen[name]["valid"], name
        assert seen[name]["count"] == snapshot.contents.get(name).aantal
        assert seen[name]["crs"] == "EPSG:28992"
        assert seen[name]["temporal"]


def test_every_day_is_a_date_and_every_field_has_its_title(
    seen: dict[str, Found], snapshot: Snapshot
) -> None:
    for name in LAYERS:
        fields = snapshot.contents.get(name).velden
        assert seen[name]["dates"] == [field.naam for field in fields if field.type == "date"]
        aliases = seen[name]["aliases"]
        assert {field.naam: aliases[field.naam] for field in fields} == {
            field.naam: field.titel_nl for field in fields
        }


def test_figures_open_in_classes_and_other_layers_with_edges(
    seen: dict[str, Found], snapshot: Snapshot
) -> None:
    for name in LAYERS:
        figures = snapshot.contents.get(name).kind is Kind.INDICATOREN
        assert seen[name]["renderer"] == ("RuleRenderer" if figures else "singleSymbol")
        assert len(seen[name]["styles"]) > 1 or not figures


@pytest.mark.parametrize("name", SHARES)
def test_every_class_that_has_regions_is_drawn_in_its_colour(
    seen: dict[str, Found], snapshot: Snapshot, name: str
) -> None:
    collection, indicator, entry = default_of(snapshot, name)
    layer = snapshot.layer(collection)
    numbers = layer.filter(pc.is_valid(layer[indicator]))
    newest = pc.max(numbers[collection.begin_veld])
    values = numbers.filter(pc.equal(numbers[collection.begin_veld], newest))[indicator]

    ends = entry["grenzen"]
    classes = {sum(end <= value for end in ends) for value in values.to_pylist()}

    expected = {entry["kleuren"][place] for place in classes}
    assert expected == {colour for colour in seen[name]["whole"] if colour in entry["kleuren"]}


@pytest.mark.parametrize("name", SHARES[:2])
def test_a_year_of_the_time_slider_shows_every_region_of_that_year_once(
    seen: dict[str, Found], snapshot: Snapshot, name: str
) -> None:
    found = seen[name]

    layer = snapshot.layer(snapshot.contents.get(name))
    day = pc.strftime(layer["peilmoment"], format="%Y-%m-%d")
    (moment,) = found["moments"]
    assert found["years"] == [2022]
    assert found["regions"] == pc.sum(pc.equal(day, moment)).as_py()


def test_the_half_years_of_a_year_are_those_of_that_year(seen: dict[str, Found]) -> None:
    assert seen["taakstelling-gemeente"]["moments"] == ["2022-01-01", "2022-07-01"]


@pytest.mark.parametrize("frame", ["year", "narrowed"])
def test_a_year_is_drawn_in_classes_whether_the_slider_or_a_filter_chooses(
    seen: dict[str, Found], snapshot: Snapshot, frame: str
) -> None:
    name = "taakstelling-gemeente" if frame == "narrowed" else "ouderen-gemeente-indeling-2024"
    *_, entry = default_of(snapshot, name)

    drawn = set(seen[name][frame])

    if frame == "year":
        assert set(entry["kleuren"]) <= drawn
    else:
        # nobody knows what was housed in 2019: lines on white, and no class
        assert "#ffffff" in drawn
        assert not drawn & set(entry["kleuren"])


def test_the_legend_says_that_example_figures_are_example_figures(seen: dict[str, Found]) -> None:
    for name in SHARES:
        assert any(label.startswith("Voorbeeldcijfers") for label in seen[name]["labels"])


def test_the_judge_of_gdal_finds_nothing(pack: Path) -> None:
    if not _JUDGE.exists() or shutil.which("ogrinfo") is None:
        pytest.skip("the judge of GeoPackages is not installed (package python3-gdal)")

    done = subprocess.run(
        ["/usr/bin/python3", str(_JUDGE), str(pack)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "")
