/* Behaviour of a preview page. All texts enter the page as text nodes, never as markup. */
var kaart = (function () {
  'use strict';

  var gegevens = JSON.parse(document.getElementById('gegevens').textContent);
  gegevens.topologie = pak.topologie(gegevens.topologie);
  var panelen = gegevens.panelen;
  var vormen = {};
  var getallen = {};
  var tegels = false;
  var eigenBeeld = false;
  var RAND = '#57606a';
  var gekozen = null;
  var luisteraars = { begin: [], keuze: [], moment: [], vorm: [], markeer: [], kies: [], lees: [], schrijf: [],
    zocht: [] };

  function bij(soort, doe) { luisteraars[soort].push(doe); }

  function meld(soort, wat) { luisteraars[soort].forEach(function (doe) { doe(wat); }); }

  function pakUit(paneel) {
    paneel.momenten.forEach(function (moment) {
      pak.cijfers(moment, paneel.decimalen, gegevens.patronen, gegevens.onbepaald);
    });
    paneel.uitgepakt = true;
  }

  function vormenVan(naam) {
    if (!vormen[naam]) {
      var verzameling = topojson.feature(gegevens.topologie, gegevens.topologie.objects[naam]);
      verzameling.features.forEach(function (vorm, volgnummer) {
        vorm.properties.volgnummer = volgnummer;
      });
      vormen[naam] = verzameling;
    }
    return vormen[naam];
  }

  // Every gemeente as a hexagon: the same regions, in the same order, with another shape.
  function tegelsVan(naam) {
    var sleutel = naam + '/tegels';
    if (!vormen[sleutel]) {
      vormen[sleutel] = {
        type: 'FeatureCollection',
        features: vormenVan(naam).features.map(function (vorm) {
          var hoeken = hoekenVan(vorm.id);
          return {
            type: 'Feature',
            id: vorm.id,
            properties: vorm.properties,
            geometry: { type: 'Polygon', coordinates: [hoeken.concat([hoeken[0]])] }
          };
        })
      };
    }
    return vormen[sleutel];
  }

  function hoekenVan(code) {
    var stap = gegevens.tegels.stap;
    var getallen = gegevens.tegels.hoeken[code];
    return [0, 2, 4, 6, 8, 10].map(function (plaats) {
      return [getallen[plaats] * stap, getallen[plaats + 1] * stap];
    });
  }

  function middenVan(code) {
    var hoeken = hoekenVan(code);
    return [0, 1].map(function (as) {
      return hoeken.reduce(function (som, hoek) { return som + hoek[as] / hoeken.length; }, 0);
    });
  }

  function stippenVan(moment) {
    var gebieden = vormenVan(moment.vormen).features;
    return {
      type: 'FeatureCollection',
      features: gegevens.punten[moment.vormen].map(function (punt, volgnummer) {
        return {
          type: 'Feature',
          properties: { volgnummer: volgnummer },
          geometry: {
            type: 'Point',
            coordinates: tegels ? middenVan(gebieden[volgnummer].id) : punt
          }
        };
      })
    };
  }

  // To make a format takes a hundred times as long as to use it.
  function getal(waarde, decimalen) {
    if (!getallen[decimalen]) {
      getallen[decimalen] = new Intl.NumberFormat('nl-NL', {
        minimumFractionDigits: decimalen,
        maximumFractionDigits: decimalen
      });
    }
    return getallen[decimalen].format(waarde);
  }

  function waarde(paneel, getalWaarde) {
    return paneel.namen.length ? paneel.namen[getalWaarde] : getal(getalWaarde, paneel.decimalen);
  }

  function metEenheid(paneel, getalWaarde) {
    return waarde(paneel, getalWaarde) + (paneel.eenheid ? '\u00a0' + paneel.eenheid : '');
  }

  function status(moment, nummer) {
    return gegevens.statussen[moment.status[nummer]];
  }

  function rand(moment, nummer) {
    return gegevens.randen[moment.status[nummer]] || '';
  }

  function totstandkoming(moment, nummer) {
    var zin = moment.herkomst[nummer];
    return zin === undefined ? status(moment, nummer) : gegevens.herkomsten[zin];
  }

  function uitkomst(paneel, nummer) {
    var moment = paneel.moment;
    var getalWaarde = moment.waarden[nummer];
    return getalWaarde === null ? status(moment, nummer) : metEenheid(paneel, getalWaarde);
  }

  function marge(paneel, nummer) {
    var laag = paneel.moment.min[nummer];
    var hoog = paneel.moment.max[nummer];
    if (laag === null || hoog === null || laag === hoog) { return ''; }
    return 'tussen ' + getal(laag, paneel.decimalen) + ' en ' + getal(hoog, paneel.decimalen);
  }

  function regel(soort, klasse, tekst) {
    var element = document.createElement(soort);
    element.className = klasse;
    element.textContent = tekst;
    return element;
  }

  function uitleg(paneel, laag) {
    var moment = paneel.moment;
    var nummer = laag.feature.properties.volgnummer;
    var blok = document.createElement('div');
    blok.appendChild(regel('b', 'naam', laag.feature.properties.naam));
    blok.appendChild(regel('span', 'getal', uitkomst(paneel, nummer)));
    [
      marge(paneel, nummer),
      moment.waarden[nummer] === null && moment.herkomst[nummer] === undefined
        ? '' : totstandkoming(moment, nummer),
      moment.beeld ? 'in de hele gemeente; de kleuren zijn van vierkanten' : '',
      moment.naam + (moment.voorlopig ? ', voorlopig' : ''),
      'indeling ' + moment.indeling + ', ' + laag.feature.id,
      paneel.herkomst
    ].filter(Boolean).forEach(function (tekst) {
      blok.appendChild(regel('span', 'bij', tekst));
    });
    return blok;
  }

  function vulling(moment, nummer) {
    var teken = moment.status[nummer];
    if (gegevens.patronen.indexOf(teken) >= 0) { return 'url(#patroon-' + teken + ')'; }
    if (moment.beeld) { return 'transparent'; }
    return moment.klassen ? gegevens.kleuren[Number(moment.klassen[nummer])] : gegevens.land;
  }

  function stijl(plaats) {
    return function (vorm) {
      var moment = panelen[plaats].moment;
      var nummer = vorm.properties.volgnummer;
      return { fillColor: vulling(moment, nummer), fillOpacity: gegevens.dekking, color: RAND, weight: 0.6 };
    };
  }

  function stipkleur(moment, nummer) {
    return moment.waarden[nummer] < 0 ? gegevens.stipOnder : gegevens.stip;
  }

  function stipStijl(plaats) {
    return function (vorm) {
      var moment = panelen[plaats].moment;
      var nummer = vorm.properties.volgnummer;
      var erIsEen = moment.stralen[nummer] > 0;
      return { stroke: erIsEen, fill: erIsEen, fillColor: stipkleur(moment, nummer) };
    };
  }

  // Leaflet's setStyle keeps the old radius where the new one is 0.
  function maatStippen(paneel) {
    paneel.stippen.eachLayer(function (stip) {
      stip.setRadius(paneel.moment.stralen[stip.feature.properties.volgnummer] || 0);
    });
  }

  function omlijn(paneel) {
    paneel.omlijning.clearLayers();
    ['opgeteld', 'geschat'].forEach(function (soort) {
      paneel.vlakken.eachLayer(function (laag) {
        if (rand(paneel.moment, laag.feature.properties.volgnummer) !== soort) { return; }
        ['onder', soort].forEach(function (klasse) {
          L.polygon(laag.getLatLngs(), {
            interactive: false, fill: false, smoothFactor: 0, className: 'rand ' + klasse, pane: paneel.vlak
          }).addTo(paneel.omlijning);
        });
      });
    });
    paneel.omlijning.eachLayer(function (lijn) {
      lijn.getElement().setAttribute('aria-hidden', 'true');
    });
  }

  function omlijnStippen(paneel) {
    paneel.stippen.eachLayer(function (stip) {
      var soort = rand(paneel.moment, stip.feature.properties.volgnummer);
      ['opgeteld', 'geschat'].forEach(function (klasse) {
        stip.getElement().classList.toggle(klasse, klasse === soort && stip.getRadius() > 0);
      });
    });
  }

  // Without a region under pointer or focus, the chosen one stands out.
  function markeer(code) {
    code = code || gekozen;
    panelen.forEach(function (paneel) {
      if (paneel.markering) { paneel.markering.remove(); paneel.markering = null; }
      var laag = code && paneel.lagen[code];
      if (laag) {
        paneel.markering = L.polygon(laag.getLatLngs(), {
          interactive: false, fill: false, color: '#000', weight: 3, smoothFactor: 0, pane: paneel.vlak
        }).addTo(paneel.kaart);
      }
    });
    meld('markeer', code);
  }

  function kies(code) {
    gekozen = code;
    markeer(code);
    meld('kies', code);
  }

  // Focus on a region also shows its text; without a layer for it in any pane nothing happens.
  function ga(code) {
    var paneel = panelen.find(function (een) { return een.lagen[code]; });
    if (!paneel) { return false; }
    paneel.lagen[code].getElement().focus();
    return true;
  }

  // What stands outside the map is cut off, on a small screen a large part of the text.
  function houInBeeld(paneel, laag) {
    var ballon = laag.getTooltip().getElement();
    if (!ballon) { return; }
    ballon.style.margin = '';
    var eigen = window.getComputedStyle(ballon);
    var hier = ballon.getBoundingClientRect();
    var doos = paneel.kaart.getContainer().getBoundingClientRect();
    // whole pixels, so that rounding does not leave it a hair outside
    var opzij = Math.floor(Math.min(0, doos.right - hier.right));
    var omlaag = Math.floor(Math.min(0, doos.bottom - hier.bottom));
    opzij = Math.max(opzij, Math.ceil(doos.left - hier.left));
    omlaag = Math.max(omlaag, Math.ceil(doos.top - hier.top));
    if (opzij) { ballon.style.marginLeft = parseFloat(eigen.marginLeft) + opzij + 'px'; }
    if (omlaag) { ballon.style.marginTop = parseFloat(eigen.marginTop) + omlaag + 'px'; }
  }

  function elkGebied(plaats) {
    return function (vorm, laag) {
      var paneel = panelen[plaats];
      laag.bindTooltip(function (bron) { return uitleg(paneel, bron); }, {
        sticky: true, opacity: 1, className: 'uitkomst'
      });
      laag.on('tooltipopen mousemove', function () { houInBeeld(paneel, laag); });
      laag.on('mouseover', function () { markeer(vorm.id); });
      laag.on('mouseout', function () { markeer(null); });
    };
  }

  function maakBereikbaar(laag, code) {
    var pad = laag.getElement();
    pad.setAttribute('tabindex', '0');
    pad.setAttribute('role', 'img');
    pad.addEventListener('focus', function () { kies(code); });
    pad.addEventListener('blur', function () { markeer(null); laag.closeTooltip(); });
    pad.addEventListener('keydown', function (toets) {
      if (toets.key === 'Escape') { laag.closeTooltip(); kies(null); }
    });
  }

  function benoem(paneel) {
    paneel.vlakken.eachLayer(function (laag) {
      var nummer = laag.feature.properties.volgnummer;
      var soort = rand(paneel.moment, nummer);
      laag.getElement().setAttribute('aria-label', laag.feature.properties.naam + ': ' +
        uitkomst(paneel, nummer) + (soort && ', ' + soort));
    });
  }

  // What the regions of a moment are drawn as, and a name for it.
  function getekend(moment) { return (tegels ? tegelsVan : vormenVan)(moment.vormen).features; }

  function sleutelVan(moment) { return moment.vormen + (tegels ? '/tegels' : ''); }

  function wisselVormen(paneel, moment) {
    paneel.lagen = {};
    paneel.vlakken.clearLayers();
    paneel.vlakken.addData({ type: 'FeatureCollection', features: getekend(moment) });
    paneel.vlakken.eachLayer(function (laag) {
      paneel.lagen[laag.feature.id] = laag;
      maakBereikbaar(laag, laag.feature.id);
    });
  }

  function wisselStippen(paneel, moment) {
    paneel.stippen.clearLayers();
    if (!moment.stralen) { return; }
    paneel.stippen.addData(stippenVan(moment));
    paneel.stippen.eachLayer(function (laag) {
      laag.getElement().setAttribute('aria-hidden', 'true');
    });
  }

  // Shapes and circles are made anew only when the others stand on the map.
  function zorgVoorVormen(paneel, moment) {
    var vlakken = sleutelVan(moment);
    var stippen = vlakken + (moment.stralen ? '/stippen' : '');
    if (paneel.getoond && paneel.getoond.vlakken === vlakken && paneel.getoond.stippen === stippen) { return; }
    if (!paneel.getoond || paneel.getoond.vlakken !== vlakken) { wisselVormen(paneel, moment); }
    if (paneel.stippen) { wisselStippen(paneel, moment); }
    paneel.getoond = { vlakken: vlakken, stippen: stippen };
  }

  function kleinsteVoor(paneel) {
    paneel.stippen.getLayers().sort(function (een, ander) {
      return ander.getRadius() - een.getRadius();
    }).forEach(function (stip) { stip.bringToFront(); });
  }

  function toonPaneel(paneel, plaats, keuze) {
    var moment = paneel.momenten[Math.min(keuze, paneel.momenten.length - 1)];
    paneel.moment = moment;
    zorgVoorVormen(paneel, moment);
    paneel.vlakken.setStyle(stijl(plaats));
    if (paneel.raster) { paneel.raster.setUrl(moment.beeld); }
    omlijn(paneel);
    if (moment.stralen) {
      paneel.stippen.setStyle(stipStijl(plaats));
      maatStippen(paneel);
      omlijnStippen(paneel);
      kleinsteVoor(paneel);
    }
    benoem(paneel);
    document.getElementById('stand-' + plaats).textContent = moment.stand;
  }

  function toon(keuze) {
    panelen.forEach(function (paneel, plaats) { toonPaneel(paneel, plaats, keuze); });
    markeer(null);
    meld('moment', keuze);
  }

  function zet(keuze) {
    var schuif = document.getElementById('moment');
    if (schuif) {
      var naam = panelen[0].momenten[keuze].naam;
      schuif.max = panelen[0].momenten.length - 1;
      schuif.value = keuze;
      schuif.setAttribute('aria-valuetext', naam);
      document.getElementById('gekozen').textContent = naam;
    }
    toon(keuze);
  }

  // The same day, or else the one that is nearest to it.
  function momentBij(dag) {
    var afstanden = panelen[0].momenten.map(function (moment) {
      return Math.abs(Date.parse(moment.dag) - Date.parse(dag));
    });
    return afstanden.indexOf(Math.min.apply(null, afstanden));
  }

  // Another subject on the same panes: what they show is replaced, the panes themselves stay.
  function wissel(keuze) {
    var dag = panelen[0].moment.dag;
    gegevens.kleuren = keuze.kleuren;
    panelen.forEach(function (paneel, plaats) {
      if (!keuze.panelen[plaats].uitgepakt) { pakUit(keuze.panelen[plaats]); }
      Object.assign(paneel, keuze.panelen[plaats]);
      benoemKaart(paneel);
    });
    meld('keuze', keuze);
    zet(momentBij(dag));
  }

  function benoemKaart(paneel) {
    var titels = panelen.filter(function (ander) { return ander.kaart === paneel.kaart; });
    paneel.kaart.getContainer().setAttribute('aria-label', 'Kaart: ' + titels.map(function (deel) {
      return deel.titel;
    }).join(' en '));
  }

  function pasIn() {
    var schaal = Math.min.apply(null, panelen.map(function (paneel) {
      return paneel.kaart.getBoundsZoom(paneel.grenzen, false, L.point(28, 28));
    }));
    // Leaflet finds no scale for a container that is smaller than the room around the regions, and
    // would then stand at no place on earth.
    if (!Number.isFinite(schaal)) { return; }
    panelen.forEach(function (paneel) {
      paneel.kaart.setView(L.latLngBounds(paneel.grenzen).getCenter(), schaal, { animate: false });
    });
  }

  function koppel() {
    panelen.forEach(function (van) {
      panelen.forEach(function (naar) {
        if (van.kaart === naar.kaart) { return; }
        var hier = van.kaart.project(L.latLngBounds(van.grenzen).getCenter(), 0);
        var daar = naar.kaart.project(L.latLngBounds(naar.grenzen).getCenter(), 0);
        var verschil = daar.subtract(hier);
        van.kaart.sync(naar.kaart, {
          noInitialSync: true,
          offsetFn: function (midden, zoom, bron, doel) {
            var stap = verschil.multiplyBy(Math.pow(2, zoom));
            return doel.unproject(bron.project(midden, zoom).add(stap), zoom);
          }
        });
      });
    });
  }

  function bedien() {
    var schuif = document.getElementById('moment');
    if (!schuif) { return; }
    var afspelen = document.getElementById('afspelen');
    var klok = null;
    function stap(hoeveel) {
      var aantal = panelen[0].momenten.length;
      zet((Number(schuif.value) + hoeveel + aantal) % aantal);
    }
    function stop() {
      window.clearInterval(klok);
      klok = null;
      afspelen.textContent = 'Afspelen';
      afspelen.setAttribute('aria-pressed', 'false');
    }
    schuif.addEventListener('input', function () { stop(); zet(Number(schuif.value)); });
    document.getElementById('vorige').addEventListener('click', function () { stop(); stap(-1); });
    document.getElementById('volgende').addEventListener('click', function () { stop(); stap(1); });
    afspelen.addEventListener('click', function () {
      if (klok !== null) { stop(); return; }
      klok = window.setInterval(function () { stap(1); }, 1500);
      afspelen.textContent = 'Stoppen';
      afspelen.setAttribute('aria-pressed', 'true');
    });
    schuif.value = panelen[0].momenten.length - 1;
  }

  function bedienTegels() {
    var knop = document.getElementById('tegels');
    if (!knop) { return; }
    knop.addEventListener('click', function () {
      tegels = !tegels;
      knop.setAttribute('aria-pressed', String(tegels));
      document.getElementById('tegels-uitleg').hidden = !tegels;
      panelen.forEach(function (paneel, plaats) {
        toonPaneel(paneel, plaats, paneel.momenten.indexOf(paneel.moment));
      });
      meld('vorm', tegels);
    });
  }

  // A container without a size, as one that is hidden or folded, fits nothing: it waits until it has one.
  function zichtbaar(paneel) {
    var doos = paneel.kaart.getContainer();
    return doos.clientWidth > 0 && doos.clientHeight > 0;
  }

  function pas() {
    if (!panelen.every(zichtbaar)) { return; }
    panelen.forEach(function (paneel) { paneel.kaart.invalidateSize({ pan: false }); });
    if (!eigenBeeld) { pasIn(); }
  }

  // Two panes on one map each have a plane of their own, of which a part can be cut away.
  function legOp(paneel, vlak) {
    paneel.vlak = vlak || 'overlayPane';
    if (!vlak) { return; }
    paneel.kaart.createPane(vlak).style.zIndex = 400;
    paneel.vlakken.options.pane = vlak;
    if (!paneel.stippen) { return; }
    var maak = paneel.stippen.options.pointToLayer;
    paneel.stippen.options.pointToLayer = function (vorm, plek) {
      var stip = maak(vorm, plek);
      stip.options.pane = vlak;
      return stip;
    };
  }

  function start(delen) {
    panelen.forEach(pakUit);
    delen.forEach(function (deel, plaats) {
      var paneel = panelen[plaats];
      paneel.kaart = deel.kaart;
      paneel.vlakken = deel.vlakken;
      paneel.stippen = deel.stippen;
      paneel.onder = deel.onder;
      paneel.raster = deel.raster;
      paneel.omlijning = L.layerGroup().addTo(deel.kaart);
      legOp(paneel, deel.vlak);
      benoemKaart(paneel);
      // a text that is open goes along when the map moves
      deel.kaart.on('moveend', function () {
        paneel.vlakken.eachLayer(function (laag) {
          if (laag.isTooltipOpen()) { houInBeeld(paneel, laag); }
        });
      });
      if (plaats && deel.kaart === delen[plaats - 1].kaart) { return; }
      deel.kaart.attributionControl.setPrefix(false).addAttribution(gegevens.grenzen);
      L.control.zoom({
        zoomInTitle: 'Inzoomen', zoomOutTitle: 'Uitzoomen', position: deel.vlak ? 'bottomleft' : 'topleft'
      }).addTo(deel.kaart);
      var doos = deel.kaart.getContainer();
      doos.setAttribute('role', 'group');
      ['mousedown', 'touchstart', 'keydown', 'dblclick'].forEach(function (soort) {
        doos.addEventListener(soort, function () { eigenBeeld = true; }, { passive: true });
      });
    });
    pasIn();
    koppel();
    toon(panelen[0].momenten.length - 1);
    bedien();
    bedienTegels();
    window.addEventListener('resize', pas);
    var kijker = new ResizeObserver(pas);
    panelen.forEach(function (paneel) { kijker.observe(paneel.kaart.getContainer()); });
    meld('begin');
    document.documentElement.setAttribute('data-klaar', 'ja');
  }

  return {
    stipkleur: stipkleur, elkGebied: elkGebied, stijl: stijl, stipStijl: stipStijl, start: start,
    gegevens: gegevens, vormenVan: vormenVan, getal: getal, waarde: waarde, uitkomst: uitkomst,
    status: status, totstandkoming: totstandkoming,
    vulling: vulling, rand: rand, RAND: RAND, stippenVan: stippenVan, getekend: getekend, sleutelVan: sleutelVan,
    pas: pas,
    bij: bij, meld: meld, markeer: markeer, kies: kies, ga: ga, zet: zet, wissel: wissel
  };
}());
