"use strict";
// Only the operations: what the service is stands above them, and it has one address.
const sober = ({ React }) => ({
  components: {
    Sober: ({ getComponent, specSelectors }) => {
      if (specSelectors.loadingStatus() !== "success") return null;
      const inhoud = React.createElement(getComponent("operations", true));
      return React.createElement("div", { className: "swagger-ui" }, inhoud);
    },
  },
});
document.addEventListener("DOMContentLoaded", () => {
  const plaats = document.getElementById("swagger");
  SwaggerUIBundle({
    url: plaats.dataset.bron,
    domNode: plaats,
    plugins: [sober],
    layout: "Sober",
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    deepLinking: false,
    validatorUrl: null,
    supportedSubmitMethods: [],
  });
});
