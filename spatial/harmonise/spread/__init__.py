"""Counts of gemeenten spread over inhabited squares."""
