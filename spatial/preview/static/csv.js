/* The figures that are shown as a CSV file, made in the page: semicolons and decimal commas, as a
   Dutch spreadsheet reads them. */
(function () {
  'use strict';

  var KOPPEN = [
    'kaart', 'regioCode', 'regioNaam', 'periode', 'peilmoment', 'indeling', 'waarde', 'eenheid',
    'status', 'ondergrens', 'bovengrens', 'voorlopig', 'totstandkoming', 'bron', 'melding'
  ];

  // A text that a spreadsheet would take for a formula gets an apostrophe before it.
  function tekst(waarde) {
    var veilig = /^[=+\-@\t\r\n]/.test(waarde) ? "'" + waarde : String(waarde);
    return /[;"\r\n]/.test(veilig) ? '"' + veilig.replace(/"/g, '""') + '"' : veilig;
  }

  function nummer(waarde) {
    return waarde === null || waarde === undefined ? '' : String(waarde).replace('.', ',');
  }

  // A value that is a class is saved by its name; bounds of it would say nothing.
  function cellen(paneel, plaats) {
    var moment = paneel.moment;
    var waarde = moment.waarden[plaats];
    if (paneel.namen.length) { return { waarde: waarde === null ? '' : tekst(paneel.namen[waarde]), min: '', max: '' }; }
    return { waarde: nummer(waarde), min: nummer(moment.min[plaats]), max: nummer(moment.max[plaats]) };
  }

  function regels(paneel) {
    var moment = paneel.moment;
    var melding = kaart.gegevens.meldingen.join(' ');
    return kaart.vormenVan(moment.vormen).features.map(function (vorm, plaats) {
      var cel = cellen(paneel, plaats);
      return [
        tekst(paneel.titel), tekst(vorm.id), tekst(vorm.properties.naam), tekst(moment.naam),
        moment.dag, moment.indeling, cel.waarde, tekst(paneel.eenheid),
        tekst(kaart.status(moment, plaats)), cel.min, cel.max,
        moment.voorlopig ? 'ja' : 'nee', tekst(kaart.totstandkoming(moment, plaats)),
        tekst(paneel.herkomst), tekst(melding)
      ].join(';');
    });
  }

  function bewaar() {
    var alle = kaart.gegevens.panelen.map(regels).reduce(function (een, ander) {
      return een.concat(ander);
    });
    var inhoud = '\ufeff' + [KOPPEN.join(';')].concat(alle).join('\r\n') + '\r\n';
    kaart.bewaar(new Blob([inhoud], { type: 'text/csv;charset=utf-8' }), 'csv');
  }

  kaart.bij('begin', function () {
    var knop = document.getElementById('csv');
    knop.hidden = false;
    knop.addEventListener('click', bewaar);
  });
}());
