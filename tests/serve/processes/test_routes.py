"""Processes over miniland, as the application answers them."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

ASK = "/processes/vergelijk/execution"
INPUTS = {
    "codes": ["GM0003", "GM0004"],
    "indicatoren": ["ouderen:personen"],
    "peilmomenten": ["2020-01-01", "2021-01-01"],
}
QUERY = "&".join(f"{name}={','.join(values)}" for name, values in INPUTS.items())
FORMS = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv",
    "html": "text/html",
}


def post(client: TestClient, document: object, **headers: str) -> Any:
    told = {"content-type": "application/json", **headers}
    return client.post(ASK, content=json.dumps(document), headers=told)


def media_type(answer: Any) -> str:
    named: str = answer.headers["content-type"].partition(";")[0]
    return named


def test_the_landing_page_links_to_the_processes(client: TestClient) -> None:
    links = {
        link["rel"].rpartition("/")[2]: link["href"] for link in client.get("/").json()["links"]
    }

    assert links["processes"] == "http://testserver/processes"
    assert "job-list" not in links


def test_the_list_names_every_process_and_how_it_runs(client: TestClient) -> None:
    found = client.get("/processes").json()

    assert found["processes"][0]["id"] == "vergelijk"
    assert found["processes"][0]["jobControlOptions"] == ["sync-execute"]


def test_a_page_of_the_list_links_to_the_next(client: TestClient) -> None:
    count = len(client.get("/processes").json()["processes"])
    found = client.get("/processes?limit=1").json()

    following = [link["href"] for link in found["links"] if link["rel"] == "next"]
    assert len(found["processes"]) == 1
    assert bool(following) == (count > 1)


def test_a_description_has_the_schema_of_every_input(client: TestClient) -> None:
    found = client.get("/processes/vergelijk?lang=en").json()

    assert list(found["inputs"]) == ["codes", "indicatoren", "peilmomenten", "indeling"]
    assert found["inputs"]["codes"]["schema"]["maxItems"] == 50
    assert "2020-01-01" in found["inputs"]["peilmomenten"]["schema"]["items"]["enum"]
    assert found["inputs"]["indeling"]["minOccurs"] == 0
    assert found["title"].startswith("Compare")


def test_the_example_of_a_description_works(client: TestClient) -> None:
    example = client.get("/processes/vergelijk").json()["example"]

    assert post(client, example).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_comes_in_every_form(client: TestClient, form: str) -> None:
    answer = client.get(f"{ASK}?{QUERY}&f={form}")

    assert (answer.status_code, media_type(answer)) == (200, FORMS[form])
    assert "oorbeeldcijfers" in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_an_accept_header_chooses_the_form(client: TestClient, form: str) -> None:
    answer = client.get(f"{ASK}?{QUERY}", headers={"accept": FORMS[form]})

    assert media_type(answer) == FORMS[form]


def test_a_question_in_a_body_gives_the_same_answer_as_in_an_address(client: TestClient) -> None:
    posted, got = post(client, {"inputs": INPUTS}), client.get(f"{ASK}?{QUERY}")

    assert posted.json() == got.json()
    assert posted.headers["cache-control"] == "no-store"


def test_the_link_of_an_answer_gives_the_same_answer(client: TestClient) -> None:
    answer = client.get(f"{ASK}?{QUERY}")
    here = next(link["href"] for link in answer.json()["links"] if link["rel"] == "canonical")

    assert client.get(here).content == answer.content
    assert answer.headers["link"] == f'<{here}>; rel="canonical"'


@pytest.mark.parametrize("form", ["json", "csv", "geojson"])
def test_an_answer_that_a_client_has_is_not_sent_again(client: TestClient, form: str) -> None:
    first = client.get(f"{ASK}?{QUERY}&f={form}")
    again = client.get(f"{ASK}?{QUERY}&f={form}", headers={"if-none-match": first.headers["etag"]})

    assert "max-age" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")


def test_the_output_chooses_its_form_before_the_headers(client: TestClient) -> None:
    outputs = {"resultaat": {"format": {"mediaType": "text/csv"}}}

    answer = post(client, {"inputs": INPUTS, "outputs": outputs}, accept="application/json")

    assert media_type(answer) == "text/csv"
    assert answer.headers["content-location"].startswith(f"http://testserver{ASK}?f=csv&codes=")


def test_outputs_in_a_document_stand_under_their_name(client: TestClient) -> None:
    plain = post(client, {"inputs": INPUTS, "response": "document"}).json()
    asked = {"resultaat": {"format": {"mediaType": "application/geo+json"}}}
    typed = post(client, {"inputs": INPUTS, "response": "document", "outputs": asked}).json()

    assert plain["resultaat"]["proces"] == "vergelijk"
    assert typed["resultaat"]["mediaType"] == "application/geo+json"
    assert typed["resultaat"]["value"]["type"] == "FeatureCollection"


def test_lines_in_a_document_are_a_text(client: TestClient) -> None:
    asked = {"resultaat": {"format": {"mediaType": "text/csv"}}}
    found = post(client, {"inputs": INPUTS, "response": "document", "outputs": asked}).json()

    assert found["resultaat"]["value"].startswith('"regioCode"')


def test_an_output_by_reference_is_an_address_that_works(client: TestClient) -> None:
    asked = {"resultaat": {"transmissionMode": "reference"}}

    raw = post(client, {"inputs": INPUTS, "outputs": asked})
    document = post(client, {"inputs": INPUTS, "outputs": asked, "response": "document"}).json()

    assert (raw.status_code, raw.content) == (204, b"")
    assert document["resultaat"]["href"] in raw.headers["link"]
    assert client.get(document["resultaat"]["href"]).json()["proces"] == "vergelijk"


def test_an_answer_names_its_snapshot_and_question(client: TestClient) -> None:
    found = client.get(f"{ASK}?{QUERY}").json()

    assert found["snapshot"]
    assert found["vraag"] == {**INPUTS, "indeling": "eigen"}


@pytest.mark.parametrize(
    "body",
    [
        [], "x", None, 1, {}, {"inputs": []}, {"inputs": None}, {"inputs": {}},
        {"inputs": INPUTS, "foo": 1}, {"inputs": {**INPUTS, "foo": 1}},
        {"inputs": {**INPUTS, "codes": "GM0003"}}, {"inputs": {**INPUTS, "codes": [None]}},
        {"inputs": {**INPUTS, "codes": [{"href": "file:///etc/passwd"}]}},
        {"inputs": {**INPUTS, "codes": ["GM9999"]}}, {"inputs": {**INPUTS, "indeling": 2022}},
        {"inputs": INPUTS, "outputs": []}, {"inputs": INPUTS, "outputs": {"x": {}}},
        {"inputs": INPUTS, "outputs": {"resultaat": []}},
        {"inputs": INPUTS, "outputs": {"resultaat": {"format": {"mediaType": "image/png"}}}},
        {"inputs": INPUTS, "outputs": {"resultaat": {"format": {"schema": "x"}}}},
        {"inputs": INPUTS, "outputs": {"resultaat": {"transmissionMode": "x"}}},
        {"inputs": INPUTS, "outputs": {"resultaat": {"transmissionMode": []}}},
        {"inputs": INPUTS, "response": "x"}, {"inputs": INPUTS, "response": {}},
        {"inputs": INPUTS, "subscriber": {"successUri": "http://localhost/"}},
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_answered_is_a_problem_that_names_the_member(
    client: TestClient, body: object
) -> None:
    answer = post(client, body)

    assert (answer.status_code, media_type(answer)) == (400, "application/problem+json")
    assert ": " in answer.json()["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 20_000, b"nan"])
def test_a_body_that_is_no_json_is_a_bad_request(client: TestClient, content: bytes) -> None:
    answer = client.post(ASK, content=content, headers={"content-type": "application/json"})

    assert answer.status_code == 400


@pytest.mark.parametrize("named", ["text/xml", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_refused(client: TestClient, named: str) -> None:
    assert client.post(ASK, content=b"{}", headers={"content-type": named}).status_code == 415


@pytest.mark.parametrize("query", ["", "codes=GM0003", f"{QUERY}&foo=1", f"{QUERY}&indeling=x"])
def test_a_question_that_cannot_be_answered_is_a_bad_request(
    client: TestClient, query: str
) -> None:
    answer = client.get(f"{ASK}?{query}")

    assert (answer.status_code, media_type(answer)) == (400, "application/problem+json")


def test_parameters_beside_a_body_are_refused(client: TestClient) -> None:
    answer = client.post(f"{ASK}?codes=GM0003", json={"inputs": INPUTS})

    assert answer.status_code == 400


def test_a_person_gets_the_form_back_with_what_was_wrong(client: TestClient) -> None:
    answer = client.get(f"{ASK}?f=html&codes=%3Cscript%3Ealert(1)%3C/script%3E")

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/processes/onbekend", "no-such-process"),
        (f"/processes/onbekend/execution?{QUERY}", "no-such-process"),
        ("/jobs/1", "no-such-job"),
        ("/jobs/1/results", "no-such-job"),
    ],
)
def test_what_is_not_there_is_said_as_the_standard_says_it(
    client: TestClient, path: str, kind: str
) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json()["type"].endswith(f"/ogcapi-processes-1/1.0/{kind}")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", ["/processes", "/processes/vergelijk", f"{ASK}?{QUERY}"])
def test_pages_are_in_the_language_asked(client: TestClient, path: str, language: str) -> None:
    glue = "&" if "?" in path else "?"

    answer = client.get(f"{path}{glue}f=html&lang={language}")

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language


def test_a_page_says_what_cannot_be_established_or_compared(client: TestClient) -> None:
    query = (
        "codes=GM0003,GM0002,PV20&indicatoren=ouderen:personen&peilmomenten=2020-01-01,2021-01-01"
    )

    page = client.get(f"{ASK}?{query}&f=html").text

    assert "het gebied veranderde tussen de momenten" in page
    assert "geheim of onbekend" in page
    assert "Oost &lt;b&gt;" in page


def test_the_classes_that_are_declared_are_those_of_answers_at_once(client: TestClient) -> None:
    classes = client.get("/conformance").json()["conformsTo"]

    names = {uri.rpartition("/")[2] for uri in classes if "ogcapi-processes-1" in uri}
    assert names == {"core", "ogc-process-description", "json", "html", "oas30"}
