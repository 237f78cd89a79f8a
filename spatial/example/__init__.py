"""The embedded example: a schematic indeling and example figures, labelled as such everywhere."""
