from spatial.serve.tiles.kept import Kept


def test_a_value_is_made_once() -> None:
    kept = Kept[str](10, len)

    kept.get("a", lambda: "abc")

    assert kept.get("a", lambda: "other") == "abc"


def test_the_least_recently_used_goes_first_when_the_budget_is_spent() -> None:
    kept = Kept[str](6, len)
    kept.get("a", lambda: "abc")
    kept.get("b", lambda: "abc")
    kept.get("a", lambda: "never")

    kept.get("c", lambda: "abc")

    assert kept.get("a", lambda: "made again") == "abc"
    assert kept.get("b", lambda: "new") == "new"


def test_a_value_larger_than_the_budget_is_given_and_not_kept() -> None:
    kept = Kept[str](2, len)

    assert kept.get("a", lambda: "abc") == "abc"
    assert kept.get("a", lambda: "new") == "new"
