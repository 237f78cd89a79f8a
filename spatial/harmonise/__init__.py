"""Regions that merge and split, and sums of counts over regions."""
