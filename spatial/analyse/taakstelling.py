"""The taakstelling per gemeente by the formula of the law, and its sums.

Huisvestingswet 2014, article 29, paragraph 1: the national total x inhabitants of the gemeente /
inhabitants of the Netherlands, rounded up, with the inhabitants on 1 January of the year before the
half-year. Both half-years of a year use the same inhabitants. Article 30: for a gemeente that is
redivided on 1 January of the year itself the inhabitants on the new borders count; for a merger that
is the sum, for a split it is a decision that cannot be computed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from spatial.domain.facts import Facts, Inhabitants, Membership, NationalTarget
from spatial.domain.indicators import Thema
from spatial.domain.periods import Period, parse_half_year
from spatial.domain.redivisions import Redivision, events_of
from spatial.domain.regions import LAND_CODE, Indeling, Niveau
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.status import Status
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import DuplicateKeyError, RegisterError

TAAKSTELLING_SOURCE = Source(
    "taakstelling",
    "Taakstelling huisvesting vergunninghouders: formule van de Huisvestingswet 2014 met inwoners van "
    "het CBS en landelijke totalen van het Rijk",
    SourceStatus.BEREKEND,
    "CC BY 4.0",
    "https://wetten.overheid.nl/BWBR0035303",
)

_INFERRED = "afgeleid"
_TASK, _PEOPLE = "taakstelling", "inwoners"
_SCHEMA = pa.schema(
    [
        (column.name, pa.date32() if column.type.startswith("date32") else column.type)
        for column in OBSERVATIONS.columns
    ]
)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A count with its status; None when the status has no value."""

    waarde: int | None
    status: Status
    herkomst: str | None


@dataclass(frozen=True, slots=True)
class _People:
    """Inhabitants that count for a year.

    Attributes:
        jaar: the year on whose 1 January they were counted.
        land: inhabitants of the Netherlands; None when they are not known.
        gemeenten: on the borders of the year of the half-year; None when not known.
        aantal: how many gemeenten were counted.
    """

    jaar: int
    land: int | None
    gemeenten: Mapping[str, int | None]
    aantal: int


_ABSENT = _Cell(None, Status.ONTBREEKT_IN_BRON, None)


def taakstelling_observations(
    facts: Facts,
    codes: Mapping[Indeling, frozenset[str]],
    *,
    first_year: int = 2018,
    last_year: int = 0,
) -> pa.Table:
    """Compute the taakstelling of every half-year from the first one up to the newest known total.

    Args:
        facts: register, memberships, inhabitants and national totals.
        codes: gemeentecodes of every indeling in between.
        first_year: year of the first half-year.
        last_year: year of the last half-year, where that is later than the newest known total.

    Returns:
        ``OBSERVATIONS`` of group ``taakstelling`` (persons; begin and eind are those of the half-year,
        also for the inhabitants that count for it), sorted by key:

        - kenmerk ``taakstelling``: per gemeente berekend, per region the sum of its gemeenten
          (opgeteld), for the country the published total (waargenomen; it is less than the sum,
          because every gemeente is rounded up). A total that is only inferred makes all of them
          geschat. Bounds equal the value: nothing is rounded to five.
        - kenmerk ``inwoners``: per gemeente waargenomen, also when it is opgeteld over a merger; per
          region and for the country opgeteld.

        Ontbreekt_in_bron, without a number: what has no inhabitants or no total, a gemeente that
        receives part of a split one, and every region with such a gemeente in it.

    Raises:
        DuplicateKeyError: two totals for one half-year.
        RegisterError: an indeling has no codes, or the inhabitants of a year are not those of all
            gemeenten.
    """
    targets = _targets(facts.targets)
    if not targets:
        message = (
            "there is no national total of the taakstelling; complete boundaries/taakstelling.csv"
        )
        raise RegisterError(message)
    rows: list[dict[str, object]] = []
    last = max(last_year, *(period.eind.year for period in targets))
    for year in range(first_year, last + 1):
        people = _people(facts, codes, Indeling(year))
        for period in (parse_half_year(f"{year}-1"), parse_half_year(f"{year}-2")):
            rows += _half_year(period, targets.get(period), people, facts.memberships)
    table = pa.Table.from_pylist(rows, schema=_SCHEMA)
    table = table.sort_by([(name, "ascending") for name in OBSERVATIONS.key])
    OBSERVATIONS.check(table, TAAKSTELLING_SOURCE.id)
    return table


def _targets(targets: Iterable[NationalTarget]) -> dict[Period, NationalTarget]:
    by_period: dict[Period, NationalTarget] = {}
    for target in targets:
        if target.period in by_period:
            message = f"the taakstelling has two national totals for {target.halfjaar}"
            raise DuplicateKeyError(message)
        by_period[target.period] = target
    return by_period


def _people(facts: Facts, codes: Mapping[Indeling, frozenset[str]], indeling: Indeling) -> _People:
    """Return the inhabitants of 1 January of the year before, on the borders of an indeling."""
    jaar = indeling - 1
    rows = [row for row in facts.inhabitants if row.jaar == jaar]
    if indeling not in codes:
        message = f"there are no gemeentecodes for the indeling of {indeling}"
        raise RegisterError(message)
    if not rows:
        return _People(jaar, None, dict.fromkeys(codes[indeling]), 0)
    _check_all_counted(rows, codes)
    counted: dict[str, int | None] = {row.gemeente: row.inwoners for row in rows}
    if rows[0].indeling > indeling:
        counted = {}
    for step in range(rows[0].indeling + 1, indeling + 1):
        counted = _carried(counted, events_of(facts.redivisions, Indeling(step)))
    known = {code: counted.get(code) for code in codes[indeling]}
    return _People(jaar, sum(row.inwoners for row in rows), known, len(rows))


def _check_all_counted(
    rows: Sequence[Inhabitants], codes: Mapping[Indeling, frozenset[str]]
) -> None:
    """A sum over some of the gemeenten is not the population of the country."""
    indelingen = {row.indeling for row in rows}
    counted = {row.gemeente for row in rows}
    expected = codes.get(rows[0].indeling, frozenset())
    if len(indelingen) > 1 or counted != expected or len(rows) != len(counted):
        message = (
            f"inhabitants of {rows[0].jaar}: {len(rows)} rows for {len(expected)} gemeenten of the "
            f"indeling of {sorted(indelingen)}; not in both: {sorted(counted ^ expected)[:5]}"
        )
        raise RegisterError(message)


def _carried(
    counted: Mapping[str, int | None], events: Iterable[Redivision]
) -> dict[str, int | None]:
    """Return inhabitants on the borders after the events: sums, and None where a split has a part."""
    carried = dict(counted)
    moves = [row for row in events if row.mutatie.retires_code and row.oude_code != row.nieuwe_code]
    for code in {row.oude_code for row in moves}:
        carried.pop(code, None)
    for row in moves:
        part = counted.get(row.oude_code) if row.geheel else None
        before = carried.get(row.nieuwe_code, 0)
        unknown = before is None or part is None
        carried[row.nieuwe_code] = None if unknown else (before or 0) + (part or 0)
    return carried


def _half_year(
    period: Period,
    target: NationalTarget | None,
    people: _People,
    memberships: Iterable[Membership],
) -> Iterator[dict[str, object]]:
    """Give the rows of all levels for one half-year."""
    tasks = {code: _task(target, people, code) for code in people.gemeenten}
    counts = {code: _count(people, code) for code in people.gemeenten}
    for kenmerk, cells in ((_TASK, tasks), (_PEOPLE, counts)):
        regions: dict[tuple[Niveau, str], list[_Cell]] = {}
        for row in memberships:
            if row.indeling == period.indeling:
                regions.setdefault((row.niveau, row.code), []).append(cells[row.gemeente])
        sums = {key: _sum(parts) for key, parts in regions.items()}
        sums |= {(Niveau.GEMEENTE, code): cell for code, cell in cells.items()}
        land = _land_task(target) if kenmerk == _TASK else _land_count(people)
        for (niveau, code), cell in (sums | {(Niveau.LAND, LAND_CODE): land}).items():
            yield _row(kenmerk, niveau, code, period, cell)


def _task(target: NationalTarget | None, people: _People, code: str) -> _Cell:
    own = people.gemeenten[code]
    if target is None or people.land is None or own is None:
        return _ABSENT
    herkomst = f"{target.totaal} x {own} / {people.land}, naar boven afgerond"
    if target.zekerheid == _INFERRED:
        status, herkomst = Status.GESCHAT, f"{herkomst}; landelijk totaal afgeleid"
    else:
        status = Status.BEREKEND
    return _Cell(-(-target.totaal * own // people.land), status, herkomst)


def _count(people: _People, code: str) -> _Cell:
    own = people.gemeenten[code]
    if own is None:
        return _ABSENT
    return _Cell(own, Status.WAARGENOMEN, f"inwoners op 1 januari {people.jaar}")


def _land_task(target: NationalTarget | None) -> _Cell:
    if target is None:
        return _ABSENT
    if target.zekerheid == _INFERRED:
        return _Cell(target.totaal, Status.GESCHAT, "landelijk totaal afgeleid")
    herkomst = "gepubliceerd totaal; de som van de naar boven afgeronde delen is hoger"
    return _Cell(target.totaal, Status.WAARGENOMEN, herkomst)


def _land_count(people: _People) -> _Cell:
    if people.land is None:
        return _ABSENT
    herkomst = f"opgeteld uit {people.aantal} gemeenten op 1 januari {people.jaar}"
    return _Cell(people.land, Status.OPGETELD, herkomst)


def _sum(parts: Sequence[_Cell]) -> _Cell:
    values = [cell.waarde for cell in parts if cell.waarde is not None]
    if len(values) < len(parts):
        return _ABSENT
    estimated = any(cell.status is Status.GESCHAT for cell in parts)
    unit = "gemeente" if len(parts) == 1 else "gemeenten"
    herkomst = f"opgeteld uit {len(parts)} {unit}"
    return _Cell(sum(values), Status.GESCHAT if estimated else Status.OPGETELD, herkomst)


def _row(kenmerk: str, niveau: Niveau, code: str, period: Period, cell: _Cell) -> dict[str, object]:
    return {
        "bron": TAAKSTELLING_SOURCE.id,
        "groep": Thema.TAAKSTELLING.value,
        "kenmerk": kenmerk,
        "maat": "personen",
        "niveau": niveau.value,
        "code": code,
        "begin": period.begin,
        "eind": period.eind,
        "indeling": period.indeling,
        "waarde": cell.waarde,
        "status": cell.status.value,
        "ondergrens": cell.waarde,
        "bovengrens": cell.waarde,
        "voorlopig": False,
        "herkomst": cell.herkomst,
    }
