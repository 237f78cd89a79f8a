from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from spatial.domain.status import Status
from spatial.errors import StoreError
from spatial.store.rasters.index import Band, Coverage, index_json, read_coverages

BAND = Band(
    1, date(2022, 1, 1), "Ouderen: personen, 1-1-2022", 2022, {Status.WAARGENOMEN: 3}, 2, 40.0, 80.0, 60.0
)  # fmt: skip
COVERAGE = Coverage(
    id="ouderen-personen-dichtheid-500m",
    thema="ouderen",
    indicator="personen",
    collection="ouderen-gemeente",
    title_nl="Ouderen: personen per km2",
    title_en="Older people: persons per km2",
    description_nl="Gespreid.",
    description_en="Spread.",
    unit="personen per km2",
    grid=500,
    crs=28992,
    bbox=(0.0, 300_000.0, 280_000.0, 625_000.0),
    shape=(650, 560),
    nodata=-9999.0,
    bands=(BAND,),
    source="CBS",
    licence="CC BY 4.0",
    voorbeeld=True,
    file="dichtheid/ouderen-personen-dichtheid-500m.tif",
    size=10,
    sha256="00",
    notices_nl=("Voorbeeldcijfers.",),
)


def written(folder: Path, text: str) -> Path:
    (folder / "dichtheid").mkdir()
    (folder / "dichtheid" / "index.json").write_text(text, encoding="utf-8")
    return folder


def test_what_is_written_is_read_back_by_id(tmp_path: Path) -> None:
    other = replace(COVERAGE, id="ouderen-huishoudens-dichtheid-500m")

    found = read_coverages(written(tmp_path, index_json([COVERAGE, other])))

    assert found == (other, COVERAGE)


def test_a_snapshot_without_coverages_has_none(tmp_path: Path) -> None:
    assert read_coverages(tmp_path) == ()


@pytest.mark.parametrize("text", ["{", '[{"id": "x"}]', "[1]"])
def test_an_index_that_is_not_one_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StoreError, match="index of coverages"):
        read_coverages(written(tmp_path, text))


@pytest.mark.parametrize("file", ["/etc/passwd", "dichtheid/../../x.tif"])
def test_a_file_outside_the_snapshot_is_refused(tmp_path: Path, file: str) -> None:
    with pytest.raises(StoreError, match="not in the snapshot"):
        read_coverages(written(tmp_path, index_json([replace(COVERAGE, file=file)])))
