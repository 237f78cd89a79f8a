"""The trade itself, in plain Python: regions, periods, status, indicators, tables, sources, CRS."""
