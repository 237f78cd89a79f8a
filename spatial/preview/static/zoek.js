/* Search by name or code, also of a gemeente that is no more: goes to what it became. */
(function () {
  'use strict';

  var vroeger = kaart.gegevens.vroeger;
  var bekend = {};

  function kaal(tekst) {
    return tekst.normalize('NFD').replace(/[\u0300-\u036f]/g, '').trim().toLowerCase();
  }

  function voegToe(lijst, code, naam) {
    var tekst = naam + ' (' + code + ')';
    if (bekend[kaal(tekst)]) { return; }
    bekend[kaal(tekst)] = code;
    var keus = document.createElement('option');
    keus.value = tekst;
    lijst.appendChild(keus);
  }

  // A whole text, a whole name, a code, or else the only beginning of a name.
  function vind(vraag) {
    var teksten = Object.keys(bekend);
    var zelfde = teksten.filter(function (tekst) {
      return tekst === vraag || tekst.replace(/ \([a-z]{2}\d+\)$/, '') === vraag ||
        bekend[tekst].toLowerCase() === vraag;
    });
    var begin = teksten.filter(function (tekst) { return tekst.indexOf(vraag) === 0; });
    var codes = (zelfde.length ? zelfde : begin).map(function (tekst) { return bekend[tekst]; });
    return codes.filter(function (code, plaats) { return codes.indexOf(code) === plaats; });
  }

  function gaNaar(code, gehad) {
    if (kaart.ga(code)) { return true; }
    var later = vroeger.find(function (deel) { return deel.code === code; });
    return Boolean(later) && gehad.indexOf(code) < 0 && gaNaar(later.naar[0], gehad.concat(code));
  }

  function zoek(vraag) {
    if (!vraag) { return ''; }
    var codes = vind(vraag);
    if (!codes.length) { return 'Geen regio gevonden met deze naam of code.'; }
    if (codes.length > 1) { return codes.length + ' regio\u2019s beginnen zo: kies er een.'; }
    var zinnen = vroeger.filter(function (deel) { return deel.code === codes[0]; });
    var gevonden = gaNaar(codes[0], []);
    kaart.meld('zocht', codes[0]);
    return zinnen.map(function (deel) { return deel.zin; })
      .concat(gevonden ? [] : ['Niet op de kaart in de indeling die nu te zien is.']).join(' ');
  }

  function voegRijenToe() {
    var lijst = document.getElementById('zoek-namen');
    document.querySelectorAll('#tabel tr[data-code]').forEach(function (rij) {
      voegToe(lijst, rij.getAttribute('data-code'), rij.cells[0].textContent);
    });
  }

  kaart.bij('keuze', voegRijenToe);
  kaart.bij('begin', function () {
    var veld = document.getElementById('zoek');
    var lijst = document.getElementById('zoek-namen');
    voegRijenToe();
    vroeger.forEach(function (deel) { voegToe(lijst, deel.code, deel.naam); });
    document.getElementById('zoeken').hidden = false;
    veld.addEventListener('change', function () {
      document.getElementById('zoek-antwoord').textContent = zoek(kaal(veld.value));
    });
  });
}());
