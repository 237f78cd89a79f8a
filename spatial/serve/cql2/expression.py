"""A filter expression whose types have been checked; plain data.

An operand is a ``Literal``, ``Property``, ``Folded``, ``Arithmetic``, ``Place`` or a condition. The
kind of its value is ``text``, ``number``, ``boolean``, ``date`` (a whole day), ``moment`` (an instant
in UTC) or ``geometry``. A condition is true, false or, where a value is missing, unknown.
"""

from dataclasses import dataclass
from typing import ClassVar

import shapely

GEOMETRY = "geometry"
"""The name of the shape of a feature, and the kind of its value."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written; days and moments as ISO text, which sorts as they do."""

    value: str | int | float
    kind: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the feature."""

    naam: str
    kind: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without differences of case (``casei``) or accents (``accenti``)."""

    function: str
    operand: "Property | Folded"
    kind: ClassVar[str] = "text"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * / % div ^`` of two numbers, in double precision."""

    op: str
    left: "Operand"
    right: "Operand"
    kind: ClassVar[str] = "number"


@dataclass(frozen=True, slots=True)
class Place:
    """A geometry as written, x (longitude, easting) first."""

    shape: shapely.Geometry
    kind: ClassVar[str] = GEOMETRY


@dataclass(frozen=True, slots=True)
class Constant:
    """TRUE or FALSE."""

    value: bool
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean property."""

    naam: str
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Every:
    """AND."""

    parts: tuple["Condition", ...]
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Some:
    """OR."""

    parts: tuple["Condition", ...]
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Not:
    """NOT."""

    part: "Condition"
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``= <> < <= > >=`` of two operands of one kind."""

    op: str
    left: "Operand"
    right: "Operand"
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Among:
    """IN, where all choices are texts as written."""

    operand: "Operand"
    choices: frozenset[str]
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Like:
    """LIKE; ``%`` is any text, ``_`` one character, a backslash takes the next as it is."""

    operand: "Operand"
    pattern: str
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Missing:
    """IS NULL: always true or false."""

    operand: "Operand"
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Spatial:
    """A relation of two geometries, ``intersects`` and so on.

    Attributes:
        op: its name, without ``s_``.
        left: first geometry.
        right: second geometry.
        crs: reference system in which they are compared, by its URI.
    """

    op: str
    left: "Property | Place"
    right: "Property | Place"
    crs: str
    kind: ClassVar[str] = "boolean"


@dataclass(frozen=True, slots=True)
class Span:
    """Time from ``begin`` to ``eind``, both included; None is unbounded. An instant has one end twice.

    The ends are of one kind, ``date`` or ``moment``.
    """

    begin: Literal | Property | None
    eind: Literal | Property | None


@dataclass(frozen=True, slots=True)
class Temporal:
    """A relation of two times: ``op`` is its name in small letters, without ``t_``."""

    op: str
    left: Span
    right: Span
    kind: ClassVar[str] = "boolean"


type Condition = (
    Constant | Flag | Every | Some | Not | Comparison | Among | Like | Missing | Spatial | Temporal
)
type Operand = Literal | Property | Folded | Arithmetic | Place | Condition
