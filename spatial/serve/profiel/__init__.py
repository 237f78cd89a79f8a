"""Profiles of gemeenten and regions: their addresses and documents."""
