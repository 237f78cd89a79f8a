/* What only the service has is shown only where it is: a file has no links that break. */
if (/^https?:$/.test(window.location.protocol) && /\/kaart\/[^/]*$/.test(window.location.pathname)) {
  document.querySelectorAll('.dienst').forEach(function (deel) { deel.hidden = false; });
}
