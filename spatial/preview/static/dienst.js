/* What only the service has is shown, and linked, only where it is: a file has no links that break. */
(function () {
  'use strict';

  var begin = /^(.*)\/kaart\//.exec(window.location.pathname);
  if (!begin || !/^https?:$/.test(window.location.protocol)) { return; }
  document.querySelectorAll('.dienst').forEach(function (deel) {
    deel.hidden = false;
    deel.querySelectorAll('a[data-pad]').forEach(function (verwijzing) {
      verwijzing.setAttribute('href', begin[1] + '/' + verwijzing.getAttribute('data-pad'));
    });
  });
}());
