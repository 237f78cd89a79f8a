/* What is shown stands in the address, behind the #: whoever gets the link sees the same. */
(function () {
  'use strict';

  var gegevens = kaart.gegevens;
  var regio = null;
  var keuze = 0;
  var onderwerp = null;
  var wacht = null;

  function lees() {
    var delen = new URLSearchParams(window.location.hash.slice(1));
    return { onderwerp: delen.get('onderwerp'), moment: delen.get('moment'), regio: delen.get('regio') };
  }

  function schrijf() {
    var delen = new URLSearchParams();
    var momenten = gegevens.panelen[0].momenten;
    if (onderwerp) { delen.set('onderwerp', onderwerp); }
    if (momenten.length > 1) { delen.set('moment', momenten[keuze].dag); }
    if (regio) { delen.set('regio', regio); }
    kaart.meld('schrijf', delen);
    window.history.replaceState(null, '', '#' + delen);
  }

  // Browsers refuse an address that changes too often: a slider that is dragged would do that.
  function onthoud() {
    window.clearTimeout(wacht);
    wacht = window.setTimeout(schrijf, 200);
  }

  function naamVan(code) {
    var rij = document.querySelector('#tabel tr[data-code="' + code + '"]');
    return rij && rij.cells[0].textContent;
  }

  function cijfer(paneel) {
    var moment = paneel.moment;
    var nummer = kaart.vormenVan(moment.vormen).features.findIndex(function (vorm) {
      return vorm.id === regio;
    });
    var titel = gegevens.panelen.length > 1 ? paneel.titel + ': ' : '';
    if (nummer < 0) { return titel + 'niet op deze kaart in de indeling van ' + moment.indeling; }
    var hoe = moment.waarden[nummer] === null ? '' : ' (' + kaart.status(moment, nummer) + ')';
    return titel + kaart.uitkomst(paneel, nummer) + hoe;
  }

  function zeg() {
    var regel = document.getElementById('keuze');
    regel.hidden = !regio;
    regel.textContent = regio ? 'Gekozen: ' + naamVan(regio) + ' (' + regio + '), ' +
      gegevens.panelen.map(cijfer).join('; ') + '.' : '';
  }

  function volg() {
    var gevraagd = lees();
    kaart.meld('lees', new URLSearchParams(window.location.hash.slice(1)));
    var gekozen = gegevens.keuzen.find(function (een) { return een.sleutel === gevraagd.onderwerp; });
    if (gekozen && gevraagd.onderwerp !== onderwerp) { kaart.wissel(gekozen); }
    var nummer = gegevens.panelen[0].momenten.findIndex(function (moment) {
      return moment.dag === gevraagd.moment;
    });
    if (nummer >= 0) { kaart.zet(nummer); }
    if (/^[A-Z]{2}\d+$/.test(gevraagd.regio) && naamVan(gevraagd.regio)) { kaart.kies(gevraagd.regio); }
  }

  kaart.bij('begin', function () {
    keuze = gegevens.panelen[0].momenten.length - 1;
    kaart.bij('keuze', function (gekozen) { onderwerp = gekozen.sleutel; });
    kaart.bij('moment', function (nummer) { keuze = nummer; zeg(); onthoud(); });
    kaart.bij('kies', function (code) { regio = code; zeg(); onthoud(); });
    kaart.onthoud = onthoud;
    volg();
    window.addEventListener('hashchange', volg);
  });
}());
