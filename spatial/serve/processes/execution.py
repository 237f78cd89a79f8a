"""The body of an execute request, read and checked; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from spatial.compute.offer import refuse_unknown
from spatial.errors import QuestionError
from spatial.serve.processes.documents import FORMS
from spatial.serve.processes.inputs import Given, Input, read_members
from spatial.serve.processes.process import OUTPUT

RESPONSES = ("raw", "document")
TRANSMISSIONS = ("value", "reference")
_MEMBERS = ("inputs", "outputs", "response")


@dataclass(frozen=True, slots=True)
class Execution:
    """What is asked, and how the answer is to come.

    Attributes:
        given: the inputs.
        form: form of the output; empty: as the headers say.
        reference: the output as an address instead of by value.
        document: outputs in one document instead of the output itself.
    """

    given: Given
    form: str
    reference: bool
    document: bool


def read_execution(inputs: tuple[Input, ...], body: bytes) -> Execution:
    """Read the body of an execute request.

    Raises:
        QuestionError: it is not the JSON of one, or asks for what is not offered; names the member.
    """
    asked = _object("body", _parsed(body))
    refuse_unknown("body", asked, _MEMBERS, "member")
    response = asked.get("response", "raw")
    _choice("response", response, RESPONSES)
    outputs = _object("outputs", asked.get("outputs", {}))
    refuse_unknown("outputs", outputs, [OUTPUT], "output")
    output = _object(f"outputs.{OUTPUT}", outputs.get(OUTPUT, {}))
    refuse_unknown(f"outputs.{OUTPUT}", output, ("format", "transmissionMode"), "member")
    transmission = output.get("transmissionMode", "value")
    _choice("transmissionMode", transmission, TRANSMISSIONS)
    form = _form(_object("format", output.get("format", {})))
    given = read_members(inputs, asked.get("inputs", {}))
    return Execution(given, form, transmission == "reference", response == "document")


def _parsed(body: bytes) -> object:
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise QuestionError("body", f"it is not JSON in UTF-8: {error}") from error
    return found


def _object(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise QuestionError(name, "it is an object")
    return value


def _choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise QuestionError(name, f"{value!r} is not one of {', '.join(allowed)}")


def _form(asked: Mapping[str, object]) -> str:
    refuse_unknown("format", asked, ["mediaType"], "member")
    if "mediaType" not in asked:
        return ""
    media_type = asked["mediaType"]
    _choice("mediaType", media_type, tuple(FORMS.values()))
    return next(form for form, known in FORMS.items() if known == media_type)
