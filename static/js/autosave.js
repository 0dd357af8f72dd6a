// <form data-autosave="/url" data-version="3" data-owner="17">: saved while one writes, kept here when that fails.
//
// Answer of the server, JSON: {"version": 4, "saved_at": "14:32:08", "swap": {"completeness": "<ul>…"}, "echo": {"capital": "…"}}
// With "partial" and "words": some of it could not be saved yet and is kept here as well.
// 409: changed elsewhere. 401, 403 or a redirect: signed out. 400, 422: refused.
(function () {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const places = Array.from(document.querySelectorAll("[data-saved]"));
  const text = (document.querySelector("[data-text-saved]") || form).dataset;
  const key = `linkage-draft:${form.dataset.owner || ""}:${form.dataset.autosave}`;
  const PAUSE = 2000;
  const AGAIN = 15000;
  const page = form.dataset.page || location.pathname + location.search; // a refused form stands at another address
  let version = form.dataset.version || "";
  let waiting = null;
  let sending = false;
  let dirty = false;
  let stopped = false;
  let pressed = null;

  const store = {
    read() { try { return JSON.parse(localStorage.getItem(key)); } catch (refused) { return null; } },
    write(draft) { try { localStorage.setItem(key, JSON.stringify(draft)); } catch (refused) { /* nothing can be kept here */ } },
    drop() { try { localStorage.removeItem(key); } catch (refused) { /* nothing was kept */ } },
  };
  const clock = () => new Date().toTimeString().slice(0, 8);
  const entries = () => Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "once"].includes(name));

  function say(kind, words, actions) {
    places.forEach((place) => {
      place.classList.toggle("is-warn", kind === "warn");
      place.classList.toggle("is-bad", kind === "bad");
      const line = place.querySelector("[data-saved-words]") || place;
      line.textContent = place.dataset.savedShort !== undefined && kind === "ok" ? words.short : words.full;
      (actions || []).forEach(([label, act]) => {
        const button = document.createElement(typeof act === "string" ? "a" : "button");
        button.textContent = label;
        if (typeof act === "string") button.href = act;
        else { button.type = "button"; button.addEventListener("click", act); }
        button.className = "lk-linkbutton";
        line.append(" ", button);
      });
    });
  }
  const plain = (words) => ({ full: words, short: words });

  function keep(sent) {
    store.write({ version, at: clock(), entries: entries(), sent: Boolean(sent) });
  }

  function signIn() {
    return `${document.body.dataset.login || "/"}?next=${encodeURIComponent(page)}`;
  }

  async function save() {
    clearTimeout(waiting);
    if (!dirty || stopped) return;
    if (sending) { later(PAUSE); return; }
    sending = true;
    dirty = false;
    say("ok", plain(text.textSaving));
    const data = new FormData(form);
    Array.from(form.querySelectorAll("input[type=file]")).forEach((file) => data.delete(file.name));
    data.set("version", version);
    let answer = null;
    try {
      answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: data,
        redirect: "manual",
        credentials: "same-origin",
        headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value, "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
      });
    } catch (unreachable) { /* answer stays null */ }
    sending = false;
    await take(answer);
    if (pressed) { const go = pressed; pressed = null; go(); }
  }

  async function take(answer) {
    if (answer && answer.ok) {
      const said = await answer.json().catch(() => ({}));
      version = String(said.version ?? version);
      form.dataset.version = version;
      form.querySelectorAll("input[name=version]").forEach((field) => { field.value = version; });
      Object.entries(said.swap || {}).forEach(([name, html]) => document.querySelectorAll(`[data-swap="${CSS.escape(name)}"]`).forEach((place) => { place.innerHTML = html; }));
      Object.entries(said.echo || {}).forEach(([name, words]) => document.querySelectorAll(`[data-echo="${CSS.escape(name)}"]`).forEach((place) => { place.textContent = words; }));
      if (dirty || said.partial) keep(); else store.drop();
      const time = said.saved_at || clock();
      if (said.words) say("warn", plain(said.words));
      else say("ok", { full: text.textSaved.replace("{time}", time), short: text.textShort.replace("{time}", time.slice(0, 5)) });
      document.dispatchEvent(new Event("linkage:seen"));
      return;
    }
    dirty = true;
    keep();
    if (!answer || answer.status >= 500 || answer.status === 429) {
      say("warn", plain(text.textOffline));
      later(AGAIN);
    } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      stopped = true;
      say("bad", plain(text.textLogin), [[text.textSignin, signIn()]]);
    } else if (answer.status === 409) {
      stopped = true;
      say("bad", plain(text.textConflict), [[text.textReload, () => location.assign(page)]]);
    } else {
      say("bad", plain(text.textRefused));
    }
  }

  function later(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  }

  function restore(draft) {
    const groups = new Map();
    draft.entries.forEach(([name, value]) => groups.set(name, (groups.get(name) || []).concat(value)));
    groups.forEach((values, name) => {
      if (!name.endsWith("-TOTAL_FORMS")) return;
      document.dispatchEvent(new CustomEvent("linkage:rows", { detail: { prefix: name.slice(0, -12), total: Number(values[0]) } }));
    });
    Array.from(form.elements).forEach((field) => {
      if (!field.name || ["file", "submit", "button"].includes(field.type) || ["csrfmiddlewaretoken", "once", "version"].includes(field.name) || /-(TOTAL|INITIAL)_FORMS$/.test(field.name)) return;
      const values = groups.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values && values.includes(field.value));
      else if (field.multiple) Array.from(field.options).forEach((option) => { option.selected = Boolean(values && values.includes(option.value)); });
      else if (values) field.value = values[0];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    document.dispatchEvent(new Event("linkage:restored"));
  }

  form.addEventListener("input", () => { dirty = true; later(PAUSE); });
  form.addEventListener("change", () => { dirty = true; later(PAUSE); });
  form.addEventListener("focusout", (event) => { if (dirty && !form.contains(event.relatedTarget)) save(); else if (dirty) later(PAUSE / 4); });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (sending) { // its answer brings the version that this press has to carry
      event.preventDefault();
      pressed = () => form.requestSubmit(event.submitter);
      return;
    }
    stopped = true;
    keep(true);
  });
  window.addEventListener("online", () => { if (dirty) save(); });
  window.addEventListener("pagehide", () => { if (dirty) keep(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(); });

  // The same text may stand in lines numbered otherwise, with empty ones between and spaces at the ends.
  function told(list) {
    const rest = [];
    const lines = new Map();
    list.forEach(([name, value]) => {
      const words = value.trim();
      const line = name.match(/^(.+)-(\d+)-(.+)$/);
      if (line && words && words !== "0") lines.set(`${line[1]} ${line[2]}`, (lines.get(`${line[1]} ${line[2]}`) || []).concat([[line[1], line[3], words]]));
      else if (!line && name !== "version" && !name.endsWith("_FORMS")) rest.push([name, words]);
    });
    return JSON.stringify([rest, Array.from(lines.values()).filter((line) => !line.some(([, field]) => field === "DELETE"))]);
  }

  // Text that never reached the server: put back at once if nobody saved since, else ask.
  const draft = store.read();
  if (!draft) return;
  const accepted = draft.sent && String(draft.version) !== version && document.querySelector(".lk-message-success");
  if (accepted || told(draft.entries) === told(entries())) { store.drop(); return; }
  const put = () => { restore(draft); dirty = true; say("warn", plain(text.textRestored)); later(PAUSE); };
  if (String(draft.version) === version) put();
  else say("warn", plain(text.textNewer.replace("{time}", draft.at)), [[text.textUse, put], [text.textDrop, () => { store.drop(); location.assign(page); }]]);
})();
