/* The sentences under the title and in the legend, of the moment that is shown. */
(function () {
  'use strict';

  function zeg(taal, nummer) {
    var panelen = kaart.gegevens.panelen;
    return panelen.map(function (paneel) {
      var titel = panelen.length > 1 ? paneel.titel + ': ' : '';
      return titel + paneel.moment.zinnen[taal][nummer];
    }).join(' ');
  }

  kaart.bij('moment', function () {
    ['nl', 'en'].forEach(function (taal, plaats) {
      kaart.gegevens.panelen[0].moment.zinnen[plaats].forEach(function (_, nummer) {
        document.getElementById('zin-' + taal + '-' + nummer).textContent = zeg(plaats, nummer);
      });
    });
  });
}());
