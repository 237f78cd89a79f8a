"""The snapshot as folium maps. The only room that knows folium."""
