"""A scheme that is frozen: made on the values of one publication, and kept for all later ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from spatial.domain.findings import Finding, Severity
from spatial.domain.indicators import Indicator
from spatial.errors import StoreError
from spatial.preview.classes import (
    ClassScheme,
    Spread,
    SymbolScale,
    chosen_classes,
    diverging_around,
    diverging_between,
    frozen_classes,
    kept_classes,
    scheme_between,
    spread,
    symbol_scale,
)
from spatial.preview.wording import decimals_of

RENEW = "spatial build --renew-schemes"
"""The command that makes all schemes anew."""
_MOST = 0.5
"""Part of the values in the two end classes above which a scheme no longer tells them apart."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The scheme of one indicator of one collection.

    Attributes:
        versie: 1 for the first, one more each time it is made anew.
        basis: newest period of the publication on whose values it was made.
        bereik: smallest and largest of those values; None when there were none.
        spreiding: between which of them the breaks lie; of distances to 0 when there is a middle;
            None when the breaks were chosen, there are no breaks, or values are circles.
        gekozen: the breaks are those of the catalogue.
        eenheid: unit of the values.
        scheme: classes or circles.
    """

    versie: int
    basis: date
    bereik: Spread
    spreiding: Spread
    gekozen: bool
    eenheid: str
    scheme: ClassScheme | SymbolScale

    def fits(self, indicator: Indicator) -> bool:
        """Tell whether it is still a scheme of what the catalogue says of the indicator."""
        alike = (self.eenheid, isinstance(self.scheme, SymbolScale), self.gekozen)
        if alike != (indicator.eenheid, indicator.cirkels, _chosen(indicator)):
            return False
        if isinstance(self.scheme, SymbolScale):
            return self.scheme.onder == (indicator.midden is not None)
        if self.gekozen:
            return self.scheme.breaks == indicator.klassen
        return indicator.midden is None or indicator.midden in self.scheme.breaks


def freeze(indicator: Indicator, values: Sequence[float], basis: date, versie: int = 1) -> Frozen:
    """Make the scheme of an indicator on the values of a publication.

    Args:
        indicator: what they are.
        values: as shown, of all regions and periods, none for what is missing.
        basis: newest period among them.
        versie: of the scheme.
    """
    distances = values if indicator.midden is None else [abs(value) for value in values]
    by_values = not (indicator.cirkels or indicator.klassen)
    between = spread(distances) if by_values else None
    return Frozen(
        versie,
        basis,
        (float(min(values)), float(max(values))) if values else None,
        between,
        _chosen(indicator),
        indicator.eenheid,
        _scheme(indicator, distances, between),
    )


def pooled(indicator: Indicator, frozen: Sequence[Frozen]) -> ClassScheme | SymbolScale:
    """Return one scheme for values that are shown beside each other.

    Args:
        indicator: of the first.
        frozen: of indicators of one kind and unit; one is used as it is.
    """
    first = frozen[0].scheme
    scales = [one.scheme for one in frozen if isinstance(one.scheme, SymbolScale)]
    if scales:
        return max(scales, key=lambda scale: scale.top)
    ranges = [one.spreiding for one in frozen if one.spreiding is not None]
    if len(frozen) == 1 or indicator.klassen or not ranges:
        return first
    return _classes(indicator, (min(low for low, _ in ranges), max(high for _, high in ranges)))


def check(
    where: str, indicator: Indicator, frozen: Frozen, values: Sequence[float]
) -> list[Finding]:
    """Report values outside the range on which a scheme was made; they are in its open ends."""
    if frozen.bereik is None:
        return []
    low, high = frozen.bereik
    outside = sum(not low <= value <= high for value in values)
    if not outside:
        return []
    decimals = decimals_of(indicator.afronding)
    message = (
        f"{outside} of {len(values)} values lie outside {low:.{decimals}f} to {high:.{decimals}f}, "
        f"the range of version {frozen.versie} of the scheme (made on {frozen.basis})"
    )
    severity = Severity.INFO
    if (ends := _in_ends(frozen, values)) > _MOST * len(values):
        severity = Severity.WARNING
        message += f"; {ends} are in its end classes: renew it with '{RENEW}'"
    return [Finding(severity, where, indicator.id, "value-outside-scheme", message)]


def as_json(frozen: Frozen) -> dict[str, Any]:
    """Return a scheme as JSON values; ``from_json`` reads it back."""
    scheme = frozen.scheme
    if isinstance(scheme, ClassScheme):
        drawn = {"grenzen": list(scheme.breaks), "kleuren": list(scheme.colours)}
    else:
        drawn = {"top": scheme.top, "straal": scheme.radius_px, "onder": scheme.onder}
    return {
        "versie": frozen.versie,
        "basis": frozen.basis.isoformat(),
        "bereik": _listed(frozen.bereik),
        "spreiding": _listed(frozen.spreiding),
        "gekozen": frozen.gekozen,
        "eenheid": frozen.eenheid,
        **drawn,
    }


def from_json(entry: Mapping[str, Any]) -> Frozen:
    """Read a scheme that ``as_json`` wrote.

    Raises:
        StoreError: a member is missing or not what it should be.
    """
    try:
        return Frozen(
            int(entry["versie"]),
            date.fromisoformat(entry["basis"]),
            _pair(entry["bereik"]),
            _pair(entry["spreiding"]),
            bool(entry["gekozen"]),
            str(entry["eenheid"]),
            kept_classes(tuple(entry["grenzen"]), tuple(entry["kleuren"]))
            if "grenzen" in entry
            else SymbolScale(entry["top"], entry["straal"], bool(entry.get("onder", False))),
        )
    except (LookupError, TypeError, ValueError) as error:
        message = f"a class scheme cannot be read: {error!r}"
        raise StoreError(message) from error


def _scheme(
    indicator: Indicator, values: Sequence[float], between: Spread
) -> ClassScheme | SymbolScale:
    """Return what the values of an indicator are drawn in; distances to 0 when it has a middle."""
    if indicator.cirkels:
        return symbol_scale(values, onder=indicator.midden is not None)
    if indicator.midden is not None and not indicator.klassen:
        return diverging_around(values)
    return _classes(indicator, between)


def _classes(indicator: Indicator, between: Spread) -> ClassScheme:
    if indicator.klassen:
        chosen = chosen_classes if indicator.midden is None else frozen_classes
        return chosen(indicator.klassen)
    return scheme_between(between) if indicator.midden is None else diverging_between(between)


def _chosen(indicator: Indicator) -> bool:
    return bool(indicator.klassen) and not indicator.cirkels


def _in_ends(frozen: Frozen, values: Sequence[float]) -> int:
    """Count values in the first and the last class; none when there is nothing to renew."""
    scheme = frozen.scheme
    if not isinstance(scheme, ClassScheme) or frozen.gekozen:
        return 0
    return sum(scheme.class_of(value) in {0, len(scheme.breaks)} for value in values)


def _listed(pair: Spread) -> list[float] | None:
    return None if pair is None else list(pair)


def _pair(value: Sequence[float] | None) -> Spread:
    if value is None:
        return None
    low, high = value
    return float(low), float(high)
