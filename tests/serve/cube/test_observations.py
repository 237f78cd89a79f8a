"""Observations over HTTP: what is asked is what comes, on pages that meet, in every form."""

import io
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
import shapely
from openapi_spec_validator import validate
from pygeoapi.provider.base import ProviderInvalidQueryError, ProviderItemNotFoundError
from starlette.testclient import TestClient

from spatial.serve.cube import documents, files, keyset, select
from spatial.serve.cube.views import Sides
from spatial.serve.provider import LayerProvider
from tests.serve.cube.conftest import ITEMS, Asker, figures

_RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
_ETRS = "http://www.opengis.net/def/crs/EPSG/0/4258"
_RENAMED = {
    "regioCode": "code", "periodeBegin": "begin", "periodeEind": "eind", "min": "ondergrens",
    "max": "bovengrens",
}  # fmt: skip
_ALL = figures().to_pylist()
_LAND: dict[str, str | int] = {"groep": "ouderen", "niveau": "land", "kenmerk": "totaal"}


def rows(**wanted: object) -> list[dict[str, Any]]:
    """The rows of the long table that have these values."""
    return [row for row in _ALL if all(row[name] == value for name, value in wanted.items())]


def test_all_observations_are_counted_and_the_first_ones_shown(ask: Asker) -> None:
    page = ask.document(limit=3)
    assert (page["numberMatched"], page["numberReturned"]) == (len(_ALL), 3)


def test_an_observation_says_what_the_long_table_says(ask: Asker) -> None:
    found = ask.values(
        groep="ouderen", regioCode="GM0003", maat="personen", peilmoment="2021-12-31"
    )
    assert found == [
        {
            "groep": "ouderen", "kenmerk": "totaal", "maat": "personen", "niveau": "gemeente",
            "regioCode": "GM0003", "regioNaam": found[0]["regioNaam"], "indeling": 2021,
            "peilmoment": "2021-12-31", "periodeBegin": "2021-12-31", "periodeEind": "2021-12-31",
            "waarde": 100, "status": "waargenomen", "min": 98, "max": 102, "voorlopig": False,
            "bron": "85980NED", "bronStatus": "voorbeeldcijfers", "grens": "GM0003-2021-01-01",
        }
    ]  # fmt: skip


def test_a_confidential_observation_has_its_status_and_nothing_else(ask: Asker) -> None:
    found = ask.values(regioCode="GM0002", limit=100)
    assert found
    assert {(f["waarde"], f["status"], f["min"], f["max"]) for f in found} == {
        (None, "geheim_of_onbekend", None, None)
    }


@pytest.mark.parametrize("limit", [1, 7, 50, 10_000])
@pytest.mark.parametrize("sortby", ["", "-waarde", "regioNaam,-periodeBegin", "status,waarde"])
def test_pages_follow_each_other_without_gap_or_repeat(ask: Asker, limit: int, sortby: str) -> None:
    asked: dict[str, str | int] = {"groep": "ouderen", "maat": "personen", "limit": limit}
    if sortby:
        asked["sortby"] = sortby
    pages = list(ask.pages(**asked))
    found = [feature["id"] for page in pages for feature in page["features"]]
    whole = [f["id"] for f in ask.document(**(asked | {"limit": 10_000}))["features"]]
    assert found == whole
    assert len(set(found)) == len(rows(groep="ouderen", maat="personen"))
    assert {page["numberMatched"] for page in pages} == {len(found)}


def test_sorting_is_by_value_with_missing_ones_last(ask: Asker) -> None:
    up, down = (
        [found["waarde"] for found in ask.values(maat="personen", sortby=key, limit=10_000)]
        for key in ("waarde", "-waarde")
    )
    known = sorted(row["waarde"] for row in rows(maat="personen") if row["waarde"] is not None)
    assert [value for value in up if value is not None] == known
    assert [value for value in down if value is not None] == known[::-1]
    assert up[len(known) :] == down[len(known) :]
    assert set(up[len(known) :]) == {None}


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("waarde > 100", lambda row: (row["waarde"] or 0) > 100),
        ("waarde > 100 AND groep = 'studenten'",
         lambda row: (row["waarde"] or 0) > 100 and row["groep"] == "studenten"),
        ("groep = 'studenten' OR niveau = 'land'",
         lambda row: row["groep"] == "studenten" or row["niveau"] == "land"),
        ("NOT (regioCode LIKE 'GM%') AND maat = 'personen'",
         lambda row: not row["code"].startswith("GM") and row["maat"] == "personen"),
        ("waarde IS NULL", lambda row: row["waarde"] is None),
        ("status IN ('geheim_of_onbekend', 'opgeteld')",
         lambda row: row["status"] == "geheim_of_onbekend"),
        ("max - min = 4 AND indeling = 2022",
         lambda row: row["waarde"] is not None and row["bovengrens"] - row["ondergrens"] == 4
         and row["indeling"] == 2022),
        ("voorlopig = TRUE AND kenmerk = 'totaal'",
         lambda row: row["voorlopig"] and row["kenmerk"] == "totaal"),
        ("peilmoment IS NULL", lambda row: row["begin"] != row["eind"]),
        ("periodeEind >= DATE('2022-01-01')", lambda row: str(row["eind"]) >= "2022-01-01"),
        ("TRUE", lambda _: True),
        ("FALSE", lambda _: False),
    ],
)  # fmt: skip
def test_a_filter_is_held_against_every_cell(ask: Asker, written: str, holds: Any) -> None:
    page = ask.document(filter=written, limit=10_000)
    wanted = {_key(row) for row in _ALL if holds(row)}
    assert {_key_of(feature["properties"]) for feature in page["features"]} == wanted
    assert page["numberMatched"] == len(wanted)


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("groep", "kenmerk", "maat", "code", "begin", "eind")
    return tuple(str(row[name]) for name in names)


def _key_of(found: dict[str, Any]) -> tuple[str, ...]:
    names = ("groep", "kenmerk", "maat", "regioCode", "periodeBegin", "periodeEind")
    return tuple(str(found[name]) for name in names)


def test_properties_are_filters_and_all_of_them_hold(ask: Asker) -> None:
    found = ask.values(niveau="provincie", indeling=2020, voorlopig="false", waarde=125, limit=100)
    assert {(f["regioCode"], f["waarde"]) for f in found} == {("PV20", 125)}


def test_datetime_finds_days_and_the_periods_around_them(ask: Asker) -> None:
    found = ask.values(datetime="2021-06-01/2021-07-01", limit=100)
    assert {(f["periodeBegin"], f["periodeEind"]) for f in found} == {("2021-01-01", "2021-12-31")}


def test_bbox_chooses_by_the_shape_of_the_region(ask: Asker) -> None:
    found = ask.values(bbox="121000,481000,121100,481100", bbox_crs=_RD, limit=10_000)
    assert {f["regioCode"] for f in found} == {"GM0001", "GM0010", "PV20", "NL01"}


def test_a_filter_on_the_shape_goes_with_one_on_values(ask: Asker) -> None:
    found = ask.values(
        filter="S_INTERSECTS(geometry, POINT(121000 481000)) AND waarde < 125 AND maat = 'personen'",
        filter_crs=_RD,
        limit=100,
    )
    assert {(f["regioCode"], f["waarde"]) for f in found} == {("GM0001", 120)}


def test_a_shape_comes_when_it_is_asked_and_is_that_of_the_boundary(ask: Asker) -> None:
    assert [f["geometry"] for f in ask.document(**_LAND, limit=2)["features"]] == [None, None]
    for crs in (_RD, _ETRS):
        feature = ask.document(**_LAND, limit=1, geometrie="vorm", crs=crs)["features"][0]
        id_ = feature["properties"]["grens"]
        boundary = ask.client.get(f"/collections/grenzen-land/items/{id_}", params={"crs": crs})
        assert feature["geometry"] == boundary.json()["geometry"]


def test_one_observation_has_its_shape_and_a_link_to_the_boundary(ask: Asker) -> None:
    name = ask.document(**_LAND, limit=1)["features"][0]["id"]
    found = ask.get(f"/{name}").json()
    related = next(link["href"] for link in found["links"] if link["rel"] == "related")
    assert found["id"] == name
    assert found["geometry"] == ask.client.get(related).json()["geometry"]


@pytest.mark.parametrize("name", ["x", "ouderen.totaal.personen.GM0003.1999-01-01.1999"])
def test_what_is_not_observed_is_not_found(ask: Asker, name: str) -> None:
    answer = ask.get(f"/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"offset": 0}, "follow the link 'next'"),
        ({"cursor": "onzin"}, "follow its links"),
        ({"cursor": "W10"}, "follow its links"),
        ({"onzin": 1}, "'onzin'"),
        ({"groep": "onzin"}, "not one of ouderen, studenten"),
        ({"geometrie": "wkt"}, "verwijzing, vorm"),
        ({"geometrie": "vorm", "f": "csv"}, "verwijzing, wkt"),
        ({"geometrie": "vorm", "skipGeometry": "true"}, "cannot both be"),
        ({"limit": 0}, "limit"),
        ({"sortby": "onzin"}, "onzin"),
        ({"f": "xlsx"}, "f='xlsx'"),
        ({"f": "csv", "resulttype": "hits"}, "resulttype=hits"),
        ({"filter": "onzin = 1"}, "onzin"),
    ],
)
def test_what_is_not_offered_is_refused_and_said(
    ask: Asker, asked: dict[str, str | int], said: str
) -> None:
    assert said in ask.refusal(**asked)


def test_a_cursor_of_another_order_is_refused(ask: Asker) -> None:
    page = ask.document(limit=1, sortby="-waarde")
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    answer = ask.client.get(following.replace("sortby=-waarde", "sortby=regioNaam,waarde"))
    assert answer.status_code == 400


def test_only_the_number_is_told_when_that_is_asked(ask: Asker) -> None:
    page = ask.document(resulttype="hits", kenmerk="totaal", maat="personen")
    assert page["features"] == []
    assert page["numberMatched"] == len(rows(kenmerk="totaal", maat="personen"))


def test_a_filter_may_be_posted(client: TestClient) -> None:
    body = {"op": ">", "args": [{"property": "waarde"}, 460]}
    answer = client.post(f"{ITEMS}?limit=100", json=body)
    wanted = [row for row in _ALL if (row["waarde"] or 0) > 460]
    assert answer.json()["numberMatched"] == len(wanted) > 0


def test_chosen_properties_come_in_the_order_asked(ask: Asker) -> None:
    assert [list(found) for found in ask.values(properties="waarde,regioCode", limit=1)] == [
        ["waarde", "regioCode"]
    ]


_FILE: dict[str, str | int] = {"groep": "ouderen", "maat": "personen"}


def _wanted() -> list[tuple[str, int | None]]:
    return sorted(
        ((row["code"], row["waarde"]) for row in rows(groep="ouderen", maat="personen")), key=str
    )


def _got(table: pa.Table) -> list[tuple[str, int | None]]:
    columns = (table[name].to_pylist() for name in ("regioCode", "waarde"))
    return sorted(zip(*columns, strict=True), key=str)


def test_a_file_has_the_whole_selection(ask: Asker) -> None:
    csv = arrow_csv.read_csv(io.BytesIO(ask.get(f="csv", **_FILE).content))
    parquet = pq.read_table(io.BytesIO(ask.get(f="parquet", **_FILE).content))
    arrow = pa.ipc.open_stream(ask.get(f="arrow", **_FILE).content).read_all()
    geojson = ask.get(f="geojson", **_FILE).json()
    found = [feature["properties"] for feature in geojson["features"]]
    assert _got(csv) == _got(parquet) == _got(arrow) == _wanted()
    assert sorted(((f["regioCode"], f["waarde"]) for f in found), key=str) == _wanted()


def test_a_file_says_that_its_figures_are_example_figures(ask: Asker) -> None:
    csv = arrow_csv.read_csv(io.BytesIO(ask.get(f="csv", properties="waarde", limit=1).content))
    parquet = pq.read_schema(io.BytesIO(ask.get(f="parquet", limit=1).content))
    geojson = ask.get(f="geojson", limit=1).json()
    assert csv.column_names == ["id", "waarde", "bronStatus"]
    assert "Voorbeeldcijfers" in parquet.metadata[b"meldingen"].decode()
    assert "Voorbeeldcijfers" in geojson["meldingen"]


def test_shapes_in_files_are_in_the_system_asked_with_x_first(ask: Asker) -> None:
    name: dict[str, str | int] = {**_LAND, "limit": 1}
    csv = arrow_csv.read_csv(io.BytesIO(ask.get(f="csv", geometrie="wkt", crs=_RD, **name).content))
    parquet = pq.read_table(
        io.BytesIO(ask.get(f="parquet", geometrie="vorm", crs=_RD, **name).content)
    )
    geojson = ask.get(f="geojson", geometrie="vorm", crs=_ETRS, **name).json()
    land = shapely.box(120_000, 480_000, 170_000, 490_000)
    assert shapely.from_wkt(csv["WKT"][0].as_py()).equals(land)
    assert shapely.from_wkb(parquet["geometry"][0].as_py()).equals(land)
    assert b'"code":28992' in parquet.schema.metadata[b"geo"].replace(b" ", b"")
    x, y = geojson["features"][0]["geometry"]["coordinates"][0][0][0]
    assert (3 < x < 8, 50 < y < 54) == (True, True)


def test_a_file_may_be_cut_and_sorted(ask: Asker) -> None:
    answer = ask.get(f="csv", sortby="-waarde", limit=2, maat="personen", properties="waarde")
    assert answer.text.splitlines()[1:] == [
        '"ouderen.totaal.personen.NL01.2020-01-01.2020",465,"voorbeeldcijfers"',
        '"ouderen.totaal.personen.NL01.2020-12-31.2020",465,"voorbeeldcijfers"',
    ]


def test_a_file_that_the_client_has_is_not_sent_again(ask: Asker) -> None:
    first = ask.get(f="csv", limit=1)
    again = ask.client.get(first.url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_is_too_large_is_refused_with_where_to_get_it(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files.MOST, "geojson", 10)
    answer = ask.get(f="geojson", maat="personen")
    assert answer.status_code == 413
    assert "enclosure" in answer.json()["detail"]
    assert len(ask.get(f="geojson", maat="personen", limit=10).json()["features"]) == 10


def test_shapes_that_are_too_large_together_are_refused_with_what_to_do(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_SHAPES", 1_000)
    answer = ask.get(geometrie="vorm", limit=100)
    assert answer.status_code == 413
    assert "smaller limit" in answer.json()["detail"]
    assert ask.get(geometrie="vorm", limit=2).status_code == 200


def test_a_file_with_large_shapes_is_written_some_rows_at_a_time(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_SHAPES", 1)
    asked: dict[str, str | int] = {"geometrie": "vorm", "maat": "personen", "limit": 5}
    assert ask.get(f="parquet", **asked).status_code == 200
    assert len(ask.get(f="geojson", **asked).json()["features"]) == 5


def test_too_much_work_is_refused_with_what_to_do(
    ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(select, "MOST_LOOKED_AT", 50)
    monkeypatch.setattr(keyset, "MOST_SORTED", 50)
    assert "choose groep" in ask.refusal(filter="waarde > 3")
    assert "choose fewer" in ask.refusal(sortby="waarde")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_has_controls_that_keep_what_was_chosen(ask: Asker, language: str) -> None:
    text = ask.get(f="html", lang=language, groep="studenten", niveau="", limit=5).text
    assert '<option value="studenten" selected>' in text
    assert 'name="datetime"' in text
    assert f"{len(rows(groep='studenten'))}" in text
    assert "cursor=" in text
    notice = "Voorbeeldcijfers" if language == "nl" else "Example figures"
    assert notice in text


def test_the_page_of_one_observation_shows_what_it_says(ask: Asker) -> None:
    name = ask.document(**_LAND, maat="personen", limit=1)["features"][0]["id"]
    text = ask.get(f"/{name}", f="html").text
    assert all(word in text for word in ("465", "waargenomen", "463", "467"))


def test_the_collection_names_its_files_and_no_tiles(client: TestClient) -> None:
    links = client.get("/collections/waarnemingen").json()["links"]
    enclosures = [link for link in links if link["rel"] == "enclosure"]
    assert [link["href"].split("/")[-2] for link in enclosures] == [
        "groep=ouderen", "groep=studenten",
    ]  # fmt: skip
    assert not [link for link in links if "tiles" in link["href"]]
    assert client.get("/collections/waarnemingen/tiles").status_code == 404


def test_a_part_of_a_file_is_answered_with_its_validator(client: TestClient) -> None:
    links = client.get("/collections/waarnemingen").json()["links"]
    file = next(link for link in links if link["rel"] == "enclosure")
    part = client.get(file["href"], headers={"Range": "bytes=-4"})
    assert (part.status_code, part.content) == (206, b"PAR1")
    again = client.get(file["href"], headers={"If-None-Match": part.headers["etag"]})
    assert again.status_code == 304
    whole = client.get(file["href"])
    assert len(whole.content) == file["length"]


@pytest.mark.parametrize("path", ["groep=x/part-0.parquet", "groep=ouderen/index.json", "../x/y"])
def test_only_files_of_observations_are_handed_out(client: TestClient, path: str) -> None:
    assert client.get(f"/collections/waarnemingen/bestanden/{path}").status_code == 404


def test_the_api_document_declares_what_is_offered(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    names = {
        reference["$ref"].rsplit("/", 1)[-1].split(".")[0]
        for reference in document["paths"][ITEMS]["get"]["parameters"]
    }
    assert {"cursor", "geometrie", "groep", "kenmerk", "maat", "regioCode", "filter"} <= names
    assert "offset" not in names
    joined = document["components"]["parameters"]["geometrie.waarnemingen"]
    assert joined["schema"]["enum"] == ["verwijzing", "vorm", "wkt"]


def test_queryables_and_schema_have_the_codes_of_the_snapshot(client: TestClient) -> None:
    for name in ("schema", "queryables"):
        document = client.get(f"/collections/waarnemingen/{name}").json()
        assert document["properties"]["groep"]["enum"] == ["ouderen", "studenten"]


def test_the_api_document_is_valid(client: TestClient) -> None:
    validate(client.get("/openapi.json").json())


def _provider(root: Path) -> LayerProvider:
    named = {"name": "spatial", "type": "feature", "data": str(root), "collection": "waarnemingen"}
    return LayerProvider({**named, "id_field": "id"})


def test_plain_pygeoapi_pages_by_number_within_bounds(root: Path) -> None:
    provider = _provider(root)
    asked: dict[str, Any] = {"properties": [("groep", "ouderen"), ("maat", "personen")]}
    whole = provider.query(limit=100, **asked)
    parts = [provider.query(limit=20, offset=at, **asked)["features"] for at in range(0, 60, 20)]
    assert [one for part in parts for one in part] == whole["features"]
    assert whole["numberMatched"] == len(whole["features"])
    assert whole["features"][0]["geometry"]["type"] == "MultiPolygon"
    with pytest.raises(ProviderInvalidQueryError):
        provider.query(offset=100_001)


def test_plain_pygeoapi_finds_one_observation(root: Path) -> None:
    provider = _provider(root)
    name = "ouderen.totaal.personen.NL01.2020-01-01.2020"
    assert provider.get(name)["properties"]["waarde"] == 465
    with pytest.raises(ProviderItemNotFoundError):
        provider.get("onzin")


def test_looking_at_cells_leaves_nothing_behind(sides: Sides) -> None:
    """A condition on values makes many of these: they must not wait for a search for cycles."""
    view = sides.cells(np.array([0]))
    gone = weakref.ref(view.columns)
    assert view.columns["waarde"].cells.shape == (1,)
    del view
    assert gone() is None
