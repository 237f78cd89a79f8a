"""The snapshot as other catalogues read it: DCAT-AP-NL for data.overheid.nl, STAC for what is in files.

``owner``     who publishes, from the configuration
``families``, ``densities``  collections and coverages that are one data set to an outsider
``files``     what of them can be fetched, with size and checksum
``described`` all of that, of one edition
``dcat``      one JSON-LD graph; ``vocabulary`` has the terms of others that it uses
``stac``      catalogue, collections and items
``routes``    their addresses; ``links`` lead to them
"""
