
/* Where the page comes from the service, what is chosen or found leads to its profile. */
(function () {
  'use strict';

  var nabij = document.getElementById('keuze');
  var begin = /^(.*)\/kaart\//.exec(window.location.pathname);
  if (!begin || !/^https?:$/.test(window.location.protocol) || !nabij) { return; }

  var taal = document.documentElement.lang;
  var regel = document.createElement('p');
  var verwijzing = document.createElement('a');
  regel.id = 'profiel';
  regel.hidden = true;
  regel.appendChild(verwijzing);
  nabij.parentNode.insertBefore(regel, nabij.nextSibling);

  function naamVan(code) {
    var rij = document.querySelector('#tabel tr[data-code="' + code + '"]');
    var later = kaart.gegevens.vroeger.find(function (deel) { return deel.code === code; });
    return rij ? rij.cells[0].textContent : later ? later.naam : code;
  }

  function wijs(code) {
    regel.hidden = !code;
    if (!code) { return; }
    verwijzing.setAttribute('href', begin[1] + '/profiel/' + encodeURIComponent(code) + '?f=html&lang=' + taal);
    verwijzing.textContent = (taal === 'en' ? 'Profile of ' : 'Profiel van ') + naamVan(code);
  }

  kaart.bij('kies', wijs);
  kaart.bij('zocht', wijs);
}());
