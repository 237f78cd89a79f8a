"""A checked filter expression held against the features of a layer."""
