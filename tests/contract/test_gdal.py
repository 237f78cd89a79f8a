"""GDAL's OAPIF driver, as pyogrio carries it and as the system has it."""

import re
import shutil
import subprocess

import pyogrio
import pytest

LAYER = "ouderen-gemeente"


@pytest.fixture(scope="module")
def ogrinfo() -> str:
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo is not installed (package gdal-bin)")
    return program


@pytest.fixture(scope="module", autouse=True)
def _driver() -> None:
    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("pyogrio was built without the OAPIF driver")


def source(service: str, layer: str) -> str:
    return f"OAPIF:{service}/collections/{layer}"


def test_every_collection_is_a_layer(service: str) -> None:
    names = [name for name, _ in pyogrio.list_layers(f"OAPIF:{service}")]

    assert len(names) == 81
    assert {LAYER, "herindelingen"} <= set(names)


def test_types_are_read_from_the_first_features(service: str) -> None:
    info = pyogrio.read_info(source(service, LAYER), layer=LAYER)

    types = dict(zip(info["fields"].tolist(), info["ogr_types"], strict=True))
    assert info["features"] > 4000
    assert types["personen"] == "OFTInteger"
    assert types["aandeelCorporatie"] == "OFTReal"
    assert types["peilmoment"] == "OFTDate"
    assert types["personenStatus"] == "OFTString"


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("peilmoment = '2022-01-01'", 345),
        ("peilmoment >= '2023-12-31'", 342),
        ("peilmoment >= '2019-01-01' AND peilmoment <= '2019-01-31'", 355),
        ("regioCode = 'GM0363' AND indeling = 2022", 2),
    ],
)
def test_conditions_give_exactly_the_features_that_meet_them(
    service: str, where: str, count: int
) -> None:
    _, _, shapes, _ = pyogrio.raw.read(
        source(service, LAYER), layer=LAYER, columns=["regioCode"], where=where
    )

    assert len(shapes) == count


def test_metres_are_metres(service: str) -> None:
    bounds = pyogrio.read_bounds(
        f"OAPIF:{service}/collections/grenzen-land", layer="grenzen-land", where="indeling = 2022"
    )[1]
    info = pyogrio.read_info(source(service, LAYER), layer=LAYER, CRS="EPSG:28992")

    assert info["crs"] == "EPSG:28992"
    assert (bounds[0] < 4, bounds[3] > 53) == (True, True)


@pytest.mark.slow
def test_the_older_gdal_of_the_system_counts_the_same(service: str, ogrinfo: str) -> None:
    layer = "ouderen-provincie"
    command = [
        ogrinfo,
        "-ro",
        "-so",
        "-oo",
        "PAGE_SIZE=1000",
        "-where",
        "peilmoment >= '2023-12-31'",
    ]

    answer = subprocess.run(
        [*command, source(service, layer), layer], check=True, capture_output=True, text=True
    )

    assert re.search(r"Feature Count: 12\n", answer.stdout), answer.stdout
    assert "personen: Integer" in answer.stdout
    assert "peilmoment: Date" in answer.stdout
