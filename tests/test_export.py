import csv
import io
import json

import pytest

from spatial.errors import UnknownRegionError
from spatial.pipeline.export import export_crosswalk
from spatial.settings import read_settings

FACTS = read_settings({}).boundaries


def rows(van: int, naar: int) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_crosswalk(FACTS, (van, naar), as_json=False))))


def parts_per_million(share: str) -> int:
    whole, _, decimals = share.partition(".")
    return int(whole) * 1_000_000 + int(decimals.ljust(6, "0"))


@pytest.mark.parametrize(
    ("van", "naar", "count"), [(2018, 2025, 380), (2025, 2018, 342), (2016, 2026, 390)]
)
def test_every_old_gemeente_is_there_and_its_shares_sum_to_one(
    van: int, naar: int, count: int
) -> None:
    total: dict[str, int] = {}
    for row in rows(van, naar):
        total[row["van_code"]] = total.get(row["van_code"], 0) + parts_per_million(row["aandeel"])

    assert len(total) == count
    assert set(total.values()) == {1_000_000}


def test_forward_only_the_divided_gemeenten_are_estimates() -> None:
    estimates = {row["van_code"] for row in rows(2018, 2024) if row["methode"] != "exact"}

    assert estimates == {"GM0053", "GM0788"}


def test_backward_a_merged_gemeente_is_said_to_be_divided_by_inhabitants() -> None:
    found = {row["naar_code"]: row for row in rows(2025, 2018) if row["van_code"] == "GM0014"}

    assert found.keys() == {"GM0009", "GM0014", "GM0017"}
    assert {row["methode"] for row in found.values()} == {"opgegeven"}
    assert all("inwoners" in row["bron"] for row in found.values())


def test_json_says_the_same_as_csv() -> None:
    document = json.loads(export_crosswalk(FACTS, (2020, 2021), as_json=True))

    assert [row["van_code"] for row in document] == [row["van_code"] for row in rows(2020, 2021)]


def test_an_indeling_that_the_register_does_not_know_is_refused() -> None:
    with pytest.raises(
        UnknownRegionError, match=r"no indeling \[2010\]; the register has 2016 to 2026"
    ):
        export_crosswalk(FACTS, (2010, 2018), as_json=False)
