"""Densities as cloud-optimised GeoTIFF, and the index that tells which there are."""
