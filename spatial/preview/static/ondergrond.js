/* The base map, when a page has one, goes away under hexagons: they do not stand where the land is. */
kaart.bij('vorm', function (tegels) {
  'use strict';

  kaart.gegevens.panelen.forEach(function (paneel) {
    if (!paneel.onder) { return; }
    if (tegels) { paneel.onder.remove(); } else { paneel.onder.addTo(paneel.kaart); }
  });
});
