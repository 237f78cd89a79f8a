/* All moments beside each other as small maps, drawn from the shapes that the page has: on the screen
   in the place of the map, on paper below it. */
(function () {
  'use strict';

  var EENHEID = 1000; // metres of the projection
  var HOOG = 700; // px: height of a map on which circles have the size of the scheme
  var svg = document.querySelector('svg').namespaceURI;
  var blok = document.getElementById('veelvoud');
  var knop = document.getElementById('alle-perioden');
  var paden = {};
  var open = false;
  var vers = false;

  // In the projection of the map itself.
  function punt(lengte, breedte) {
    var plek = kaart.gegevens.panelen[0].kaart.options.crs.projection.project(L.latLng(breedte, lengte));
    return [plek.x / EENHEID, -plek.y / EENHEID];
  }

  function lijn(ring) {
    return 'M' + ring.map(function (plek) {
      return punt(plek[0], plek[1]).map(function (getal) { return getal.toFixed(2); }).join(' ');
    }).join('L') + 'Z';
  }

  function omtrek(vorm) {
    var delen = vorm.geometry.type === 'Polygon' ? [vorm.geometry.coordinates] : vorm.geometry.coordinates;
    return delen.map(function (ringen) { return ringen.map(lijn).join(''); }).join('');
  }

  function padenVan(moment) {
    var sleutel = kaart.sleutelVan(moment);
    if (!paden[sleutel]) { paden[sleutel] = kaart.getekend(moment).map(omtrek); }
    return paden[sleutel];
  }

  function element(soort, eigenschappen) {
    var gemaakt = document.createElementNS(svg, soort);
    Object.keys(eigenschappen).forEach(function (naam) {
      gemaakt.setAttribute(naam, eigenschappen[naam]);
    });
    return gemaakt;
  }

  // Regions with the same fill are one path: a page of a thousand regions and twelve moments stays quick.
  function perSoort(moment, soortVan) {
    var gevonden = {};
    padenVan(moment).forEach(function (pad, nummer) {
      var soort = soortVan(nummer);
      if (soort) { gevonden[soort] = (gevonden[soort] || '') + pad; }
    });
    return gevonden;
  }

  // Cells lie below the regions, in the same projection as on the map.
  function legCellen(tekening, paneel, moment) {
    if (!moment.beeld) { return; }
    var vak = paneel.raster.getBounds();
    var zuidwest = punt(vak.getWest(), vak.getSouth());
    var noordoost = punt(vak.getEast(), vak.getNorth());
    tekening.appendChild(element('image', {
      x: zuidwest[0].toFixed(2), y: noordoost[1].toFixed(2),
      width: (noordoost[0] - zuidwest[0]).toFixed(2), height: (zuidwest[1] - noordoost[1]).toFixed(2),
      href: moment.beeld, preserveAspectRatio: 'none'
    }));
  }

  function kleurIn(tekening, moment) {
    var vlakken = perSoort(moment, function (nummer) { return kaart.vulling(moment, nummer); });
    Object.keys(vlakken).sort().forEach(function (vulling) {
      tekening.appendChild(element('path', {
        d: vlakken[vulling], fill: vulling, 'fill-rule': 'evenodd', stroke: kaart.RAND, 'stroke-width': 0.4,
        'vector-effect': 'non-scaling-stroke'
      }));
    });
    var randen = perSoort(moment, function (nummer) { return kaart.rand(moment, nummer); });
    ['opgeteld', 'geschat'].forEach(function (soort) {
      if (!randen[soort]) { return; }
      ['onder', soort].forEach(function (klasse) {
        tekening.appendChild(element('path', {
          d: randen[soort], 'class': 'rand ' + klasse, 'vector-effect': 'non-scaling-stroke'
        }));
      });
    });
  }

  function zetStippen(tekening, moment, hoogte) {
    if (!moment.stralen) { return; }
    kaart.stippenVan(moment).features.map(function (stip, nummer) {
      return { plek: stip.geometry.coordinates, straal: moment.stralen[nummer] || 0, nummer: nummer };
    }).filter(function (stip) { return stip.straal > 0; }).sort(function (een, ander) {
      return ander.straal - een.straal;
    }).forEach(function (stip) {
      var midden = punt(stip.plek[0], stip.plek[1]);
      tekening.appendChild(element('circle', {
        cx: midden[0].toFixed(2), cy: midden[1].toFixed(2), r: (stip.straal * hoogte / HOOG).toFixed(2),
        fill: kaart.stipkleur(moment, stip.nummer),
        'class': 'stip klein ' + kaart.rand(moment, stip.nummer), 'vector-effect': 'non-scaling-stroke'
      }));
    });
  }

  // Circles are smaller here than in the legend: each map shows the largest one of it, with its number.
  function zetMaat(tekening, hoek, hoogte) {
    var regel = document.querySelector('.legenda circle');
    if (!regel) { return; }
    var straal = Number(regel.getAttribute('r')) * hoogte / HOOG;
    var letter = hoogte / 24;
    var naam = element('text', {
      x: (hoek[0] + 2 * straal + letter / 2).toFixed(2), y: (hoek[1] + straal + letter / 3).toFixed(2),
      'font-size': letter.toFixed(2)
    });
    naam.textContent = regel.closest('li').querySelector('span').firstChild.textContent.split(' ')[0];
    tekening.appendChild(element('circle', {
      cx: (hoek[0] + straal).toFixed(2), cy: (hoek[1] + straal).toFixed(2), r: straal.toFixed(2),
      fill: kaart.gegevens.stip, 'class': 'stip klein', 'vector-effect': 'non-scaling-stroke'
    }));
    tekening.appendChild(naam);
  }

  function teken(paneel, moment) {
    var zuidwest = punt(paneel.grenzen[0][1], paneel.grenzen[0][0]);
    var noordoost = punt(paneel.grenzen[1][1], paneel.grenzen[1][0]);
    var breedte = noordoost[0] - zuidwest[0];
    var hoogte = zuidwest[1] - noordoost[1];
    var ruimte = 0.02 * Math.max(breedte, hoogte);
    var tekening = element('svg', {
      viewBox: [zuidwest[0] - ruimte, noordoost[1] - ruimte, breedte + 2 * ruimte, hoogte + 2 * ruimte]
        .map(function (getal) { return getal.toFixed(2); }).join(' '),
      role: 'img',
      'aria-label': 'Kaart: ' + paneel.titel + ', ' + moment.naam + '. ' + moment.stand
    });
    legCellen(tekening, paneel, moment);
    kleurIn(tekening, moment);
    zetStippen(tekening, moment, hoogte);
    if (moment.stralen) { zetMaat(tekening, [zuidwest[0], noordoost[1]], hoogte); }
    return tekening;
  }

  function kaartje(paneel, moment, nummer) {
    var figuur = document.createElement('figure');
    var bijschrift = document.createElement('figcaption');
    var kies = document.createElement('button');
    var meer = kaart.gegevens.panelen.length > 1;
    kies.type = 'button';
    kies.textContent = (meer ? paneel.titel + ', ' : '') + moment.naam + (moment.voorlopig ? ' (voorlopig)' : '');
    kies.addEventListener('click', function () { toon(false); kaart.zet(nummer); knop.focus(); });
    bijschrift.appendChild(kies);
    figuur.appendChild(bijschrift);
    figuur.appendChild(teken(paneel, moment));
    figuur.classList.toggle('aan', moment === paneel.moment);
    return figuur;
  }

  function maak() {
    if (vers) { return; }
    blok.textContent = '';
    kaart.gegevens.panelen.forEach(function (paneel) {
      paneel.momenten.forEach(function (moment, nummer) {
        blok.appendChild(kaartje(paneel, moment, nummer));
      });
    });
    vers = true;
  }

  function verouder() {
    vers = false;
    if (open) { maak(); }
  }

  function toon(aan) {
    open = aan;
    if (open) { maak(); }
    knop.setAttribute('aria-pressed', String(open));
    document.documentElement.classList.toggle('veelvoudig', open);
    if (!open) { kaart.pas(); }
    if (kaart.onthoud) { kaart.onthoud(); }
  }

  // The moment of the sentences and the legend stands out.
  function wijsAan() {
    var figuren = blok ? Array.from(blok.children) : [];
    kaart.gegevens.panelen.forEach(function (paneel) {
      figuren.splice(0, paneel.momenten.length).forEach(function (figuur, nummer) {
        figuur.classList.toggle('aan', paneel.momenten[nummer] === paneel.moment);
      });
    });
  }

  kaart.bij('keuze', verouder);
  kaart.bij('moment', wijsAan);
  kaart.bij('vorm', verouder);
  kaart.bij('schrijf', function (delen) { if (open) { delen.set('beeld', 'naast'); } });
  kaart.bij('lees', function (delen) {
    if (blok && (delen.get('beeld') === 'naast') !== open && window.location.hash) { toon(!open); }
  });
  kaart.bij('begin', function () {
    if (!blok) { return; }
    knop.parentNode.hidden = false;
    knop.addEventListener('click', function () { toon(!open); });
    window.addEventListener('beforeprint', maak);
    if (kaart.gegevens.veelvoud) { toon(true); }
  });
}());
