"""Profiles as the application answers them: pages, documents, and what is refused."""

import html
import re

import pytest
from starlette.testclient import TestClient

from tests.serve.conftest import Golden

PAGE = {"f": "html"}


def test_a_profile_is_a_page_with_a_chart_and_a_table_for_every_series(client: TestClient) -> None:
    answer = client.get("/profiel/GM0003", params=PAGE)

    assert answer.status_code == 200
    assert answer.text.count('class="grafiek"') == 3
    assert answer.text.count("<details>") == 2
    assert answer.text.count("<title>") == 4
    assert "Voorbeeldcijfers" in answer.text


def test_a_profile_as_a_document_has_every_figure_with_status_and_bounds(
    client: TestClient, golden: Golden
) -> None:
    document = client.get("/profiel/GM0003").json()
    document["snapshot"] = "..."

    golden("profiel.json", document)


def test_a_name_cannot_put_markup_on_a_page(client: TestClient) -> None:
    for path in ("/profiel/GM0003", "/profiel/GM0005", "/profiel", "/profiel/PV21"):
        answer = client.get(path, params=PAGE)

        assert "Oost <b>" not in answer.text
        assert "Oost &lt;b&gt;" in answer.text


def test_a_code_of_before_says_what_it_became_and_leads_there(client: TestClient) -> None:
    text = client.get("/profiel/GM0002", params=PAGE).text

    assert "is per 1 januari 2022 deel van" in text
    assert re.search(r'<a href="/profiel/GM0010\?f=html&amp;lang=nl">Hoekdal</a> \(GM0010\)', text)


def test_a_secret_figure_is_a_sign_and_never_a_number(client: TestClient) -> None:
    page = client.get("/profiel/GM0002", params=PAGE).text
    series = client.get("/profiel/GM0002").json()["themas"][0]["delen"][0]["indicatoren"][0]

    assert page.count('class="lijn"') == 1  # of the key
    assert 'class="gemist" ' in page
    secret = {"waarde": None, "status": "geheim_of_onbekend", "min": None, "max": None}
    assert series["cijfers"] == [secret] * 4


@pytest.mark.parametrize(
    ("language", "title"),
    [("nl", "Verre Oosten (GM0004): profiel"), ("en", "Verre Oosten (GM0004): profile")],
)
def test_a_page_is_in_the_language_that_is_asked(
    client: TestClient, language: str, title: str
) -> None:
    answer = client.get("/profiel/GM0004", params={**PAGE, "lang": language})

    assert answer.headers["content-language"] == language
    assert f"<title>{title} - " in answer.text
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize(
    ("text", "codes"),
    [("hoek", ["GM0010", "GM0001"]), ("gm0005", ["GM0005"]), ("zzz", []), ("", None)],
)
def test_the_list_is_searched_by_names_and_codes_of_today_and_before(
    client: TestClient, text: str, codes: list[str] | None
) -> None:
    document = client.get("/profiel", params={"q": text}).json()
    page = client.get("/profiel", params={**PAGE, "q": text})

    found = [entry["code"] for entry in document["profielen"]]
    assert found == codes if codes is not None else len(found) == 9
    assert page.status_code == 200
    linked = re.findall(r'href="/profiel/(\w+)\?', page.text)
    assert set(linked) == set(found)


def test_what_is_searched_is_shown_again_without_harm(client: TestClient) -> None:
    asked = '"><script>alert(1)</script>'

    text = client.get("/profiel", params={**PAGE, "q": asked}).text

    assert "<script>alert" not in text
    assert html.escape(asked, quote=False).replace('"', "&#34;") in text


def test_every_profile_of_the_list_can_be_opened(client: TestClient) -> None:
    for entry in client.get("/profiel").json()["profielen"]:
        for form in ("html", "json"):
            assert client.get(f"/profiel/{entry['code']}", params={"f": form}).status_code == 200


@pytest.mark.parametrize(
    ("path", "params", "status", "said"),
    [
        ("/profiel/GM9999", {}, 404, "lists them all"),
        ("/profiel/gm0003", {}, 404, "no region"),
        ("/profiel/GM0003", {"indeling": "1999"}, 400, "no series in indeling 1999"),
        ("/profiel/GM0003", {"indeling": ""}, 400, "is not 'eigen' or a year"),
        ("/profiel/GM0003", {"indeling": "nu"}, 400, "is not 'eigen' or a year"),
        ("/profiel/GM0003", {"indeling": "٢٠٢٤"}, 400, "is not 'eigen' or a year"),
        ("/profiel/GM0003", {"regio": "x"}, 400, "regio"),
        ("/profiel/GM0003", {"f": "csv"}, 400, "f='csv'"),
        ("/profiel", {"q": "x" * 101}, 400, "at most 100"),
        ("/profiel", {"lang": "de"}, 400, "lang"),
        ("/profiel/GM0003/", {}, 404, "slash"),
    ],
)
def test_what_cannot_be_had_is_a_problem_document(
    client: TestClient, path: str, params: dict[str, str], status: int, said: str
) -> None:
    answer = client.get(path, params=params)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_an_unknown_code_gives_who_reads_pages_a_page_to_search_on(client: TestClient) -> None:
    answer = client.get("/profiel/GM9999", params=PAGE)

    assert answer.status_code == 404
    assert "Er is geen gemeente of regio met code GM9999" in answer.text
    assert '<input id="q" name="q"' in answer.text


def test_a_page_that_is_still_good_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/profiel/GM0003", params=PAGE)

    again = client.get(
        "/profiel/GM0003", params=PAGE, headers={"If-None-Match": first.headers["etag"]}
    )

    assert again.status_code == 304


def test_profiles_are_found_from_where_one_is(client: TestClient) -> None:
    landing = client.get("/", params=PAGE).text
    item = client.get("/collections/ouderen-gemeente/items/GM0003-2022-01-01", params=PAGE).text

    assert 'href="/profiel?f=html&amp;lang=nl"' in landing
    assert 'href="/profiel/GM0003?f=html&amp;lang=nl"' in item
    links = {link["href"] for link in client.get("/").json()["links"]}
    assert "http://testserver/profiel" in links
