"""Inhabitants beside the other figures: each day on its own borders, and in a chosen indeling."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.facts import Facts
from spatial.domain.findings import Finding
from spatial.domain.regions import Indeling
from spatial.harmonise.inhabitants import counted_inhabitants, on_borders_of_the_day, steps
from spatial.harmonise.series import carry_all, make_way
from spatial.pipeline.recoding import Recoding


@dataclass(frozen=True, slots=True)
class People:
    """Inhabitants as observations.

    Attributes:
        counted: on the borders on which they were counted.
        own: on the borders of the day itself, as far as those are the same area.
    """

    counted: pa.Table
    own: pa.Table


def inhabitants_of(facts: Facts, recode: Recoding, years: Sequence[int]) -> People:
    """Return the inhabitants of the days of some years."""
    counted = counted_inhabitants(facts.inhabitants, facts.memberships, years)
    crosswalks = {
        (van, naar): recode.walk([van], naar)[0] for van, naar in steps(counted) if van != naar
    }
    return People(counted, on_borders_of_the_day(counted, facts.memberships, crosswalks))


def carry_inhabitants(
    people: People, facts: Facts, recode: Recoding, naar: Indeling
) -> tuple[pa.Table, list[Finding]]:
    """Carry inhabitants to an indeling, from the borders on which they were counted.

    What was counted on later borders than that indeling comes from the borders of the day.
    """
    counted = people.counted.filter(pc.less_equal(people.counted["indeling"], int(naar)))
    early = pc.less_equal(people.own["indeling"], int(naar))
    rest = people.own.filter(
        pc.and_(early, pc.invert(pc.is_in(people.own["eind"], pc.unique(counted["eind"]))))
    )
    past = pa.concat_tables([counted, rest])
    if not past.num_rows:
        return past, []
    way, findings = recode.walk(sorted(pc.unique(past["indeling"]).to_pylist()), naar)
    return carry_all(past, make_way(way, facts.memberships)), findings
