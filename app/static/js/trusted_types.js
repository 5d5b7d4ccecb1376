// Which strings may become markup or a script? Loaded before everything else, as a classic script.
//
// htmx 2 knows no Trusted Types, so the policy must be the default one. It lets markup through only while
// htmx swaps an answer of our own portal in, and one script address: the service worker's.
(() => {
  if (!globalThis.trustedTypes) return;

  let swapping = false;

  // htmx swaps in the same task in which it announces the swap; when that task ends, so does the leave.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const isOurs = new URL(detail.xhr.responseURL, location.href).origin === location.origin;
    detail.shouldSwap &&= isOurs;
    swapping = detail.shouldSwap;
    queueMicrotask(() => {
      swapping = false;
    });
  });

  trustedTypes.createPolicy("default", {
    createHTML(markup) {
      if (swapping) return markup;
      throw new TypeError("Markup comes from the portal by htmx, or not at all.");
    },
    createScriptURL(address) {
      if (address === "/sw.js") return address;
      throw new TypeError("The service worker is the only script that is loaded by address.");
    },
  });
})();
