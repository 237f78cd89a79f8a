"""The inputs of a process: described once; schema, form and check follow from the description."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spatial.compute.offer import refuse_unknown
from spatial.errors import QuestionError

LONGEST = 64
"""Characters of one value, at most."""

type Value = str | tuple[str, ...]
type Given = Mapping[str, Value]
"""Checked inputs by name: a text, or a list of texts."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    Attributes:
        name: as it is asked (camelCase).
        titel_nl: Dutch title.
        title_en: English title.
        uitleg_nl: Dutch explanation.
        explanation_en: English explanation.
        values: what is allowed; empty when ``pattern`` tells.
        pattern: what a value looks like.
        form: JSON Schema format of a value; empty without one.
        most: values of a list, at most; 0: it is one value.
        default: value when it is not given; None: it must be given, unless ``optional``.
        optional: a list that may be left out.
        example: a value that works.
    """

    name: str
    titel_nl: str
    title_en: str
    uitleg_nl: str
    explanation_en: str
    values: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    most: int = 0
    default: str | None = None
    optional: bool = False
    example: Value = ""

    @property
    def required(self) -> bool:
        """Tell whether there is no answer without it."""
        return self.default is None and not self.optional

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema, as OpenAPI 3.0 writes it."""
        one: dict[str, Any] = {"type": "string"}
        if self.form:
            one["format"] = self.form
        if self.values:
            one["enum"] = list(self.values)
        if self.pattern:
            one["pattern"] = self.pattern
        if not self.most:
            return one if self.default is None else {**one, "default": self.default}
        return {"type": "array", "minItems": 1, "maxItems": self.most, "items": one}

    def shown(self) -> str:
        """Return the example as it stands in an address."""
        return self.example if isinstance(self.example, str) else ",".join(self.example)


def read_query(inputs: Sequence[Input], pairs: Iterable[tuple[str, str]]) -> Given:
    """Read inputs from an address: values of a list with commas, or the parameter more than once.

    Raises:
        QuestionError: an input is unknown, missing, given twice, or has a value that is not allowed.
    """
    known = {entry.name: entry for entry in inputs}
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        refuse_unknown(name, [name], known, "input")
        if name in given and not known[name].most:
            raise QuestionError(name, "it is given twice")
        parts = text.split(",") if known[name].most else [text]
        given.setdefault(name, []).extend(part.strip() for part in parts)
    return _checked(
        inputs, {name: found if known[name].most else found[0] for name, found in given.items()}
    )


def read_members(inputs: Sequence[Input], members: object) -> Given:
    """Read inputs from the member ``inputs`` of a body.

    Raises:
        QuestionError: as ``read_query``, or a value is not of the type that its schema says.
    """
    if not isinstance(members, dict):
        message = "it is an object with a member per input"
        raise QuestionError("inputs", message)
    refuse_unknown("inputs", members, [entry.name for entry in inputs], "input")
    return _checked(inputs, members)


def _checked(inputs: Sequence[Input], given: Mapping[str, object]) -> Given:
    found: dict[str, Value] = {}
    for entry in inputs:
        if entry.name in given:
            found[entry.name] = _value(entry, given[entry.name])
        elif entry.required:
            raise QuestionError(entry.name, f"it must be given, such as {entry.shown()}")
        else:
            found[entry.name] = () if entry.most else entry.default or ""
    return found


def _value(entry: Input, given: object) -> Value:
    if not entry.most:
        return _text(entry, given)
    if not isinstance(given, list):
        raise QuestionError(entry.name, "it is a list of texts")
    if not 1 <= len(given) <= entry.most:
        raise QuestionError(entry.name, f"give 1 to {entry.most}; there are {len(given)}")
    return tuple(_text(entry, part) for part in given)


def _text(entry: Input, given: object) -> str:
    if not isinstance(given, str):
        raise QuestionError(entry.name, "a value is a text here")
    if len(given) > LONGEST:
        raise QuestionError(entry.name, f"a value has at most {LONGEST} characters")
    if entry.values:
        refuse_unknown(entry.name, [given], entry.values, "value")
    elif not re.fullmatch(entry.pattern, given, re.ASCII):
        message = f"{given!r} does not look like {entry.shown().partition(',')[0]}"
        raise QuestionError(entry.name, message)
    return given
