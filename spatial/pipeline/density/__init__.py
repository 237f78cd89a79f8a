"""Densities per km2: counts of gemeenten spread over inhabited squares."""
