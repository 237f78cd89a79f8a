"""Files with which QGIS opens layers and whole projects of the service."""
