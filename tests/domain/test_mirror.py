from pathlib import Path

from spatial.domain.mirror import pages_of, parts_of


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
