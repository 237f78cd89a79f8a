/* A picture of cells lies between two corners of the projection of the map. Leaflet takes the
   north-western one, which in RD is not where the picture begins. */
L.ImageOverlay.include({
  _hoeken: function (plek) {
    return L.bounds([this._bounds.getSouthWest(), this._bounds.getNorthEast()].map(plek));
  },

  _reset: function () {
    var wereld = this._map;
    var vak = this._hoeken(function (hoek) { return wereld.latLngToLayerPoint(hoek); });
    L.DomUtil.setPosition(this._image, vak.min);
    this._image.style.width = vak.getSize().x + 'px';
    this._image.style.height = vak.getSize().y + 'px';
  },

  _animateZoom: function (stap) {
    var wereld = this._map;
    var vak = this._hoeken(function (hoek) {
      return wereld._latLngToNewLayerPoint(hoek, stap.zoom, stap.center);
    });
    L.DomUtil.setTransform(this._image, vak.min, wereld.getZoomScale(stap.zoom));
  }
});
