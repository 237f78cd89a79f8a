"""Files of the whole selection over a real socket, read by GDAL as the system has it."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from spatial.domain.crs import RD

ITEMS = "/collections/ouderen-gemeente/items"
PAGE = 1000


@pytest.fixture(scope="module")
def ogrinfo() -> str:
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo is not installed (package gdal-bin)")
    return program


@pytest.mark.parametrize("form", ["gpkg", "fgb", "geojson", "csv"])
def test_gdal_finds_every_feature_in_the_file(
    web: httpx2.Client, ogrinfo: str, form: str, tmp_path: Path
) -> None:
    matched = web.get(f"{ITEMS}?resulttype=hits").json()["numberMatched"]
    geometrie = "&geometrie=wkt" if form == "csv" else ""
    path = downloaded(web, f"{ITEMS}?f={form}{geometrie}", tmp_path / f"bestand.{form}")

    said = summary(ogrinfo, path)

    assert matched > PAGE
    assert f"Feature Count: {matched}\n" in said
    if form != "csv":
        assert "Geometry: Multi Polygon" in said
        assert re.search(r"personen: Integer(64)? ", said)


def test_metres_are_metres_in_a_geopackage_with_aliases(
    web: httpx2.Client, ogrinfo: str, tmp_path: Path
) -> None:
    url = f"{ITEMS}?f=gpkg&datetime=2022-01-01&crs={RD.uri}"

    said = summary(ogrinfo, downloaded(web, url, tmp_path / "bestand.gpkg"))

    west = re.search(r"Extent: \((\d+)\.", said)
    assert "Feature Count: 345\n" in said
    assert "Amersfoort / RD New" in said
    assert west is not None
    assert 10_000 < int(west[1]) < 20_000
    assert "peilmoment: Date" in said
    assert "Voorbeeldcijfers: door de computer gemaakt" in said


def test_the_pack_of_a_theme_has_every_layer_whole_and_its_styles(
    web: httpx2.Client, ogrinfo: str, tmp_path: Path
) -> None:
    links = web.get("/?f=json").json()["links"]
    (link,) = [link["href"] for link in links if link["href"].endswith("/qgis.gpkg?thema=ouderen")]

    path = downloaded(web, link, tmp_path / "ouderen.gpkg")

    said = summary(ogrinfo, path)
    layers = [layer.partition("\n") for layer in said.split("Layer name: ")[1:]]
    counts = {name: re.search(r"Feature Count: (\d+)\n", told) for name, _, told in layers}
    assert counts.pop("layer_styles")
    assert {name: int(found[1]) for name, found in counts.items() if found} == {
        entry["id"]: web.get(f"/collections/{entry['id']}/items?resulttype=hits").json()[
            "numberMatched"
        ]
        for entry in web.get("/collections").json()["collections"]
        if any(found["href"].endswith("gpkg?thema=ouderen") for found in entry["links"])
    }


def test_a_sheet_of_a_workbook_opens(web: httpx2.Client, ogrinfo: str, tmp_path: Path) -> None:
    url = f"{ITEMS}?f=xlsx&datetime=2022-01-01"

    said = summary(ogrinfo, downloaded(web, url, tmp_path / "bestand.xlsx"))

    assert "Layer name: Waarden" in said
    assert "Layer name: Toelichting" in said


def test_gdal_reads_a_part_of_a_prebuilt_file_over_the_network(
    web: httpx2.Client, service: str, ogrinfo: str
) -> None:
    links = web.get("/collections/ouderen-gemeente").json()["links"]
    href = next(
        link["href"]
        for link in links
        if (link["rel"], link["type"]) == ("enclosure", "application/flatgeobuf")
    )

    said = summary(ogrinfo, f"/vsicurl/{href}", "-spat", "4.8", "52.3", "4.9", "52.4")

    assert href.startswith(service)
    found = re.search(r"Feature Count: (\d+)\n", said)
    assert found is not None
    assert 0 < int(found[1]) < 1000


def downloaded(web: httpx2.Client, url: str, path: Path) -> Path:
    answer = web.get(url)
    assert answer.status_code == 200, answer.text
    path.write_bytes(answer.content)
    return path


def summary(ogrinfo: str, source: Path | str, *options: str) -> str:
    answer = subprocess.run(
        [ogrinfo, "-ro", "-al", "-so", *options, str(source)],
        check=True,
        capture_output=True,
        text=True,
    )
    return answer.stdout
