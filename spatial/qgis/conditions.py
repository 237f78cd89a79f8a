"""Which features a rule draws, in a form from which each language of filters is written."""

from dataclasses import dataclass

from spatial.qgis.words import number


@dataclass(frozen=True, slots=True)
class Span:
    """The value of a field lies in ``low <= value < high``.

    Attributes:
        field: its name.
        low: lowest value; None: no lower end.
        high: what all values are below; None: no upper end.
        above: the lowest value itself is left out.
    """

    field: str
    low: float | None = None
    high: float | None = None
    above: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """The text in a field is one of these."""

    field: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these holds."""

    parts: tuple["Condition", ...]


type Condition = Span | OneOf | Every | Some


def as_expression(condition: Condition) -> str:
    """Write a condition as an expression of QGIS."""
    match condition:
        case Span(field, low, high, above):
            name = quoted(field)
            ends = [f"{name} {'>' if above else '>='} {number(low)}"] if low is not None else []
            ends += [f"{name} < {number(high)}"] if high is not None else []
            return " AND ".join(ends) or f"{name} IS NOT NULL"
        case OneOf(field, texts):
            listed = ", ".join(literal(text) for text in texts)
            return (
                f"{quoted(field)} = {listed}"
                if len(texts) == 1
                else f"{quoted(field)} IN ({listed})"
            )
        case Every(parts):
            return " AND ".join(_nested(part) for part in parts)
        case Some(parts):
            return " OR ".join(_nested(part) for part in parts)


def quoted(field: str) -> str:
    """Write the name of a field."""
    return '"' + field.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text between quotes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _nested(condition: Condition) -> str:
    text = as_expression(condition)
    return f"({text})" if isinstance(condition, Every | Some) else text
