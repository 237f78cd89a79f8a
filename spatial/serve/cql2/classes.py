"""What of OGC CQL2 and OGC API Features Part 3 holds, as conformance classes."""

_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"

FILTER_CLASSES = (
    f"{_FEATURES}/queryables",
    f"{_FEATURES}/queryables-query-parameters",
    f"{_FEATURES}/filter",
    f"{_FEATURES}/features-filter",
    f"{_CQL2}/cql2-text",
    f"{_CQL2}/cql2-json",
    f"{_CQL2}/basic-cql2",
    f"{_CQL2}/advanced-comparison-operators",
    f"{_CQL2}/case-insensitive-comparison",
    f"{_CQL2}/accent-insensitive-comparison",
    f"{_CQL2}/basic-spatial-functions",
    f"{_CQL2}/basic-spatial-functions-plus",
    f"{_CQL2}/spatial-functions",
    f"{_CQL2}/temporal-functions",
    f"{_CQL2}/arithmetic",
    f"{_CQL2}/property-property",
    # the name that basic-spatial-functions had in the draft: QGIS 3.32 to 3.40 looks for this one
    # only, and without it asks no S_INTERSECTS
    f"{_CQL2}/basic-spatial-operators",
)
"""Not among them: array-functions (no property is a list) and functions (there are none)."""
