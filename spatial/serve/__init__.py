"""The snapshot as OGC API Features. The only room that knows pygeoapi."""
