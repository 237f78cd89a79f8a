"""True example counts per piece of the country: whole numbers whose parts add up."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from spatial.domain.indicators import Thema
from spatial.example.atoms import Atoms, Counts, Floats, years_of
from spatial.example.profiles import OTHER_RELETS, PROFILES, STUDENT_TOWNS, Profile

type Cell = tuple[str, str]
"""A kenmerk and a measure."""

_SEED = 85_980
_START = 2018.0
_WAVE = 0.02
_WAVE_YEARS = 5.0
_PARTS_SPREAD = 0.35
_WITHOUT_DWELLING = 0.015
_ALL_RELETS = ("vrijgekomen_corporatiewoning_alle", "woonruimten")
_COMPOSITION = ("eenpersoons", "meerpersoons", "institutioneel", "samenstelling_onbekend")
_TENURE = ("corporatie", "overige_huur", "koop", "eigendom_onbekend")
_RENT = (
    "huur_tot_kwaliteitskortingsgrens",
    "huur_tot_lage_aftoppingsgrens",
    "huur_tot_hoge_aftoppingsgrens",
    "huur_tot_liberalisatiegrens",
    "huur_boven_liberalisatiegrens",
    "huur_onbekend",
)


def true_counts(atoms: Atoms, days: Sequence[date]) -> dict[Thema, dict[Cell, Counts | None]]:
    """Make the counts of all groups.

    Args:
        atoms: pieces of the country.
        days: reference days; a re-let dwelling is counted over the year around it.

    Returns:
        Per group and cell the counts per piece (rows) and day (columns); None for a cell that cannot
        occur. Persons are the sum of the compositions, households that of the tenures, rented
        dwellings that of the rent classes. All re-let dwellings are the same for every group.
    """
    people = atoms.population(days)
    counts: dict[Thema, dict[Cell, Counts | None]] = {}
    relets = _rounded(people * OTHER_RELETS)
    for number, (thema, profile) in enumerate(PROFILES.items()):
        draws = np.random.Generator(np.random.PCG64([_SEED, number]))
        persons = _persons(atoms, days, thema, draws)
        cells, moved = _cells(persons, profile, draws)
        counts[thema] = cells
        relets = relets + moved
    for cells in counts.values():
        cells[_ALL_RELETS] = relets
    return counts


def _persons(
    atoms: Atoms, days: Sequence[date], thema: Thema, draws: np.random.Generator
) -> Counts:
    """Return persons: a part of the inhabitants that differs per piece and moves slowly."""
    profile, moments = PROFILES[thema], years_of(days)
    shape = (len(atoms.herkomst), 1)
    part: Floats = profile.aandeel * (1 + profile.spreiding * (2 * draws.random(shape) - 1))
    if thema is Thema.STUDENTEN:
        part += np.array([[STUDENT_TOWNS.get(code, 0.0)] for code in atoms.herkomst])
    growth: Floats = 1 + profile.groei * 2 * draws.random(shape) * (moments - _START)
    wave: Floats = 1 + _WAVE * np.sin(2 * np.pi * (moments / _WAVE_YEARS + draws.random(shape)))
    return _rounded(atoms.population(days) * part * growth * wave)


def _cells(
    persons: Counts, profile: Profile, draws: np.random.Generator
) -> tuple[dict[Cell, Counts | None], Counts]:
    """Divide the persons of a group; also return its re-let dwellings."""
    single, more, institution, unknown = _divided(persons, profile.samenstelling, draws)
    ratio = 1 + (profile.samen - 1) * (0.9 + 0.2 * draws.random((len(persons), 1)))
    together = np.maximum(_rounded(more / ratio), np.minimum(more, 1))
    households = single + together + institution
    dwellings = households - _rounded(households * _WITHOUT_DWELLING)
    tenure = _divided(households, profile.eigendom, draws)
    rented = tenure[0] + tenure[1]
    moved = _rounded(tenure[0] * profile.verhuizers * (0.8 + 0.4 * draws.random((len(persons), 1))))
    cells: dict[Cell, Counts | None] = {
        ("totaal", "personen"): persons,
        ("totaal", "huishoudens"): households,
        ("totaal", "woonruimten"): dwellings,
        ("huur", "huishoudens"): rented,
        ("vrijgekomen_corporatiewoning", "woonruimten"): moved,
    }
    by_composition = (
        single,
        more,
        institution,
        unknown if profile.samenstelling_onbekend else None,
    )
    for name, part in zip(_COMPOSITION, by_composition, strict=True):
        cells[name, "personen"] = part
    for name, part in zip(_COMPOSITION, (single, together, institution, None), strict=True):
        cells[name, "huishoudens"] = part
    for names, parts in ((_TENURE, tenure), (_RENT, _divided(rented, profile.huur, draws))):
        cells |= {(name, "huishoudens"): part for name, part in zip(names, parts, strict=True)}
    return cells, moved


def _divided(total: Counts, shares: Sequence[float], draws: np.random.Generator) -> list[Counts]:
    """Divide counts into parts that add up; the shares differ somewhat per piece."""
    spread = 1 + _PARTS_SPREAD * (2 * draws.random((len(shares), len(total), 1)) - 1)
    weights = np.array(shares)[:, None, None] * spread
    upto = np.cumsum(weights, axis=0) / weights.sum(axis=0)
    marks = _rounded(total * upto)
    return list(np.diff(marks, axis=0, prepend=0))


def _rounded(numbers: np.ndarray) -> Counts:
    """Round to whole numbers, half up."""
    return np.floor(numbers + 0.5).astype(np.int64)


def cells_of(counts: Mapping[Thema, Mapping[Cell, Counts | None]]) -> set[Cell]:
    """Return the cells that all groups have."""
    return set.intersection(*(set(cells) for cells in counts.values()))
