"""OGC CQL2: filter expressions read, limited and type-checked; they are evaluated in matching."""
