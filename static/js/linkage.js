// What every page needs: menus, dialogues, counters, one submit per press, large type, the sign-out notice.
(function () {
  "use strict";
  const page = document.documentElement;
  const body = document.body;
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const length = (text) => Array.from(text.replace(/\r\n/g, "\n")).length;

  // Large type: kept on this computer, and in a cookie so that the server draws it at once.
  function setLarge(on) {
    page.classList.toggle("lk-large", on);
    try { localStorage.setItem("linkage-large", on ? "1" : "0"); } catch (refused) { /* the cookie is enough */ }
    document.cookie = `large=${on ? 1 : 0}; path=/; max-age=31536000; samesite=lax`;
  }

  // Dialogues: a link to #id opens the <dialog id>; without scripts :target does.
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || !dialog.showModal) return false;
    dialog.showModal();
    (dialog.querySelector("[autofocus], textarea, input:not([type=hidden]), select") || dialog).focus();
    return true;
  }

  // Characters typed, counted as a reader counts them, and the limit.
  function recount(field) {
    const counter = document.querySelector(`[data-count="${CSS.escape(field.id)}"]`);
    if (!counter) return;
    const typed = length(field.value);
    if (counter.dataset.left) counter.textContent = fill(counter.dataset.left, { n: Number(counter.dataset.limit) - typed });
    else counter.querySelector("[data-n]").textContent = typed;
    const limit = Number(counter.dataset.limit || field.maxLength);
    counter.classList.toggle("is-over", limit > 0 && typed > limit);
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    let hit;
    if ((hit = on("[data-large]"))) {
      event.preventDefault();
      setLarge(!page.classList.contains("lk-large"));
    } else if ((hit = on("[data-close]"))) {
      const dialog = hit.closest("dialog");
      if (dialog && dialog.open) { event.preventDefault(); dialog.close(); }
    } else if ((hit = on("[data-dialog]"))) {
      if (openDialog(hit.dataset.dialog)) event.preventDefault();
    } else if ((hit = on("[data-fill]"))) {
      const field = document.querySelector(hit.dataset.fill);
      field.value = hit.dataset.text || hit.textContent.trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      hit.closest("details")?.removeAttribute("open");
      field.focus();
    } else if ((hit = on("[data-reveal]"))) {
      const field = document.getElementById(hit.dataset.reveal);
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      hit.setAttribute("aria-pressed", String(!shown));
    } else if ((hit = on("[data-print]"))) {
      event.preventDefault();
      window.print();
    }
    all("details.lk-menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      all("details.lk-menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.getElementById("search");
      if (!search || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  document.addEventListener("input", (event) => { if (event.target.id) recount(event.target); });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit(); });

  // One press, one request. Back from the history the form is usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    all("button[type=submit], button:not([type])", form).concat(all(`button[form="${CSS.escape(form.id)}"]`)).forEach((button) => {
      button.classList.add("is-busy");
      button.setAttribute("aria-disabled", "true");
    });
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    all(".is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-disabled"); });
  }));

  // Sign-out for lack of use: say it a minute before, in every window at once.
  const idle = Number(body.dataset.idle || 0);
  if (idle) {
    const notice = document.getElementById("idle");
    const soon = notice.querySelector("[data-idle-soon]");
    const stay = notice.querySelector("[data-idle-stay]");
    let seen = Date.now();
    const touch = () => { seen = Date.now(); try { localStorage.setItem("linkage-seen", String(seen)); } catch (refused) { /* this window only */ } };
    const last = () => { try { return Math.max(seen, Number(localStorage.getItem("linkage-seen") || 0)); } catch (refused) { return seen; } };
    touch();
    document.addEventListener("linkage:seen", touch);
    document.addEventListener("htmx:afterRequest", touch);
    stay.addEventListener("click", async () => {
      const answer = await fetch(body.dataset.home, { method: "HEAD", redirect: "manual", credentials: "same-origin" }).catch(() => null);
      if (answer && answer.ok) touch();
    });
    setInterval(() => {
      const left = Math.round(idle - (Date.now() - last()) / 1000);
      notice.hidden = left > 60;
      if (left > 60) return;
      const over = left <= 0;
      soon.hidden = over;
      stay.hidden = over;
      notice.querySelector("[data-idle-over]").hidden = !over;
      if (!over) soon.textContent = fill(soon.dataset.text, { n: left });
    }, 1000);
  }

  // On paper nothing can be unfolded.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = all("details[data-print-open]:not([open])");
    unfolded.forEach((folded) => { folded.open = true; });
  });
  window.addEventListener("afterprint", () => unfolded.forEach((folded) => { folded.open = false; }));

  all("[data-count]").forEach((counter) => { const field = document.getElementById(counter.dataset.count); if (field) recount(field); });
  const now = document.querySelector(".lk-steps .is-now");
  if (now) { const strip = now.closest(".lk-steps-wrap"); strip.scrollLeft = now.offsetLeft - (strip.clientWidth - now.offsetWidth) / 2; }
  document.querySelector("[data-focus]")?.focus({ preventScroll: true });
  document.querySelector("[data-dialog-open]")?.showModal?.();
})();
