"""OGC API Tiles: every collection as vector tiles, made from the store."""
