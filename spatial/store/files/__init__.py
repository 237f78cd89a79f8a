"""Files for other programs, made of the rows of a layer: always x first, missing always missing."""
