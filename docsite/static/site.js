// The theme makes a dialog without a name, a landmark of every button that copies, and wide tables that a
// keyboard cannot scroll.
const search = document.querySelector(".md-search[role=dialog]");
search?.setAttribute("aria-label", document.querySelector(".md-search__input").getAttribute("aria-label"));
const plain = () => {
  for (const part of document.querySelectorAll("nav.md-code__nav:not([role])")) part.setAttribute("role", "none");
  for (const part of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }
};
addEventListener("resize", plain);
plain();
new MutationObserver(plain).observe(document.querySelector(".md-content"), { childList: true, subtree: true });
