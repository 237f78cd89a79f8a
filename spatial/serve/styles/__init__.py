"""The class schemes of the maps as a resource: for web maps and GIS that paint as we do."""
