"""A '.' of the source, walked through every room to every form in which it is published."""

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from spatial.domain.members import load_members
from spatial.domain.regions import LAND_CODE
from spatial.normalise.statline import observations as read_statline
from spatial.preview.assets import load_assets
from spatial.preview.maps import draw_series
from spatial.serve.app import Service, create_app
from spatial.serve.config import render, resources
from spatial.settings import read_settings
from spatial.store.snapshot import Snapshot
from tests.miniland import YEARS, boundaries, miniland_snapshot, observations

NO_VALUE = "geheim_of_onbekend"
PERIODS = [f"{year}{month}" for year in YEARS for month in ("MM01", "MM12")]
TITLES = {
    code: f"{code[:4]} {'januari' if code.endswith('01') else 'december'}" for code in PERIODS
}


@dataclass(frozen=True)
class Published:
    """The same figures in every form."""

    features: dict[str, dict[str, Any]]
    csv: dict[str, dict[str, str]]
    frame: gpd.GeoDataFrame
    map: str


def cells() -> list[tuple[str, str]]:
    """Region and period of every figure on persons in a gemeente."""
    frame = boundaries()
    gemeenten = frame[frame["niveau"] == "gemeente"]
    return [
        (code, period)
        for code, year in zip(gemeenten["code"], gemeenten["indeling"], strict=True)
        for period in PERIODS
        if period.startswith(str(year))
    ]


def statline(values: dict[tuple[str, str], int | None]) -> dict[str, pa.Table]:
    """Write figures as version 4 of OData gives them, padded; no value is '.'."""
    rows = [
        {
            "Id": number, "Measure": "M1", "Value": None if value is None else float(value),
            "ValueAttribute": "." if value is None else "None", "Aandachtsgroepen": "G1",
            "Kenmerken": "K1", "RegioS": f"{code:<10}", "Perioden": period,
        }
        for number, ((code, period), value) in enumerate(values.items())
    ]  # fmt: skip
    regions = sorted({code for code, _ in values})
    return {
        "Observations": pa.Table.from_pylist(rows),
        "MeasureCodes": pa.table({"Identifier": ["M1"], "Title": ["Totaal personen"]}),
        "AandachtsgroepenCodes": pa.table({"Identifier": ["G1"], "Title": ["Ouderen: totaal"]}),
        "KenmerkenCodes": pa.table({"Identifier": ["K1"], "Title": ["Totaal"]}),
        "RegioSCodes": pa.table({"Identifier": regions, "Title": regions}),
        "PeriodenCodes": pa.table(
            {
                "Identifier": PERIODS,
                "Title": [TITLES[period] for period in PERIODS],
                "Status": ["Definitief"] * len(PERIODS),
            }
        ),
    }


@contextmanager
def published(values: dict[tuple[str, str], int | None]) -> Iterator[Published]:
    """Walk figures through the rooms, and fetch them from the running application."""
    frame = boundaries()
    codes = {
        year: frozenset(frame.loc[frame["indeling"] == year, "code"]) | {LAND_CODE}
        for year in YEARS
    }
    figures, _ = read_statline(statline(values), load_members(), codes)
    with tempfile.TemporaryDirectory() as folder:
        snapshot = miniland_snapshot(Path(folder), _with_regions(figures))
        yield _fetched(snapshot, Path(folder))


def _with_regions(figures: pa.Table) -> pa.Table:
    """Add miniland's own figures of provincies and land: their layers are not looked at here."""
    rest = observations()
    return pa.concat_tables(
        [figures.cast(rest.schema), rest.filter(pc.not_equal(rest["niveau"], "gemeente"))]
    )


def _fetched(snapshot: Snapshot, root: Path) -> Published:
    base = read_settings({})
    config = root / "config.yml"
    config.write_text(render(base.config.read_text("utf-8"), resources(snapshot.contents)), "utf-8")
    client = TestClient(create_app(Service(config, root, "http://testserver")))
    items = "/collections/ouderen-gemeente/items?limit=1000"
    features = client.get(f"{items}&f=json").json()["features"]
    rows = csv.DictReader(io.StringIO(client.get(f"{items}&f=csv").text))
    frame = gpd.read_parquet(snapshot.path / "ouderen-gemeente.parquet")
    html = draw_series(snapshot, "ouderen-gemeente", "personen", load_assets(base.assets))
    return Published(
        {feature["id"]: feature["properties"] for feature in features},
        {f"{row['regioCode']}-{row['peilmoment']}": row for row in rows},
        frame.set_index("id"),
        html,
    )


def feature_id(code: str, period: str) -> str:
    """Id of a region and period of the source."""
    return f"{code}-{period[:4]}-{'01-01' if period.endswith('01') else '12-31'}"


@settings(max_examples=12)
@given(st.sets(st.sampled_from(cells())))
def test_a_dot_is_a_status_everywhere_and_never_a_number(dots: set[tuple[str, str]]) -> None:
    values = {cell: None if cell in dots else 85 for cell in cells()}

    with published(values) as found:
        for (code, period), value in values.items():
            place = feature_id(code, period)
            for record in (found.features[place], found.frame.loc[place].to_dict()):
                assert (record["personenStatus"] == NO_VALUE) is (value is None)
                numbers = [record[name] for name in ("personen", "personenMin", "personenMax")]
                assert all(pd.isna(number) for number in numbers) is (value is None)
            row = found.csv[place]
            assert (row["personenStatus"], row["personen"]) == (
                (NO_VALUE, "") if value is None else ("waargenomen", "85")
            )


@settings(max_examples=3)
@given(st.sets(st.sampled_from(cells()), min_size=1))
def test_a_dot_has_its_own_place_in_the_legend_and_is_counted_per_day(
    dots: set[tuple[str, str]],
) -> None:
    values = {cell: None if cell in dots else 85 for cell in cells()}

    with published(values) as found:
        legend = re.search(r"Legenda.*?</(aside|section)>", found.map, re.DOTALL)
        assert legend is not None
        assert "geheim of onbekend" in legend.group()
        counted = re.findall(r'"stand":"[^"]*?(\d+) geheim of onbekend', found.map)
        assert sum(int(number) for number in counted) == len(dots)
