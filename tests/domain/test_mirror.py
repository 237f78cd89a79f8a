from pathlib import Path

from spatial.domain.mirror import pages_of, parts_of, tables_in, years_in


def test_pages_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    pages = tmp_path / "Observations"
    pages.mkdir()
    for name in ("page-00010.json", "page-00002.json.gz", "page-100000.json", "page-00001.json"):
        (pages / name).touch()
    (pages / "page-00003.json.part").touch()

    assert [path.name for path in pages_of(tmp_path, "Observations")] == [
        "page-00001.json",
        "page-00002.json.gz",
        "page-00010.json",
        "page-100000.json",
    ]


def test_a_set_in_more_answers_is_all_its_files(tmp_path: Path) -> None:
    for name in ("RegioSCodes.json", "RegioSCodes.page-00002.json", "RegioSGroups.json"):
        (tmp_path / name).touch()

    assert [path.name for path in parts_of(tmp_path, "RegioSCodes")] == [
        "RegioSCodes.json",
        "RegioSCodes.page-00002.json",
    ]
    assert parts_of(tmp_path, "PeriodenCodes") == []


def test_years_are_those_of_gemeenten_in_files_and_packages(tmp_path: Path) -> None:
    folder = tmp_path / "boundaries"
    folder.mkdir()
    for name in (
        "gemeente_gegeneraliseerd_2024.geojson",
        "provincie_gegeneraliseerd_2023.geojson",
        "cbsgebiedsindelingen2022.gpkg",
    ):
        (folder / name).touch()

    assert years_in(tmp_path) == [2022, 2024]


def test_tables_of_the_taakstelling_are_csv_and_workbooks(tmp_path: Path) -> None:
    folder = tmp_path / "taakstelling"
    folder.mkdir()
    for name in ("b.xlsx", "a.csv", "manifest.json"):
        (folder / name).touch()

    assert [path.name for path in tables_in(tmp_path)] == ["a.csv", "b.xlsx"]
