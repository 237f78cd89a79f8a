"""Divide a condition over the sides of the cube: what is counted, where and when, and the cells."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from spatial.serve.ask.query import Filter, Query
from spatial.serve.cql2.expression import (
    GEOMETRY,
    Comparison,
    Condition,
    Every,
    Flag,
    Literal,
    Not,
    Property,
)
from spatial.store.catalogue import Field
from spatial.store.cube.rows import OF_PLACES, OF_SUBJECTS

_KINDS = {"string": "text", "date": "date", "integer": "number", "number": "number"}


@dataclass(frozen=True, slots=True)
class Divided:
    """A condition as three that must all hold; None: nothing is asked.

    Attributes:
        subjects: of what is counted.
        places: of where and when.
        cells: of cells, or of both sides together.
    """

    subjects: Condition | None
    places: Condition | None
    cells: Condition | None


def divided(query: Query, known: dict[str, Field]) -> Divided:
    """Divide what a query asks of properties.

    Args:
        query: what is asked.
        known: the properties by name.
    """
    parts = [_equality(entry, known) for entry in query.filters]
    if query.filter is not None:
        parts += _conjuncts(query.filter)
    sides: dict[str, list[Condition]] = {"subjects": [], "places": [], "cells": []}
    for part in parts:
        names = set(properties_of(part))
        if names <= set(OF_SUBJECTS):
            sides["subjects"].append(part)
        elif names <= {*OF_PLACES, GEOMETRY}:
            sides["places"].append(part)
        else:
            sides["cells"].append(part)
    return Divided(*(_together(of_side) for of_side in sides.values()))


def properties_of(node: Any) -> Iterator[str]:
    """Give the names of all properties in a condition."""
    match node:
        case Property(naam, _) | Flag(naam):
            yield naam
        case tuple():
            for part in node:
                yield from properties_of(part)
        case _ if is_dataclass(node):
            for field in fields(node):
                yield from properties_of(getattr(node, field.name))


def _conjuncts(condition: Condition) -> list[Condition]:
    if isinstance(condition, Every):
        return [part for one in condition.parts for part in _conjuncts(one)]
    return [condition]


def _equality(asked: Filter, known: dict[str, Field]) -> Condition:
    """Write ``name=value`` as a condition."""
    if isinstance(asked.value, bool):
        return Flag(asked.naam) if asked.value else Not(Flag(asked.naam))
    kind = _KINDS[known[asked.naam].type]
    value = asked.value.isoformat() if isinstance(asked.value, date) else asked.value
    return Comparison("=", Property(asked.naam, kind), Literal(value, kind))


def _together(parts: list[Condition]) -> Condition | None:
    if len(parts) > 1:
        return Every(tuple(parts))
    return parts[0] if parts else None
