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


def test_without_variables_one_process_tells_nothing_and_trusts_nobody() -> None:
    settings = read_settings({})

    assert (settings.workers, settings.access_log, settings.metrics) == (1, None, "off")
    assert settings.proxy_headers is False


def test_the_address_of_ipv6_has_brackets() -> None:
    assert read_settings({"SPATIAL_HOST": "::1"}).url == "http://[::1]:5000"


@pytest.mark.parametrize("url", ["kaart.nl", "ftp://kaart.nl", "https://", "https://kaart.nl/?a=1"])
def test_an_address_for_clients_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="SPATIAL_URL must be an address such as"):
        read_settings({"SPATIAL_URL": url})


@pytest.mark.parametrize("name", ["WORKERS", "THREADS", "CONCURRENCY", "TIMEOUT_S", "GRACE_S"])
@pytest.mark.parametrize("text", ["0", "-1", "1.5", "veel", "999999", "²"])
def test_a_number_out_of_range_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"SPATIAL_{name} must be a whole number from 1 to"):
        read_settings({f"SPATIAL_{name}": text})


@pytest.mark.parametrize(
    ("text", "meant"), [("1", True), ("true", True), ("0", False), ("", False)]
)
def test_proxy_headers_are_on_or_off(text: str, *, meant: bool) -> None:
    assert read_settings({"SPATIAL_PROXY_HEADERS": text}).proxy_headers is meant


def test_something_between_on_and_off_is_refused() -> None:
    with pytest.raises(SettingsError, match="SPATIAL_PROXY_HEADERS must be 1 or 0"):
        read_settings({"SPATIAL_PROXY_HEADERS": "maybe"})


def test_trusted_proxies_are_addresses_and_networks() -> None:
    settings = read_settings({"SPATIAL_TRUSTED_PROXIES": "10.0.0.0/8, ::1"})

    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1/8"])
def test_whom_to_trust_is_not_said_by_name_or_star(text: str) -> None:
    with pytest.raises(SettingsError, match="SPATIAL_TRUSTED_PROXIES"):
        read_settings({"SPATIAL_TRUSTED_PROXIES": text})


def test_who_may_read_the_metrics_is_one_of_three() -> None:
    with pytest.raises(SettingsError, match="SPATIAL_METRICS must be one of off, local, all"):
        read_settings({"SPATIAL_METRICS": "on"})


def test_a_database_is_never_shown_with_the_settings() -> None:
    settings = read_settings({"SPATIAL_POSTGIS": "host=db password=geheim123"})

    assert settings.postgis == "host=db password=geheim123"
    assert "geheim123" not in repr(settings)


def test_addresses_of_sources_can_be_set_and_are_checked() -> None:
    settings = read_settings({"SPATIAL_CBS_URL": "http://127.0.0.1:8000/odata/v1/CBS/"})
    assert settings.cbs_url == "http://127.0.0.1:8000/odata/v1/CBS"
    assert settings.pdok_url == "https://api.pdok.nl/cbs/gebiedsindelingen/ogc/v1"

    with pytest.raises(SettingsError, match="SPATIAL_PDOK_SERVICE_URL must be an address"):
        read_settings({"SPATIAL_PDOK_SERVICE_URL": "service.pdok.nl"})
    with pytest.raises(SettingsError, match="SPATIAL_CBS_V3_URL is not an address"):
        read_settings({"SPATIAL_CBS_V3_URL": "https://[::1"})


def test_the_origin_of_snapshots_is_an_address_without_slash_at_its_end() -> None:
    settings = read_settings({"SPATIAL_ORIGIN": "s3://kaarten/nl/", "SPATIAL_ORIGIN_S": "5"})

    assert (settings.origin, settings.origin_s) == ("s3://kaarten/nl", 5)
    assert read_settings({}).origin == ""


@pytest.mark.parametrize("origin", ["kaarten", "s3://", "s3:///", "https://naam:woord@kaart.nl/a"])
def test_an_origin_that_is_none_or_tells_a_password_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="SPATIAL_ORIGIN"):
        read_settings({"SPATIAL_ORIGIN": origin})
