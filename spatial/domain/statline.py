"""Table 85980NED as OData version 4 gives it: its entity sets and their columns.

A downloaded or generated table is a mapping of entity set to Arrow table; text may be padded with
blanks. Periods, groups, kenmerken and measures are known by the Title in their code list, never by
their key.
"""

TABLE_ID = "85980NED"
"""Identifier of 'Aandachtsgroepen volkshuisvesting; regio, 1 januari en 31 december'."""

OBSERVATIONS_SET = "Observations"
MEASURE = "Measure"
GROEP = "Aandachtsgroepen"
KENMERK = "Kenmerken"
REGIO = "RegioS"
PERIODE = "Perioden"
"""Dimension columns of the observations; their code lists are named in ``CODES``."""

CODES = {
    MEASURE: "MeasureCodes",
    GROEP: f"{GROEP}Codes",
    KENMERK: f"{KENMERK}Codes",
    REGIO: f"{REGIO}Codes",
    PERIODE: f"{PERIODE}Codes",
}
"""Entity set with the code list of each dimension: Identifier and Title, for periods also Status."""

OBSERVATION_COLUMNS = ("Id", MEASURE, "ValueAttribute", "Value", GROEP, KENMERK, REGIO, PERIODE)
"""Id (row number), Value (a count; empty without one), ValueAttribute (``NONE``, ``IMPOSSIBLE`` or
a sign for a value that is not given) and one key per dimension."""

IGNORED_COLUMNS = ("StringValue",)
"""Columns that version 4 has and that are empty in a table of numbers."""

ATTRIBUTE_NONE = "None"
ATTRIBUTE_IMPOSSIBLE = "Impossible"
ATTRIBUTE_NOT_GIVEN = "."

PROVISIONAL = {"Definitief": False, "NaderVoorlopig": True, "Voorlopig": True}
"""Status of a period: whether its figures are provisional."""

DIMENSIONS = (GROEP, KENMERK, REGIO, PERIODE)
"""The dimensions of this table, besides the measures."""

UNTYPED = "UntypedDataSet"
TYPED = "TypedDataSet"
"""Entity sets of version 3 with the rows: one column per dimension and one per measure. The untyped
one keeps '.' and blank apart; in the typed one both are null."""

V3_PROPERTIES = "DataProperties"
V3_TABLE_INFOS = "TableInfos"
PROPERTIES = "Properties"
"""Entity sets that describe a table and its columns; the last one is of version 4."""
