"use strict";
// Draws the features of the page; every figure stands in the table too, so nothing depends on this.
// Classes, colours and circles come from the frozen scheme, the same for every period.
document.addEventListener("DOMContentLoaded", async () => {
  const plaats = document.getElementById("kaart");
  if (!plaats) return;
  plaats.hidden = false;
  const kaart = L.map(plaats, { zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: plaats.dataset.in, zoomOutTitle: plaats.dataset.uit }).addTo(kaart);
  kaart.setView([52.2, 5.3], 7);
  try {
    const stijl = plaats.dataset.stijl ? await haal(plaats.dataset.stijl, "application/json") : null;
    const keuze = stijl ? kiezer(stijl) : null;
    const gelezen = await haal(adres(plaats.dataset, keuze), "application/geo+json");
    const laag = teken(gelezen.features ?? [gelezen], kaart, plaats.dataset);
    if (!keuze) return;
    const toon = (features) => kleur(laag, features, stijl.indicatoren[keuze.value], keuze.value, plaats.dataset.taal);
    toon(gelezen.features);
    // only now: what is chosen is what is drawn
    document.getElementById("kaartkeuze").hidden = false;
    keuze.addEventListener("change", async () => {
      history.replaceState(null, "", `#${keuze.value}`);
      const gevraagd = keuze.value;
      const cijfers = await haal(adres(plaats.dataset, keuze, true), "application/geo+json");
      if (gevraagd === keuze.value) toon(cijfers.features);
    });
  } catch {
    plaats.textContent = plaats.dataset.leeg;
  }
});

async function haal(adres, soort) {
  const antwoord = await fetch(adres, { headers: { Accept: soort } });
  if (!antwoord.ok) throw new Error(String(antwoord.status));
  return antwoord.json();
}

// asked from the host that the page came from, in the coordinates that Leaflet draws
function adres({ bron, kenmerken }, keuze, zonderVorm) {
  const vraag = new URL(bron, location.href).searchParams;
  vraag.delete("crs");
  vraag.delete("skipGeometry");
  const namen = kenmerken ? kenmerken.split(",") : [];
  if (keuze) namen.push(keuze.value, `${keuze.value}Status`);
  if (namen.length) vraag.set("properties", namen.join(","));
  if (zonderVorm) vraag.set("skipGeometry", "true");
  return `${location.pathname}?${vraag}`;
}

// the indicator that is drawn; the address of the page remembers it behind its #
function kiezer(stijl) {
  const keuze = document.getElementById("indicator");
  const gevraagd = location.hash.slice(1);
  if (Object.hasOwn(stijl.indicatoren, gevraagd)) keuze.value = gevraagd;
  return keuze;
}

function teken(gegeven, kaart, { naam, taal }) {
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
      const dag = feature.properties.peilmoment ?? feature.properties.datum ?? "";
      vorm.naam = `${feature.properties[naam] ?? feature.id} ${dag}`;
      vorm.bindTooltip(tekst(vorm.naam), { sticky: true });
      if (naam) {
        vorm.on("click", () => {
          location.assign(`${basis}/${encodeURIComponent(feature.id)}?f=html&lang=${taal}`);
        });
      }
    },
  }).addTo(kaart);
  if (laag.getLayers().length) kaart.fitBounds(laag.getBounds(), { padding: [8, 8], animate: false });
  laag.cirkels = L.layerGroup().addTo(kaart);
  return laag;
}

function kleur(laag, features, schema, naam, taal) {
  const cijfers = new Map(features.map((feature) => [feature.id, feature.properties]));
  laag.cirkels.clearLayers();
  const grootEerst = [];
  laag.eachLayer((vorm) => {
    const kenmerken = cijfers.get(vorm.feature.id);
    const waarde = kenmerken[naam] ?? null;
    const status = kenmerken[`${naam}Status`];
    const vulling = waarde === null ? `url(#patroon-${status})` : vlakkleur(schema, waarde);
    const element = vorm.getElement();
    element.setAttribute("class", `leaflet-interactive gebied gekleurd ${status}`);
    vorm.setStyle({ fillColor: vulling });
    vorm.setTooltipContent(tekst(vorm.naam, uitkomst(schema, waarde, status, taal)));
    if (waarde && schema.soort === "cirkels") grootEerst.push([waarde, vorm, status]);
  });
  for (const [waarde, vorm, status] of grootEerst.sort((een, ander) => Math.abs(ander[0]) - Math.abs(een[0]))) {
    L.circleMarker(midden(vorm), {
      radius: straal(schema, waarde), className: `stip ${status}`, interactive: false,
      color: schema.rand, fillColor: waarde < 0 ? schema.kleurOnder : schema.kleur, fillOpacity: 0.65, weight: 1,
    }).addTo(laag.cirkels);
  }
  legenda(schema, taal);
}

function vlakkleur(schema, waarde) {
  if (schema.soort === "cirkels") return "#f2ede1";
  return schema.kleuren[schema.grenzen.filter((grens) => grens <= waarde).length];
}

// Below 0 there is a circle only where the scheme has them.
function straal({ top, straal: grootste, onder }, waarde) {
  return grootste * Math.sqrt((onder ? Math.abs(waarde) : Math.max(waarde, 0)) / top);
}

function uitkomst(schema, waarde, status, taal) {
  const woord = document.querySelector(`.legenda [data-status="${status}"]`)?.textContent.trim();
  if (waarde === null) return woord;
  const getal = getallen(taal).format(waarde) + (schema.eenheid === "%" ? " %" : "");
  return woord ? `${getal} (${woord})` : getal;
}

function getallen(taal) {
  return new Intl.NumberFormat(taal === "nl" ? "nl-NL" : "en-GB", { maximumFractionDigits: 2 });
}

// the middle of the largest part of a region
function midden(vorm) {
  const delen = vorm.getLatLngs().map((ringen) => ringen[0]);
  const kaders = delen.map((deel) => L.latLngBounds(deel));
  const maat = (kader) => (kader.getEast() - kader.getWest()) * (kader.getNorth() - kader.getSouth());
  return kaders.reduce((grootste, kader) => (maat(kader) > maat(grootste) ? kader : grootste)).getCenter();
}

function legenda(schema, taal) {
  const keuze = document.getElementById("indicator");
  document.getElementById("legenda-onderwerp").textContent = keuze.selectedOptions[0].textContent;
  const rijen = schema.soort === "klassen"
    ? schema.kleuren.map((vulling, plaats) => [vlak(vulling), schema.labels[taal][plaats]])
    : schema.voorbeelden.map(([waarde, straal]) => [cirkel(schema, straal, waarde), getallen(taal).format(waarde)]);
  document.getElementById("legenda-klassen").replaceChildren(...rijen.map(([teken, label]) => {
    const rij = document.createElement("li");
    rij.append(teken, label);
    return rij;
  }));
  document.getElementById("legenda").hidden = false;
}

function vlak(vulling) {
  return figuur(26, 16, "rect", { x: 0.75, y: 0.75, width: 24.5, height: 14.5, fill: vulling, class: "staal" });
}

function cirkel({ kleur, kleurOnder, rand, straal: grootste }, straal, waarde) {
  const vulling = waarde < 0 ? kleurOnder : kleur;
  const breedte = 2 * grootste + 2;
  const hoogte = Math.max(2 * straal + 2, 8);
  return figuur(breedte, hoogte, "circle", {
    cx: breedte / 2, cy: hoogte / 2, r: straal, fill: vulling, "fill-opacity": 0.65, stroke: rand,
  });
}

function figuur(breedte, hoogte, soort, kenmerken) {
  const ruimte = "http://www.w3.org/2000/svg";
  const beeld = document.createElementNS(ruimte, "svg");
  const vorm = document.createElementNS(ruimte, soort);
  for (const [naam, waarde] of Object.entries({ width: breedte, height: hoogte, "aria-hidden": "true" })) beeld.setAttribute(naam, waarde);
  for (const [naam, waarde] of Object.entries(kenmerken)) vorm.setAttribute(naam, waarde);
  beeld.append(vorm);
  return beeld;
}

function tekst(...regels) {
  const geheel = document.createElement("span");
  for (const regel of regels) {
    const deel = document.createElement("span");
    deel.className = "regel";
    deel.textContent = regel;
    geheel.append(deel);
  }
  return geheel;
}
