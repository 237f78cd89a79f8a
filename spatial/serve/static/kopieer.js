"use strict";
// A button to copy beside every box with a command; without a clipboard there is only the text.
const { woord, klaar } = document.currentScript.dataset;
document.addEventListener("DOMContentLoaded", () => {
  if (!navigator.clipboard) return;
  for (const vak of document.querySelectorAll("pre")) {
    const knop = document.createElement("button");
    knop.type = "button";
    knop.className = "kopieer";
    knop.textContent = woord;
    knop.addEventListener("click", async () => {
      await navigator.clipboard.writeText(vak.textContent);
      knop.textContent = klaar;
      setTimeout(() => { knop.textContent = woord; }, 2000);
    });
    vak.after(knop);
  }
});
