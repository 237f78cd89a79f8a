/* Two views over each other on one map, with a divider that is moved by pointer or keys: left of it the
   first, right of it the second. */
(function () {
  'use strict';

  var panelen = kaart.gegevens.panelen;
  var STAPPEN = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 };
  var RAND = 12; // px beside a region that the divider makes room for
  var deel = 50;
  var greep, namen, doos;

  function blok(klasse, tekst) {
    var element = document.createElement('div');
    element.className = klasse;
    element.textContent = tekst || '';
    return element;
  }

  // A plane is cut along a line that stays where it is while the map moves under it.
  function knip() {
    var wereld = panelen[0].kaart;
    var hoek = wereld.containerPointToLayerPoint([0, 0]);
    var ander = wereld.containerPointToLayerPoint(wereld.getSize());
    var lijn = hoek.x + (ander.x - hoek.x) * deel / 100;
    [[hoek.x, lijn], [lijn, ander.x]].forEach(function (kanten, plaats) {
      var hoeken = [[kanten[0], hoek.y], [kanten[1], hoek.y], [kanten[1], ander.y], [kanten[0], ander.y]];
      wereld.getPane(panelen[plaats].vlak).style.clipPath = 'polygon(' + hoeken.map(function (punt) {
        return punt[0] + 'px ' + punt[1] + 'px';
      }).join(',') + ')';
    });
  }

  function zet(nieuw) {
    deel = Math.min(100, Math.max(0, Math.round(nieuw * 10) / 10));
    greep.style.left = deel + '%';
    namen.style.left = deel + '%';
    var heel = Math.round(deel);
    greep.setAttribute('aria-valuenow', heel);
    greep.setAttribute('aria-valuetext', 'links ' + panelen[0].titel + ', ' + heel + ' % van de kaart; rechts ' +
      panelen[1].titel + ', ' + (100 - heel) + ' %');
    knip();
    if (kaart.onthoud) { kaart.onthoud(); }
  }

  function sleep(hier) {
    var vak = doos.getBoundingClientRect();
    zet(100 * (hier.clientX - vak.left) / vak.width);
  }

  function volgWijzer() {
    greep.addEventListener('pointerdown', function (hier) {
      greep.setPointerCapture(hier.pointerId);
      greep.addEventListener('pointermove', sleep);
    });
    ['pointerup', 'pointercancel'].forEach(function (soort) {
      greep.addEventListener(soort, function () { greep.removeEventListener('pointermove', sleep); });
    });
    L.DomEvent.disableClickPropagation(greep);
  }

  function volgToetsen() {
    greep.addEventListener('keydown', function (toets) {
      var naar = { Home: 0, End: 100 }[toets.key];
      if (STAPPEN[toets.key]) { naar = deel + STAPPEN[toets.key]; }
      if (naar === undefined) { return; }
      toets.preventDefault();
      toets.stopPropagation();
      zet(naar);
    });
  }

  // A region that gets focus is shown, also where the other view covered it.
  function maakRuimte() {
    var vak = doos.getBoundingClientRect();
    panelen.forEach(function (paneel, plaats) {
      if (!paneel.kaart.getPane(paneel.vlak).contains(document.activeElement)) { return; }
      var hier = document.activeElement.getBoundingClientRect();
      var lijn = vak.left + vak.width * deel / 100;
      if (plaats === 0 && hier.right > lijn) { zet(100 * (hier.right + RAND - vak.left) / vak.width); }
      if (plaats === 1 && hier.left < lijn) { zet(100 * (hier.left - RAND - vak.left) / vak.width); }
    });
  }

  function maak() {
    doos = panelen[0].kaart.getContainer();
    greep = blok('greep');
    greep.tabIndex = 0;
    greep.setAttribute('role', 'slider');
    greep.setAttribute('aria-label', 'Scheiding tussen de twee kaarten');
    greep.setAttribute('aria-valuemin', '0');
    greep.setAttribute('aria-valuemax', '100');
    namen = blok('schuifnamen');
    namen.setAttribute('aria-hidden', 'true');
    namen.appendChild(blok('links', panelen[0].titel));
    namen.appendChild(blok('rechts', panelen[1].titel));
    doos.appendChild(namen);
    doos.appendChild(greep);
    volgWijzer();
    volgToetsen();
    panelen[0].kaart.on('move zoom zoomend viewreset resize', knip);
  }

  kaart.bij('schrijf', function (delen) { if (greep) { delen.set('schuif', deel); } });
  kaart.bij('lees', function (delen) {
    var gevraagd = Number(delen.get('schuif') || NaN);
    if (greep && gevraagd >= 0 && gevraagd <= 100) { zet(gevraagd); }
  });
  kaart.bij('begin', function () {
    if (!kaart.gegevens.schuif) { return; }
    maak();
    zet(deel);
    kaart.bij('kies', maakRuimte);
  });
}());
