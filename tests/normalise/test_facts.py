"""The project's own fact tables, and what a spoiled table gets."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from spatial.domain.facts import Facts
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import (
    DuplicateKeyError,
    RegisterError,
    SchemaError,
    SourceError,
    SpatialError,
    UnknownRegionError,
    ValueParseError,
)
from spatial.normalise.facts import code_sets, read_facts

FOLDER = Path(__file__).parents[2] / "boundaries"

type Spoil = Callable[[str, str, str], None]
type Complaint = tuple[type[SpatialError], str]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied: Path = shutil.copytree(FOLDER, tmp_path / "boundaries")
    return copied


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """Replace a text that a table has, once."""

    def replace(table: str, old: str, new: str) -> None:
        text = (folder / table).read_text(encoding="utf-8")
        assert old in text
        (folder / table).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def test_every_indeling_has_as_many_gemeenten_as_cbs_counts(facts: Facts) -> None:
    found = [len(codes) for codes in code_sets(facts).values()]

    assert found == [390, 388, 380, 355, 355, 352, 345, 342, 342, 342, 342]


def test_weesp_is_its_own_gemeente_in_2022_and_gone_in_2023(facts: Facts) -> None:
    sets = code_sets(facts)

    assert "GM0457" in sets[Indeling(2022)]
    assert "GM0457" not in sets[Indeling(2023)]


def test_haaren_is_split_over_four_gemeenten(facts: Facts) -> None:
    rows = [row for row in facts.redivisions if row.oude_code == "GM0788"]

    assert {row.nieuwe_code for row in rows} == {"GM0757", "GM0824", "GM0855", "GM0865"}
    assert sum(row.aandeel or 0 for row in rows) == pytest.approx(1)
    assert {row.aandeel_grondslag for row in rows} == {"oppervlakte"}


def test_nothing_changes_codes_in_2020_and_after_2023(facts: Facts) -> None:
    years = {row.first_indeling for row in facts.redivisions if row.mutatie.retires_code}

    assert years == {2016, 2017, 2018, 2019, 2021, 2022, 2023}


def test_a_superseded_or_estimated_target_is_never_taken(facts: Facts) -> None:
    targets = {target.halfjaar: (target.totaal, target.zekerheid) for target in facts.targets}

    assert targets["2019-1"] == (6000, "definitief")
    assert targets["2018-1"] == (13000, "definitief")
    assert targets["2020-1"] == (5500, "indirect")
    assert targets["2021-1"] == (13500, "afgeleid")
    assert {"2023-2", "2024-1", "2024-2"}.isdisjoint(targets)


def test_a_half_year_with_only_an_estimate_has_no_target(folder: Path, spoil: Spoil) -> None:
    spoil("taakstelling.csv", "2017-12-31,10000,definitief", "2017-12-31,10000,schatting")

    assert "2017-2" not in {target.halfjaar for target in read_facts(folder).targets}


def test_targets_are_in_order_of_time(facts: Facts) -> None:
    begins = [target.period.begin for target in facts.targets]

    assert begins == sorted(begins)
    assert begins[0] == date(2016, 7, 1)


def test_safety_regions_start_in_2019_and_2026_is_marked(facts: Facts) -> None:
    years = {row.indeling for row in facts.memberships if row.niveau is Niveau.VEILIGHEIDSREGIO}
    marks = {row.zekerheid for row in facts.memberships if row.indeling == Indeling(2026)}

    assert years == set(range(2019, 2027))
    assert marks == {"overgenomen uit 2025"}


def test_inhabitants_of_2022_are_on_the_borders_of_2023(facts: Facts) -> None:
    rows = [row for row in facts.inhabitants if row.jaar == 2022]

    assert {row.indeling for row in rows} == {Indeling(2023)}
    assert sum(row.inwoners for row in rows) == 17_590_672


@pytest.mark.parametrize(
    ("table", "change", "complaint"),
    [
        (
            "inwoners.csv",
            ("GM0003,2016,12001", "GM0003,2016,12.5"),
            (ValueParseError, "inwoners.csv, row 2: column 'inwoners' has '12.5'"),
        ),
        (
            "inwoners.csv",
            ("GM0003,2016", "GM3,2016"),
            (UnknownRegionError, "inwoners.csv, row 2: column 'gemeente_code'"),
        ),
        ("inwoners.csv", ("GM0003,2016", "PV20,2016"), (UnknownRegionError, "not a gemeente")),
        (
            "inwoners.csv",
            ("GM0003,2016,12001,2016", "GM0003,2016,12001,2024"),
            (UnknownRegionError, "indeling 2024 does not have"),
        ),
        ("inwoners.csv", ("GM0005,2016", "GM0003,2016"), (DuplicateKeyError, "already in row 2")),
        ("inwoners.csv", ("jaar,inwoners", "jaar,aantal"), (SchemaError, "missing ['inwoners']")),
        ("inwoners.csv", ("12001,2016", "12001,2016,9"), (SchemaError, "row 2: 6 cells")),
        ("herindelingen.csv", ("2022-03-24", "24-03-2022"), (ValueParseError, "a date such as")),
        ("herindelingen.csv", (",fusie,", ",samenvoeging,"), (ValueParseError, "fusie or")),
        ("herindelingen.csv", ("deel,0.2774,", "deel,27.74,"), (ValueParseError, "at most 1")),
        ("herindelingen.csv", ("deel,0.2774,", "deel,,"), (ValueParseError, "opsplitsing needs")),
        ("herindelingen.csv", ("deel,0.2774,", "deel,-1,"), (ValueParseError, "above 0")),
        ("herindelingen.csv", ("deel,0.2774,", "deel,0.1,"), (RegisterError, "GM0788")),
        ("herindelingen.csv", ("oppervlakte", "inwoners"), (ValueParseError, "oppervlakte")),
        ("herindelingen.csv", ("GM0457,Weesp", "GM0459,Weesp"), (RegisterError, "GM0459")),
        ("herindelingen.csv", ("GM0457,Weesp", "GM0457,"), (ValueParseError, "a text")),
        ("herindelingen.csv", (" bon269778", " bon000000"), (SourceError, "bronnen.csv")),
        ("indelingen.csv", ("2022,345", "2022,344"), (RegisterError, "345 gemeenten for 2022")),
        ("indelingen.csv", ("2026,342", "2027,342"), (RegisterError, "2027")),
        (
            "gemeente_regio.csv",
            ("2017,GM0003,provincie", "2017,GM0004,provincie"),
            (RegisterError, "GM0004"),
        ),
        (
            "gemeente_regio.csv",
            ("2019,GM0003,corop", "2019,GM0001,corop"),
            (RegisterError, "GM0001"),
        ),
        (
            "gemeente_regio.csv",
            ("provincie,PV20", "provincie,CR03"),
            (UnknownRegionError, "not a provincie"),
        ),
        ("regio.csv", ("provincie,PV20,Groningen\n", ""), (UnknownRegionError, "no name for PV20")),
        ("gazetteer.csv", ("252000", "oost"), (ValueParseError, "x_rd_m")),
        ("gazetteer.csv", ("2016,2020,2016", "2016,2022,2016"), (RegisterError, "GM0003")),
        ("taakstelling.csv", ("2017-06-30", "2017-07-31"), (ValueParseError, "2017-1")),
        ("taakstelling.csv", ("2017-1,", "2017-3,"), (ValueParseError, "taakstelling.csv, row 3")),
        ("taakstelling.csv", (",6082,", ",veel,"), (ValueParseError, "achterstand_begin")),
        ("taakstelling.csv", ("8000,vervangen", "8000,definitief"), (DuplicateKeyError, "2019-1")),
    ],
)
def test_a_spoiled_table_is_refused_with_its_place(
    spoil: Spoil, folder: Path, table: str, change: tuple[str, str], complaint: Complaint
) -> None:
    error, words = complaint
    spoil(table, *change)

    with pytest.raises(error) as caught:
        read_facts(folder)

    assert words in str(caught.value)


def test_an_indeling_without_a_count_is_refused(folder: Path) -> None:
    table = folder / "indelingen.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:-1]), encoding="utf-8")

    with pytest.raises(RegisterError, match="no number of gemeenten for"):
        read_facts(folder)


def test_an_absent_table_is_refused(folder: Path) -> None:
    (folder / "inwoners.csv").unlink()

    with pytest.raises(SchemaError, match=r"inwoners\.csv"):
        read_facts(folder)


def test_a_table_that_is_not_utf8_is_refused(folder: Path) -> None:
    (folder / "regio.csv").write_bytes(b"niveau,code,naam\nprovincie,PV21,Frysl\xe2n\n")

    with pytest.raises(SchemaError, match="not a CSV file in UTF-8"):
        read_facts(folder)


def test_a_mark_of_byte_order_is_allowed(folder: Path, facts: Facts) -> None:
    table = folder / "inwoners.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())

    assert read_facts(folder).inhabitants == facts.inhabitants


def test_without_memberships_there_is_no_first_set() -> None:
    with pytest.raises(RegisterError, match="no memberships"):
        code_sets(Facts((), (), (), (), ()))
