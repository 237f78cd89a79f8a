"""What QGIS and other GIS programs read of a snapshot, written without QGIS: styles and layers."""
