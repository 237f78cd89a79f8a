/* The table: sorted by a click on a heading, and tied to the map both ways. */
(function () {
  'use strict';

  var tabellen = [];
  var uitTabel = false;

  function plaatsen(moment) {
    var gevonden = {};
    kaart.vormenVan(moment.vormen).features.forEach(function (vorm, nummer) {
      gevonden[vorm.id] = nummer;
    });
    return gevonden;
  }

  // What a row is sorted by: [group, value]. Numbers come before all signs, whatever the direction;
  // equal signs stay together, and a region that was not there comes last.
  function sleutels(moment) {
    var nummers = plaatsen(moment);
    var tekens = Object.keys(kaart.gegevens.statussen);
    return function (rij) {
      var nummer = nummers[rij.code];
      if (nummer === undefined) { return [tekens.length + 1, 0]; }
      var waarde = moment.waarden[nummer];
      return waarde === null ? [1 + tekens.indexOf(moment.status[nummer]), 0] : [0, waarde];
    };
  }

  function sorteer(tabel, sleutel, richting) {
    tabel.rijen.map(function (rij, nummer) {
      return { rij: rij, nummer: nummer, sleutel: sleutel(rij) };
    }).sort(function (een, ander) {
      var groep = een.sleutel[0] - ander.sleutel[0];
      var verschil = een.sleutel[1] < ander.sleutel[1] ? -1 : Number(een.sleutel[1] > ander.sleutel[1]);
      return groep || richting * verschil || een.nummer - ander.nummer;
    }).forEach(function (deel) { tabel.romp.appendChild(deel.rij.element); });
  }

  function maakSorteerbaar(tabel, kop, sleutel) {
    var knop = document.createElement('button');
    knop.type = 'button';
    knop.textContent = kop.textContent;
    kop.textContent = '';
    kop.appendChild(knop);
    knop.addEventListener('click', function () {
      var op = kop.getAttribute('aria-sort') !== 'ascending';
      tabel.koppen.forEach(function (andere) { andere.removeAttribute('aria-sort'); });
      kop.setAttribute('aria-sort', op ? 'ascending' : 'descending');
      sorteer(tabel, sleutel, op ? 1 : -1);
    });
  }

  function rijVan(gebeurtenis) {
    return gebeurtenis.target.closest('tr[data-code]');
  }

  function wijs(code) {
    uitTabel = true;
    kaart.markeer(code);
    uitTabel = false;
  }

  // One row at a time is a tab stop; arrows go through the rows.
  function loop(tabel, rij, toets) {
    var naar = {
      ArrowDown: rij.nextElementSibling,
      ArrowUp: rij.previousElementSibling,
      Home: tabel.romp.firstElementChild,
      End: tabel.romp.lastElementChild
    }[toets.key];
    if (toets.key === 'Enter') { kaart.ga(rij.getAttribute('data-code')); }
    if (toets.key === 'Escape') { kaart.kies(null); }
    if (naar) { toets.preventDefault(); naar.focus(); }
  }

  function verbind(tabel) {
    tabel.romp.addEventListener('mouseover', function (hier) {
      if (rijVan(hier)) { wijs(rijVan(hier).getAttribute('data-code')); }
    });
    tabel.romp.addEventListener('mouseleave', function () { wijs(null); });
    tabel.romp.addEventListener('focusin', function (hier) {
      tabel.rijen.forEach(function (rij) { rij.element.tabIndex = -1; });
      rijVan(hier).tabIndex = 0;
      wijs(rijVan(hier).getAttribute('data-code'));
    });
    tabel.romp.addEventListener('focusout', function () { wijs(null); });
    tabel.romp.addEventListener('keydown', function (toets) { loop(tabel, rijVan(toets), toets); });
    tabel.romp.addEventListener('click', function (hier) {
      uitTabel = true;
      if (rijVan(hier)) { kaart.kies(rijVan(hier).getAttribute('data-code')); }
      uitTabel = false;
    });
  }

  function brengInBeeld(tabel, rij) {
    var doos = tabel.doos.getBoundingClientRect();
    var hier = rij.getBoundingClientRect();
    var kop = tabel.koppen[0].offsetHeight;
    if (hier.top < doos.top + kop) { tabel.doos.scrollTop += hier.top - doos.top - kop; }
    if (hier.bottom > doos.bottom) { tabel.doos.scrollTop += hier.bottom - doos.bottom; }
  }

  function licht(code) {
    tabellen.forEach(function (tabel) {
      tabel.rijen.forEach(function (rij) {
        rij.element.classList.toggle('aan', rij.code === code);
        if (rij.code === code && !uitTabel) { brengInBeeld(tabel, rij.element); }
      });
    });
  }

  function maak(paneel, doos) {
    var tabel = {
      doos: doos,
      romp: doos.querySelector('tbody'),
      koppen: Array.from(doos.querySelectorAll('thead th'))
    };
    tabel.rijen = Array.from(tabel.romp.rows).map(function (element, nummer) {
      element.tabIndex = nummer ? -1 : 0;
      return { element: element, code: element.getAttribute('data-code'), nummer: nummer };
    });
    maakSorteerbaar(tabel, tabel.koppen[0], function (rij) { return [0, rij.nummer]; });
    maakSorteerbaar(tabel, tabel.koppen[1], function (rij) { return [0, rij.code]; });
    paneel.momenten.forEach(function (moment, nummer) {
      maakSorteerbaar(tabel, tabel.koppen[nummer + 2], sleutels(moment));
    });
    tabel.koppen[0].setAttribute('aria-sort', 'ascending');
    verbind(tabel);
    return tabel;
  }

  // On paper the table stands open, whatever it was on the screen.
  function vouwOpenVoorPapier(vouw) {
    var wasOpen = vouw.open;
    window.addEventListener('beforeprint', function () { wasOpen = vouw.open; vouw.open = true; });
    window.addEventListener('afterprint', function () { vouw.open = wasOpen; });
  }

  function maakAlle() {
    var dozen = document.querySelectorAll('#tabel .rol');
    tabellen = kaart.gegevens.panelen.map(function (paneel, plaats) {
      return maak(paneel, dozen[plaats]);
    });
  }

  kaart.bij('begin', function () {
    vouwOpenVoorPapier(document.getElementById('tabel'));
    maakAlle();
  });
  kaart.bij('keuze', maakAlle);
  kaart.bij('markeer', licht);
}());
