"""The series of all cells in SQL, written apart from the kernel: to hold it against, and to time it.

Without herkomst, and without weights of single cells (``SeriesPlan.nights``).
"""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from spatial.domain.tables import SERIES
from spatial.harmonise.kernel.levels import Way
from spatial.harmonise.kernel.regions import Division
from spatial.pipeline.series.plan import SeriesPlan

COLUMNS = [name for name in SERIES.names if name != "herkomst"]

_STATUS = """CASE WHEN sum(CAST(s = 'geheim_of_onbekend' AS INT)) > 0 THEN 'geheim_of_onbekend'
  WHEN count(*) < any_value(n) OR sum(CAST(s = 'ontbreekt_in_bron' AS INT)) > 0
    THEN 'ontbreekt_in_bron'
  WHEN sum(CAST(s = 'niet_van_toepassing' AS INT)) = any_value(n) THEN 'niet_van_toepassing'
  WHEN sum(CAST(s = 'niet_van_toepassing' AS INT)) > 0 THEN 'ontbreekt_in_bron'
  WHEN sum(CAST(s = 'geschat' AS INT)) + any_value(delen) > 0 THEN 'geschat'
  ELSE 'opgeteld' END"""
_CELL = 'groep, kenmerk, maat, "begin", eind, indeling'
_SUMS = f"{_CELL}, sum(w) AS w, sum(lo) AS lo, sum(hi) AS hi, {_STATUS} AS s, bool_or(v) AS v"

SQL = f"""
WITH bron AS (
  SELECT {_CELL}, niveau, code, waarde AS w, greatest(waarde - half, 0) AS lo, waarde + half AS hi,
    status AS s, voorlopig AS v
  FROM cells, base WHERE indeling <= base.naar
), aangevuld AS (
  SELECT niveau, code, {_CELL}, w, lo, hi, s, v FROM bron
  UNION ALL
  SELECT b.van, b.regio, {_SUMS}
  FROM (SELECT bron.*, e.niveau AS van, e.regio, e.n, 0 AS delen FROM bron
    JOIN extra e ON e.jaar = bron.indeling AND e.lid = bron.code WHERE bron.niveau = 'gemeente') b
  GROUP BY b.van, b.regio, {_CELL}
), leden AS (
  SELECT * FROM bron WHERE niveau = 'gemeente'
), gedeeld AS (
  SELECT {_CELL}, nieuw, w * ppm // 1000000 AS deel, w * ppm % 1000000 AS rest, w, lo, hi, s, v,
    greatest(ppm - grens, 0) AS minste, least(ppm + grens, 1000000) AS meeste, n, delen, oud
  FROM leden JOIN weg ON weg.van = leden.indeling AND weg.oud = leden.code
  WHERE samen AND NOT heel
), delen AS (
  SELECT {_CELL}, nieuw,
    deel + CAST(row_number() OVER (PARTITION BY {_CELL}, oud ORDER BY rest DESC, nieuw)
      <= w - sum(deel) OVER (PARTITION BY {_CELL}, oud) AS INT) AS w,
    lo * minste // 1000000 AS lo, (hi * meeste + 999999) // 1000000 AS hi, s, v, n, delen
  FROM gedeeld
), samen AS (
  SELECT * FROM delen
  UNION ALL
  SELECT {_CELL}, nieuw, w, lo, hi, s, v, n, delen
  FROM leden JOIN weg ON weg.van = leden.indeling AND weg.oud = leden.code WHERE samen AND heel
), gemeenten AS (
  SELECT nieuw AS code, {_CELL}, w, lo, hi, s, v
  FROM leden JOIN weg ON weg.van = leden.indeling AND weg.oud = leden.code WHERE NOT samen
  UNION ALL
  SELECT nieuw, {_SUMS} FROM samen GROUP BY nieuw, {_CELL}
), houdt AS (
  SELECT DISTINCT zelfde.niveau, zelfde.code, zelfde.jaar FROM zelfde
  JOIN aangevuld a ON a.niveau = zelfde.niveau AND a.code = zelfde.code AND a.indeling = zelfde.jaar
), alles AS (
  SELECT 'gemeente' AS niveau, * FROM gemeenten
  UNION ALL
  SELECT a.* FROM aangevuld a
  JOIN houdt h ON h.niveau = a.niveau AND h.code = a.code AND h.jaar = a.indeling
  UNION ALL
  SELECT * FROM (
    SELECT l.niveau, l.regio AS code, {_SUMS}
    FROM (SELECT g.*, r.niveau, r.regio, r.n, 0 AS delen FROM gemeenten g
      JOIN regio r ON r.lid = g.code) l
    GROUP BY l.niveau, l.regio, {_CELL}
  ) sommen
  ANTI JOIN houdt h ON h.niveau = sommen.niveau AND h.code = sommen.code
    AND h.jaar = sommen.indeling
), waarden AS (
  SELECT * REPLACE (CASE WHEN heeft THEN w END AS w, CASE WHEN heeft THEN lo END AS lo,
    CASE WHEN heeft THEN hi END AS hi)
  FROM (SELECT *, s IN ('waargenomen', 'opgeteld', 'geschat', 'berekend') AS heeft FROM alles)
), met AS (
  SELECT f.*, t.w AS tw, t.lo AS tlaag, t.hi AS thoog,
    CASE WHEN f.kenmerk = 'totaal' THEN 'niet_van_toepassing'
      WHEN f.s = 'geheim_of_onbekend' OR t.s = 'geheim_of_onbekend' THEN 'geheim_of_onbekend'
      WHEN f.s = 'niet_van_toepassing' OR t.s = 'niet_van_toepassing' THEN 'niet_van_toepassing'
      WHEN f.s = 'ontbreekt_in_bron' OR coalesce(t.s, 'ontbreekt_in_bron') = 'ontbreekt_in_bron'
        THEN 'ontbreekt_in_bron'
      WHEN t.w = 0 THEN 'niet_van_toepassing'
      WHEN t.w < 50 THEN 'te_klein'
      WHEN f.s = 'geschat' OR t.s = 'geschat' THEN 'geschat'
      WHEN f.lo > t.hi THEN 'niet_van_toepassing'
      ELSE 'berekend' END AS aandeel_status
  FROM waarden f LEFT JOIN waarden t ON t.kenmerk = 'totaal' AND t.groep = f.groep
    AND t.maat = f.maat AND t.code = f.code AND t."begin" = f."begin" AND t.eind = f.eind
)
SELECT groep, kenmerk, maat, niveau, code, "begin", eind, CAST(base.naar AS INT) AS indeling,
  CAST(w AS BIGINT) AS waarde, s AS status, CAST(lo AS BIGINT) AS ondergrens,
  CAST(hi AS BIGINT) AS bovengrens, v AS voorlopig,
  CASE WHEN aandeel_status IN ('berekend', 'geschat')
    THEN CAST(least((2000 * w + tw) // (2 * tw), 1000) AS DOUBLE) / 10 END AS aandeel,
  aandeel_status,
  CASE WHEN aandeel_status IN ('berekend', 'geschat')
    THEN CAST(least(1000 * lo // thoog, 1000) AS DOUBLE) / 10 END AS aandeel_ondergrens,
  CASE WHEN aandeel_status IN ('berekend', 'geschat') THEN CAST(CASE WHEN tlaag > 0
    THEN least((1000 * hi + tlaag - 1) // tlaag, 1000) ELSE 1000 END AS DOUBLE) / 10 END
    AS aandeel_bovengrens
FROM met, base
"""  # noqa: S608 - our own names
"""One indeling; the tables are those of ``prepare``, and ``cells``."""


def prepare(connection: duckdb.DuckDBPyConnection, plan: SeriesPlan, way: Way) -> None:
    """Make the tables that stand for a plan and one of its indelingen."""
    extra = [
        (division.niveau, year, region, member, size)
        for level in plan.summed
        for year, division in level.items()
        for region, member, size in _pairs(division)
    ]
    regio = [
        (level.niveau, region, member, size)
        for level in way.levels
        if level.division is not None
        for region, member, size in _pairs(level.division)
    ]
    zelfde = [(level.niveau, code, year) for level in way.levels for code, year in level.same]
    base = [(way.walk.naar, (plan.base - 1) // 2)]
    for name, columns, rows in (
        ("extra", "niveau jaar regio lid n", extra),
        ("regio", "niveau regio lid n", regio),
        ("zelfde", "niveau code jaar", zelfde),
        ("base", "naar half", base),
        ("weg", "van oud nieuw ppm grens heel samen n delen", list(_way(way))),
    ):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        types = _TYPES_OF[name]
        fields = zip(columns.split(), types, strict=True)
        given = ", ".join(f"{field} {kind}" for field, kind in fields)
        connection.execute(f"CREATE TABLE {name} ({given})")
        table = _table(columns.split(), rows)
        if table is not None:
            connection.register("given", table)
            connection.execute(f"INSERT INTO {name} SELECT * FROM given")  # noqa: S608 - our names
            connection.unregister("given")


_TYPES_OF = {
    "extra": ("VARCHAR", "INT", "VARCHAR", "VARCHAR", "BIGINT"),
    "regio": ("VARCHAR", "VARCHAR", "VARCHAR", "BIGINT"),
    "zelfde": ("VARCHAR", "VARCHAR", "INT"),
    "base": ("INT", "BIGINT"),
    "weg": ("INT", "VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "BOOL", "BOOL", "BIGINT", "BIGINT"),
}


def _table(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> pa.Table | None:
    if not rows:
        return None
    return pa.table(
        dict(zip(names, (list(values) for values in zip(*rows, strict=True)), strict=True))
    )


def _pairs(division: Division) -> Iterator[tuple[str, str, int]]:
    sizes = division.joins.sum(axis=1)
    for region, member in zip(*division.joins.nonzero(), strict=True):
        yield division.regions[region], division.members[member], int(sizes[region])


def _way(way: Way) -> Iterator[tuple[object, ...]]:
    for step in way.walk.steps.values():
        contributors: dict[int, int] = {}
        parts: dict[int, int] = {}
        for target, whole in zip(step.target.tolist(), step.whole.tolist(), strict=True):
            contributors[target] = contributors.get(target, 0) + 1
            parts[target] = parts.get(target, 0) + (not whole)
        for at, (source, target) in enumerate(
            zip(step.source.tolist(), step.target.tolist(), strict=True)
        ):
            yield (
                step.van, step.sources[source], way.walk.targets[target], int(step.ppm[at]),
                int(step.grens[at]), bool(step.whole[at]), bool(step.together[source]),
                contributors[target], parts[target],
            )  # fmt: skip


def series_in_sql(cells: pa.Table, plan: SeriesPlan) -> pa.Table:
    """Return ``SERIES`` without herkomst, of cells in memory."""
    parts = []
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("cells", cells)
        for way in plan.ways:
            prepare(connection, plan, way)
            parts.append(connection.sql(SQL).to_arrow_table())
    return pa.concat_tables(parts).select(COLUMNS)
