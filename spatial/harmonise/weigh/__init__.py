"""Weights of divided gemeenten: from a night, from inhabitants, from a grid, or from land."""
