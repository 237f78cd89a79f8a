"""Densities as OGC API Coverages: one question, a block of cells and bands, and its two encodings."""
