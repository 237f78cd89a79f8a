import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.domain.status import Status
from spatial.preview.origins import Origins

NAMES = {"GM0363": "Amsterdam", "GM0457": "Weesp", "GM0788": "Haaren", "GM0824": "Oisterwijk"}
SUM = "GM0363; GM0457"
SPLIT = "GM0824; GM0788 x 0.285940"


def told(herkomst: str | None, status: Status, methode: Status | None = None) -> str:
    text = Origins(NAMES).sentence(herkomst, status, methode or status)
    return text.replace("\u00a0", " ")


def test_a_sum_names_the_old_gemeenten() -> None:
    assert told(SUM, Status.OPGETELD) == "opgeteld uit GM0363 Amsterdam en GM0457 Weesp"


def test_a_share_of_sums_says_that_its_counts_were_added_up() -> None:
    text = told(SUM, Status.BEREKEND, Status.OPGETELD)

    assert text == "berekend uit opgetelde aantallen van GM0363 Amsterdam en GM0457 Weesp"


def test_an_estimate_says_which_part_was_taken() -> None:
    text = told(SPLIT, Status.GESCHAT)

    assert text == "geschat: GM0824 Oisterwijk en 28,6 % van GM0788 Haaren"


def test_an_estimate_tells_for_what_its_part_was_found_when_that_is_something_else() -> None:
    text = Origins(NAMES, "personen").sentence(SPLIT, Status.GESCHAT, Status.GESCHAT)

    assert text.endswith("van GM0788 Haaren (deel bepaald voor personen)")


def test_a_code_without_a_name_stands_alone() -> None:
    assert told("GM0001; GM0002; GM0363", Status.OPGETELD) == (
        "opgeteld uit GM0001, GM0002 en GM0363 Amsterdam"
    )


def test_a_new_code_for_the_same_area_is_not_called_a_sum() -> None:
    assert told("GM0363", Status.WAARGENOMEN) == "waargenomen: overgenomen van GM0363 Amsterdam"


@pytest.mark.parametrize(
    ("weight", "part"),
    [
        ("0.000004", "minder dan 0,1 %"),
        ("0.999996", "meer dan 99,9 %"),
        ("0.000500", "0,1 %"),
        ("1.000000", "100,0 %"),
    ],
)
def test_a_part_is_never_rounded_to_nothing_or_to_all(weight: str, part: str) -> None:
    assert told(f"GM0788 x {weight}", Status.GESCHAT) == f"geschat: {part} van GM0788 Haaren"


@pytest.mark.parametrize(
    ("herkomst", "status", "methode", "text"),
    [
        (
            "opgeteld uit 12 gemeenten",
            Status.OPGETELD,
            Status.OPGETELD,
            "opgeteld uit 12 gemeenten",
        ),
        (
            "opgeteld uit 12 gemeenten",
            Status.BEREKEND,
            Status.OPGETELD,
            "berekend uit opgetelde aantallen van 12 gemeenten",
        ),
        (
            "opgeteld uit 12 gemeenten",
            Status.GESCHAT,
            Status.GESCHAT,
            "geschat: opgeteld uit 12 gemeenten, waarvan ten minste één geschat",
        ),
        (
            "regiocijfer van de bron",
            Status.WAARGENOMEN,
            Status.WAARGENOMEN,
            "waargenomen: regiocijfer van de bron",
        ),
        (
            "13500 x 155111 / 17407585, naar boven afgerond; landelijk totaal afgeleid",
            Status.BEREKEND,
            Status.BEREKEND,
            "berekend: 13500 x 155111 / 17407585, naar boven afgerond; landelijk totaal afgeleid",
        ),
    ],
)
def test_words_of_the_source_are_kept_behind_the_status(
    herkomst: str, status: Status, methode: Status, text: str
) -> None:
    assert told(herkomst, status, methode) == text


@pytest.mark.parametrize("herkomst", [None, ""])
def test_without_herkomst_there_is_nothing_to_tell(herkomst: str | None) -> None:
    assert told(herkomst, Status.WAARGENOMEN) == ""


@given(st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=6, unique=True))
def test_every_old_gemeente_is_named_once(codes: list[str]) -> None:
    text = told("; ".join(codes), Status.OPGETELD)

    assert [text.count(code) for code in codes] == [1] * len(codes)
    assert all(f"{code} {NAMES[code]}" in text for code in codes)
