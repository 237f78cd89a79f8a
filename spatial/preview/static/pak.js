/* Takes apart what the page holds in few characters: lists of whole numbers, figures and shapes. */
var pak = (function () {
  'use strict';

  // Five bits in a character, the sixth says that the number goes on; the sign is the lowest bit.
  function getallen(tekst) {
    var gevonden = [];
    var getal = 0;
    var keer = 1;
    for (var plaats = 0; plaats < tekst.length; plaats += 1) {
      var teken = tekst.charCodeAt(plaats) - 63;
      getal += (teken % 32) * keer;
      keer *= 32;
      if (teken < 32) {
        gevonden.push(getal % 2 ? -(getal + 1) / 2 : getal / 2);
        getal = 0;
        keer = 1;
      }
    }
    return gevonden;
  }

  function paren(rij) {
    var gevonden = [];
    for (var plaats = 0; plaats < rij.length; plaats += 2) { gevonden.push([rij[plaats], rij[plaats + 1]]); }
    return gevonden;
  }

  function vorm(korte, namen) {
    return {
      type: 'GeometryCollection',
      geometries: korte.codes.map(function (code, nummer) {
        return {
          type: 'MultiPolygon',
          id: code,
          properties: { naam: korte.namen[code] || namen[code] },
          arcs: korte.bogen[nummer].map(function (deel) { return deel.map(getallen); })
        };
      })
    };
  }

  function topologie(korte) {
    var objecten = {};
    Object.keys(korte.vormen).forEach(function (naam) {
      objecten[naam] = vorm(korte.vormen[naam], korte.namen);
    });
    return {
      type: 'Topology',
      transform: { scale: [korte.stap, korte.stap], translate: [0, 0] },
      objects: objecten,
      arcs: korte.bogen.map(function (boog) { return paren(getallen(boog)); })
    };
  }

  // Numbers are whole steps of the last decimal, bounds their distance to the number; where there is
  // no number, the status says so. Only one status has bounds without a number.
  function cijfers(moment, decimalen, patronen, onbepaald) {
    var stap = Math.pow(10, decimalen);
    var waarden = getallen(moment.waarden);
    function heeft(nummer) { return patronen.indexOf(moment.status[nummer]) < 0; }
    function grenzen(afstand, richting) {
      var afstanden = typeof afstand === 'string' ? getallen(afstand) : null;
      return waarden.map(function (waarde, nummer) {
        if (!heeft(nummer) && moment.status[nummer] !== onbepaald) { return null; }
        return (waarde + richting * (afstanden ? afstanden[nummer] : afstand)) / stap;
      });
    }
    moment.min = grenzen(moment.min, -1);
    moment.max = grenzen(moment.max, 1);
    moment.waarden = waarden.map(function (waarde, nummer) { return heeft(nummer) ? waarde / stap : null; });
    if (moment.stralen) {
      moment.stralen = getallen(moment.stralen).map(function (tienden) { return tienden / 10; });
    }
  }

  return { topologie: topologie, cijfers: cijfers };
}());
