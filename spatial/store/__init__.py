"""The immutable snapshot: written in whole, checked, swapped in by one rename, read light."""
