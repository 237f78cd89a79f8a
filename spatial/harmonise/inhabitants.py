"""Inhabitants as observations: on the borders on which they were counted, and on those of the day.

Inhabitants are counted per gemeente on 1 January, sometimes on the borders of a later year. The count
of 1 January also stands for 31 December of the year before: one night lies between them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.facts import Inhabitants, Membership
from spatial.domain.indicators import BEVOLKING
from spatial.domain.regions import LAND_CODE, LAND_NAAM, Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import RegisterError
from spatial.harmonise.same_land import same_land
from spatial.harmonise.sums import sum_over

INHABITANTS_SOURCE = Source(
    "inwoners",
    "Bevolking op 1 januari per gemeente (CBS)",
    SourceStatus.OFFICIEEL,
    "CC BY 4.0",
    "https://www.cbs.nl/nl-nl/visualisaties/dashboard-bevolking/regionaal",
)

_SCHEMA = pa.schema(
    [
        (column.name, pa.date32() if column.type.startswith("date32") else column.type)
        for column in OBSERVATIONS.columns
    ]
)
_LEVELS = (Niveau.PROVINCIE, Niveau.COROP, Niveau.VEILIGHEIDSREGIO)


def counted_inhabitants(
    inhabitants: Iterable[Inhabitants], memberships: Sequence[Membership], years: Sequence[int]
) -> pa.Table:
    """Return inhabitants on the borders on which they were counted.

    Args:
        inhabitants: counts per gemeente.
        memberships: which gemeente belongs to which region, per indeling.
        years: years of the days that are wanted.

    Returns:
        ``OBSERVATIONS`` of groep ``bevolking``, kenmerk ``totaal``, in persons, for 1 January and for
        31 December before it; ``indeling`` is that of the count, which may be a later one than that
        of the day. Gemeenten are waargenomen; land and regions are opgeteld, and only there when
        every gemeente in them is. Counts are exact: both bounds are the count.

    Raises:
        RegisterError: a count on older borders than those of its year.
    """
    rows = [
        _row(entry, day)
        for entry in inhabitants
        for day in (date(entry.jaar, 1, 1), date(entry.jaar - 1, 12, 31))
        if day.year in years
    ]
    gemeenten = pa.Table.from_pylist(rows, schema=_SCHEMA)
    present = {row.niveau for row in memberships}
    land = [
        replace(row, niveau=Niveau.LAND, code=LAND_CODE, naam=LAND_NAAM)
        for row in _once(memberships)
    ]
    sums = [
        sum_over(gemeenten, [*memberships, *land], niveau)
        for niveau in (Niveau.LAND, *_LEVELS)
        if niveau in present or niveau is Niveau.LAND
    ]
    return pa.concat_tables([gemeenten, *(table.cast(_SCHEMA) for table in sums)])


def on_borders_of_the_day(
    counted: pa.Table,
    memberships: Sequence[Membership],
    crosswalks: Mapping[tuple[Indeling, Indeling], pa.Table],
) -> pa.Table:
    """Return inhabitants in the indeling of the day itself, as far as those are the same area.

    Args:
        counted: as ``counted_inhabitants`` gives them.
        memberships: which gemeente belongs to which region, per indeling.
        crosswalks: ``CROSSWALK`` by (indeling of the day, indeling of the count), as ``steps`` asks.

    Returns:
        ``OBSERVATIONS`` in the indeling of the day: gemeenten, and regions, that are the same area in
        both indelingen. Of the others there is no row: what a part or a whole of another area counted
        is not known.
    """
    parts = [_SCHEMA.empty_table()]
    for van, naar in steps(counted):
        chosen = pc.and_(
            pc.equal(pc.year(counted["eind"]), van), pc.equal(counted["indeling"], naar)
        )
        rows = counted.filter(chosen)
        if van != naar:
            rows = _restated(rows, memberships, crosswalks[van, naar])
        parts.append(rows)
    return pa.concat_tables(parts)


def steps(counted: pa.Table) -> list[tuple[Indeling, Indeling]]:
    """Return the pairs (indeling of a day, indeling in which it was counted), ascending."""
    days = pc.year(counted["eind"]).cast(pa.int32()).to_pylist()
    pairs = set(zip(days, counted["indeling"].to_pylist(), strict=True))
    return [(Indeling(van), Indeling(naar)) for van, naar in sorted(pairs)]


def _restated(rows: pa.Table, memberships: Sequence[Membership], crosswalk: pa.Table) -> pa.Table:
    """Give rows the codes of an older indeling, and leave out what is another area there."""
    van = int(crosswalk["van_indeling"][0].as_py())
    old_codes = {LAND_CODE: LAND_CODE} | _same_area(crosswalk)
    for niveau in {row.niveau for row in memberships}:
        regions = [row for row in memberships if row.niveau is niveau]
        old_codes |= {code: code for code, _ in same_land(regions, crosswalk)}
    new = pa.array(sorted(old_codes), pa.string())
    rows = rows.filter(pc.is_in(rows["code"], new))
    old = pa.array([old_codes[code] for code in rows["code"].to_pylist()], pa.string())
    rows = rows.set_column(rows.column_names.index("code"), "code", old)
    years = pa.array([van] * rows.num_rows, pa.int32())
    return rows.set_column(rows.column_names.index("indeling"), "indeling", years)


def _same_area(crosswalk: pa.Table) -> dict[str, str]:
    """Return old code by new code of the gemeenten that went wholly and alone to it."""
    pairs = list(
        zip(crosswalk["van_code"].to_pylist(), crosswalk["naar_code"].to_pylist(), strict=True)
    )
    receivers: dict[str, int] = {}
    sources: dict[str, int] = {}
    for old, new in pairs:
        receivers[old] = receivers.get(old, 0) + 1
        sources[new] = sources.get(new, 0) + 1
    return {new: old for old, new in pairs if receivers[old] == sources[new] == 1}


def _once(memberships: Iterable[Membership]) -> Iterator[Membership]:
    """Give one membership of every gemeente of every indeling."""
    seen = set()
    for row in memberships:
        if (row.indeling, row.gemeente) not in seen:
            seen.add((row.indeling, row.gemeente))
            yield row


def _row(entry: Inhabitants, day: date) -> dict[str, object]:
    if entry.indeling < day.year:
        message = (
            f"inhabitants of {entry.gemeente} on 1 January {entry.jaar} are on the borders of "
            f"{entry.indeling}; give those of {entry.jaar} or later"
        )
        raise RegisterError(message)
    return {
        "bron": INHABITANTS_SOURCE.id,
        "groep": BEVOLKING,
        "kenmerk": "totaal",
        "maat": "personen",
        "niveau": Niveau.GEMEENTE.value,
        "code": entry.gemeente,
        "begin": day,
        "eind": day,
        "indeling": int(entry.indeling),
        "waarde": entry.inwoners,
        "status": Status.WAARGENOMEN.value,
        "ondergrens": entry.inwoners,
        "bovengrens": entry.inwoners,
        "voorlopig": False,
        "herkomst": None,
    }
