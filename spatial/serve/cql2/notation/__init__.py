"""The two notations of CQL2, text and JSON, read into one tree."""
