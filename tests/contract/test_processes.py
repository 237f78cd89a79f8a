"""Processes on the running service: what the documentation says to try works as it stands."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from spatial.serve.processes.documents import FORMS

DOCUMENT = Path(__file__).parents[2] / "docs" / "processen.md"
HOST = "http://127.0.0.1:5000/v1"
COMMANDS = re.findall(r"^(curl .*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
ASK = "/processes/vergelijk/execution"
LARGE = {
    "codes": [f"GM{number:04}" for number in range(50)],
    "indicatoren": ["ouderen:personen"] * 20,
    "peilmomenten": ["2022-01-01"],
}


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_documentation_gives_an_answer(service: str, command: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    words = ["curl", "--silent", "--fail-with-body", *shlex.split(command)[1:]]

    done = subprocess.run(
        [word.replace(HOST, service) for word in words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stdout
    assert "voorbeeldcijfers" in done.stdout


def test_every_example_of_a_page_gives_an_answer(web: httpx2.Client) -> None:
    for entry in web.get("/processes").json()["processes"]:
        described = web.get(f"/processes/{entry['id']}").json()
        answer = web.post(f"/processes/{entry['id']}/execution", json=described["example"])

        assert answer.status_code == 200, answer.text[:300]


@pytest.mark.parametrize("form", FORMS)
def test_the_links_of_an_answer_are_there(web: httpx2.Client, form: str) -> None:
    found = web.get(
        f"{ASK}?codes=GM0363,GM0003&indicatoren=ouderen:personen&peilmomenten=2018-01-01,2022-01-01"
    ).json()

    link = next(entry for entry in found["links"] if f"f={form}&" in entry["href"])
    answer = web.get(link["href"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(link["type"])


def test_a_large_question_is_answered_or_refused_but_never_an_error(web: httpx2.Client) -> None:
    answer = web.post(
        ASK, content=json.dumps({"inputs": LARGE}), headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert "codes" in answer.json()["detail"]


def test_asking_for_an_answer_later_gives_it_now(web: httpx2.Client) -> None:
    example = web.get("/processes/vergelijk").json()["example"]

    answer = web.post(ASK, json=example, headers={"prefer": "respond-async"})

    assert answer.status_code == 200
    assert "preference-applied" not in answer.headers
