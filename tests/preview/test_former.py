"""Names and codes that are no longer in use."""

from datetime import date
from typing import Any

import pytest

from spatial.preview.former import former_of


def row(old: tuple[str, str], new: tuple[str, str], day: date, mutatie: str) -> dict[str, Any]:
    return {
        "datum": day,
        "oudeCode": old[0],
        "oudeNaam": old[1],
        "nieuweCode": new[0],
        "nieuweNaam": new[1],
        "mutatie": mutatie,
        "aandeel": None,
    }


MERGER = row(("GM0001", "Dorp GM0001"), ("GM0010", "Dorp GM0010"), date(2022, 1, 1), "fusie")
WEESP, AMSTERDAM, HENGELO = ("GM0457", "Weesp"), ("GM0363", "Amsterdam"), ("GM0164", "Hengelo")


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (
            row(WEESP, AMSTERDAM, date(2022, 3, 24), "fusie"),
            "Weesp is per 24 maart 2022 deel van Amsterdam.",
        ),
        (
            row(HENGELO, ("GM0164", "Hengelo (O.)"), date(2024, 1, 1), "hernoeming"),
            "Hengelo heet per 1 januari 2024 Hengelo (O.) (GM0164).",
        ),
    ],
)
def test_a_sentence_says_what_became_of_a_gemeente(fact: dict[str, Any], sentence: str) -> None:
    assert [one.zin for one in former_of([fact])] == [sentence]


def test_a_split_names_all_parts_the_largest_first() -> None:
    parts = [
        row(("GM0788", "Haaren"), new, date(2021, 1, 1), "opsplitsing") | {"aandeel": share}
        for new, share in ((("GM0757", "Boxtel"), 0.2), (("GM0855", "Tilburg"), 0.5))
    ]

    (haaren,) = former_of(parts)

    assert haaren.naar == ("GM0855", "GM0757")
    assert haaren.zin == "Haaren is per 1 januari 2021 verdeeld over Tilburg en Boxtel."


def test_a_correction_of_a_border_retires_nothing() -> None:
    assert former_of([row(WEESP, AMSTERDAM, date(2022, 3, 24), "grenscorrectie")]) == ()
