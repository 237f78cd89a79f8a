/* Another indicator on the same map: its title, legend, table and figures take the place of the others. */
(function () {
  'use strict';

  var gegevens = kaart.gegevens;
  var keuzen = gegevens.keuzen;
  var legendas = [];

  // Fields that belong to a pane whatever it shows are not among those of a choice.
  function eerste() {
    return gegevens.panelen.map(function (paneel) {
      var kopie = {};
      ['titel', 'eenheid', 'decimalen', 'namen', 'herkomst', 'momenten', 'uitgepakt'].forEach(function (veld) {
        kopie[veld] = paneel[veld];
      });
      return kopie;
    });
  }

  function legendaVan(nummer) {
    if (!legendas[nummer]) {
      var mal = document.getElementById('legenda-' + nummer);
      legendas[nummer] = mal.content.firstElementChild.cloneNode(true);
    }
    return legendas[nummer];
  }

  // Whoever had opened the English sentences keeps them open.
  function wisselLegenda(nummer) {
    var oude = document.querySelector('.legenda');
    var nieuwe = legendaVan(nummer);
    nieuwe.querySelector('details').open = oude.querySelector('details').open;
    oude.parentNode.replaceChild(nieuwe, oude);
  }

  function toonTekst(keuze) {
    document.title = keuze.titel;
    document.querySelector('h1').textContent = keuze.titel;
    document.getElementById('uitleg').textContent = keuze.uitleg;
    document.getElementById('onderwerp').value = keuze.sleutel;
    var schuif = document.getElementById('moment');
    if (schuif) { schuif.parentNode.hidden = gegevens.panelen[0].momenten.length < 2; }
  }

  function vind(sleutel) {
    return keuzen.find(function (keuze) { return keuze.sleutel === sleutel; });
  }

  kaart.bij('keuze', function (keuze) {
    wisselLegenda(keuzen.indexOf(keuze));
    toonTekst(keuze);
  });

  kaart.bij('begin', function () {
    if (keuzen.length < 2) { return; }
    var lijst = document.getElementById('onderwerp');
    keuzen[0].kleuren = gegevens.kleuren;
    keuzen[0].panelen = eerste();
    legendas[0] = document.querySelector('.legenda');
    lijst.value = keuzen[0].sleutel;
    document.getElementById('onderwerpen').hidden = false;
    lijst.addEventListener('change', function () { kaart.wissel(vind(lijst.value)); });
  });
}());
