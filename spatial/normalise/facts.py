"""The fact tables of folder ``boundaries/``: read, checked against each other, typed."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from spatial.domain.facts import Facts, GazetteerEntry, Inhabitants, Membership, NationalTarget
from spatial.domain.periods import parse_half_year
from spatial.domain.redivisions import Mutatie, Redivision, advance
from spatial.domain.regions import Indeling, Niveau
from spatial.errors import RegisterError, SourceError, UnknownRegionError, ValueParseError
from spatial.normalise.rows import Row, read_rows

log = logging.getLogger(__name__)

LEVELS = (Niveau.PROVINCIE, Niveau.COROP, Niveau.VEILIGHEIDSREGIO)
"""The levels above gemeente for which memberships are kept."""

_USABLE = ("definitief", "indirect", "afgeleid")
_STATUSES = (*_USABLE, "vervangen", "schatting")
_SHARE_TOLERANCE = 0.001


def read_facts(folder: Path) -> Facts:
    """Read all fact tables and check that they agree with each other.

    Args:
        folder: holds herindelingen.csv, indelingen.csv, gemeente_regio.csv, regio.csv, inwoners.csv,
            taakstelling.csv, gazetteer.csv and bronnen.csv (see ``boundaries/README.md``).

    Returns:
        The facts, each table in the order of its file; one national total per half-year, the
        definitive one or else the indirect or the inferred one, never an estimate.

    Raises:
        SchemaError: a file is absent, or has other columns than declared.
        ValueParseError: a cell holds no such number, date or word.
        UnknownRegionError: a code is not a code, or its indeling does not have it.
        DuplicateKeyError: a key occurs twice.
        SourceError: a row names a source that bronnen.csv does not explain.
        RegisterError: the register contradicts the counts, the memberships or the gazetteer.
    """
    sources = frozenset(
        row.text("bron")
        for row in read_rows(
            folder / "bronnen.csv", ("bron", "titel", "url", "licentie"), ("bron",)
        )
    )
    facts = Facts(
        redivisions=_redivisions(folder, sources),
        memberships=_memberships(folder, sources),
        inhabitants=_inhabitants(folder, sources),
        targets=_targets(folder, sources),
        gazetteer=_gazetteer(folder),
    )
    check_register(facts, _counts(folder, sources))
    log.info(
        "read %d redivisions, %d memberships, %d counts of inhabitants, %d national targets",
        len(facts.redivisions),
        len(facts.memberships),
        len(facts.inhabitants),
        len(facts.targets),
    )
    return facts


def code_sets(facts: Facts) -> dict[Indeling, frozenset[str]]:
    """Return the gemeentecodes of every indeling of the memberships, ascending.

    The first set is that of the memberships; each next one follows from the register.

    Raises:
        RegisterError: there are no memberships, or the register retires a code that is not there.
    """
    indelingen = {row.indeling for row in facts.memberships}
    if not indelingen:
        message = "there are no memberships to take the first set of gemeentecodes from"
        raise RegisterError(message)
    first, last = min(indelingen), max(indelingen)
    codes = frozenset(row.gemeente for row in facts.memberships if row.indeling == first)
    sets = {first: codes}
    for year in range(first + 1, last + 1):
        codes = advance(codes, facts.redivisions, Indeling(year))
        sets[Indeling(year)] = codes
    return sets


def check_register(facts: Facts, counts: Mapping[Indeling, int]) -> None:
    """Refuse a register that contradicts the other tables.

    Args:
        facts: the tables.
        counts: number of gemeenten per indeling.

    Raises:
        RegisterError: an indeling has another number of codes than counted, the parts of a split do
            not add up to the whole, or memberships or gazetteer have other codes than the register.
        UnknownRegionError: inhabitants of a gemeente that the indeling does not have.
    """
    sets = code_sets(facts)
    for indeling, count in counts.items():
        found = len(sets.get(indeling, ()))
        if found != count:
            message = f"the register gives {found} gemeenten for {indeling}, not {count}"
            raise RegisterError(message)
    if uncounted := sorted(sets.keys() - counts.keys()):
        message = f"indelingen.csv has no number of gemeenten for {uncounted}"
        raise RegisterError(message)
    _check_splits(facts.redivisions)
    _check_memberships(facts.memberships, sets)
    _check_gazetteer(facts.gazetteer, sets)
    for row in facts.inhabitants:
        if row.gemeente not in sets.get(row.indeling, frozenset()):
            message = (
                f"inwoners.csv has {row.gemeente} for {row.jaar}, which indeling {row.indeling}"
                " does not have"
            )
            raise UnknownRegionError(message)


def _check_splits(register: Sequence[Redivision]) -> None:
    totals: dict[tuple[str, Indeling], float] = {}
    for row in register:
        if row.mutatie is Mutatie.OPSPLITSING:
            key = row.oude_code, row.first_indeling
            totals[key] = totals.get(key, 0.0) + (row.aandeel or 0.0)
    for (code, indeling), total in totals.items():
        if abs(total - 1) > _SHARE_TOLERANCE:
            message = f"the parts of {code}, split in {indeling}, add up to {total:.4f}, not to 1"
            raise RegisterError(message)


def _check_memberships(
    memberships: Sequence[Membership], sets: Mapping[Indeling, frozenset[str]]
) -> None:
    covered: dict[tuple[Indeling, Niveau], set[str]] = {}
    for row in memberships:
        covered.setdefault((row.indeling, row.niveau), set()).add(row.gemeente)
    for (indeling, niveau), found in covered.items():
        if difference := found ^ sets[indeling]:
            message = (
                f"memberships of {niveau} {indeling} and the register differ in"
                f" {sorted(difference)}"
            )
            raise RegisterError(message)


def _check_gazetteer(
    gazetteer: Sequence[GazetteerEntry], sets: Mapping[Indeling, frozenset[str]]
) -> None:
    for indeling, codes in sets.items():
        known = {row.code for row in gazetteer if row.eerste <= indeling <= row.laatste}
        if difference := known ^ codes:
            message = f"gazetteer and register differ for {indeling} in {sorted(difference)}"
            raise RegisterError(message)


def _redivisions(folder: Path, sources: frozenset[str]) -> tuple[Redivision, ...]:
    rows = read_rows(
        folder / "herindelingen.csv",
        (
            "datum",
            "oude_code",
            "oude_naam",
            "nieuwe_code",
            "nieuwe_naam",
            "mutatie",
            "omvang",
            "aandeel",
            "aandeel_grondslag",
            "zekerheid",
            "opmerking",
            "bron",
        ),
        ("datum", "oude_code", "nieuwe_code"),
    )
    return tuple(_redivision(row, sources) for row in rows)


def _redivision(row: Row, sources: frozenset[str]) -> Redivision:
    mutatie = Mutatie(row.choice("mutatie", list(Mutatie)))
    aandeel = row.positive("aandeel") if row.cells["aandeel"] else None
    if aandeel is not None and aandeel > 1:
        raise ValueParseError(row.complaint("aandeel", "a share of at most 1"))
    if aandeel is None and mutatie is Mutatie.OPSPLITSING:
        raise ValueParseError(row.complaint("aandeel", "the share that an opsplitsing needs"))
    row.choice("aandeel_grondslag", [""] if aandeel is None else ["oppervlakte"])
    return Redivision(
        datum=row.day("datum"),
        oude_code=row.code("oude_code"),
        oude_naam=row.text("oude_naam"),
        nieuwe_code=row.code("nieuwe_code"),
        nieuwe_naam=row.text("nieuwe_naam"),
        mutatie=mutatie,
        geheel=row.choice("omvang", ("geheel", "deel")) == "geheel",
        aandeel=aandeel,
        aandeel_grondslag=row.cells["aandeel_grondslag"],
        zekerheid=row.text("zekerheid"),
        opmerking=row.cells["opmerking"],
        bron=_bron(row, sources),
    )


def _memberships(folder: Path, sources: frozenset[str]) -> tuple[Membership, ...]:
    columns = ("indeling", "gemeente_code", "niveau", "regio_code", "zekerheid", "bron")
    rows = read_rows(folder / "gemeente_regio.csv", columns, columns[:3])
    names = _names(folder)
    return tuple(_membership(row, names, sources) for row in rows)


def _membership(row: Row, names: Mapping[str, str], sources: frozenset[str]) -> Membership:
    niveau = Niveau(row.choice("niveau", LEVELS))
    code = row.code("regio_code", niveau)
    if code not in names:
        message = f"{row}: regio.csv has no name for {code}"
        raise UnknownRegionError(message)
    return Membership(
        indeling=row.indeling("indeling"),
        gemeente=row.code("gemeente_code"),
        niveau=niveau,
        code=code,
        naam=names[code],
        zekerheid=row.text("zekerheid"),
        bron=_bron(row, sources),
    )


def _names(folder: Path) -> dict[str, str]:
    rows = read_rows(folder / "regio.csv", ("niveau", "code", "naam"), ("code",))
    return {
        row.code("code", Niveau(row.choice("niveau", LEVELS))): row.text("naam") for row in rows
    }


def _inhabitants(folder: Path, sources: frozenset[str]) -> tuple[Inhabitants, ...]:
    columns = ("gemeente_code", "jaar", "inwoners", "indeling", "bron")
    rows = read_rows(folder / "inwoners.csv", columns, columns[:2])
    return tuple(
        Inhabitants(
            gemeente=row.code("gemeente_code"),
            jaar=row.whole("jaar"),
            inwoners=row.whole("inwoners"),
            indeling=row.indeling("indeling"),
            bron=_bron(row, sources),
        )
        for row in rows
    )


def _targets(folder: Path, sources: frozenset[str]) -> tuple[NationalTarget, ...]:
    rows = read_rows(
        folder / "taakstelling.csv",
        (
            "halfjaar",
            "begin",
            "eind",
            "landelijk_totaal",
            "status",
            "aangekondigd",
            "achterstand_begin",
            "bron",
            "opmerking",
        ),
        ("halfjaar", "status"),
    )
    best: dict[str, NationalTarget] = {}
    for row in rows:
        target = _target(row, sources)
        rival = best.get(target.halfjaar)
        if target.zekerheid in _USABLE and (
            rival is None or _USABLE.index(target.zekerheid) < _USABLE.index(rival.zekerheid)
        ):
            best[target.halfjaar] = target
    return tuple(sorted(best.values(), key=lambda target: target.period))


def _target(row: Row, sources: frozenset[str]) -> NationalTarget:
    halfjaar = row.text("halfjaar")
    try:
        period = parse_half_year(halfjaar)
    except ValueParseError as error:
        message = f"{row}: {error}"
        raise ValueParseError(message) from error
    for column, day in (("begin", period.begin), ("eind", period.eind)):
        if row.day(column) != day:
            raise ValueParseError(row.complaint(column, f"{day}, as half-year {halfjaar} has"))
    return NationalTarget(
        halfjaar=halfjaar,
        period=period,
        totaal=row.whole("landelijk_totaal"),
        zekerheid=row.choice("status", _STATUSES),
        bron=_bron(row, sources),
        opmerking=row.cells["opmerking"],
        achterstand=row.whole("achterstand_begin") if row.cells["achterstand_begin"] else None,
    )


def _gazetteer(folder: Path) -> tuple[GazetteerEntry, ...]:
    rows = read_rows(
        folder / "gazetteer.csv",
        (
            "code",
            "naam",
            "x_rd_m",
            "y_rd_m",
            "land_km2",
            "eerste_indeling",
            "laatste_indeling",
            "gemeten_in_indeling",
        ),
        ("code",),
    )
    return tuple(
        GazetteerEntry(
            code=row.code("code"),
            naam=row.text("naam"),
            x_m=row.positive("x_rd_m"),
            y_m=row.positive("y_rd_m"),
            land_km2=row.positive("land_km2"),
            eerste=row.indeling("eerste_indeling"),
            laatste=row.indeling("laatste_indeling"),
            gemeten=row.indeling("gemeten_in_indeling"),
        )
        for row in rows
    )


def _counts(folder: Path, sources: frozenset[str]) -> dict[Indeling, int]:
    columns = ("indeling", "aantal_gemeenten", "zekerheid", "bron")
    counts = {}
    for row in read_rows(folder / "indelingen.csv", columns, columns[:1]):
        _bron(row, sources)
        counts[row.indeling("indeling")] = row.whole("aantal_gemeenten")
    return counts


def _bron(row: Row, sources: frozenset[str]) -> str:
    text = row.text("bron")
    if unknown := set(text.split()) - sources:
        message = f"{row}: bronnen.csv does not explain the source {sorted(unknown)}"
        raise SourceError(message)
    return text
