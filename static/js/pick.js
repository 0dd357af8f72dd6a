// Ticks of a list: all of the page with one, and a button that waits for the first.
(() => {
  "use strict";
  const form = document.querySelector("[data-picking]");
  if (!form) return;
  const ticks = Array.from(form.querySelectorAll("[data-pick]"));
  const whole = form.querySelector("[data-pick-all]");
  const button = form.querySelector("button:not([name])");
  const told = () => {
    const chosen = ticks.filter((tick) => tick.checked).length;
    button.disabled = !chosen;
    whole.checked = chosen === ticks.length;
    whole.indeterminate = chosen > 0 && chosen < ticks.length;
  };
  whole.closest("[hidden]").hidden = false;
  whole.addEventListener("change", () => { ticks.forEach((tick) => { tick.checked = whole.checked; }); told(); });
  form.addEventListener("change", told);
  window.addEventListener("pageshow", told);
  told();
})();
