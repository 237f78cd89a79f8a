/* The map that is shown as a picture for a report: SVG, or PNG of the same SVG, with title, legend,
   notices and sources. All of it is taken from the page itself. */
(function () {
  'use strict';

  var MARGE = 24;
  var GOOT = 16;
  var LEGENDA = 280;
  var REGEL = 1.35;
  var DICHT = 2; // dots of a PNG per pixel
  var svg = document.querySelector('svg').namespaceURI;
  var letters = window.getComputedStyle(document.documentElement).fontFamily;
  var meter = document.createElement('canvas').getContext('2d');

  function element(soort, eigenschappen, inhoud) {
    var gemaakt = document.createElementNS(svg, soort);
    Object.keys(eigenschappen).forEach(function (naam) { gemaakt.setAttribute(naam, eigenschappen[naam]); });
    if (inhoud !== undefined) { gemaakt.textContent = inhoud; }
    return gemaakt;
  }

  function regelsVan(tekst, breedte, grootte, dik) {
    meter.font = (dik ? 'bold ' : '') + grootte + 'px ' + letters;
    return tekst.split(/[ \n]+/).reduce(function (regels, woord) {
      var langer = regels[regels.length - 1] + ' ' + woord;
      if (meter.measureText(langer).width <= breedte) { regels[regels.length - 1] = langer.trim(); } else { regels.push(woord); }
      return regels;
    }, ['']).filter(Boolean);
  }

  // Writes a text in lines and returns where the next one begins.
  function schrijf(blad, tekst, plek, stijl) {
    var dik = stijl.dik || false;
    return regelsVan(tekst, plek.breedte, stijl.grootte, dik).reduce(function (boven, regel) {
      var onder = boven + stijl.grootte * REGEL;
      blad.appendChild(element('text', {
        x: plek.links, y: (onder - 0.3 * stijl.grootte).toFixed(1), 'font-size': stijl.grootte,
        'font-weight': dik ? 700 : 400, fill: stijl.kleur || '#1b1f24'
      }, regel));
      return onder;
    }, plek.boven);
  }

  // A copy that looks the same without the style sheet of the page, and that nothing can focus.
  function kopie(bron) {
    var beeld = bron.cloneNode(true);
    var echte = [bron].concat(Array.from(bron.querySelectorAll('*')));
    [beeld].concat(Array.from(beeld.querySelectorAll('*'))).forEach(function (deel, nummer) {
      if (/\b(rand|stip)\b/.test(deel.getAttribute('class') || '')) {
        var stijl = window.getComputedStyle(echte[nummer]);
        ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin'].forEach(function (naam) {
          deel.setAttribute(naam, stijl.getPropertyValue(naam));
        });
      }
      if (/\b(gebied|rand)\b/.test(deel.getAttribute('class') || '')) { deel.setAttribute('fill-opacity', 1); }
      // not every program knows that word
      if (deel.getAttribute('fill') === 'transparent') { deel.setAttribute('fill', 'none'); }
      var titel = deel.getAttribute('aria-label');
      if (titel && deel.localName === 'path') { deel.appendChild(element('title', {}, titel)); }
      ['class', 'style', 'tabindex', 'role', 'aria-label', 'aria-hidden', 'pointer-events'].forEach(function (naam) {
        deel.removeAttribute(naam);
      });
    });
    return beeld;
  }

  // The cells below the regions, as they lie on the map.
  function cellen(beeld) {
    var hoek = L.DomUtil.getPosition(beeld);
    return element('image', {
      x: hoek.x, y: hoek.y, width: parseFloat(beeld.style.width), height: parseFloat(beeld.style.height),
      href: beeld.src, preserveAspectRatio: 'none', 'image-rendering': 'pixelated'
    });
  }

  function zee(plek) {
    return element('rect', { x: plek.links, y: plek.boven, width: plek.breedte, height: plek.hoogte, fill: '#eef3f7' });
  }

  // The part of a map between two of its sides: all of it, or what lies on one side of a divider.
  function deelVan(wereld, vlakken, plek, kanten) {
    var hoek = wereld.containerPointToLayerPoint([0, 0]);
    var links = kanten[0] * plek.breedte;
    var breedte = (kanten[1] - kanten[0]) * plek.breedte;
    var deel = element('svg', {
      x: plek.links + links, y: plek.boven, width: breedte, height: plek.hoogte,
      viewBox: [hoek.x + links, hoek.y, breedte, plek.hoogte].join(' ')
    });
    vlakken.forEach(function (vlak) {
      wereld.getPane(vlak).querySelectorAll('img.leaflet-image-layer').forEach(function (beeld) {
        deel.appendChild(cellen(beeld));
      });
      wereld.getPane(vlak).querySelectorAll('svg > g').forEach(function (groep) { deel.appendChild(kopie(groep)); });
    });
    return deel;
  }

  function scheiding(blad, plek, deel) {
    var lijn = plek.links + deel * plek.breedte;
    blad.appendChild(element('path', {
      d: 'M' + lijn + ' ' + plek.boven + 'v' + plek.hoogte, stroke: '#1b1f24', 'stroke-width': 3
    }));
  }

  // The views that one map shows: one, or two with a divider between them.
  function tekenKaart(blad, wereld, eigen, plek) {
    blad.appendChild(zee(plek));
    if (eigen.length === 1) {
      blad.appendChild(deelVan(wereld, ['overlayPane'], plek, [0, 1]));
      return;
    }
    var deel = parseFloat(wereld.getContainer().querySelector('.greep').style.left) / 100;
    blad.appendChild(deelVan(wereld, [eigen[0].vlak], plek, [0, deel]));
    blad.appendChild(deelVan(wereld, [eigen[1].vlak], plek, [deel, 1]));
    scheiding(blad, plek, deel);
  }

  // Every map of the page under its caption, placed as on the screen.
  function tekenKaarten(blad, links, boven) {
    var panelen = kaart.gegevens.panelen;
    var werelden = panelen.map(function (paneel) { return paneel.kaart; }).filter(function (een, nummer, alle) {
      return alle.indexOf(een) === nummer;
    });
    var begin = werelden[0].getContainer().getBoundingClientRect();
    var plekken = werelden.map(function (wereld) {
      var hier = wereld.getContainer().getBoundingClientRect();
      return {
        links: links + hier.left - begin.left, boven: boven + hier.top - begin.top,
        breedte: wereld.getSize().x, hoogte: wereld.getSize().y
      };
    });
    var eigen = werelden.map(function (wereld) {
      return panelen.filter(function (paneel) { return paneel.kaart === wereld; });
    });
    var hoog = Math.max.apply(null, werelden.map(function (_, nummer) {
      var bijschrift = eigen[nummer].map(bijschriftVan).join(' | ');
      return schrijf(blad, bijschrift, plekken[nummer], { grootte: 14, dik: true }) - plekken[nummer].boven;
    })) + 4;
    werelden.forEach(function (wereld, nummer) {
      plekken[nummer].boven += hoog;
      tekenKaart(blad, wereld, eigen[nummer], plekken[nummer]);
    });
    return {
      onder: Math.max.apply(null, plekken.map(function (plek) { return plek.boven + plek.hoogte; })),
      rechts: Math.max.apply(null, plekken.map(function (plek) { return plek.links + plek.breedte; }))
    };
  }

  function bijschriftVan(paneel) {
    var moment = paneel.moment;
    var delen = kaart.gegevens.panelen.length > 1 ? [paneel.titel] : [];
    if (!delen.length || paneel.titel.indexOf(moment.naam) < 0) { delen.push(moment.naam); }
    return delen.concat(moment.voorlopig ? 'voorlopig' : [], 'indeling ' + moment.indeling).join(', ');
  }

  // All moments beside each other, as they stand on the screen.
  function tekenKleine(blad, links, boven) {
    var blok = document.getElementById('veelvoud').getBoundingClientRect();
    document.querySelectorAll('#veelvoud figure').forEach(function (figuur) {
      var tekening = figuur.querySelector('svg');
      var hier = tekening.getBoundingClientRect();
      var naam = figuur.querySelector('button').getBoundingClientRect();
      var plek = {
        links: links + hier.left - blok.left, boven: boven + hier.top - blok.top, breedte: hier.width,
        hoogte: hier.height
      };
      schrijf(blad, figuur.querySelector('button').textContent, {
        links: plek.links, boven: boven + naam.top - blok.top, breedte: plek.breedte
      }, { grootte: 13, dik: true });
      blad.appendChild(zee(plek));
      var beeld = kopie(tekening);
      ['x', 'y', 'width', 'height'].forEach(function (maat, nummer) {
        beeld.setAttribute(maat, [plek.links, plek.boven, plek.breedte, plek.hoogte][nummer]);
      });
      blad.appendChild(beeld);
    });
    return { onder: boven + blok.height, rechts: links + blok.width };
  }

  function tekenLegenda(blad, links, boven) {
    var legenda = document.querySelector('.legenda');
    var vak = { links: links, boven: boven, breedte: LEGENDA };
    vak.boven = schrijf(blad, 'Legenda', vak, { grootte: 15, dik: true });
    legenda.querySelectorAll(':scope > p.klein:not(:has(b)), li').forEach(function (regel) {
      var teken = regel.querySelector('svg');
      if (!teken) {
        vak.boven = schrijf(blad, regel.textContent, vak, { grootte: 12, kleur: '#57606a' }) + 6;
        return;
      }
      var breed = Number(teken.getAttribute('width'));
      var hoog = Number(teken.getAttribute('height'));
      var beeld = kopie(teken);
      beeld.setAttribute('x', links);
      beeld.setAttribute('y', vak.boven);
      blad.appendChild(beeld);
      var tekst = regel.querySelector('.telling') ? regel.querySelector('span').firstChild : regel;
      var midden = vak.boven + Math.max(0, (hoog - 13 * REGEL) / 2);
      var onder = schrijf(blad, tekst.textContent.trim(), {
        links: links + breed + 9, boven: midden, breedte: LEGENDA - breed - 9
      }, { grootte: 13 });
      vak.boven = Math.max(vak.boven + hoog, onder) + 5;
    });
    return vak.boven;
  }

  function tekenVoet(blad, plek) {
    var gegevens = kaart.gegevens;
    gegevens.meldingen.forEach(function (melding) {
      plek.boven = schrijf(blad, melding, plek, { grootte: 12, dik: true });
    });
    plek.boven = schrijf(blad, 'Bron: ' + gegevens.bronvermelding.join('; ') + '.', plek, {
      grootte: 12, kleur: '#57606a'
    });
    return plek.boven;
  }

  function teken() {
    var blad = element('svg', { role: 'img', 'font-family': letters });
    var kern = document.getElementById('zin-nl-0').textContent;
    blad.appendChild(element('title', {}, document.title));
    blad.appendChild(element('desc', {}, kern));
    var patronen = document.querySelector('svg.verborgen defs').cloneNode(true);
    var papier = element('rect', { fill: '#fff' });
    blad.appendChild(patronen);
    blad.appendChild(papier);
    var klein = document.documentElement.classList.contains('veelvoudig');
    var vak = klein ? document.getElementById('veelvoud') : document.querySelector('.panelen');
    var breedte = vak.getBoundingClientRect().width + GOOT + LEGENDA;
    var plek = { links: MARGE, boven: MARGE, breedte: breedte };
    plek.boven = schrijf(blad, document.title, plek, { grootte: 20, dik: true });
    plek.boven = schrijf(blad, kern, plek, { grootte: 13 }) + GOOT;
    var einde = (klein ? tekenKleine : tekenKaarten)(blad, MARGE, plek.boven);
    var onder = tekenLegenda(blad, einde.rechts + GOOT, plek.boven);
    onder = tekenVoet(blad, { links: MARGE, boven: Math.max(einde.onder, onder) + GOOT, breedte: breedte });
    var maat = { width: Math.ceil(breedte + 2 * MARGE), height: Math.ceil(onder + MARGE) };
    Object.keys(maat).forEach(function (naam) {
      blad.setAttribute(naam, maat[naam]);
      papier.setAttribute(naam, maat[naam]);
    });
    blad.setAttribute('viewBox', '0 0 ' + maat.width + ' ' + maat.height);
    return blad;
  }

  function alsBlob(blad) {
    return new Blob([new XMLSerializer().serializeToString(blad)], { type: 'image/svg+xml' });
  }

  function bewaarPng() {
    var blad = teken();
    var adres = URL.createObjectURL(alsBlob(blad));
    var beeld = new Image();
    beeld.addEventListener('load', function () {
      var doek = document.createElement('canvas');
      doek.width = DICHT * Number(blad.getAttribute('width'));
      doek.height = DICHT * Number(blad.getAttribute('height'));
      doek.getContext('2d').drawImage(beeld, 0, 0, doek.width, doek.height);
      URL.revokeObjectURL(adres);
      doek.toBlob(function (png) { kaart.bewaar(png, 'png'); }, 'image/png');
    });
    beeld.setAttribute('src', adres);
  }

  kaart.bij('begin', function () {
    var knoppen = {
      svg: function () { kaart.bewaar(alsBlob(teken()), 'svg'); },
      png: bewaarPng
    };
    Object.keys(knoppen).forEach(function (soort) {
      var knop = document.getElementById(soort);
      knop.hidden = false;
      knop.addEventListener('click', knoppen[soort]);
    });
  });
}());
