"""Exports that need no snapshot: the crosswalk between two indelingen."""

from pathlib import Path

from spatial.domain.regions import Indeling
from spatial.errors import UnknownRegionError
from spatial.harmonise.crosswalk import to_csv, to_json
from spatial.harmonise.weigh.general import inhabitants_weights
from spatial.normalise.facts import read_facts
from spatial.pipeline.recoding import recoding


def export_crosswalk(boundaries: Path, indelingen: tuple[int, int], *, as_json: bool) -> str:
    """Return the crosswalk between two indelingen as text.

    Args:
        boundaries: folder with the fact tables.
        indelingen: of the old codes and of the new codes; backward, merged gemeenten are divided by
            inhabitants, which is an estimate and is said to be.
        as_json: JSON instead of CSV.

    Raises:
        UnknownRegionError: the register does not know an indeling.
        RegisterError: a gemeente is divided without weights.
    """
    facts = read_facts(boundaries)
    recode = recoding(facts)
    van, naar = (Indeling(year) for year in indelingen)
    if unknown := {van, naar} - recode.codes.keys():
        message = f"no indeling {sorted(unknown)}; the register has {min(recode.codes)} to {max(recode.codes)}"
        raise UnknownRegionError(message)
    if naar < van:
        recode.weights.extend(
            inhabitants_weights(facts.inhabitants, recode.register, recode.codes, recode.weights)
        )
    table, _ = recode.walk([van], naar)
    return to_json(table) if as_json else to_csv(table)
