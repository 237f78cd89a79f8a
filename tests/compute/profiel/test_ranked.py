"""Places and similar gemeenten on a profile: of the same area and the same day, or none."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pytest

from spatial.compute.benchmark import Rang
from spatial.compute.profiel.answer import Profiel, Vraag, profiel
from spatial.compute.profiel.document import document_of
from spatial.compute.profiel.gids import read_gids
from spatial.compute.profiel.page import fragment
from spatial.domain.aspects import Aspect
from spatial.domain.indicators import Thema, load_catalogue
from spatial.domain.regions import Indeling, Niveau
from spatial.join.attach import Provenance, attach
from spatial.join.layers import boundaries_layer, memberships_layer, redivisions_layer
from spatial.store.catalogue import Collection, Contents
from spatial.store.describe import (
    Subject,
    describe_boundaries,
    describe_indicators,
    describe_redivisions,
)
from spatial.store.describe_analysis import describe_ranks, describe_similar
from spatial.store.memberships import MEMBERSHIPS_FILE
from spatial.store.snapshot import Draft, Snapshot, draft, publish
from tests.miniland import FIGURES, NAMES, REGISTER, SHAPES, boundaries, memberships

RATE = load_catalogue().get("aandeelCorporatie")
YEAR = 2022
DAYS = (date(2020, 12, 31), date(2022, 12, 31))
VALUES = {"GM0003": 40.0, "GM0004": 20.0, "GM0010": None}
PLACES = {"GM0003": (1, 2), "GM0004": (1, 2), "GM0010": (None, None)}
SIMILAR = {"GM0003": "GM0004 0.50; GM0010 1.25", "GM0004": "GM0003 0.50", "GM0010": None}


def cells(value: float | None) -> dict[str, object]:
    names = RATE.columns
    if value is None:
        return dict(zip(names, (None, "geheim_of_onbekend", None, None), strict=True))
    return dict(zip(names, (value, "berekend", value - 0.4, value + 0.4), strict=True))


def region(code: str, year: int, day: date) -> dict[str, object]:
    return {
        "id": f"{code}-{day}", "regioCode": code, "regioNaam": NAMES[code],
        "niveau": Niveau.GEMEENTE.value, "indeling": year, "peilmoment": day,
    }  # fmt: skip


def place(code: str) -> dict[str, object]:
    first, last = PLACES[code]
    ends = (first, last, 2, 0.0 if first else None, 100.0 if first else None)
    columns = ("RangMin", "RangMax", "RangVan", "PercentielMin", "PercentielMax")
    return {f"{RATE.id}{name}": end for name, end in zip(columns, ends, strict=True)}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    shapes = boundaries()
    gemeenten = shapes[shapes["niveau"] == Niveau.GEMEENTE.value].reset_index(drop=True)
    own = [
        {**region(code, day.year, day), **cells(VALUES.get(code, 50.0)), "voorlopig": False}
        for day in DAYS
        for code in gemeenten.loc[gemeenten["indeling"] == day.year, "code"]
    ]
    ranked = [
        {**region(code, YEAR, day), **cells(VALUES[code]), **place(code), "voorlopig": False}
        for code in VALUES
        for day in DAYS
    ]
    similar = [
        {
            **region(code, YEAR, date(YEAR, 1, 1)),
            "vergelijkbaar": said,
            "vergelijkbaarNamen": said and "; ".join(NAMES[one[:6]] for one in said.split("; ")),
            "kenmerken": "huishoudens; huishoudens per km2",
            "reden": None if said else "een van de kenmerken ontbreekt",
        }
        for code, said in SIMILAR.items()
    ]
    with draft(tmp_path_factory.mktemp("store")) as draft_:
        lives = boundaries_layer(gemeenten, SHAPES.status.value)
        draft_.add_layer("grenzen-gemeente.parquet", lives)
        contents = [describe_boundaries(lives, Niveau.GEMEENTE, [SHAPES])]
        subject = Subject(Thema.OUDEREN, Niveau.GEMEENTE)
        of_rank = Subject(Thema.OUDEREN, Niveau.GEMEENTE, Indeling(YEAR), Aspect.RANG)
        for rows, describe in (
            (own, lambda t: describe_indicators(t, subject, [RATE], [FIGURES, SHAPES])),
            (ranked, lambda t: describe_ranks(t, of_rank, [RATE], [FIGURES, SHAPES])),
            (similar, lambda t: describe_similar(t, [FIGURES, SHAPES])),
        ):
            contents.append(written(draft_, pa.Table.from_pylist(rows), gemeenten, describe))
        events = redivisions_layer(REGISTER, gemeenten)
        draft_.add_layer("herindelingen.parquet", events)
        contents.append(describe_redivisions(events, [SHAPES]))
        draft_.add_layer(MEMBERSHIPS_FILE, memberships_layer(memberships(), shapes))
        draft_.seal(Contents(tuple(contents), (FIGURES, SHAPES)), {"land": "miniland"})
        return publish(draft_, Path(draft_.folder.parents[1]))


def written(
    draft_: Draft, rows: pa.Table, shapes: gpd.GeoDataFrame, describe: object
) -> Collection:
    rows = rows.set_column(4, "indeling", rows["indeling"].cast(pa.int32()))
    said = Provenance(FIGURES.id, FIGURES.status.value, SHAPES.status.value)
    layer = attach(rows, shapes, said)
    collection: Collection = describe(layer)  # type: ignore[operator]
    draft_.add_layer(collection.bestand, layer)
    return collection


def asked(snapshot: Snapshot, code: str) -> Profiel:
    return profiel(snapshot, read_gids(snapshot), Vraag(code))


def test_a_gemeente_has_the_place_that_the_ranking_gives_it(snapshot: Snapshot) -> None:
    blok = asked(snapshot, "GM0004").blokken[0]
    series = blok.reeksen[RATE.id]

    assert (series.rang, series.van) == (Rang(1, 2, 0.0, 100.0), 2)
    assert blok.rangindeling == YEAR


def test_a_secret_figure_has_no_place(snapshot: Snapshot) -> None:
    assert asked(snapshot, "GM0010").blokken[0].reeksen[RATE.id].rang is None


def test_the_place_of_another_area_is_not_its_own(snapshot: Snapshot) -> None:
    # the newest figure of GM0001 is of before it went up in GM0010
    assert asked(snapshot, "GM0001").blokken[0].reeksen[RATE.id].rang is None


def test_similar_gemeenten_stand_behind_it_with_figures_of_one_day(snapshot: Snapshot) -> None:
    found = asked(snapshot, "GM0003").gelijken

    assert found is not None
    assert [(one.code, one.afstand) for one in found.gemeenten] == [
        ("GM0003", 0.0), ("GM0004", 0.5), ("GM0010", 1.25),
    ]  # fmt: skip
    key = (Thema.OUDEREN, RATE.id)
    assert found.velden[key][1] == DAYS[-1]
    assert [one.cellen[key].value for one in found.gemeenten] == [40.0, 20.0, None]


def test_who_has_no_similar_gemeenten_says_why(snapshot: Snapshot) -> None:
    answer = asked(snapshot, "GM0010")

    assert answer.gelijken is not None
    assert answer.gelijken.reden == "een van de kenmerken ontbreekt"
    text = fragment(answer, read_gids(snapshot), english=True)
    assert "There are no similar municipalities" in text


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "1e tot 2e van 2"), ("en", "1st to 2nd of 2")]
)
def test_a_place_is_written_as_a_range(snapshot: Snapshot, language: str, said: str) -> None:
    gids = read_gids(snapshot)

    assert said in fragment(asked(snapshot, "GM0003"), gids, english=language == "en")


def test_the_document_has_the_same(snapshot: Snapshot) -> None:
    document = document_of(asked(snapshot, "GM0003"), read_gids(snapshot))

    indicator = document["themas"][0]["delen"][0]["indicatoren"][0]
    assert indicator["rang"] == {
        "min": 1, "max": 2, "van": 2, "percentielMin": 0.0, "percentielMax": 100.0,
    }  # fmt: skip
    assert [one["code"] for one in document["vergelijkbaar"]["gemeenten"]] == ["GM0004", "GM0010"]
