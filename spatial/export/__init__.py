"""The live snapshot in the systems of others: PostgreSQL with PostGIS, and STAC as files.

``connect`` opens a database and words its refusals, ``tables`` says which tables there will be,
``rows`` writes a layer as PostgreSQL reads it, ``postgis`` does the export in one transaction, and
``config`` describes the tables to pygeoapi's own PostgreSQL provider. ``stac`` writes a catalogue as a folder.
"""
