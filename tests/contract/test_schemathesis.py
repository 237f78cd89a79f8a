"""The OpenAPI document held against the running service, with requests that a machine makes up."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable

from spatial.serve.ask.offers import GPKG

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from schemathesis.specs.openapi import checks  # noqa: E402

pytestmark = pytest.mark.client

CHECKS = (
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
)
EXAMPLES = int(os.environ.get("SPATIAL_EXAMPLES", "6"))
QUICK = {"analyse", "grenzen", "herindelingen"}
"""Packs of other themes are 100 MB, and a few seconds each."""
SAMPLE = "ouderen-gemeente|grenzen-land|herindelingen|waarnemingen"


# beside 400: what is too large is refused before it is read
TOO_LARGE = {413, 414, 431}


def refused(context: Any, response: Any, case: Any) -> bool | None:
    """Check that a wrong request is refused; a limit above the maximum is the maximum (Part 1)."""
    if response.status_code in TOO_LARGE or "limit" in (case.query or {}):
        return None
    answer: bool | None = checks.negative_data_rejection(context, response, case)
    return answer


@pytest.fixture(scope="module")
def described(service: str) -> Any:
    found = schemathesis.openapi.from_url(f"{service}/openapi.json")
    return found.include(path_regex=rf"^(?!/collections/[a-z])|^/collections/({SAMPLE})(/|$)")


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_no_answer_is_other_than_documented(described: Any, service: str, mode: str) -> None:
    """Its own plugin does not go with this pytest: the operations are walked through here."""
    failures: list[str] = []
    count = 0
    for found in described.get_all_operations():
        operation = found.ok()
        strategy = operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode))
        try:
            tried(strategy, service, mode)
            count += 1
        except Unsatisfiable:
            assert not operation.query
        except schemathesis.checks.FailureGroup as error:
            failures += [f"{operation.label}: {failure}" for failure in error.exceptions]

    assert not failures, "\n\n".join(failures)
    assert count > 18


def tried(strategy: Any, service: str, mode: str) -> None:
    held = CHECKS if mode == "positive" else (*CHECKS, refused)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def try_one(case: Any) -> None:
        if case.path == GPKG and mode == "positive":
            assume(case.query["thema"] in QUICK)
        case.call_and_validate(base_url=service, checks=held)

    try_one()
