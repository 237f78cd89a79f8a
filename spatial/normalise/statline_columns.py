"""Rows of 85980NED as columns: ``CELLS`` for the partitions on disk, ``OBSERVATIONS`` for the build."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.domain.regions import Niveau
from spatial.domain.status import rounding_bounds
from spatial.domain.tables import CELLS, OBSERVATIONS
from spatial.normalise.statline_cells import STATUSES, cells_of
from spatial.normalise.statline_lists import Lists
from spatial.normalise.statline_rows import Meaning, Rows


def cells(rows: Rows, meaning: Meaning) -> pa.Table:
    """Return ``CELLS`` of rows, in their order; text is dictionary-encoded.

    Args:
        rows: what was read.
        meaning: that which read them.
    """
    parsed = cells_of(rows.waarde, rows.kind, meaning.base)
    names = [status.value for status in STATUSES]
    columns = {
        **_keys(rows, meaning.lists),
        "waarde": parsed.waarde,
        "status": _labelled(rows.kind, names),
    }
    return pa.table({name: columns[name] for name in CELLS.names})


def observations_of(rows: Rows, meaning: Meaning, bron: str) -> pa.Table:
    """Return ``OBSERVATIONS`` of rows, in their order; a flow gets the year that ends on its period.

    Args:
        rows: what was read.
        meaning: that which read them.
        bron: id of the source.
    """
    columns = {
        name: column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for name, column in _keys(rows, meaning.lists).items()
    }
    parsed = cells_of(rows.waarde, rows.kind, meaning.base)
    columns |= {
        "waarde": parsed.waarde,
        "bron": pa.repeat(pa.scalar(bron), len(rows)),
        "status": parsed.status,
        "ondergrens": parsed.ondergrens,
        "bovengrens": parsed.bovengrens,
        "herkomst": pa.nulls(len(rows), pa.string()),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names})


def observations_from(found: pa.Table, bron: str, base: int) -> pa.Table:
    """Return ``OBSERVATIONS`` of ``CELLS``: with their source, and bounds by rounding.

    Args:
        found: ``CELLS``.
        bron: id of the source.
        base: what its counts are rounded to.
    """
    counts = found["waarde"]
    _, half = rounding_bounds(0, base)
    columns = {
        name: found[name].cast(pa.string())
        if pa.types.is_dictionary(found.schema.field(name).type)
        else found[name]
        for name in CELLS.names
    }
    columns |= {
        "bron": pa.repeat(pa.scalar(bron), found.num_rows),
        "ondergrens": pc.max_element_wise(pc.subtract(counts, half), 0, skip_nulls=False),
        "bovengrens": pc.add(counts, half),
        "herkomst": pa.nulls(found.num_rows, pa.string()),
    }
    return pa.table({name: columns[name] for name in OBSERVATIONS.names})


def _keys(rows: Rows, lists: Lists) -> dict[str, pa.Array]:
    """Return all columns but the number and what belongs to it."""
    regions = lists.regio.meanings
    niveaus = [*(niveau.value for niveau in Niveau), ""]
    level = np.array([niveaus.index(region.niveau) for region in regions], dtype=np.int32)
    periods = [entry.period for entry in lists.periode.meanings]
    eind = np.array([period.eind for period in periods], dtype="datetime64[D]")
    years = np.array([period.indeling for period in periods], dtype=np.int32)
    provisional = np.array([entry.voorlopig for entry in lists.periode.meanings], dtype=bool)
    flows = np.array([member.stroom for member in lists.kenmerk.meanings], dtype=bool)
    days = eind[rows.periode]
    first = days.astype("datetime64[Y]").astype("datetime64[D]")
    return {
        "groep": _labelled(rows.groep, [member.id for member in lists.groep.meanings]),
        "kenmerk": _labelled(rows.kenmerk, [member.id for member in lists.kenmerk.meanings]),
        "maat": _labelled(rows.maat, [member.id for member in lists.maat.meanings]),
        "niveau": _labelled(level[rows.regio], niveaus),
        "code": _labelled(rows.regio, [region.code for region in regions]),
        "begin": pa.array(np.where(flows[rows.kenmerk], first, days), pa.date32()),
        "eind": pa.array(days, pa.date32()),
        "indeling": pa.array(years[rows.periode]),
        "voorlopig": pa.array(provisional[rows.periode]),
    }


def _labelled(places: np.ndarray, names: Sequence[str]) -> pa.DictionaryArray:
    """Return text as places in a list of names; the dictionary is sorted, whatever their order."""
    distinct, place = np.unique(np.array(names, dtype=np.str_), return_inverse=True)
    indices = pa.array(place.astype(np.int32)[places])
    return pa.DictionaryArray.from_arrays(indices, pa.array(distinct.tolist(), pa.string()))
