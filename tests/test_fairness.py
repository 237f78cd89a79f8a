"""The fair distribution of the example: the same numbers in collections, command and by hand."""

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from spatial.compute.verdeling import Vraag, verdeel
from spatial.domain.indicators import GROEPEN, Thema, load_catalogue
from spatial.domain.regions import Indeling, Niveau
from spatial.domain.verdeling import indicator_id, load_scheme
from spatial.preview.classes import ClassScheme
from spatial.preview.figures import View, read_series
from spatial.preview.styles import frozen_scheme
from spatial.settings import Settings
from spatial.store.snapshot import Snapshot, open_snapshot

DAY = date(2022, 1, 1)
GROUPS = {Thema.OUDEREN: "ouderen", Thema.UITSTROOM_DETENTIE: "uitstroomDetentie"}


@pytest.fixture(scope="module")
def snapshot(example: Settings) -> Snapshot:
    return open_snapshot(example.data)


def rows(snapshot: Snapshot, name: str, day: date = DAY) -> dict[str, dict[str, Any]]:
    """Return the features of a day by region code."""
    layer = snapshot.layer(snapshot.contents.get(name)).drop_columns("geometry")
    chosen = layer.filter(pc.equal(layer["peilmoment"], pa.scalar(day, pa.date32())))
    return {row["regioCode"]: row for row in chosen.to_pylist()}


def test_every_group_by_every_published_key_is_in_the_catalogue() -> None:
    scheme = load_scheme()
    wanted = [
        indicator_id(groep, sleutel, maat)
        for groep in GROEPEN
        for sleutel in scheme.published
        for maat in scheme.maten
    ]

    assert [entry.id for entry in load_catalogue().of(Thema.EERLIJKE_VERDELING)] == wanted


def test_a_gemeente_stands_in_the_land_the_land_over_its_gemeenten_and_a_region_in_both(
    snapshot: Snapshot,
) -> None:
    ends = {
        niveau: {
            name.removeprefix("ouderenInwoners")
            for name in snapshot.contents.get(f"eerlijke-verdeling-{niveau}").indicatoren
            if name.startswith("ouderenInwoners")
        }
        for niveau in ("gemeente", "provincie", "land")
    }

    assert ends["gemeente"] == {"Evenredig", "Verschil", "Locatiequotient"}
    assert ends["provincie"] == {*ends["gemeente"], "TeVerplaatsen"}
    assert ends["land"] == {"TeVerplaatsen"}


@pytest.mark.parametrize("groep", GROUPS)
@pytest.mark.parametrize("sleutel", ["corporatiewoningen", "vrijgekomen"])
def test_a_collection_and_the_command_give_the_same_numbers(
    snapshot: Snapshot, groep: Thema, sleutel: str
) -> None:
    name = GROUPS[groep] + sleutel.capitalize()
    question = Vraag("NL01", groep, DAY, (sleutel,), leden=Niveau.PROVINCIE)
    held = rows(snapshot, "eerlijke-verdeling-provincie")

    (asked,) = verdeel(snapshot, question).sleutels

    assert len(asked.leden) == len(held) == 12
    for lid in asked.leden:
        for end, number in (
            ("Evenredig", lid.evenredig),
            ("Verschil", lid.verschil),
            ("Locatiequotient", lid.locatiequotient),
        ):
            row = held[lid.code]
            assert row[f"{name}{end}"] == number.waarde
            assert row[f"{name}{end}Status"] == number.status
            assert (row[f"{name}{end}Min"], row[f"{name}{end}Max"]) == (number.laag, number.hoog)


@pytest.mark.parametrize("regio", ["PV26", "PV29", "CR01", "NL01"])
@pytest.mark.parametrize("indeling", [None, 2024])
def test_the_part_to_be_moved_is_that_of_the_command(
    snapshot: Snapshot, regio: str, indeling: int | None
) -> None:
    year = None if indeling is None else Indeling(indeling)
    levels = {"PV": "provincie", "CR": "corop", "NL": "land"}
    suffix = "" if indeling is None else f"-indeling-{indeling}"
    held = rows(snapshot, f"eerlijke-verdeling-{levels[regio[:2]]}{suffix}")[regio]

    for groep, name in GROUPS.items():
        for sleutel in ("corporatiewoningen", "vrijgekomen"):
            question = Vraag(regio, groep, DAY, (sleutel,), year)
            (asked,) = verdeel(snapshot, question).sleutels
            column = f"{name}{sleutel.capitalize()}TeVerplaatsen"
            assert held[column] == asked.te_verplaatsen.waarde
            assert held[f"{column}Status"] == asked.te_verplaatsen.status


def test_shares_of_the_regions_of_a_level_add_up_to_the_land(snapshot: Snapshot) -> None:
    land = rows(snapshot, "ouderen-land")["NL01"]["huishoudens"]

    for niveau in ("provincie", "corop", "veiligheidsregio", "gemeente"):
        held = rows(snapshot, f"eerlijke-verdeling-{niveau}").values()
        shares = [row["ouderenCorporatiewoningenEvenredig"] for row in held]
        assert sum(shares) == pytest.approx(land, abs=0.05 * len(shares) + 0.1)


def test_a_secret_gemeente_has_a_share_but_no_gap_no_quotient_and_no_bounds(
    snapshot: Snapshot,
) -> None:
    secret = [
        code
        for code, row in rows(snapshot, "uitstroom-detentie-gemeente").items()
        if row["huishoudensStatus"] == "geheim_of_onbekend"
    ]
    held = rows(snapshot, "eerlijke-verdeling-gemeente")

    assert secret
    for code in secret:
        for end in ("Verschil", "Locatiequotient"):
            name = f"uitstroomDetentieCorporatiewoningen{end}"
            assert held[code][f"{name}Status"] == "geheim_of_onbekend"
            assert {held[code][f"{name}{part}"] for part in ("", "Min", "Max")} == {None}
        assert held[code]["uitstroomDetentieCorporatiewoningenEvenredig"] is not None


def test_a_group_that_began_later_has_nothing_before(snapshot: Snapshot) -> None:
    early = rows(snapshot, "eerlijke-verdeling-provincie", date(2019, 1, 1))["PV26"]

    assert early["vergunninghoudersInwonersVerschilStatus"] == "ontbreekt_in_bron"
    assert early["ouderenCorporatiewoningenVerschilStatus"] == "berekend"


def test_a_flow_is_that_of_the_year_of_the_day(snapshot: Snapshot) -> None:
    first = rows(snapshot, "eerlijke-verdeling-provincie", date(2021, 1, 1))["PV26"]
    last = rows(snapshot, "eerlijke-verdeling-provincie", date(2021, 12, 31))["PV26"]
    relets = rows(snapshot, "ouderen-provincie", date(2021, 12, 31))
    part = relets["PV26"]["vrijgekomenCorporatiewoningenAlle"] / sum(
        row["vrijgekomenCorporatiewoningenAlle"] for row in relets.values()
    )

    for row, day in ((first, date(2021, 1, 1)), (last, date(2021, 12, 31))):
        group = rows(snapshot, "ouderen-land", day)["NL01"]["huishoudens"]
        assert row["ouderenVrijgekomenEvenredig"] == pytest.approx(group * part, abs=0.06)


def test_the_location_quotient_has_its_frozen_classes_and_middle(snapshot: Snapshot) -> None:
    path = snapshot.path / "kaart" / "stijlen" / "eerlijke-verdeling-gemeente.json"
    held = json.loads(path.read_text(encoding="utf-8"))["indicatoren"]

    for groep in ("ouderen", "studenten"):
        entry = held[f"{groep}InwonersLocatiequotient"]
        assert (entry["grenzen"], entry["midden"]) == ([0.5, 0.8, 1.0, 1.25, 2.0], 1.0)
    assert held["ouderenInwonersEvenredig"]["soort"] == "cirkels"
    assert held["ouderenInwonersVerschil"]["midden"] == 0.0


def test_a_map_of_the_location_quotient_has_those_classes(snapshot: Snapshot) -> None:
    series = read_series(
        snapshot, View("eerlijke-verdeling-provincie", "ouderenInwonersLocatiequotient")
    )

    scheme = frozen_scheme(snapshot, series)

    assert isinstance(scheme, ClassScheme)
    assert scheme.breaks == (0.5, 0.8, 1.0, 1.25, 2.0)
    assert any(figure.value for figure in series.moments[-1].figures.values())


def test_a_part_to_be_moved_stands_only_where_the_region_has_a_figure(snapshot: Snapshot) -> None:
    """A sum over a confidential gemeente is confidential, and so is what would be made of it."""
    held = rows(snapshot, "eerlijke-verdeling-veiligheidsregio")
    figures = rows(snapshot, "uitstroom-detentie-veiligheidsregio")
    secret = [
        code for code, row in figures.items() if row["huishoudensStatus"] == "geheim_of_onbekend"
    ]

    assert secret
    for code in secret:
        assert held[code]["uitstroomDetentieCorporatiewoningenTeVerplaatsen"] is None


def test_a_feature_is_not_much_wider_than_one_of_a_group(snapshot: Snapshot) -> None:
    sizes = {}
    for name in ("eerlijke-verdeling-gemeente", "ouderen-gemeente"):
        collection = snapshot.contents.get(name)
        sizes[name] = len(collection.velden)

    assert sizes["eerlijke-verdeling-gemeente"] <= 1.25 * sizes["ouderen-gemeente"]
