"""All observations, from the cube: chosen by dictionary code, paged by key, joined to shapes when asked."""
