"""The same bytes from processes, Dask and Spark."""

import importlib.util
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from spatial.pipeline.engines.choose import choose_engine
from spatial.pipeline.engines.local import LocalEngine
from spatial.pipeline.series.folder import write_all
from tests.series.land import cell, cells, plan_of

PLAN = plan_of(most_rows=400)
GROUPS = ("ouderen", "studenten", "vergunninghouders")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write three groups of cells."""
    folder = tmp_path_factory.mktemp("cells")
    codes = ("GM0001", "GM0002", "GM0003", "GM0004", "GM0005")
    for number, groep in enumerate(GROUPS):
        rows = [
            cell(code, 5 * (place * number + kenmerk), kenmerk=f"k{kenmerk}", groep=groep)
            for kenmerk in range(200)
            for place, code in enumerate(codes)
        ]
        part = folder / f"groep={groep}" / "part-0.parquet"
        part.parent.mkdir()
        pq.write_table(cells(*rows).drop_columns(["groep"]), part)
    return folder


def has(package: str) -> bool:
    """Tell whether a package is installed."""
    return importlib.util.find_spec(package) is not None


@pytest.mark.client
@pytest.mark.parametrize(
    "address",
    [
        pytest.param(
            "dask://local", marks=pytest.mark.skipif(not has("distributed"), reason="no Dask")
        ),
        pytest.param(
            "spark://local[2]", marks=pytest.mark.skipif(not has("pyspark"), reason="no pyspark")
        ),
    ],
)
@pytest.mark.filterwarnings("default")
def test_an_engine_gives_the_same_bytes(address: str, folder: Path, tmp_path: Path) -> None:
    expected = write_all(folder, tmp_path / "here", PLAN, LocalEngine(1))

    assert write_all(folder, tmp_path / "there", PLAN, choose_engine(address)) == expected


@pytest.mark.client
def test_processes_give_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = write_all(folder, tmp_path / "here", PLAN, LocalEngine(1))
    monkeypatch.setattr("spatial.pipeline.engines.local._SMALL", 0)

    assert write_all(folder, tmp_path / "there", PLAN, LocalEngine(2)) == expected
