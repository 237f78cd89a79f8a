"""The figures of 85980NED for a build: as fetched, or made as an example, and what belongs to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.facts import Facts
from spatial.domain.findings import Finding, Severity
from spatial.domain.indicators import GROEPEN, Catalogue, Indicator
from spatial.domain.members import load_members, parse_members
from spatial.domain.mirror import table_folder
from spatial.domain.sources import Source, SourceStatus
from spatial.domain.statline import TABLE_ID
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import CheckFailedError, SettingsError
from spatial.example.figures import EXAMPLE_SOURCE, EXAMPLE_YEARS, example_statline
from spatial.example.population import EXAMPLE_POPULATION_SOURCE, example_population
from spatial.normalise.intake.partitions import Taken, read_cells
from spatial.normalise.intake.take import Seen, take_in
from spatial.normalise.statline import observations
from spatial.normalise.statline_columns import observations_from
from spatial.normalise.statline_rows import Known
from spatial.pipeline.land import Land
from spatial.pipeline.recoding import Recoding

_TITLE = "Aandachtsgroepen volkshuisvesting; regio, 1 januari en 31 december"
_LICENCE = "CC BY 4.0"
_PAGE = f"https://www.cbs.nl/nl-nl/cijfers/detail/{TABLE_ID}"
_INTAKE = "cellen"
_BASE = 5


@dataclass(frozen=True, slots=True)
class Published:
    """The figures of the table, and what belongs to them.

    Attributes:
        figures: ``OBSERVATIONS`` of the groups, kenmerken and measures of the catalogue.
        source: the table.
        population: ``OBSERVATIONS`` of all households and dwellings; None where nobody has them:
            beside real figures none are made up.
        population_source: where these come from; None as ``population``.
        taken: all cells of the table on disk; None for the example.
    """

    figures: pa.Table
    source: Source
    population: pa.Table | None = None
    population_source: Source | None = None
    taken: Taken | None = None

    @property
    def tables(self) -> list[pa.Table]:
        """The tables of observations that there are."""
        return [table for table in (self.figures, self.population) if table is not None]

    @property
    def sources(self) -> list[Source]:
        """The sources of these tables."""
        return [entry for entry in (self.source, self.population_source) if entry is not None]

    @property
    def years(self) -> list[int]:
        """The years of the figures, ascending."""
        return sorted(pc.unique(pc.year(self.figures["eind"])).to_pylist())


def fetched_table(mirror: Path | None) -> Path | None:
    """Return where a mirror has the table as fetched: a folder or a zip; None when it has not."""
    if mirror is None:
        return None
    folder = table_folder(mirror, TABLE_ID)
    return next((path for path in (folder, folder.with_suffix(".zip")) if path.exists()), None)


def example_published(
    facts: Facts, land: Land, catalogue: Catalogue, recode: Recoding
) -> tuple[Published, list[Finding]]:
    """Make the example figures, and read them as StatLine.

    Args:
        facts: register, memberships and inhabitants.
        land: the shapes: figures must have a region in their indeling.
        catalogue: its counts are what the example makes.
        recode: its gemeentecodes.

    Raises:
        SpatialError: see ``example`` and ``normalise``.
    """
    members = load_members()
    raw = example_statline(facts, recode.codes, members, catalogue)
    figures, findings = observations(raw, members, land.codes())
    population = example_population(facts, recode.codes, years=EXAMPLE_YEARS)
    found = Published(figures, EXAMPLE_SOURCE, population, EXAMPLE_POPULATION_SOURCE)
    return found, findings


def fetched_published(
    path: Path, known: Known, catalogue: Catalogue, store: Path, seen: Seen
) -> tuple[Published, list[Finding]]:
    """Take the table in as fetched, and read from it what the catalogue asks.

    Args:
        path: the table, see ``fetched_table``.
        known: members, regions and rounding.
        catalogue: its counts of this table are read; all other cells stay on disk.
        store: gets all cells of the table, in ``cellen/<table>``.
        seen: told how many rows were read.

    Raises:
        CheckFailedError: the table has none of the groups of the catalogue.
        SpatialError: see ``take_in``.
    """
    taken = take_in(path, TABLE_ID, known, store / _INTAKE / TABLE_ID, seen)
    entries = [
        entry for entry in catalogue.indicators if entry.soort.is_count and entry.bron == TABLE_ID
    ]
    absent = [thema.value for thema in GROEPEN if thema.value not in taken.groups]
    tables = [
        _cells_of(taken, thema.value, entries) for thema in GROEPEN if thema.value not in absent
    ]
    if not tables or not sum(table.num_rows for table in tables):
        message = f"{path} has no figures of {', '.join(thema.value for thema in GROEPEN)}"
        raise CheckFailedError(message)
    figures = observations_from(pa.concat_tables(tables), TABLE_ID, known.base)
    OBSERVATIONS.check(figures, TABLE_ID)
    return Published(figures, _source(taken), taken=taken), [
        *taken.findings,
        *_absences(figures, entries, absent),
    ]


def known_of(land: Land, members: Path | None) -> Known:
    """Return what is known of the table before it is read.

    Args:
        land: the shapes, which know the codes of every indeling.
        members: TOML with further groups and kenmerken, in the form of ``domain/members.toml``.

    Raises:
        SettingsError: the file cannot be read.
        SchemaError: it is no list of members, or has one that is known already.
    """
    known = load_members()
    if members is not None:
        try:
            known = known.with_more(parse_members(members.read_text("utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            message = f"{members} cannot be read: {error}"
            raise SettingsError(message) from error
    return Known(known, land.codes(), _BASE)


def _cells_of(taken: Taken, groep: str, entries: Sequence[Indicator]) -> pa.Table:
    """Return the cells of a group that the catalogue asks."""
    kenmerken = sorted({entry.kenmerk for entry in entries})
    cells = read_cells(taken, groep, [("kenmerk", "in", kenmerken)])
    asked = pa.array(sorted({f"{entry.kenmerk} {entry.maat}" for entry in entries}))
    texts = [cells[name].cast(pa.string()) for name in ("kenmerk", "maat")]
    wanted = pc.is_in(pc.binary_join_element_wise(*texts, " "), asked)
    return cells.filter(wanted)


def _absences(
    figures: pa.Table, entries: Sequence[Indicator], absent: Sequence[str]
) -> list[Finding]:
    """Report what the catalogue asks and the table does not have."""
    there = figures.group_by(["kenmerk", "maat"]).aggregate([]).to_pylist()
    cells = {(row["kenmerk"], row["maat"]) for row in there}
    lacking = sorted({(entry.kenmerk, entry.maat) for entry in entries} - cells)
    texts = [(groep, "the table has no such group") for groep in absent]
    texts += [(f"{kenmerk} {maat}", "the table has no such cells") for kenmerk, maat in lacking]
    return [Finding(Severity.WARNING, TABLE_ID, key, "not-in-table", text) for key, text in texts]


def _source(taken: Taken) -> Source:
    about = taken.about
    changed = f", gewijzigd {about.modified[:10]}" if about.modified else ""
    return Source(
        TABLE_ID,
        f"{about.titel or _TITLE} (CBS-tabel {TABLE_ID}{changed})",
        SourceStatus.OFFICIEEL,
        about.licence or _LICENCE,
        url=_PAGE,
        sha256=taken.source,
    )
