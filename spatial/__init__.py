"""Aandachtsgroepen in kaart: regional indicators joined to Dutch boundaries over the years.

The rooms, in the order in which the data walks through them:

``fetch``      download a source, unchanged
``normalise``  how a source spells things becomes the declared tables
``harmonise``  regions that merge and split; sums over regions
``analyse``    what is computed from published numbers: shares, taakstelling
``join``       numbers on shapes, and shapes for one map scale
``store``      the immutable snapshot: written in whole, swapped in by one rename
``compute``    questions answered from one snapshot: comparisons, fair shares
``qgis``       styles, layers and projects that QGIS reads, written without it
``serve``      the snapshot as OGC API Features through pygeoapi
``preview``    the snapshot as folium maps
``export``     the snapshot as tables of PostgreSQL with PostGIS

``domain`` holds the trade itself and ``errors`` every error raised on purpose. ``example`` makes the
embedded example: a schematic indeling and example figures. ``pipeline`` is the build in reading
order, ``settings`` the environment read once, ``cli``, ``asking``, ``exporting``, ``fetching``,
``previewing`` and ``storing`` the places that print.
"""
