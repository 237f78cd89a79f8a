from pathlib import Path

import pytest

from spatial.errors import SettingsError
from spatial.settings import read_settings


def test_without_variables_the_service_stays_on_loopback() -> None:
    settings = read_settings({})

    assert (settings.host, settings.port, settings.url) == (
        "127.0.0.1",
        5000,
        "http://127.0.0.1:5000",
    )
    assert (settings.boundaries / "herindelingen.csv").is_file()
    assert settings.config.name == "pygeoapi-config.yml"


def test_the_address_for_clients_follows_host_and_port() -> None:
    settings = read_settings({"SPATIAL_HOST": "0.0.0.0", "SPATIAL_PORT": "8080"})  # noqa: S104

    assert settings.url == "http://0.0.0.0:8080"


def test_the_address_for_clients_has_no_trailing_slash() -> None:
    assert read_settings({"SPATIAL_URL": "https://kaart.nl/"}).url == "https://kaart.nl"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", ""])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match="SPATIAL_PORT must be a port number from 1 to 65535"):
        read_settings({"SPATIAL_PORT": port})


def test_a_misspelt_setting_is_refused_with_the_right_ones() -> None:
    with pytest.raises(
        SettingsError, match=r"unknown settings \['SPATIAL_POORT'\].*'SPATIAL_PORT'"
    ):
        read_settings({"SPATIAL_POORT": "1"})


def test_the_store_can_be_elsewhere() -> None:
    assert read_settings({"SPATIAL_DATA": "/srv/kaart"}).data == Path("/srv/kaart")
