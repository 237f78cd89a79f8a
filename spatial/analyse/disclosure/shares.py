"""Published shares as the audit reads them, taken from a wide table that has its shares."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from spatial.analyse.disclosure.figures import SHARES
from spatial.domain.indicators import Indicator, Soort, Thema


def shares_of(wide: pa.Table, thema: Thema, indicators: Sequence[Indicator]) -> pa.Table:
    """Return the shares of a wide table that have a value.

    Args:
        wide: ``regioCode``, ``niveau``, ``indeling``, ``peilmoment`` and the four columns of every
            share; of one theme, counted on moments (flows over the year that ends there).
        thema: the theme.
        indicators: its indicators; part and whole of a share are both stocks or both flows.

    Returns:
        ``SHARES``.
    """
    known = {entry.id: entry for entry in indicators}
    parts = [
        _shares(wide, thema, (known[entry.teller], entry, known[entry.noemer]))
        for entry in indicators
        if entry.soort is Soort.AANDEEL
    ]
    schema = pa.schema(
        [
            (column.name, pa.date32() if column.type.startswith("date32") else column.type)
            for column in SHARES.columns
        ]
    )
    table = pa.concat_tables([schema.empty_table(), *parts])
    SHARES.check(table, f"shares of {thema}")
    return table


def _shares(
    wide: pa.Table, thema: Thema, which: tuple[Indicator, Indicator, Indicator]
) -> pa.Table:
    teller, share, noemer = which
    value, _status, lower, upper = share.columns
    rows = wide.filter(pc.is_valid(wide.column(value)))
    eind = rows.column("peilmoment")
    begin = pc.floor_temporal(eind, unit="year") if teller.soort is Soort.STROOM else eind
    names = {
        "groep": thema.value,
        "kenmerk": teller.kenmerk,
        "maat": teller.maat,
        "noemer_kenmerk": noemer.kenmerk,
        "noemer_maat": noemer.maat,
    }
    return pa.table(
        {
            **{name: pa.repeat(pa.scalar(text), rows.num_rows) for name, text in names.items()},
            "niveau": rows.column("niveau").cast(pa.string()),
            "code": rows.column("regioCode").cast(pa.string()),
            "begin": begin.cast(pa.date32()),
            "eind": eind,
            "indeling": rows.column("indeling"),
            "ondergrens": rows.column(lower),
            "bovengrens": rows.column(upper),
        }
    )
