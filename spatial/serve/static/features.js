"use strict";
// Draws the features of the page; every figure stands in the table too, so nothing depends on this.
document.addEventListener("DOMContentLoaded", async () => {
  const plaats = document.getElementById("kaart");
  if (!plaats) return;
  const { bron, naam, taal, kenmerken } = plaats.dataset;
  // asked from the host that the page came from, in the coordinates that Leaflet draws
  const vraag = new URL(bron, location.href).searchParams;
  vraag.delete("crs");
  vraag.delete("skipGeometry");
  if (kenmerken) vraag.set("properties", kenmerken);
  const adres = `${location.pathname}?${vraag}`;
  plaats.hidden = false;
  const kaart = L.map(plaats, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: plaats.dataset.in, zoomOutTitle: plaats.dataset.uit }).addTo(kaart);
  kaart.setView([52.2, 5.3], 7);
  try {
    const antwoord = await fetch(adres, { headers: { Accept: "application/geo+json" } });
    if (!antwoord.ok) throw new Error(String(antwoord.status));
    const gelezen = await antwoord.json();
    teken(gelezen.features ?? [gelezen], kaart, naam, taal);
  } catch {
    plaats.textContent = plaats.dataset.leeg;
  }
});

function teken(gegeven, kaart, naam, taal) {
  const regios = new Map();
  const basis = location.pathname.replace(/\/$/, "");
  for (const feature of gegeven) {
    if (!feature.geometry) continue;
    // a region of several periods is drawn once, in the last of them
    regios.set(feature.properties.regioCode ?? feature.id, feature);
  }
  const laag = L.geoJSON([...regios.values()], {
    style: { className: "gebied", weight: 1 },
    onEachFeature: (feature, vorm) => {
      const tekst = document.createElement("span");
      const dag = feature.properties.peilmoment ?? feature.properties.datum ?? "";
      tekst.textContent = `${feature.properties[naam] ?? feature.id} ${dag}`;
      vorm.bindTooltip(tekst, { sticky: true });
      if (naam) {
        vorm.on("click", () => {
          location.assign(`${basis}/${encodeURIComponent(feature.id)}?f=html&lang=${taal}`);
        });
      }
    },
  }).addTo(kaart);
  if (laag.getLayers().length) kaart.fitBounds(laag.getBounds(), { padding: [8, 8], animate: false });
}
