/* The table of an indicator that was not the first, made when it is chosen: the same rows and signs as
   the document itself has for the first. */
(function () {
  'use strict';

  var gegevens = kaart.gegevens;

  function cel(soort, tekst, klasse) {
    var element = document.createElement(soort);
    element.textContent = tekst;
    if (klasse) { element.className = klasse; }
    return element;
  }

  // Names as they are newest; 's-Gravenhage stands under the g, as in a Dutch list.
  function regios(paneel) {
    var namen = {};
    var indelingen = paneel.momenten.slice().sort(function (een, ander) {
      return een.indeling - ander.indeling;
    });
    indelingen.forEach(function (moment) {
      kaart.vormenVan(moment.vormen).features.forEach(function (vorm) {
        namen[vorm.id] = vorm.properties.naam;
      });
    });
    return Object.keys(namen).map(function (code) {
      return [namen[code].toLowerCase().replace(/^'s-/, '').replace(/^'t /, ''), code, namen[code]];
    }).sort(function (een, ander) {
      if (een[0] !== ander[0]) { return een[0] < ander[0] ? -1 : 1; }
      return een[1] < ander[1] ? -1 : 1;
    });
  }

  function plaatsen(moment) {
    var gevonden = {};
    kaart.vormenVan(moment.vormen).features.forEach(function (vorm, nummer) { gevonden[vorm.id] = nummer; });
    return gevonden;
  }

  function getalCel(paneel, moment, nummer) {
    if (nummer === undefined) { return cel('td', gegevens.nietDaar); }
    var teken = gegevens.tekens[moment.status[nummer]];
    if (moment.waarden[nummer] === null) { return cel('td', teken); }
    var element = cel('td', kaart.waarde(paneel, moment.waarden[nummer]));
    if (teken) {
      element.appendChild(document.createTextNode(' '));
      element.appendChild(cel('i', teken));
    }
    return element;
  }

  // One sentence for a row of moments with the same; named by moment when there are several.
  function zinnen(paneel, nummers, code) {
    var reeksen = [];
    paneel.momenten.forEach(function (moment, plaats) {
      var nummer = nummers[plaats][code];
      var zin = nummer === undefined ? undefined : moment.herkomst[nummer];
      var laatste = reeksen[reeksen.length - 1];
      if (laatste && laatste.zin === zin) { laatste.tot = moment.naam; return; }
      reeksen.push({ zin: zin, van: moment.naam, tot: moment.naam });
    });
    return reeksen.filter(function (reeks) { return reeks.zin !== undefined; }).map(function (reeks) {
      var wanneer = reeks.van === reeks.tot ? reeks.van : reeks.van + ' t/m ' + reeks.tot;
      return (reeksen.length > 1 ? wanneer + ': ' : '') + gegevens.herkomsten[reeks.zin];
    });
  }

  function kop(paneel, herkomst) {
    var rij = document.createElement('tr');
    rij.appendChild(cel('th', 'Regio'));
    rij.appendChild(cel('th', 'Code', 'code'));
    paneel.momenten.forEach(function (moment) {
      rij.appendChild(cel('th', moment.naam + (moment.voorlopig ? ' (voorlopig)' : '')));
    });
    if (herkomst) { rij.appendChild(cel('th', 'Hoe de cijfers tot stand kwamen', 'herkomst')); }
    Array.from(rij.cells).forEach(function (th) { th.setAttribute('scope', 'col'); });
    return rij;
  }

  function regel(paneel, nummers, regio) {
    var rij = document.createElement('tr');
    rij.setAttribute('data-code', regio[1]);
    var naam = cel('th', regio[2]);
    naam.setAttribute('scope', 'row');
    rij.appendChild(naam);
    rij.appendChild(cel('td', regio[1], 'code'));
    paneel.momenten.forEach(function (moment, plaats) {
      rij.appendChild(getalCel(paneel, moment, nummers[plaats][regio[1]]));
    });
    return rij;
  }

  function herkomstCel(regels) {
    var element = cel('td', '', 'herkomst');
    regels.forEach(function (zin, nummer) {
      if (nummer) { element.appendChild(document.createElement('br')); }
      element.appendChild(document.createTextNode(zin));
    });
    return element;
  }

  function bouw(paneel, doos) {
    var tabel = document.createElement('table');
    var nummers = paneel.momenten.map(plaatsen);
    var lijst = regios(paneel);
    var herkomsten = lijst.map(function (regio) { return zinnen(paneel, nummers, regio[1]); });
    var herkomst = herkomsten.some(function (regels) { return regels.length; });
    tabel.createCaption().textContent = paneel.titel + (paneel.eenheid ? ', ' + paneel.eenheid : '');
    tabel.createTHead().appendChild(kop(paneel, herkomst));
    var romp = tabel.createTBody();
    lijst.forEach(function (regio, nummer) {
      var rij = regel(paneel, nummers, regio);
      if (herkomst) { rij.appendChild(herkomstCel(herkomsten[nummer])); }
      romp.appendChild(rij);
    });
    doos.setAttribute('aria-label', 'Tabel: ' + paneel.titel);
    doos.replaceChild(tabel, doos.querySelector('table'));
  }

  kaart.bij('keuze', function () {
    var dozen = document.querySelectorAll('#tabel .rol');
    gegevens.panelen.forEach(function (paneel, plaats) { bouw(paneel, dozen[plaats]); });
  });
}());
