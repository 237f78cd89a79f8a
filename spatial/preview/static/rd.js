/* The Dutch grid (RD, EPSG:28992) for Leaflet, by the polynomials of Schreutelkamp and Strang van Hees:
   within half a metre on land. Zoom levels are those of the tiles of PDOK. */
L.CRS.RD = (function () {
  'use strict';

  var BREEDTE = 52.15517440;
  var LENGTE = 5.38720621;
  var X = 155000;
  var Y = 463000;
  var GROFST = 3440.64; // metres per pixel at zoom 0
  var HOEK = [-285401.92, 903401.92]; // upper left of the tiles
  // [power of the first, power of the second, factor]
  var OOST = [
    [0, 1, 190094.945], [1, 1, -11832.228], [2, 1, -114.221], [0, 3, -32.391], [1, 0, -0.705],
    [3, 1, -2.340], [1, 3, -0.608], [0, 2, -0.008], [2, 3, 0.148]
  ];
  var NOORD = [
    [1, 0, 309056.544], [0, 2, 3638.893], [2, 0, 73.077], [1, 2, -157.984], [3, 0, 59.788],
    [0, 1, 0.433], [2, 2, -6.439], [1, 1, -0.032], [0, 4, 0.092], [1, 4, -0.054]
  ];
  var NOORDERBREEDTEN = [
    [0, 1, 3235.65389], [2, 0, -32.58297], [0, 2, -0.24750], [2, 1, -0.84978], [0, 3, -0.06550],
    [2, 2, -0.01709], [1, 0, -0.00738], [4, 0, 0.00530], [2, 3, -0.00039], [4, 1, 0.00033], [1, 1, -0.00012]
  ];
  var OOSTERLENGTEN = [
    [1, 0, 5260.52916], [1, 1, 105.94684], [1, 2, 2.45656], [3, 0, -0.81885], [1, 3, 0.05594],
    [3, 1, -0.05607], [0, 1, 0.01199], [3, 2, -0.00256], [1, 4, 0.00128], [0, 2, 0.00022],
    [2, 0, -0.00022], [5, 0, 0.00026]
  ];

  function som(termen, een, ander) {
    return termen.reduce(function (totaal, term) {
      return totaal + term[2] * Math.pow(een, term[0]) * Math.pow(ander, term[1]);
    }, 0);
  }

  return L.extend({}, L.CRS, {
    code: 'EPSG:28992',
    projection: {
      project: function (plek) {
        var op = 0.36 * (plek.lat - BREEDTE);
        var opzij = 0.36 * (plek.lng - LENGTE);
        return L.point(X + som(OOST, op, opzij), Y + som(NOORD, op, opzij));
      },
      unproject: function (punt) {
        var opzij = (punt.x - X) / 100000;
        var op = (punt.y - Y) / 100000;
        return L.latLng(BREEDTE + som(NOORDERBREEDTEN, opzij, op) / 3600, LENGTE + som(OOSTERLENGTEN, opzij, op) / 3600);
      },
      bounds: L.bounds([HOEK[0], HOEK[1] - 256 * GROFST], [HOEK[0] + 256 * GROFST, HOEK[1]])
    },
    transformation: L.transformation(1, -HOEK[0], -1, HOEK[1]),
    scale: function (zoom) { return Math.pow(2, zoom) / GROFST; },
    zoom: function (schaal) { return Math.log(schaal * GROFST) / Math.LN2; }
  });
}());
