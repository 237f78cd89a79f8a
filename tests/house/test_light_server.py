import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "spatial.serve.app",
        "spatial.serve.ask.query",
        "spatial.serve.coverage.cells",
        "spatial.serve.matching.select",
        "spatial.compute",
        "spatial.compute.benchmark_forms",
        "spatial.compute.profiel.page",
        "spatial.store.snapshot",
    ],
)
def test_the_way_of_a_request_loads_no_data_frames(module: str) -> None:
    program = (
        f"import sys, {module}; "
        "slow = ('pandas', 'geopandas', 'folium', 'esda', 'libpysal', 'sklearn', 'rasterio', 'pystac'); "
        "print([name for name in slow if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
