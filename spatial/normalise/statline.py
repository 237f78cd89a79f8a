"""StatLine rows of 85980NED to the observations table."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from spatial.domain.findings import Finding, Severity
from spatial.domain.members import Dimensie, Members
from spatial.domain.regions import Indeling
from spatial.domain.statline import (
    ATTRIBUTE_NOT_GIVEN,
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
from spatial.errors import SchemaError, SourceError, ValueParseError
from spatial.normalise.statline_cells import Cells, parse_cells
from spatial.normalise.statline_keys import (
    Keys,
    Moment,
    column_of,
    entries_of,
    keys_of,
    members_of,
    moments_of,
    niveaus_of,
    starts_with,
)

_V3_LIMIT = 10_000
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
    ids = np.sort(rows.column("Id").to_numpy())
    steps = np.diff(ids)
    problem = ""
    if next_link:
        problem = f"the last page read points to another one ({next_link})"
    elif (steps == 0).any():
        problem = f"row number {ids[:-1][steps == 0][0]} stands there twice"
    elif expected is not None and len(ids) != expected:
        gaps = ids[:-1][steps > 1]
        after = f", the first gap is after row number {gaps[0]}" if len(gaps) else ""
        problem = f"{len(ids)} rows, but the source has {expected}{after}"
    elif expected is None and len(ids) == _V3_LIMIT:
        problem = "exactly 10,000 rows, where version 3 stops; say how many rows there are"
    if problem:
        message = f"{where}: {problem}; download the table again"
        raise SourceError(message)


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
    rows, findings = _served(_checked(raw, bron), members, bron)
    attributes = "ValueAttribute" in rows.column_names
    cells = parse_cells(
        column_of(rows, "Value"),
        column_of(rows, "ValueAttribute") if attributes else None,
        column_of(rows, "Id"),
        where=bron,
        base=base,
    )
    periode = keys_of(rows, PERIODE, bron)
    moments = moments_of(entries_of(periode, raw, PERIODE, bron), bron)
    regio = keys_of(rows, REGIO, bron)
    columns = {
        "bron": pa.repeat(pa.scalar(bron), rows.num_rows),
        "niveau": regio.text(niveaus_of(regio, periode, moments, regions, bron)),
        "code": regio.text(regio.keys),
        **_cell_columns(cells),
    }
    for name, dimensie in ((GROEP, Dimensie.GROEP), (MEASURE, Dimensie.MAAT)):
        keys = keys_of(rows, name, bron)
        columns[dimensie.value] = keys.text(
            members_of(entries_of(keys, raw, name, bron), members, dimensie)[0]
        )
    keys = keys_of(rows, KENMERK, bron)
    names, flows = members_of(entries_of(keys, raw, KENMERK, bron), members, Dimensie.KENMERK)
    columns["kenmerk"] = keys.text(names)
    columns |= _period_columns(periode, moments, keys.flags(flows))
    table = pa.table({name: columns[name] for name in OBSERVATIONS.names})
    table, dropped = _without_january_flows(table, keys.flags(flows), bron)
    OBSERVATIONS.check(table, bron)
    return table, [*findings, *_sign_findings(cells, bron), *dropped]


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


def _checked(raw: Mapping[str, pa.Table], where: str) -> pa.Table:
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


def _served(rows: pa.Table, members: Members, where: str) -> tuple[pa.Table, list[Finding]]:
    """Leave out the levels that are not served, and say so."""
    regio = keys_of(rows, REGIO, where)
    skipped = starts_with(regio, members.regios_overgeslagen)
    if not skipped.any():
        return rows, []
    message = f"{skipped.sum()} rows of levels that are not served were left out"
    finding = Finding(Severity.INFO, where, "", "level-not-served", message)
    return rows.filter(pa.array(~skipped)), [finding]


def _cell_columns(cells: Cells) -> dict[str, pa.Array]:
    return {
        "waarde": cells.waarde,
        "status": cells.status,
        "ondergrens": cells.ondergrens,
        "bovengrens": cells.bovengrens,
        "herkomst": pa.nulls(len(cells.waarde), pa.string()),
    }


def _period_columns(periode: Keys, moments: list[Moment], flow: pa.Array) -> dict[str, pa.Array]:
    days = periode.days([entry.period.eind for entry in moments])
    first = periode.days([date(entry.period.eind.year, 1, 1) for entry in moments])
    indelingen = pa.array([entry.period.indeling for entry in moments], pa.int32())
    return {
        "begin": pc.if_else(flow, first, days),
        "eind": days,
        "indeling": periode.take(indelingen),
        "voorlopig": periode.flags([entry.voorlopig for entry in moments]),
    }


def _without_january_flows(
    table: pa.Table, flow: pa.Array, where: str
) -> tuple[pa.Table, list[Finding]]:
    """Leave out the empty cells of flows on 1 January, on which no year ends."""
    misplaced = pc.and_(flow, pc.equal(table.column("begin"), table.column("eind")))
    empty = table.filter(misplaced)
    if not empty.num_rows:
        return table, []
    if empty.column("waarde").null_count < empty.num_rows:
        wrong = empty.filter(pc.is_valid(empty.column("waarde"))).slice(0, 1).to_pylist()[0]
        message = (
            f"{where}: {wrong['kenmerk']} of {wrong['code']} has {wrong['waarde']} on {wrong['eind']}; "
            "a flow over a year ends on 31 December"
        )
        raise ValueParseError(message)
    message = f"{empty.num_rows} empty cells of flows on 1 January were left out"
    finding = Finding(Severity.INFO, where, "", "flow-without-year", message)
    return table.filter(pc.invert(misplaced)), [finding]


def _sign_findings(cells: Cells, where: str) -> list[Finding]:
    """Report how often each sign stood for a number; only '.' is expected."""
    return [
        Finding(
            Severity.INFO if sign == ATTRIBUTE_NOT_GIVEN else Severity.WARNING,
            where,
            sign,
            "sign-without-number",
            f"{count} cells have {sign!r} and are read as unknown or confidential",
        )
        for sign, count in cells.signs.items()
    ]
