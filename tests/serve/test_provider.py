"""The provider as plain pygeoapi calls it, without our door."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pygeoapi.crs import CrsTransformSpec
from pygeoapi.plugin import load_plugin
from pygeoapi.provider.base import (
    ProviderConnectionError,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
)

from spatial.serve.provider import LayerProvider

_PLAIN = """
import json
from pygeoapi.flask_app import APP
client = APP.test_client()
for url in ("/collections", "/collections/ouderen-gemeente/items?datetime=2021-01-01&limit=2",
            "/collections/ouderen-gemeente/items?bbox=4.9,52.31,4.95,52.33",
            "/collections/ouderen-gemeente/items?f=html&limit=2",
            "/collections/ouderen-gemeente/items?indeling=abc", "/openapi"):
    answer = client.get(url)
    document = answer.get_json(silent=True) or {}
    print(answer.status_code, document.get("numberMatched", len(document.get("collections", []))))
"""


def made(root: Path, collection: str = "ouderen-gemeente") -> LayerProvider:
    definition = {
        "type": "feature",
        "name": "spatial.serve.provider.LayerProvider",
        "data": str(root),
        "collection": collection,
    }
    provider: LayerProvider = load_plugin("provider", definition)
    return provider


def test_pygeoapi_finds_it_by_its_name(root: Path) -> None:
    provider = made(root)

    assert provider.fields["peilmoment"]["format"] == "date"
    assert provider.fields["personen"]["type"] == "integer"
    assert repr(provider) == f"<LayerProvider> {root} ouderen-gemeente"


def test_what_pygeoapi_writes_in_the_fields_is_not_kept(root: Path) -> None:
    made(root).fields["personen"].clear()

    assert made(root).fields["personen"]["title"] == "Personen"


def test_a_box_of_plain_pygeoapi_is_in_degrees(root: Path) -> None:
    answer = made(root).query(bbox=[4.9, 52.31, 4.95, 52.33], limit=1)

    assert (answer["numberMatched"], answer["numberReturned"]) == (6, 1)


def test_all_arguments_together_are_one_query(root: Path) -> None:
    answer = made(root).query(
        offset=1,
        limit=1,
        datetime_="2021-01-01/..",
        properties=[("niveau", "gemeente")],
        sortby=[{"property": "personen", "order": "-"}],
        select_properties=["personen"],
        skip_geometry=True,
    )

    assert answer["features"][0]["properties"] == {"personen": 240}
    assert answer["features"][0]["geometry"] is None


def test_a_feature_is_given_in_the_system_asked(root: Path) -> None:
    uri = "http://www.opengis.net/def/crs/EPSG/0/28992"
    spec = CrsTransformSpec("", "", uri, "")

    feature = made(root).get("GM0001-2020-01-01", crs_transform_spec=spec)

    assert feature["geometry"]["coordinates"][0][0][0] == [130000.0, 480000.0]


@pytest.mark.parametrize(
    "asked",
    [
        {"properties": [("indeling", "abc")]}, {"datetime_": "a/b/c"}, {"q": "tekst"},
        {"filterq": object()}, {"bbox": [float("inf")] * 4},
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_an_invalid_query(root: Path, asked: dict[str, Any]) -> None:
    with pytest.raises(ProviderInvalidQueryError) as caught:
        made(root).query(**asked)

    assert caught.value.http_status_code == 400


def test_a_feature_that_is_not_there_is_not_found(root: Path) -> None:
    with pytest.raises(ProviderItemNotFoundError, match="GM9999"):
        made(root).get("GM9999")


def test_a_collection_that_the_snapshot_lacks_is_a_connection_error(root: Path) -> None:
    with pytest.raises(ProviderConnectionError, match="no collection 'onbekend'"):
        made(root, "onbekend")


def test_a_damaged_layer_is_a_connection_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = made(root)
    monkeypatch.setattr(provider, "_collection_id", "onbekend")

    with pytest.raises(ProviderConnectionError):
        provider.query()
    with pytest.raises(ProviderConnectionError):
        provider.get("GM0001-2020-01-01")


@pytest.mark.slow
def test_plain_pygeoapi_generates_its_document_and_serves(
    root: Path, config: Path, tmp_path: Path
) -> None:
    document = tmp_path / "openapi.json"
    environment = {
        **os.environ,
        "PYGEOAPI_CONFIG": str(config),
        "PYGEOAPI_OPENAPI": str(document),
        "SPATIAL_DATA": str(root),
    }
    command = [str(Path(sys.executable).parent / "pygeoapi"), "openapi", "generate", str(config)]
    options = ["--format", "json", "--output-file", str(document)]

    subprocess.run([*command, *options], env=environment, check=True)
    served = subprocess.run(
        [sys.executable, "-c", _PLAIN], env=environment, check=True, capture_output=True, text=True
    )

    lines = [line for line in served.stdout.splitlines() if line[0].isdigit()]
    assert lines == ["200 7", "200 4", "200 6", "200 0", "400 0", "200 0"]
