"""From the register and the weights of splits to the crosswalk between two indelingen.

Yearly steps are composed with fractions, so that the way makes no difference: ``compose`` of the
shares 2018-2021 and 2021-2025 equals the shares 2018-2025 exactly, bounds included. Only
``crosswalk`` rounds, once, to parts per million; composing two rounded crosswalks may differ from
the direct one by a few parts per million, unless one of the two has whole moves only.
"""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from spatial.domain.crosswalk import CROSSWALK, PPM, Gewichtmethode, Samenhang, SplitWeights
from spatial.domain.findings import Finding
from spatial.domain.redivisions import Redivision
from spatial.domain.regions import Indeling
from spatial.errors import RegisterError
from spatial.harmonise.changes import (
    Codes,
    Graph,
    components,
    graph_between,
    noted_corrections,
    yearly_steps,
)
from spatial.harmonise.ppm import to_ppm

REGISTER_BRON = "register van herindelingen"
"""Source of a weight that needs no estimate."""

_BEST_FIRST = list(Gewichtmethode)


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of an old gemeente is in a new one, exactly as the weights say.

    Attributes:
        deel: the part (0-1).
        laag: lowest part that the bounds of the weights allow.
        hoog: highest part; above 1 where bounds add up to more than the whole.
        methode: the worst method on the way.
        bronnen: sources of the weights on the way; empty when none was needed.
    """

    deel: Fraction
    laag: Fraction
    hoog: Fraction
    methode: Gewichtmethode
    bronnen: frozenset[str]


type Shares = Mapping[str, Mapping[str, Share]]
"""Share by old code and new code."""

_WHOLE = Share(Fraction(1), Fraction(1), Fraction(1), Gewichtmethode.EXACT, frozenset())


def crosswalk(
    register: Sequence[Redivision],
    codes: Codes,
    van: Indeling,
    naar: Indeling,
    weights: Sequence[SplitWeights],
) -> tuple[pa.Table, list[Finding]]:
    """Return the crosswalk between two indelingen, in either direction or to itself.

    Args:
        register: the register of redivisions.
        codes: gemeentecodes of all indelingen on the way.
        van: indeling of the old codes.
        naar: indeling of the new codes; earlier than ``van`` divides merged gemeenten.
        weights: of every gemeente that is divided on the way; see ``weights_for``.

    Returns:
        ``CROSSWALK`` sorted by old and new code: every code of ``van`` with all its receivers,
        weights that sum to exactly 1,000,000 per old code (largest remainder, of equal ones the
        lower code). A code with one receiver is exact, whatever happened on the way. Else the
        method is the worst on the way, and the bounds are those of interval arithmetic on it, so
        they hold when the bounds of the weights do. And the grenscorrecties that were left out.

    Raises:
        UnknownRegionError: no codes are known of an indeling on the way.
        RegisterError: a gemeente is divided without weights, or weights, codes and register
            contradict each other.
    """
    found = shares(register, codes, van, naar, weights)
    graph = graph_between(register, codes, van, naar)
    kinds = {
        code: part.samenhang for part in components(register, codes, van, naar) for code in part.oud
    }
    rows = [
        {"van_indeling": van, "naar_indeling": naar, "van_code": code, **row}
        for code in graph
        for row in _rows(found[code], kinds[code])
    ]
    schema = pa.schema([(column.name, column.type) for column in CROSSWALK.columns])
    table = pa.Table.from_pylist(rows, schema=schema)
    CROSSWALK.check(table, f"crosswalk {van}-{naar}")
    return table, noted_corrections(register, van, naar)


def shares(
    register: Sequence[Redivision],
    codes: Codes,
    van: Indeling,
    naar: Indeling,
    weights: Sequence[SplitWeights],
) -> Shares:
    """Return the crosswalk before it is rounded; arguments and errors as of ``crosswalk``."""
    steps = yearly_steps(register, codes, van, naar)
    found: Shares = {code: {code: _WHOLE} for code in sorted(codes[van])}
    for indeling, graph in steps:
        found = compose(found, _step(indeling, graph, weights))
    return found


def compose(first: Shares, second: Shares) -> Shares:
    """Return the shares of two ways, one after the other; exact, and associative."""
    return {
        code: _through({middle: (share, second[middle]) for middle, share in parts.items()})
        for code, parts in first.items()
    }


def weights_for(
    code: str, indeling: Indeling, parts: Sequence[str], weights: Sequence[SplitWeights]
) -> SplitWeights | None:
    """Return the best weights of one division, or None.

    Best by method, in the order of ``Gewichtmethode``; of one method the first in order of source
    and weights, so that the order of ``weights`` makes no difference. Weights of other receivers
    are those of another division (a gemeente can be divided forward and backward).

    Args:
        code: the gemeente that is divided.
        indeling: the indeling in which it is whole.
        parts: its receivers, all of them.
        weights: any.

    Raises:
        RegisterError: weights that do not sum to 1,000,000, or are negative or without bound.
    """
    found = [
        row
        for row in weights
        if (row.oude_code, row.van_indeling) == (code, indeling) and set(row.ppm) == set(parts)
    ]
    if not found:
        return None
    best = min(
        found,
        key=lambda row: (_BEST_FIRST.index(row.methode), row.bron, sorted(row.ppm.items())),
    )
    numbers = (*best.ppm.values(), *best.grens_ppm.values())
    if (
        sum(best.ppm.values()) != PPM
        or min(numbers) < 0
        or best.ppm.keys() != best.grens_ppm.keys()
    ):
        message = (
            f"weights of {code} in {indeling} ({best.bron}) must be at least 0, each with a bound,"
            f" and sum to {PPM}; they are {best.ppm} with bounds {best.grens_ppm}"
        )
        raise RegisterError(message)
    return best


def to_csv(table: pa.Table) -> str:
    """Return a crosswalk as CSV; ``aandeel`` has 6 decimals and sums to exactly 1 per old code.

    Args:
        table: ``CROSSWALK``.
    """
    text = io.StringIO()
    rows = [
        {**row, "aandeel": f"{row['aandeel']:.6f}", "grens": f"{row['grens']:.6f}"}
        for row in _exported(table)
    ]
    writer = csv.DictWriter(text, _EXPORTED, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def to_json(table: pa.Table) -> str:
    """Return a crosswalk as a JSON list with the fields of the CSV.

    Args:
        table: ``CROSSWALK``.
    """
    return json.dumps(_exported(table), ensure_ascii=False, indent=1) + "\n"


_EXPORTED = (
    "van_indeling", "naar_indeling", "van_code", "naar_code", "aandeel", "grens",
    "samenhang", "methode", "bron",
)  # fmt: skip


def _exported(table: pa.Table) -> list[dict[str, str | int | float]]:
    CROSSWALK.check(table, "crosswalk to export")
    return [
        {
            name: {"aandeel": row["gewicht_ppm"] / PPM, "grens": row["grens_ppm"] / PPM, **row}[
                name
            ]
            for name in _EXPORTED
        }
        for row in table.to_pylist()
    ]


def _step(indeling: Indeling, graph: Graph, weights: Sequence[SplitWeights]) -> Shares:
    return {
        code: {parts[0]: _WHOLE} if len(parts) == 1 else _divided(code, indeling, parts, weights)
        for code, parts in graph.items()
    }


def _divided(
    code: str, indeling: Indeling, parts: Sequence[str], weights: Sequence[SplitWeights]
) -> dict[str, Share]:
    best = weights_for(code, indeling, parts, weights)
    if best is None:
        message = (
            f"{code} of {indeling} is divided over {', '.join(parts)}, and there are no weights"
            " for that; give weights (a population grid, inhabitants, or shares of land)"
        )
        raise RegisterError(message)
    return {
        part: Share(
            Fraction(best.ppm[part], PPM),
            Fraction(max(best.ppm[part] - best.grens_ppm[part], 0), PPM),
            Fraction(min(best.ppm[part] + best.grens_ppm[part], PPM), PPM),
            best.methode,
            frozenset({best.bron}),
        )
        for part in parts
    }


def _through(ways: Mapping[str, tuple[Share, Mapping[str, Share]]]) -> dict[str, Share]:
    """Add up the ways from one old gemeente over those between to each new one."""
    found: dict[str, Share] = {}
    for share, onward in ways.values():
        for new, rest in onward.items():
            way = Share(
                share.deel * rest.deel,
                share.laag * rest.laag,
                share.hoog * rest.hoog,
                _worst(share.methode, rest.methode),
                share.bronnen | rest.bronnen,
            )
            found[new] = _sum(found[new], way) if new in found else way
    return found


def _sum(left: Share, right: Share) -> Share:
    return Share(
        left.deel + right.deel,
        left.laag + right.laag,
        left.hoog + right.hoog,
        _worst(left.methode, right.methode),
        left.bronnen | right.bronnen,
    )


def _worst(*methods: Gewichtmethode) -> Gewichtmethode:
    return max(methods, key=_BEST_FIRST.index)


def _rows(parts: Mapping[str, Share], samenhang: Samenhang) -> list[dict[str, str | int]]:
    """Round the shares of one old gemeente; a lone receiver has all of it, exactly."""
    known = dict.fromkeys(parts, _WHOLE) if len(parts) == 1 else parts
    ppm = to_ppm({new: share.deel for new, share in known.items()})
    return [
        {
            "naar_code": new,
            "gewicht_ppm": weight,
            "grens_ppm": max(
                math.ceil(min(known[new].hoog, Fraction(1)) * PPM) - weight,
                weight - math.floor(known[new].laag * PPM),
            ),
            "samenhang": samenhang,
            "methode": known[new].methode,
            "bron": "; ".join(sorted(known[new].bronnen)) or REGISTER_BRON,
        }
        for new, weight in ppm.items()
    ]
