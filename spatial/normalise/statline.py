"""StatLine rows of 85980NED to the observations table."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from spatial.domain.findings import Finding
from spatial.domain.members import Members
from spatial.domain.regions import Indeling
from spatial.domain.statline import (
    CODES,
    GROEP,
    IGNORED_COLUMNS,
    KENMERK,
    MEASURE,
    OBSERVATION_COLUMNS,
    OBSERVATIONS_SET,
    PERIODE,
    REGIO,
    TABLE_ID,
)
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import SchemaError
from spatial.normalise.intake.numbers import RowNumbers
from spatial.normalise.statline_columns import observations_of
from spatial.normalise.statline_rows import Known, Meaning

_SAMPLE_KEYS = {
    "aandachtsgroep": GROEP,
    "kenmerk": KENMERK,
    "gemeente_code": REGIO,
    "periode": PERIODE,
}


def check_complete(
    rows: pa.Table, *, where: str, expected: int | None = None, next_link: str = ""
) -> None:
    """Refuse a download that stopped halfway.

    Args:
        rows: observations with ``Id``.
        where: file or table, for the message.
        expected: how many rows there are (ObservationCount of version 4); None when the source
            does not tell.
        next_link: ``@odata.nextLink`` of the last page that was read; empty on the last page.

    Raises:
        SourceError: there are more pages, a page was read twice, rows are missing, or there are
            exactly 10,000 rows (where version 3 stops) and nobody said that this is all.
    """
    numbers = RowNumbers(where)
    numbers.add(rows.column("Id").to_numpy())
    numbers.check(expected=expected, next_link=next_link)


def observations(
    raw: Mapping[str, pa.Table],
    members: Members,
    regions: Mapping[Indeling, frozenset[str]],
    *,
    bron: str = TABLE_ID,
    base: int = 5,
) -> tuple[pa.Table, list[Finding]]:
    """Read 85980NED as version 4 gives it.

    Args:
        raw: entity set to table, see ``spatial.domain.statline``; text may be padded. Observations
            without ValueAttribute come from a table of text, where '.' and blank are the signs.
        members: the groups, kenmerken and measures that are known.
        regions: all region codes of each indeling, of every level that is served.
        bron: id of the source.
        base: what the counts are rounded to.

    Returns:
        ``OBSERVATIONS`` in the order of the rows, and what was noticed. A flow gets the year that
        ends on its period. Any ValueAttribute but None and Impossible is geheim_of_onbekend.

    Raises:
        SchemaError: columns or code lists differ from those of version 4.
        SourceError: a row has no key, or one that the code list lacks.
        UnknownMemberError: a title is not known.
        UnknownRegionError: a region code is not one of the indeling of its period.
        ValueParseError: a cell is neither a count nor a sign, or a flow ends on 1 January.
        DuplicateKeyError: two rows have the same key.
    """
    table = checked(raw, bron)
    meaning = Meaning(raw, Known(members, regions, base), bron)
    rows = meaning.read(table)
    found = observations_of(rows, meaning, bron)
    OBSERVATIONS.check(found, bron)
    return found, meaning.findings()


def read_sample_csv(
    path: Path, members: Members, regions: Mapping[Indeling, frozenset[str]]
) -> pa.Table:
    """Read a wide excerpt of 85980NED: one row per kenmerk, gemeente and date, one column a measure.

    Args:
        path: CSV with ``aandachtsgroep``, ``kenmerk``, ``regio``, ``gemeente_code``, ``periode`` (as
            CBS titles them), ``personen``, ``huishoudens``, ``woonruimten`` ('.' is not given, empty
            is not applicable).
        members: the groups, kenmerken and measures that are known.
        regions: all region codes of each indeling.

    Returns:
        ``OBSERVATIONS``; nothing is provisional, because an excerpt does not tell.

    Raises:
        SchemaError: columns are missing.
        SpatialError: as ``observations``.
    """
    reading = csv.ConvertOptions(strings_can_be_null=False)
    names = csv.read_csv(path).column_names
    reading.column_types = dict.fromkeys(names, pa.string())
    wide = csv.read_csv(path, convert_options=reading)
    maten = [member.id for member in members.maat]
    if missing := {*_SAMPLE_KEYS, *maten} - set(wide.column_names):
        message = f"{path.name} lacks columns {sorted(missing)}"
        raise SchemaError(message)
    keys = wide.select(list(_SAMPLE_KEYS)).rename_columns(list(_SAMPLE_KEYS.values()))
    parts = [
        keys.append_column(MEASURE, pa.repeat(member.titel, wide.num_rows)).append_column(
            "Value", wide.column(member.id)
        )
        for member in members.maat
    ]
    rows = pa.concat_tables(parts)
    raw = {name: _codes_from(rows, column) for column, name in CODES.items()}
    raw[OBSERVATIONS_SET] = rows.append_column("Id", pa.array(np.arange(rows.num_rows)))
    return observations(raw, members, regions)[0]


def _codes_from(rows: pa.Table, column: str) -> pa.Table:
    """Return a code list of a table whose keys are its titles."""
    titles = rows.column(column).unique()
    status = pa.repeat("Definitief", len(titles))
    return pa.table({"Identifier": titles, "Title": titles, "Status": status})


def checked(raw: Mapping[str, pa.Table], where: str) -> pa.Table:
    """Return the observations of a table as read.

    Raises:
        SchemaError: they are absent, or their columns differ from those of version 4.
    """
    if OBSERVATIONS_SET not in raw:
        message = f"{where}: there is no {OBSERVATIONS_SET}, only {sorted(raw)}"
        raise SchemaError(message)
    rows = raw[OBSERVATIONS_SET]
    found = set(rows.column_names)
    missing = set(OBSERVATION_COLUMNS) - {"ValueAttribute"} - found
    unknown = found - set(OBSERVATION_COLUMNS) - set(IGNORED_COLUMNS)
    if missing or unknown:
        message = (
            f"{where}: {OBSERVATIONS_SET} lacks {sorted(missing)} and has unknown {sorted(unknown)}"
        )
        raise SchemaError(message)
    return rows
