import sqlite3
from pathlib import Path

import pytest

from spatial.domain.mirror import RUBRIEKEN
from spatial.domain.regions import Indeling
from spatial.errors import FetchError, NotThereError, SourceChangedError
from spatial.fetch.http import Client
from spatial.fetch.manifest import read_manifest
from spatial.fetch.pdok import Boundaries, Form, fetch_boundaries
from spatial.normalise.boundaries import read_boundaries
from spatial.normalise.shapes import NIVEAU_OF_RUBRIEK
from tests.fetch.source import OGC_ROOT, SERVICE_ROOT, Fault, Source, ogc_path, regions

_GEMEENTE = ("gemeente",)


def _asked(
    source: Source,
    *years: int,
    rubrieken: tuple[str, ...] = _GEMEENTE,
    form: Form = Form.OGC,
) -> Boundaries:
    roots = f"{source.url}{OGC_ROOT}", f"{source.url}{SERVICE_ROOT}"
    return Boundaries(*roots, years, rubrieken, form)


def test_a_build_reads_what_the_fetch_of_its_kinds_stores() -> None:
    assert set(RUBRIEKEN) == set(NIVEAU_OF_RUBRIEK)


def test_every_year_is_a_file_that_the_reader_of_a_build_takes(
    client: Client, source: Source, tmp_path: Path
) -> None:
    for year in (2018, 2024):
        source.put(ogc_path("gemeente", year), regions("gemeente", year, numberMatched=2))

    fetched = fetch_boundaries(client, _asked(source, 2024, 2018), tmp_path)

    assert (fetched.rows, fetched.files) == (4, 2)
    path = fetched.folder / "gemeente_gegeneraliseerd_2018.geojson"
    assert path.read_bytes() == source.bodies[ogc_path("gemeente", 2018)]
    table, _ = read_boundaries(path, indeling=Indeling(2018))
    assert list(table["code"]) == ["GM0001", "GM0002"]


def test_years_that_are_here_stay_when_another_is_fetched(
    client: Client, source: Source, tmp_path: Path
) -> None:
    for year in (2018, 2024):
        source.put(ogc_path("gemeente", year), regions("gemeente", year))
        fetch_boundaries(client, _asked(source, year), tmp_path)

    manifest = read_manifest(tmp_path / "boundaries")
    assert manifest is not None
    assert set(manifest.files) == {
        "gemeente_gegeneraliseerd_2018.geojson",
        "gemeente_gegeneraliseerd_2024.geojson",
    }


def test_a_year_of_another_is_refused(client: Client, source: Source, tmp_path: Path) -> None:
    mixed = regions("gemeente", 2024)
    mixed["features"][1]["properties"]["jaarcode"] = 2023
    source.put(ogc_path("gemeente", 2024), mixed)

    with pytest.raises(FetchError, match="holds regions of 2023, 2024, asked was 2024"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)


def test_more_regions_than_one_answer_has_are_followed(
    client: Client, source: Source, tmp_path: Path
) -> None:
    first = ogc_path("gemeente", 2024)
    link = [{"rel": "next", "href": f"{source.url}/more"}]
    source.put(first, regions("gemeente", 2024, numberMatched=4, links=link))
    source.put("/more", regions("gemeente", 2024, numberMatched=4))

    fetched = fetch_boundaries(client, _asked(source, 2024), tmp_path)

    assert (fetched.rows, fetched.files) == (4, 2)


def test_parts_that_are_no_more_go(client: Client, source: Source, tmp_path: Path) -> None:
    first = ogc_path("gemeente", 2024)
    link = [{"rel": "next", "href": f"{source.url}/more"}]
    source.put(first, regions("gemeente", 2024, links=link))
    source.put("/more", regions("gemeente", 2024))
    fetch_boundaries(client, _asked(source, 2024), tmp_path)
    source.put(first, regions("gemeente", 2024, 3))

    again = fetch_boundaries(client, _asked(source, 2024), tmp_path, accept_changes=True)

    assert [path.name for path in again.folder.glob("*.geojson")] == [
        "gemeente_gegeneraliseerd_2024.geojson"
    ]


def test_a_page_of_more_that_names_no_next_is_refused(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.put(ogc_path("gemeente", 2024), regions("gemeente", 2024, numberMatched=342))

    with pytest.raises(FetchError, match="holds 2 of 342 regions"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)


def test_gemeenten_must_be_there_and_other_kinds_may_lack(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.put(ogc_path("gemeente", 2018), regions("gemeente", 2018))
    source.put(ogc_path("provincie", 2018), regions("provincie", 2018, 0))
    kinds = ("gemeente", "provincie", "veiligheidsregio")

    fetched = fetch_boundaries(client, _asked(source, 2018, rubrieken=kinds), tmp_path)
    assert fetched.files == 1

    with pytest.raises(NotThereError, match="jaarcode=1850"):
        fetch_boundaries(client, _asked(source, 2018, 1850), tmp_path)


def test_years_before_2016_are_asked_of_the_collection_of_older_ones(
    client: Client, source: Source, tmp_path: Path
) -> None:
    path = ogc_path("gemeente", 2015).replace("indelingen/", "indelingen-historisch/")
    source.put(path, regions("gemeente", 2015))

    assert fetch_boundaries(client, _asked(source, 2015), tmp_path).rows == 2


def test_an_answer_that_only_says_when_it_was_made_is_no_change(
    client: Client, source: Source, tmp_path: Path
) -> None:
    path = ogc_path("gemeente", 2024)
    source.put(path, regions("gemeente", 2024, timeStamp="2024-01-01T00:00:00Z"))
    fetch_boundaries(client, _asked(source, 2024), tmp_path)
    source.put(path, regions("gemeente", 2024, timeStamp="2025-01-01T00:00:00Z"))

    assert not fetch_boundaries(client, _asked(source, 2024), tmp_path).renewed


def test_boundaries_that_changed_are_replaced_when_that_is_accepted(
    client: Client, source: Source, tmp_path: Path
) -> None:
    path = ogc_path("gemeente", 2024)
    source.put(path, regions("gemeente", 2024))
    fetch_boundaries(client, _asked(source, 2024), tmp_path)
    source.put(path, regions("gemeente", 2024, 3))

    with pytest.raises(SourceChangedError, match=r"gemeente_gegeneraliseerd_2024\.geojson"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)
    again = fetch_boundaries(client, _asked(source, 2024), tmp_path, accept_changes=True)

    assert (again.rows, again.renewed) == (3, True)


def _wfs_path(year: int, start: int = 0) -> str:
    query = (
        "service=WFS&version=2.0.0&request=GetFeature&typeNames=gebiedsindelingen:"
        "gemeente_gegeneraliseerd&outputFormat=application/json&srsName=EPSG:28992"
    )
    return f"{SERVICE_ROOT}/{year}/wfs/v1_0?{query}&count=1000&startIndex={start}"


@pytest.mark.parametrize("rest", [0, 7])
def test_more_regions_than_an_answer_of_a_wfs_has_are_asked_by_their_place(
    client: Client, source: Source, tmp_path: Path, rest: int
) -> None:
    source.put(_wfs_path(2024), regions("gemeente", 2024, 1_000))
    source.put(_wfs_path(2024, 1_000), regions("gemeente", 2024, rest))

    assert (
        fetch_boundaries(client, _asked(source, 2024, form=Form.WFS), tmp_path).rows == 1_000 + rest
    )


def test_the_wfs_gives_the_same(client: Client, source: Source, tmp_path: Path) -> None:
    document = regions("gemeente", 2024)
    for feature in document["features"]:
        del feature["properties"]["jaarcode"]
    source.put(_wfs_path(2024), document)

    fetched = fetch_boundaries(client, _asked(source, 2024, form=Form.WFS), tmp_path)

    assert (fetched.folder / "gemeente_gegeneraliseerd_2024.geojson").is_file()


def test_an_exception_of_a_wfs_is_no_boundary(
    client: Client, source: Source, tmp_path: Path
) -> None:
    source.put(ogc_path("gemeente", 2024), b"<ows:ExceptionReport>no such type")

    with pytest.raises(FetchError, match=r"not GeoJSON.*ExceptionReport"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)


def test_a_geopackage_is_stored_whole_and_half_of_one_is_asked_again(
    client: Client, source: Source, tmp_path: Path
) -> None:
    database = tmp_path / "source.gpkg"
    with sqlite3.connect(database) as connection:
        connection.execute("create table regions as select 1 as code")
    connection.close()
    path = f"{SERVICE_ROOT}/atom/v1_0/downloads/cbsgebiedsindelingen2024.gpkg"
    source.put(path, database.read_bytes())
    source.faults[path] = [Fault(body=database.read_bytes()[:4096]), Fault(body=b"<html>")]

    fetched = fetch_boundaries(client, _asked(source, 2024, form=Form.GPKG), tmp_path)

    stored = fetched.folder / "cbsgebiedsindelingen2024.gpkg"
    assert stored.read_bytes() == database.read_bytes()


def test_a_next_page_on_another_host_is_refused(
    client: Client, source: Source, tmp_path: Path
) -> None:
    link = [{"rel": "next", "href": "http://elsewhere.example/next"}]
    source.put(ogc_path("gemeente", 2024), regions("gemeente", 2024, links=link))

    with pytest.raises(FetchError, match="another host or scheme"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)


def test_pages_in_a_circle_are_named(client: Client, source: Source, tmp_path: Path) -> None:
    path = ogc_path("gemeente", 2024)
    link = [{"rel": "next", "href": f"{source.url}{path}".replace(" ", "%20")}]
    source.put(path, regions("gemeente", 2024, links=link))

    with pytest.raises(FetchError, match=r"part 1: its next page .* was asked before"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)


def test_an_unusual_address_has_no_older_boundaries(
    client: Client, source: Source, tmp_path: Path
) -> None:
    wanted = Boundaries(f"{source.url}/own/ogc/v1", source.url, (2015,), _GEMEENTE)

    with pytest.raises(FetchError, match="boundaries before 2016 are asked at"):
        fetch_boundaries(client, wanted, tmp_path)


def test_one_feature_is_no_collection(client: Client, source: Source, tmp_path: Path) -> None:
    source.put(ogc_path("gemeente", 2024), {"type": "Feature", "features": []})

    with pytest.raises(FetchError, match="a Feature, not a FeatureCollection"):
        fetch_boundaries(client, _asked(source, 2024), tmp_path)
