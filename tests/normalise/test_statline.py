"""StatLine rows become observations, or an error that says which row and rule."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.findings import Severity
from spatial.domain.members import Dimensie, load_members, parse_members
from spatial.domain.regions import Indeling
from spatial.domain.status import Status, rounding_bounds
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import (
    DuplicateKeyError,
    SchemaError,
    SourceError,
    UnknownMemberError,
    UnknownRegionError,
    ValueParseError,
)
from spatial.normalise.statline import check_complete, observations
from spatial.normalise.statline_cells import STATUSES, cells_of, parse

MEMBERS = load_members()
REGIONS = {
    Indeling(2022): frozenset({"NL01", "GM0001"}),
    Indeling(2023): frozenset({"NL01", "GM0001", "GM0002"}),
}
FLOW = "Vrijgekomen corporatiewoning: totaal"


def codes(**titles: str) -> pa.Table:
    """Return a code list: identifier to title."""
    return pa.table({"Identifier": list(titles), "Title": list(titles.values())})


def raw(*rows: dict[str, Any], **tables: pa.Table) -> dict[str, pa.Table]:
    """Return a small table as version 4 gives it: each row differs from a plain one as it says."""
    plain = {
        "Measure": "M1",
        "ValueAttribute": "None",
        "Value": 25.0,
        "Aandachtsgroepen": "G1",
        "Kenmerken": "K1",
        "RegioS": "GM0001",
        "Perioden": "P1",
    }
    full = [{"Id": number, **plain, **row} for number, row in enumerate(rows)]
    return {
        "Observations": pa.Table.from_pylist(full),
        "MeasureCodes": codes(M1="Totaal personen", M2="Totaal woonruimten"),
        "AandachtsgroepenCodes": codes(G1="Voltijdsstudent: totaal", G2="Piraten"),
        "KenmerkenCodes": codes(K1="Totaal", K2=FLOW),
        "RegioSCodes": codes(NL01="Nederland", GM0001="Een", GM0002="Twee"),
        "PeriodenCodes": pa.table(
            {
                "Identifier": ["P1", "P2", "P3"],
                "Title": ["2023 januari", "2022 december", "2023 december"],
                "Status": ["Voorlopig", "Definitief", "Onbekend"],
            }
        ),
        **tables,
    }


def read(*rows: dict[str, Any], **tables: pa.Table) -> list[dict[str, Any]]:
    """Return the observations of such a table."""
    found: list[dict[str, Any]] = observations(raw(*rows, **tables), MEMBERS, REGIONS)[
        0
    ].to_pylist()
    return found


def test_a_number_gets_its_names_its_day_and_its_bounds() -> None:
    assert read({}) == [
        {
            "bron": "85980NED",
            "groep": "studenten",
            "kenmerk": "totaal",
            "maat": "personen",
            "niveau": "gemeente",
            "code": "GM0001",
            "begin": date(2023, 1, 1),
            "eind": date(2023, 1, 1),
            "indeling": 2023,
            "waarde": 25,
            "status": "waargenomen",
            "ondergrens": 23,
            "bovengrens": 27,
            "voorlopig": True,
            "herkomst": None,
        }
    ]


def test_a_zero_is_a_number_and_never_below_zero() -> None:
    row = read({"Value": 0.0})[0]

    assert (row["waarde"], row["ondergrens"], row["bovengrens"]) == (0, 0, 2)


@pytest.mark.parametrize(
    ("attribute", "value", "status"),
    [
        (".", None, Status.GEHEIM_OF_ONBEKEND),
        ("Confidential", None, Status.GEHEIM_OF_ONBEKEND),
        ("Confidential", 15.0, Status.GEHEIM_OF_ONBEKEND),
        ("Impossible", None, Status.NIET_VAN_TOEPASSING),
    ],
)
def test_a_cell_without_a_number_has_a_status_and_no_bounds(
    attribute: str, value: float | None, status: Status
) -> None:
    row = read({"ValueAttribute": attribute, "Value": value}, {"RegioS": "GM0002"})[0]

    assert row["status"] == status
    assert (row["waarde"], row["ondergrens"], row["bovengrens"]) == (None, None, None)


def test_a_table_without_any_number_is_read() -> None:
    assert read({"ValueAttribute": ".", "Value": None})[0]["status"] == "geheim_of_onbekend"


def test_signs_are_counted_under_their_own_name() -> None:
    table = raw({"ValueAttribute": "."}, {"ValueAttribute": "Secret", "RegioS": "GM0002"})

    findings = observations(table, MEMBERS, REGIONS)[1]

    assert [(entry.severity, entry.key) for entry in findings] == [
        (Severity.INFO, "."),
        (Severity.WARNING, "Secret"),
    ]


def test_padded_keys_and_titles_are_the_same_keys() -> None:
    table = raw({"RegioS": "GM0001    ", "Aandachtsgroepen": "G1 "})
    table["AandachtsgroepenCodes"] = codes(**{"G1    ": "Voltijdsstudent: totaal  "})

    assert observations(table, MEMBERS, REGIONS)[0].column("code").to_pylist() == ["GM0001"]


def test_a_point_in_a_number_column_of_text_is_a_status() -> None:
    rows = read({"Value": " ."}, {"Value": "30", "RegioS": "GM0002"})

    assert [(row["waarde"], row["status"]) for row in rows] == [
        (None, "geheim_of_onbekend"),
        (30, "waargenomen"),
    ]


def test_dictionary_encoded_columns_read_alike() -> None:
    table = raw({}, {"RegioS": "GM0002"})
    encoded = table["Observations"]
    for name in ("RegioS", "Kenmerken", "ValueAttribute"):
        place = encoded.column_names.index(name)
        encoded = encoded.set_column(place, name, encoded.column(name).dictionary_encode())

    found = observations({**table, "Observations": encoded}, MEMBERS, REGIONS)[0]

    assert found.equals(observations(table, MEMBERS, REGIONS)[0])


def test_a_flow_covers_the_year_that_ends_on_its_period() -> None:
    row = read({"Kenmerken": "K2", "Measure": "M2", "Perioden": "P2"})[0]

    assert (row["begin"], row["eind"], row["indeling"]) == (
        date(2022, 1, 1),
        date(2022, 12, 31),
        2022,
    )


def test_an_empty_flow_on_1_january_is_left_out_and_reported() -> None:
    table = raw({}, {"Kenmerken": "K2", "ValueAttribute": "Impossible", "Value": None})

    found, findings = observations(table, MEMBERS, REGIONS)

    assert found.num_rows == 1
    assert [entry.rule for entry in findings] == ["flow-without-year"]


def test_a_flow_with_a_number_on_1_january_is_refused() -> None:
    with pytest.raises(ValueParseError, match="ends on 31 December"):
        read({"Kenmerken": "K2"})


def test_a_level_that_is_not_served_is_left_out_and_reported() -> None:
    table = raw({}, {"RegioS": "LD01"})

    found, findings = observations(table, MEMBERS, REGIONS)

    assert found.num_rows == 1
    assert findings[0].rule == "level-not-served"


@pytest.mark.parametrize(
    ("cell", "severity"),
    [
        ({"ValueAttribute": "Impossible", "Value": None}, Severity.INFO),
        ({"ValueAttribute": ".", "Value": None}, Severity.WARNING),
    ],
)
def test_an_empty_cell_of_a_region_that_is_not_there_yet_is_left_out_and_reported(
    cell: dict[str, Any], severity: Severity
) -> None:
    table = raw({}, {"RegioS": "GM0002", "Perioden": "P2", **cell})

    found, findings = observations(table, MEMBERS, REGIONS)

    assert found.num_rows == 1
    noticed = [entry for entry in findings if "other-borders" in entry.rule]
    assert [(entry.severity, entry.key) for entry in noticed] == [
        (severity, "GM0002 on 2022-12-31")
    ]


def test_all_titles_that_are_not_known_are_named_at_once() -> None:
    lists = codes(G1="Zeelieden", G2="Piraten")

    with pytest.raises(UnknownMemberError, match=r"'Zeelieden'.*these 1.*\['Piraten'\]"):
        read({}, AandachtsgroepenCodes=lists)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -5.0, 12.0, 7.5, 1e300, "NaN", "5.000", "<b>", "-5"]
)
def test_a_cell_that_is_no_count_is_refused_with_its_row(value: float | str) -> None:
    with pytest.raises(ValueParseError, match=r"row 7 "):
        read({"Id": 7, "Value": value})


def test_an_empty_value_that_should_be_there_is_refused() -> None:
    with pytest.raises(ValueParseError, match="ValueAttribute is 'None'"):
        read({"Value": None}, {"RegioS": "GM0002"})


def test_values_that_are_neither_number_nor_text_are_refused() -> None:
    with pytest.raises(SchemaError, match="date32"):
        read({"Value": date(2023, 1, 1)})


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        ({"Aandachtsgroepen": "G2"}, UnknownMemberError, "Piraten"),
        ({"Kenmerken": "K9"}, SourceError, "K9"),
        ({"RegioS": None}, SourceError, "no RegioS"),
        ({"RegioS": "GM0002", "Perioden": "P2"}, UnknownRegionError, "GM0002 on 2022-12-31"),
        ({"RegioS": "GM0363 Amsterdam"}, UnknownRegionError, "GM0363 Amsterdam"),
        ({"Perioden": "P3"}, ValueParseError, "Onbekend"),
        ({"Onderwijs": "T1"}, SchemaError, "Onderwijs"),
    ],
)
def test_what_is_not_known_is_named(
    row: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read(row, {})


def test_a_missing_column_is_named() -> None:
    table = raw({})
    table["Observations"] = table["Observations"].drop_columns("Kenmerken")

    with pytest.raises(SchemaError, match="Kenmerken"):
        observations(table, MEMBERS, REGIONS)


@pytest.mark.parametrize("name", ["Observations", "PeriodenCodes"])
def test_a_missing_entity_set_is_named(name: str) -> None:
    table = raw({})
    del table[name]

    with pytest.raises(SchemaError, match=name):
        observations(table, MEMBERS, REGIONS)


def test_two_rows_with_one_key_are_refused() -> None:
    with pytest.raises(DuplicateKeyError, match="code=GM0001"):
        read({}, {"Value": 30.0})


CELLS = st.lists(
    st.one_of(
        st.just("."),
        st.just(""),
        st.none(),
        st.integers(0, 10**6).map(lambda count: str(5 * count)),
    ).flatmap(
        lambda text: st.just(text) if text is None else st.sampled_from([text, f"  {text} "])
    ),
    min_size=1,
)


@given(CELLS)
def test_a_point_never_becomes_a_number_and_a_blank_never_a_point(cells: list[str | None]) -> None:
    found = parse(
        pa.array(cells, pa.string()), None, pa.array(range(len(cells))), where="t", base=5
    )

    for text, count, kind in zip(cells, found.counts, found.kind, strict=True):
        plain = (text or "").strip()
        expected = {".": Status.GEHEIM_OF_ONBEKEND, "": Status.NIET_VAN_TOEPASSING}
        assert STATUSES[kind] == expected.get(plain, Status.WAARGENOMEN)
        assert count == (int(plain) if plain.isdigit() else 0)


@given(st.lists(st.integers(0, 10**6), min_size=1), st.sampled_from([1, 5]))
def test_bounds_are_those_of_the_domain(counts: list[int], base: int) -> None:
    values = pa.array([base * count for count in counts])

    parsed = parse(values, None, values, where="t", base=base)
    found = cells_of(parsed.counts, parsed.kind, base)

    expected = [rounding_bounds(value, base) for value in values.to_pylist()]
    pairs = zip(found.ondergrens.to_pylist(), found.bovengrens.to_pylist(), strict=True)
    assert list(pairs) == expected


def ids(*numbers: int) -> pa.Table:
    """Return rows with these numbers."""
    return pa.table({"Id": pa.array(numbers, pa.int64())})


def test_a_whole_download_passes() -> None:
    check_complete(ids(2, 0, 1), where="t", expected=3)
    check_complete(ids(0, 1), where="t")
    check_complete(ids(*range(10_000)), where="t", expected=10_000)


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (ids(0, 1), {"next_link": "http://x?$skip=2"}, "skip=2"),
        (ids(0, 1, 1), {}, "row number 1 stands there twice"),
        (
            ids(0, 1, 4),
            {"expected": 5},
            "3 rows, but the source has 5, the first gap is after row number 1",
        ),
        (ids(0, 1), {"expected": 5}, "2 rows, but the source has 5;"),
        (ids(*range(10_000)), {}, "exactly 10,000 rows"),
    ],
)
def test_half_a_download_is_refused(rows: pa.Table, options: dict[str, Any], words: str) -> None:
    with pytest.raises(SourceError, match=words):
        check_complete(rows, where="t", **options)


def test_an_empty_table_has_no_observations() -> None:
    table = raw({})
    table["Observations"] = table["Observations"].slice(0, 0)

    assert observations(table, MEMBERS, REGIONS)[0].column_names == OBSERVATIONS.names


@pytest.mark.parametrize(
    "text",
    [
        "groepen = []",
        (
            "regios_overgeslagen = []\nmaat = []\nkenmerk = []\n"
            'groep = [{titel = "a", id = "../x", gezien = true}]'
        ),
        "groep = [",
        'regios_overgeslagen = []\nmaat = []\nkenmerk = []\ngroep = [{titel = "a", kleur = "rood"}]',
        (
            "regios_overgeslagen = []\nmaat = []\nkenmerk = []\n"
            'groep = [{titel = "a", id = "x", gezien = true}, {titel = "a", id = "y", gezien = true}]'
        ),
    ],
)
def test_a_list_of_members_that_cannot_be_right_is_refused(text: str) -> None:
    with pytest.raises(SchemaError, match="members"):
        parse_members(text)


def test_an_unknown_name_of_a_member_lists_the_known_ones() -> None:
    with pytest.raises(UnknownMemberError, match="woonruimten"):
        MEMBERS.get(Dimensie.MAAT, "stoelen")
