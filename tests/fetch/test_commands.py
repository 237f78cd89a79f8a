from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from spatial.cli import app
from spatial.domain.mirror import RUBRIEKEN
from spatial.errors import NotThereError, SettingsError
from spatial.fetching import YEARS, fetched_sources
from spatial.pipeline.land import MIRROR_YEARS
from spatial.settings import read_settings
from tests.fetch.source import (
    OGC_ROOT,
    SERVICE_ROOT,
    V4_ROOT,
    Source,
    Table3,
    Table4,
    ogc_path,
    regions,
)


@pytest.fixture(autouse=True)
def _addresses(source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPATIAL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SPATIAL_CBS_URL", f"{source.url}{V4_ROOT}")
    monkeypatch.setenv("SPATIAL_CBS_V3_URL", source.url)
    monkeypatch.setenv("SPATIAL_PDOK_URL", f"{source.url}{OGC_ROOT}")
    monkeypatch.setenv("SPATIAL_PDOK_SERVICE_URL", f"{source.url}{SERVICE_ROOT}")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["fetch", *arguments], catch_exceptions=False)


def test_alone_it_takes_all_that_a_build_needs(source: Source, tmp_path: Path) -> None:
    Table4().on(source)
    for year in YEARS:
        for rubriek in RUBRIEKEN:
            source.put(ogc_path(rubriek, year), regions(rubriek, year))

    result = _run()

    folder = tmp_path / "data" / "bronnen"
    assert result.exit_code == 0
    assert len(list((folder / "boundaries").glob("*.geojson"))) == len(YEARS) * len(RUBRIEKEN)
    assert (folder / "cbs" / "85980NED" / "Observations" / "page-00010.json.gz").is_file()
    assert "fetched, 95 rows in 17 files" in result.output

    elsewhere = tmp_path / "elsewhere"
    mirrored = _run("--mirror", str(folder), "--into", str(elsewhere))
    assert mirrored.exit_code == 0
    assert (elsewhere / "cbs" / "85980NED" / "Properties.json").is_file()
    assert "not in the mirror" in mirrored.output


def test_the_years_that_are_fetched_are_those_that_a_build_reads() -> None:
    assert tuple(int(year) for year in MIRROR_YEARS) == YEARS


def test_a_table_is_fetched_by_its_identifier(source: Source, tmp_path: Path) -> None:
    Table4(id="83765NED", rows=7).on(source)

    result = _run("cbs", "--table", "83765NED", "--into", str(tmp_path / "into"))

    assert "cbs/83765NED: fetched, 7 rows in 8 files" in result.output


def test_version_3_and_its_typed_set_can_be_asked(source: Source, tmp_path: Path) -> None:
    Table3().on(source)

    _run("cbs", "--odata", "v3", "--typed", "--into", str(tmp_path))

    assert (tmp_path / "cbs" / "85980NED" / "TypedDataSet").is_dir()


def test_without_version_4_it_is_said_that_version_3_is_asked(
    source: Source, tmp_path: Path
) -> None:
    Table3().on(source)

    result = _run("cbs", "--into", str(tmp_path))

    assert "version 3 is asked instead" in result.output


def test_part_of_a_table_can_be_asked(source: Source, tmp_path: Path) -> None:
    table = Table4()
    table.on(source)
    source.put(f"{table.path('Observations')}?$filter=RegioS eq 'GM0003'", {"value": [{"Id": 1}]})

    result = _run("cbs", "--select", "RegioS eq 'GM0003'", "--into", str(tmp_path))

    assert "1 rows in" in result.output


def test_years_and_kinds_of_boundaries_can_be_chosen(source: Source, tmp_path: Path) -> None:
    for year in (2018, 2024):
        source.put(ogc_path("gemeente", year), regions("gemeente", year))
    chosen = ("boundaries", "--year", "2018", "--rubriek", "gemeente")

    _run("boundaries", "--year", "2024", *chosen[1:], "--into", str(tmp_path / "first"))
    _run(*chosen, "--mirror", str(tmp_path / "first"), "--into", str(tmp_path / "second"))

    found = [path.name for path in (tmp_path / "second" / "boundaries").glob("*.geojson")]
    assert found == ["gemeente_gegeneraliseerd_2018.geojson"]


def test_a_table_of_the_taakstelling_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("gemeentecode;halfjaar;taakstelling\n")

    result = _run("taakstelling", str(tmp_path / "a.csv"), "--licence", "CC0")

    assert "taakstelling: fetched, 1 files" in result.output


def test_what_changed_is_told_when_it_is_accepted(source: Source, tmp_path: Path) -> None:
    Table4().on(source)
    _run("cbs", "--into", str(tmp_path))
    Table4(modified="2025").on(source)

    result = _run("cbs", "--into", str(tmp_path), "--accept-changes")

    assert "changed: Modified was '2024-07-12T02:00:00+02:00' and is '2025'" in result.output


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("cbs", "--table", "../x"), "not the identifier of a table"),
        (("cbs", "--typed"), "--typed belongs to --odata v3"),
        (("boundaries", "--rubriek", "a/b"), "not a kind of region"),
        (("--into", "x", "cbs"), "give --into, --mirror and --accept-changes after cbs"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], rule: str) -> None:
    with pytest.raises(SettingsError, match=rule):
        _run(*arguments)


def test_a_mirror_without_the_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotThereError, match="cbs/85980NED"):
        _run("cbs", "--mirror", str(tmp_path), "--into", str(tmp_path / "into"))


def test_a_build_takes_what_was_fetched_when_that_is_all_it_needs(tmp_path: Path) -> None:
    settings = replace(read_settings({}), data=tmp_path)
    folder = tmp_path / "bronnen" / "boundaries"
    folder.mkdir(parents=True)
    notes: list[str] = []

    assert fetched_sources(settings, notes.append) is None
    assert notes == []

    for year in YEARS[1:]:
        (folder / f"gemeente_gegeneraliseerd_{year}.geojson").touch()
    assert fetched_sources(settings, notes.append) is None
    assert "lacks the gemeenten of 2016, so this is the example" in notes[0]

    (folder / "cbsgebiedsindelingen2016.gpkg").touch()
    assert fetched_sources(settings, notes.append) == tmp_path / "bronnen"
    assert "boundaries and example figures" in notes[-1]


def test_a_build_takes_the_table_alone_on_schematic_boundaries(
    source: Source, tmp_path: Path
) -> None:
    Table4().on(source)
    _run("cbs")
    notes: list[str] = []

    found = fetched_sources(read_settings({"SPATIAL_DATA": str(tmp_path / "data")}), notes.append)

    assert found == tmp_path / "data" / "bronnen"
    assert notes == [f"sources: schematic boundaries and table 85980NED, from {found}"]


def test_a_build_does_not_take_part_of_a_table_unasked(source: Source, tmp_path: Path) -> None:
    table = Table4()
    table.on(source)
    source.put(f"{table.path('Observations')}?$filter=Id eq 1", {"value": [{"Id": 1}]})
    _run("cbs", "--select", "Id eq 1")
    notes: list[str] = []

    found = fetched_sources(read_settings({"SPATIAL_DATA": str(tmp_path / "data")}), notes.append)

    assert found is None
    assert "has table 85980NED for Id eq 1 only, so this is the example" in notes[0]
