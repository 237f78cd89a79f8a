"""The figures of the table in a build: as fetched where they are there, and nothing made up beside."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.domain.findings import Severity
from spatial.domain.indicators import load_catalogue
from spatial.domain.sources import SourceStatus
from spatial.domain.statline import GROEP, TABLE_ID
from spatial.domain.tables import OBSERVATIONS
from spatial.errors import (
    CheckFailedError,
    SchemaError,
    SettingsError,
    SpatialError,
)
from spatial.normalise.statline import observations
from spatial.normalise.statline_rows import Known
from spatial.pipeline.build import Inputs, build_snapshot
from spatial.pipeline.land import Land
from spatial.pipeline.published import (
    Published,
    fetched_published,
    fetched_table,
    known_of,
)
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot
from tests import miniland
from tests.fetched_example import write_mirror
from tests.normalise.intake.fetched import KNOWN, TITLES, Small, cells, written

PIRATES = 'groep = [{ titel = "Piraten", id = "piraten", gezien = true }]\n'


LACKING = "Uitstromer uit detentie: totaal"


def quiet(_rows: int, _of: int | None) -> None:
    """Ignore progress."""


def read(source: Path, store: Path, known: Known = KNOWN) -> tuple[Published, list[str]]:
    """Return what is published, and the rules of the findings."""
    found, findings = fetched_published(source, known, load_catalogue(), store, quiet)
    return found, [entry.rule for entry in findings if entry.severity is Severity.WARNING]


def test_the_cells_of_the_catalogue_are_the_observations_of_the_whole_reader(
    tmp_path: Path,
) -> None:
    found, _ = read(written("zip", tmp_path / "in"), tmp_path / "store")

    raw = {"Observations": pa.concat_tables(Small().blocks()), **Small().code_lists()}
    whole = observations(raw, KNOWN.members, KNOWN.regions)[0]
    entries = load_catalogue().indicators
    asked = {(e.kenmerk, e.maat) for e in entries if e.soort.is_count and e.bron == TABLE_ID}
    pairs = zip(whole["kenmerk"].to_pylist(), whole["maat"].to_pylist(), strict=True)
    expected = whole.filter(pa.array([pair in asked for pair in pairs]))
    keys = [(name, "ascending") for name in OBSERVATIONS.key]
    assert expected.num_rows
    assert found.figures.sort_by(keys).to_pylist() == expected.sort_by(keys).to_pylist()


def test_fetched_figures_are_official_with_table_day_and_licence(tmp_path: Path) -> None:
    source = read(written("pages", tmp_path / "in"), tmp_path / "store")[0].source

    assert (source.id, source.status, source.licentie) == (
        TABLE_ID,
        SourceStatus.OFFICIEEL,
        "CC BY 4.0",
    )
    assert source.titel == "Klein (CBS-tabel 85980NED, gewijzigd 2024-11-28)"
    assert source.melding == ""


def test_beside_fetched_figures_no_population_is_made_up(tmp_path: Path) -> None:
    found, _ = read(written("pages", tmp_path / "in"), tmp_path / "store")

    assert found.population is None
    assert found.sources == [found.source]


def test_what_the_catalogue_asks_and_the_table_lacks_is_reported(tmp_path: Path) -> None:
    _, findings = fetched_published(
        written("pages", tmp_path / "in"), KNOWN, load_catalogue(), tmp_path / "store", quiet
    )

    keys = [entry.key for entry in findings if entry.rule == "not-in-table"]
    assert keys[:2] == ["uitstroom-detentie", "vergunninghouders"]
    assert "corporatie huishoudens" in keys


def test_groups_outside_the_catalogue_stay_on_disk(tmp_path: Path) -> None:
    known = known_of(_land(), _pirates(tmp_path))
    titles = {**TITLES, GROEP: {"G1": "Voltijdsstudent: totaal", "G2": "Piraten"}}
    source = written("csv", tmp_path / "in", Small(titles=titles))

    found, _ = read(source, tmp_path / "store", Known(known.members, KNOWN.regions))

    assert pc.unique(found.figures["groep"]).to_pylist() == ["studenten"]
    assert found.taken is not None
    assert found.taken.groups == ["piraten", "studenten"]


def test_a_table_without_any_group_of_the_catalogue_is_refused(tmp_path: Path) -> None:
    members = known_of(_land(), _pirates(tmp_path)).members
    titles = {**TITLES, GROEP: {"G1": "Piraten", "G2": "Voltijdsstudent: totaal"}}
    rows = [row for row in cells() if row[GROEP] == "G1"]

    with pytest.raises(CheckFailedError, match="has no figures of ouderen"):
        read(
            written("csv", tmp_path / "in", Small(rows, titles)),
            tmp_path / "store",
            Known(members, KNOWN.regions),
        )


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (None, SettingsError, "cannot be read"),
        (
            'groep = [{ titel = "Ouderen: totaal", id = "oud", gezien = true }]',
            SchemaError,
            "twice",
        ),
        ("groepen = []", SchemaError, "unknown keys"),
    ],
)
def test_a_list_of_members_that_cannot_be_used_is_refused(
    text: str | None, error: type[SpatialError], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "members.toml"
    if text is not None:
        path.write_text(text, "utf-8")

    with pytest.raises(error, match=words):
        known_of(_land(), path)


def test_a_mirror_has_the_table_as_a_folder_or_as_a_zip(tmp_path: Path) -> None:
    assert fetched_table(None) is None
    assert fetched_table(tmp_path) is None

    (tmp_path / "cbs").mkdir()
    (tmp_path / "cbs" / f"{TABLE_ID}.zip").touch()
    assert fetched_table(tmp_path) == tmp_path / "cbs" / f"{TABLE_ID}.zip"

    (tmp_path / "cbs" / TABLE_ID).mkdir()
    assert fetched_table(tmp_path) == tmp_path / "cbs" / TABLE_ID


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory, example: Settings) -> Snapshot:
    """Return a snapshot of the example, made of pages as if they were fetched, but one group."""
    folder = tmp_path_factory.mktemp("fetched")
    settings = replace(example, data=folder / "store")
    mirror = write_mirror(folder / "mirror", settings.boundaries, LACKING)
    return build_snapshot(settings, Inputs(mirror), lambda _step, _done: None).snapshot


@pytest.mark.client
def test_fetched_pages_give_the_figures_that_they_hold(
    fetched: Snapshot, example: Settings
) -> None:
    other = open_snapshot(example.data)
    for name in ("ouderen-gemeente", "vergunninghouders-gemeente-indeling-2024", "studenten-land"):
        of_example = other.layer(other.contents.get(name))
        found = fetched.layer(fetched.contents.get(name))
        same = [
            column for column in of_example.column_names if of_example[column].equals(found[column])
        ]

        assert {"personen", "personenStatus", "huishoudensMin", "aandeelCorporatie"} <= set(same)
        assert found["huishoudensAlle"].null_count == found.num_rows


@pytest.mark.client
def test_a_build_of_fetched_figures_says_nothing_of_examples(fetched: Snapshot) -> None:
    assert fetched.manifest["example"] is False
    assert {entry.id for entry in fetched.contents.sources} >= {TABLE_ID, "inwoners"}
    for collection in fetched.contents.collections:
        assert not [text for text in fetched.contents.notices(collection) if "oorbeeld" in text]
    for collection in fetched.contents.layers:
        layer = fetched.layer(collection)
        if "bronStatus" in layer.column_names:
            assert "voorbeeldcijfers" not in pc.unique(layer["bronStatus"]).to_pylist()


@pytest.mark.client
def test_a_group_that_the_table_lacks_has_no_collections_and_is_told(fetched: Snapshot) -> None:
    told = [
        entry["key"]
        for entry in json.loads((fetched.path / "bevindingen.json").read_text("utf-8"))
        if entry["rule"] == "not-in-table"
    ]

    assert "uitstroom-detentie" in told
    assert not [c.id for c in fetched.contents.collections if c.id.startswith("uitstroom")]


def _pirates(tmp_path: Path) -> Path:
    path = tmp_path / "members.toml"
    path.write_text(PIRATES, "utf-8")
    return path


def _land() -> Land:
    return Land(miniland.boundaries(), miniland.SHAPES)
