"""Parameters of ``/items``, parsed and checked; pure.

The door checks every request with ``parse_items``; the provider builds the same ``Query`` from what
pygeoapi hands over, with the same functions.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from spatial.domain.crs import CRS84, ETRF2000, ETRS89, OFFERED, Crs
from spatial.domain.formats import CSV, FILE_FORMATS
from spatial.errors import QueryError
from spatial.serve.cql2.expression import Condition
from spatial.serve.cql2.read import JSON, TEXT, language_of, read_filter
from spatial.serve.days import parse_day
from spatial.store.catalogue import Field

PAGES = ("json", "html", "jsonld")
"""Values of ``f`` that every document has."""

FORMATS = (*PAGES, *(entry.name for entry in FILE_FORMATS))
"""Values of ``f`` of ``/items``: pages, and files of the whole selection."""

LANGUAGES = ("nl", "en")
_ITEM = ("crs", "f", "lang")
_ITEMS = (
    "bbox", "bbox-crs", "crs", "datetime", "f", "filter", "filter-crs", "filter-lang",
    "geometrie", "lang", "limit", "offset", "properties", "resulttype", "skipGeometry", "sortby",
)  # fmt: skip
_DEGREES = (CRS84, ETRS89, ETRF2000)
_SIGNS = ("+", "-", " ")
_BOOLEANS = {"true": True, "false": False}
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)

type Value = str | int | float | bool | date


@dataclass(frozen=True, slots=True)
class Limits:
    """How many features a page has when nothing is asked, and at most."""

    default: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Box:
    """A bounding box; x is longitude or easting, whatever the axis order of its CRS.

    In degrees ``x_min > x_max`` means that it crosses the antimeridian.
    """

    x_min: float
    y_min: float
    x_max: float
    y_max: float
    crs: Crs = CRS84

    @property
    def parts(self) -> tuple[tuple[float, float, float, float], ...]:
        """One rectangle, or two on both sides of the antimeridian."""
        if self.x_min <= self.x_max:
            return ((self.x_min, self.y_min, self.x_max, self.y_max),)
        return (
            (self.x_min, self.y_min, 180.0, self.y_max),
            (-180.0, self.y_min, self.x_max, self.y_max),
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """Days, both ends included; None is open."""

    begin: date | None
    eind: date | None


@dataclass(frozen=True, slots=True)
class Filter:
    """A property must have this value, of the type of the property."""

    naam: str
    value: Value


@dataclass(frozen=True, slots=True)
class Sort:
    """A property to order by; features without a value come last in both directions."""

    naam: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of one collection.

    Attributes:
        limit: features on the page, at most.
        offset: matching features before the page.
        hits: only the number of matches.
        box: their shape intersects it.
        interval: their time intersects it.
        filters: all must hold.
        filter: a CQL2 expression that must be true.
        sort: first key first; empty keeps the order of publication.
        properties: names to answer with; empty is all.
        skip_geometry: answer without shapes.
        crs: reference system of the answer.
    """

    limit: int = 1000
    offset: int = 0
    hits: bool = False
    box: Box | None = None
    interval: Interval | None = None
    filters: tuple[Filter, ...] = ()
    filter: Condition | None = None
    sort: tuple[Sort, ...] = ()
    properties: tuple[str, ...] = ()
    skip_geometry: bool = False
    crs: Crs = CRS84


def parse_items(
    pairs: Iterable[tuple[str, str]], fields: Mapping[str, Field], limits: Limits
) -> Query:
    """Read the query parameters of ``/items``.

    Args:
        pairs: names and values as decoded from the URL.
        fields: the properties of the collection by name; each may be a parameter.
        limits: page sizes.

    Raises:
        QueryError: a parameter is unknown, given twice, or has a value that is not allowed.
    """
    given = _once(pairs)
    parse_shown(given, FORMATS)
    _check_shapes(given)
    crs = parse_crs("crs", given["crs"]) if "crs" in given else CRS84
    return Query(
        limit=min(_whole("limit", given.get("limit", str(limits.default)), 1), limits.maximum),
        offset=_whole("offset", given.get("offset", "0"), 0),
        hits=_choice("resulttype", given.get("resulttype", "results"), ("results", "hits"))
        == "hits",
        box=_box(given),
        interval=parse_datetime(given["datetime"]) if "datetime" in given else None,
        filters=tuple(
            parse_filter(name, text, fields) for name, text in given.items() if name not in _ITEMS
        ),
        filter=_expression(given, fields),
        sort=parse_sort(given["sortby"], fields) if "sortby" in given else (),
        properties=parse_properties(given["properties"], fields) if "properties" in given else (),
        skip_geometry=_BOOLEANS[
            # OWSLib writes True
            _choice("skipGeometry", given.get("skipGeometry", "false").lower(), tuple(_BOOLEANS))
        ],
        crs=crs,
    )


def parse_item(pairs: Iterable[tuple[str, str]]) -> Crs:
    """Read the query parameters of ``/items/{id}``: the reference system of the answer.

    Raises:
        QueryError: as ``parse_items``.
    """
    given = parse_document(pairs, _ITEM)
    return parse_crs("crs", given["crs"]) if "crs" in given else CRS84


def parse_document(
    pairs: Iterable[tuple[str, str]], allowed: Sequence[str], formats: Sequence[str] = PAGES
) -> dict[str, str]:
    """Read the query parameters of another document of the service, and check that ``f`` is offered.

    Raises:
        QueryError: a parameter is not one of ``allowed``, is given twice, or asks for a format or
            language that is not offered.
    """
    given = _once(pairs)
    for name in given:
        _choice("the parameter", name, allowed)
    parse_shown(given, formats)
    return given


def parse_page(pairs: Iterable[tuple[str, str]], limits: Limits) -> tuple[int, int]:
    """Read ``limit`` and ``offset`` of a list that is no list of features.

    Raises:
        QueryError: as ``parse_document``, or a value is not a whole number.
    """
    given = parse_document(pairs, ("limit", "offset"))
    limit = _whole("limit", given.get("limit", str(limits.default)), 1)
    return min(limit, limits.maximum), _whole("offset", given.get("offset", "0"), 0)


def parse_shown(given: Mapping[str, str], formats: Sequence[str] = PAGES) -> None:
    """Check the format and the language.

    Raises:
        QueryError: one of the two is not offered.
    """
    if "f" in given:
        _choice("f", given["f"], formats)
    if "lang" in given:
        _choice("lang", given["lang"], LANGUAGES)


def parse_datetime(text: str) -> Interval:
    """Read a day, a moment, or an interval of them with ``..`` or nothing for an open end.

    Features have whole days, so of a moment only its day counts, as it is written. GDAL writes a
    day with a trailing ``T``.

    Raises:
        QueryError: another form, a day that does not exist, or an end before the beginning.
    """
    begin, slash, eind = text.partition("/")
    if not slash:
        day = parse_day("datetime", begin)
        return Interval(day, day)
    interval = Interval(*(_open_or_day(part) for part in (begin, eind)))
    if interval.begin and interval.eind and interval.eind < interval.begin:
        message = f"datetime={text!r} ends before it begins"
        raise QueryError(message)
    return interval


def parse_filter(name: str, text: str, fields: Mapping[str, Field]) -> Filter:
    """Read ``name=text`` as an equality on a property, in the type of that property.

    Raises:
        QueryError: no parameter or property has this name, or the value is of another type.
    """
    if name not in fields:
        message = f"there is no parameter or property {name!r}"
        raise QueryError(message)
    if fields[name].codes:
        return Filter(name, _choice(name, text, fields[name].codes))
    return Filter(name, _value(name, text, fields[name].type))


def parse_sort(text: str, fields: Mapping[str, Field]) -> tuple[Sort, ...]:
    """Read ``name,-name,+name``; an undecoded plus arrives as a blank.

    Raises:
        QueryError: no property has such a name.
    """
    return tuple(
        Sort(_property(part[part[:1] in _SIGNS :], fields), descending=part.startswith("-"))
        for part in text.split(",")
    )


def parse_properties(text: str, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Read the names of the properties to answer with.

    Raises:
        QueryError: no property has such a name.
    """
    names = dict.fromkeys(text.split(","))
    if not names.keys() <= fields.keys():
        for name in names:
            _property(name, fields)
    return tuple(names)


def parse_crs(name: str, uri: str) -> Crs:
    """Read the URI of a reference system.

    Raises:
        QueryError: it is not offered.
    """
    for crs in OFFERED:
        if crs.uri == uri:
            return crs
    message = f"{name}={uri!r} is not one of {', '.join(crs.uri for crs in OFFERED)}"
    raise QueryError(message)


def box_of(numbers: Sequence[float], crs: Crs) -> Box:
    """Make a box of four numbers, or of six with heights, in the axis order of ``crs``.

    Raises:
        QueryError: another count, not finite, or the upper below the lower corner.
    """
    if len(numbers) not in {4, 6} or not all(math.isfinite(number) for number in numbers):
        message = f"bbox needs 4 or 6 finite numbers, not {list(numbers)}"
        raise QueryError(message)
    half = len(numbers) // 2
    lower, upper = numbers[:2], numbers[half : half + 2]
    if crs.lat_first:
        lower, upper = lower[::-1], upper[::-1]
    box = Box(lower[0], lower[1], upper[0], upper[1], crs)
    if box.y_min > box.y_max or (crs not in _DEGREES and box.x_min > box.x_max):
        message = f"bbox {list(numbers)} has its upper corner below or left of its lower corner"
        raise QueryError(message)
    return box


def _check_shapes(given: Mapping[str, str]) -> None:
    """Check ``geometrie``: how a CSV gives shapes."""
    if "geometrie" not in given:
        return
    _choice("geometrie", given["geometrie"], ("wkt",))
    if given.get("f") != CSV.name:
        message = "geometrie goes with f=csv only: the other formats have their shapes anyway"
        raise QueryError(message)


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            message = f"the parameter {name!r} is given twice"
            raise QueryError(message)
        given[name] = text
    return given


def _box(given: Mapping[str, str]) -> Box | None:
    if "bbox" not in given:
        if "bbox-crs" in given:
            message = "bbox-crs without bbox"
            raise QueryError(message)
        return None
    crs = parse_crs("bbox-crs", given["bbox-crs"]) if "bbox-crs" in given else CRS84
    return box_of([_number("bbox", part) for part in given["bbox"].split(",")], crs)


def _expression(given: Mapping[str, str], fields: Mapping[str, Field]) -> Condition | None:
    if "filter" not in given:
        for name in ("filter-lang", "filter-crs"):
            if name in given:
                message = f"{name} without filter"
                raise QueryError(message)
        return None
    language = _choice("filter-lang", given.get("filter-lang", TEXT), (TEXT, JSON))
    if language == TEXT and language_of(given["filter"]) == JSON:
        message = f"filter is CQL2 JSON: say so with filter-lang={JSON}"
        raise QueryError(message)
    crs = parse_crs("filter-crs", given["filter-crs"]) if "filter-crs" in given else CRS84
    return read_filter(given["filter"], language, fields, crs)


def _open_or_day(text: str) -> date | None:
    return None if text in {"", ".."} else parse_day("datetime", text)


def _property(name: str, fields: Mapping[str, Field]) -> str:
    if name not in fields:
        message = f"the collection has no property {name!r}"
        raise QueryError(message)
    return name


def _value(name: str, text: str, kind: str) -> Value:
    match kind:
        case "integer":
            return _whole(name, text, None)
        case "number":
            return _number(name, text)
        case "boolean":
            return _BOOLEANS[_choice(name, text, tuple(_BOOLEANS))]
        case "date":
            return parse_day(name, text)
        case _:
            return text


def _whole(name: str, text: str, minimum: int | None) -> int:
    if not _WHOLE.fullmatch(text) or (minimum is not None and int(text) < minimum):
        least = "" if minimum is None else f" of at least {minimum}"
        message = f"{name}={text!r} is not a whole number{least}"
        raise QueryError(message)
    return int(text)


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        message = f"{name}={text!r} is not a finite number"
        raise QueryError(message)
    return number


def _choice(name: str, text: str, allowed: Sequence[str]) -> str:
    if text not in allowed:
        message = f"{name}={text!r} is not one of {', '.join(allowed)}"
        raise QueryError(message)
    return text
