import pytest

from spatial.errors import ExportError, SettingsError
from spatial.export.connect import connected


@pytest.mark.parametrize("dsn", ["", "  "])
def test_without_a_database_the_two_ways_to_give_one_are_named(dsn: str) -> None:
    with pytest.raises(SettingsError, match="--dsn or SPATIAL_POSTGIS"), connected(dsn):
        pass


@pytest.mark.parametrize(
    "dsn",
    [
        "geheim123",
        "host=db geheim123",
        "host=db password='geheim123",
        "postgresql://bouwer:ge@geheim123@db/kaart",
        "postgresql://bouwer:geheim123@db:poort:1/kaart%zz",
        "hots=db password=geheim123",
    ],
)
def test_a_dsn_that_cannot_be_read_is_refused_without_repeating_it(dsn: str) -> None:
    with pytest.raises(SettingsError, match="the DSN cannot be read") as caught, connected(dsn):
        pass

    assert "geheim123" not in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    dsn = "host=/nergens port=1 dbname=kaart user=bouwer password=geheim123"

    with (
        pytest.raises(ExportError, match="the database cannot be reached") as caught,
        connected(dsn),
    ):
        pass

    assert "geheim123" not in str(caught.value)
