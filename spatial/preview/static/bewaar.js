/* Gives a file that was made in the page to whoever asked for it, named after what it shows. */
kaart.bewaar = (function () {
  'use strict';

  function naam(soort) {
    var momenten = kaart.gegevens.panelen.map(function (paneel) { return paneel.moment.dag; });
    var dagen = momenten.filter(function (dag, plaats) { return momenten.indexOf(dag) === plaats; });
    return [document.title].concat(dagen).join(' ').toLowerCase()
      .replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') + '.' + soort;
  }

  return function (inhoud, soort) {
    var adres = URL.createObjectURL(inhoud);
    var koppeling = document.createElement('a');
    koppeling.setAttribute('href', adres);
    koppeling.setAttribute('download', naam(soort));
    koppeling.click();
    window.setTimeout(function () { URL.revokeObjectURL(adres); }, 10000);
  };
}());
