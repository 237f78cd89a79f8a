"""From observations to wide tables and comparisons, on a country small enough to check by hand."""

from datetime import date

import pyarrow as pa
import pytest

from spatial.analyse.ledger.observations import Ledger
from spatial.domain.facts import Facts
from spatial.domain.indicators import Catalogue, Thema, load_catalogue, parse_catalogue
from spatial.domain.regions import Niveau
from spatial.pipeline.comparison import compared
from spatial.pipeline.figures import Figures
from spatial.pipeline.land import Land
from spatial.pipeline.parts import Parts
from spatial.pipeline.taakstelling import Targets
from spatial.pipeline.wide import wide_of
from spatial.store.describe import Subject, describe_indicators
from tests.miniland import SHAPES, boundaries, observations

CATALOGUE = """
[[sectie]]
titel = { nl = "Aantallen", en = "Counts" }
themas = ["ouderen"]
bron = "85980NED"
soort = "stand"
afronding = 5.0

[[sectie.indicator]]
id = "personen"
kenmerk = "totaal"
maat = "personen"
titel = { nl = "Personen", en = "Persons" }
definitie = { nl = "Personen.", en = "Persons." }

[[sectie.indicator]]
id = "huishoudens"
kenmerk = "totaal"
maat = "huishoudens"
titel = { nl = "Huishoudens", en = "Households" }
definitie = { nl = "Huishoudens.", en = "Households." }

[[sectie.indicator]]
id = "vrijgekomen"
soort = "stroom"
kenmerk = "vrijgekomen_corporatiewoning"
maat = "woonruimten"
titel = { nl = "Vrijgekomen", en = "Re-let" }
definitie = { nl = "Vrijgekomen.", en = "Re-let." }
"""
ADDED = """
[[indicator]]
id = "huishoudensPerHonderdPersonen"
soort = "verhouding"
themas = ["ouderen"]
bron = "85980NED"
teller = "huishoudens"
noemer = "personen"
factor = 100
afronding = 1.0
eenheid = "per 100 personen"
titel = { nl = "Huishoudens per 100 personen", en = "Households per 100 persons" }
definitie = { nl = "Huishoudens per 100 personen.", en = "Households per 100 persons." }
"""
GEMEENTEN = Subject(Thema.OUDEREN, Niveau.GEMEENTE)


def parts(catalogue: Catalogue) -> Parts:
    figures = Figures(observations(), observations(), {}, {}, {})
    targets = Targets(Ledger(observations().slice(0, 0), {}, ()), SHAPES)
    return Parts(Facts((), (), (), (), ()), catalogue, Land(boundaries(), SHAPES), figures, targets)


def wide(text: str) -> tuple[pa.Table, Catalogue]:
    catalogue = parse_catalogue(text)
    return wide_of(parts(catalogue), GEMEENTEN, observations())[0], catalogue


def row(table: pa.Table, row_id: str) -> dict[str, object]:
    return next(row for row in table.to_pylist() if row["id"] == row_id)


def test_an_indicator_that_is_added_to_the_file_is_published_without_code() -> None:
    before, _ = wide(CATALOGUE)
    after, catalogue = wide(CATALOGUE + ADDED)

    assert "huishoudensPerHonderdPersonen" not in before.column_names
    found = row(after, "GM0004-2020-01-01")
    assert found["huishoudensPerHonderdPersonen"] == 50.0
    assert found["huishoudensPerHonderdPersonenStatus"] == "berekend"
    layer = after.append_column("geometry", pa.array([_point()] * after.num_rows))
    collection = describe_indicators(layer, GEMEENTEN, catalogue.of(Thema.OUDEREN), [SHAPES])
    assert collection.indicatoren[-1] == "huishoudensPerHonderdPersonen"
    assert "Households per 100 persons" in {field.title_en for field in collection.velden}


def _point() -> bytes:
    return bytes(boundaries().geometry.to_wkb()[0])


def test_flows_say_over_which_days_they_were_counted() -> None:
    table, _ = wide(CATALOGUE)

    end, begin = row(table, "GM0004-2021-12-31"), row(table, "GM0004-2021-01-01")
    assert (end["stroomBegin"], end["stroomEind"]) == (date(2021, 1, 1), date(2021, 12, 31))
    assert (begin["stroomBegin"], begin["vrijgekomenStatus"]) == (None, "niet_van_toepassing")


def cells(
    value: list[float | None], around: float, status: str = "berekend"
) -> dict[str, pa.Array]:
    """Return the four columns of an indicator x."""
    missing = [entry is None for entry in value]
    return {
        "x": pa.array(value, pa.float64()),
        "xStatus": pa.array(["geheim_of_onbekend" if m else status for m in missing]),
        "xMin": pa.array([None if v is None else v - around for v in value], pa.float64()),
        "xMax": pa.array([None if v is None else v + around for v in value], pa.float64()),
    }


DAYS = [date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), date(2022, 1, 1)]


def table(niveau: Niveau, code: str, value: list[float | None], around: float = 0.2) -> pa.Table:
    n = len(DAYS)
    columns: dict[str, pa.Array] = {
        "id": pa.array([f"{code}-{day}" for day in DAYS]),
        "regioCode": pa.array([code] * n),
        "regioNaam": pa.array([code] * n),
        "niveau": pa.array([niveau.value] * n),
        "indeling": pa.array([2022] * n, pa.int32()),
        "peilmoment": pa.array(DAYS),
    }
    return pa.table(columns | cells(value, around) | {"voorlopig": pa.array([False] * n)})


COMPARING = """
[[indicator]]
id = "x"
soort = "aandeel"
themas = ["ouderen"]
bron = "b"
teller = "a"
noemer = "a"
afronding = 0.1
eenheid = "%"
titel = { nl = "X", en = "X" }
definitie = { nl = "X.", en = "X." }

[[indicator]]
id = "a"
soort = "stand"
themas = ["ouderen"]
bron = "b"
kenmerk = "a"
maat = "personen"
afronding = 5.0
titel = { nl = "A", en = "A" }
definitie = { nl = "A.", en = "A." }

[[indicator]]
id = "{id}SindsVorige"
van = ["x"]
soort = "verandering"
tegen = "vorige"
themas = ["ouderen"]
bron = "b"
titel = { nl = "{titel}", en = "{titel}" }
definitie = { nl = "X.", en = "X." }

[[indicator]]
id = "{id}SindsBasis"
van = ["x"]
soort = "verandering"
tegen = "basis"
themas = ["ouderen"]
bron = "b"
titel = { nl = "{titel}", en = "{titel}" }
definitie = { nl = "X.", en = "X." }

[[indicator]]
id = "{id}TegenLand"
van = ["x"]
soort = "afwijking"
tegen = "land"
themas = ["ouderen"]
bron = "b"
titel = { nl = "{titel}", en = "{titel}" }
definitie = { nl = "X.", en = "X." }

[[indicator]]
id = "{id}TegenCorop"
van = ["x"]
soort = "afwijking"
tegen = "corop"
themas = ["ouderen"]
bron = "b"
titel = { nl = "{titel}", en = "{titel}" }
definitie = { nl = "X.", en = "X." }
"""


@pytest.fixture
def layers() -> dict[Niveau, pa.Table]:
    indicators = parse_catalogue(COMPARING).differences_of(Thema.OUDEREN)
    tables = {
        Niveau.LAND: table(Niveau.LAND, "NL01", [10.0, 10.0, 10.0, 10.0]),
        Niveau.COROP: table(Niveau.COROP, "CR01", [12.0, 12.0, 12.0, None]),
        Niveau.GEMEENTE: table(Niveau.GEMEENTE, "GM0001", [12.1, 5.0, 14.0, 15.0]),
    }
    return {niveau: compared(tables, niveau, indicators, {"GM0001": "CR01"}) for niveau in tables}


def column(layer: pa.Table, name: str) -> list[tuple[object, object]]:
    return list(zip(layer[name].to_pylist(), layer[f"{name}Status"].to_pylist(), strict=True))


NOT_APPLICABLE = (None, "niet_van_toepassing")


def test_a_change_is_against_the_same_kind_of_day_a_year_before(
    layers: dict[Niveau, pa.Table],
) -> None:
    layer = layers[Niveau.GEMEENTE]

    assert layer["peilmomentVorige"].to_pylist() == [None, None, DAYS[0], DAYS[2]]
    assert column(layer, "xSindsVorige") == [
        NOT_APPLICABLE,
        NOT_APPLICABLE,
        (1.9, "berekend"),
        (1.0, "berekend"),
    ]


def test_the_base_is_the_first_day_of_the_same_kind(layers: dict[Niveau, pa.Table]) -> None:
    layer = layers[Niveau.GEMEENTE]

    assert layer["peilmomentBasis"].to_pylist() == [None, None, DAYS[0], DAYS[0]]
    assert column(layer, "xSindsBasis")[-1] == (2.9, "berekend")


def test_a_gemeente_deviates_from_its_country_and_its_corop_area(
    layers: dict[Niveau, pa.Table],
) -> None:
    layer = layers[Niveau.GEMEENTE]

    assert column(layer, "xTegenLand")[0] == (2.1, "berekend")
    assert column(layer, "xTegenCorop") == [
        (None, "niet_vast_te_stellen"),
        (-7.0, "berekend"),
        (2.0, "berekend"),
        (None, "geheim_of_onbekend"),
    ]
    assert layer["xTegenCoropMin"].to_pylist()[0] == -0.3
    assert layer["xTegenCoropMin"].to_pylist()[-1] is None


def test_a_region_is_not_held_against_itself_or_what_it_is_no_part_of(
    layers: dict[Niveau, pa.Table],
) -> None:
    assert set(column(layers[Niveau.LAND], "xTegenLand")) == {NOT_APPLICABLE}
    assert set(column(layers[Niveau.COROP], "xTegenCorop")[:3]) == {NOT_APPLICABLE}
    assert column(layers[Niveau.COROP], "xTegenLand")[0] == (2.0, "berekend")


def test_only_shares_and_ratios_are_held_against_a_larger_region() -> None:
    catalogue = load_catalogue()
    bases = {
        catalogue.get(entry.teller).soort.is_ratio
        for entry in catalogue.indicators
        if entry.tegen is not None and not entry.tegen.is_moment
    }

    assert bases == {True}
