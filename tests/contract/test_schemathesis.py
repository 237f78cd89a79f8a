"""The OpenAPI document held against the running service, with requests that a machine makes up."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from schemathesis.specs.openapi import checks  # noqa: E402

CHECKS = (
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
)
EXAMPLES = 12
SAMPLE = (
    "ouderen-gemeente|grenzen-land|herindelingen|vergunninghouders-provincie|taakstelling-gemeente"
)


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

    assert failures == []
    assert count > 25


def tried(strategy: Any, service: str, mode: str) -> None:
    held = CHECKS if mode == "positive" else (*CHECKS, checks.negative_data_rejection)

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
        case.call_and_validate(base_url=service, checks=held)

    try_one()
