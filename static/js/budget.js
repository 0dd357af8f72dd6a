// Lines of need and source: add, remove, totals, the balance of both, yuan in units of ten thousand.
// Works on Django formsets rendered by _lines.html; without scripts the plain form still saves.
(function () {
  "use strict";
  const blocks = Array.from(document.querySelectorAll("[data-lines]"));
  if (!blocks.length && !document.querySelector("[data-wan-of]")) return;
  const fen = (words) => { const amount = Number(String(words || "").replace(/[,，\s]/g, "")); return Number.isFinite(amount) ? Math.round(amount * 100) : 0; };
  const money = (amount) => (amount / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const rowsOf = (block) => Array.from(block.querySelector("[data-rows]").children);
  const live = (block) => rowsOf(block).filter((row) => !row.classList.contains("is-removed"));
  const control = (block, name) => block.querySelector(`[name="${CSS.escape(block.dataset.prefix)}-${name}"]`);
  const amountOf = (row) => row.querySelector("[name$='-amount']");
  const words = (field) => (field ? (field.tagName === "SELECT" ? field.selectedOptions[0]?.textContent : field.value) || "" : "");

  function total(block) {
    return live(block).reduce((sum, row) => sum + fen(amountOf(row)?.value), 0);
  }

  function refresh() {
    const sums = {};
    blocks.forEach((block) => {
      sums[block.dataset.lines] = (sums[block.dataset.lines] || 0) + total(block);
      block.querySelector("[data-total]").textContent = money(total(block));
      live(block).forEach((row, index) => {
        const fields = Array.from(row.querySelectorAll(".lk-line-field :is(input, select, textarea)"));
        const number = row.querySelector("[data-row-number]");
        number.textContent = number.dataset.text.replace("{n}", index + 1);
        row.querySelector("[data-sum-first]").textContent = words(fields[0]) || number.textContent;
        row.querySelector("[data-sum-second]").textContent = fields.length > 2 ? words(fields[1]) : "";
        row.querySelector("[data-sum-amount]").textContent = money(fen(amountOf(row)?.value));
      });
    });
    document.querySelectorAll("[data-balance]").forEach((balance) => {
      const gap = (sums.source || 0) - (sums.need || 0);
      const text = balance.dataset;
      const known = (sums.source || 0) + (sums.need || 0) > 0;
      balance.classList.toggle("is-off", known && gap !== 0);
      balance.classList.toggle("is-equal", known && gap === 0);
      balance.querySelector("[data-words]").textContent = !known ? "" : gap === 0 ? text.textEqual : (gap < 0 ? text.textLess : text.textMore).replace("{n}", money(Math.abs(gap)));
    });
    document.querySelectorAll("[data-wan-of]").forEach((echo) => {
      const field = document.getElementById(echo.dataset.wanOf);
      echo.textContent = (fen(field.value) / 1e6).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    });
    document.querySelectorAll("[data-wording]").forEach((block) => {
      const amount = fen(document.getElementById(block.dataset.amount).value) / 1e6;
      const wording = block.dataset.wording.replace("＿", amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
      const opinion = document.getElementById(block.dataset.field);
      if (opinion.value.trim() === block.dataset.shown && wording !== block.dataset.shown) {
        opinion.value = wording;
        opinion.dispatchEvent(new Event("input", { bubbles: true }));
      }
      document.querySelectorAll(`[data-fill="#${CSS.escape(opinion.id)}"]`).forEach((button) => {
        if (button.textContent === block.dataset.shown) button.textContent = wording;
      });
      block.dataset.shown = wording;
    });
    document.querySelectorAll("[data-share-of]").forEach((echo) => {
      const field = document.getElementById(echo.dataset.shareOf);
      echo.textContent = sums.need ? `${((fen(field.value) * 100) / sums.need).toFixed(1)}%` : "—";
    });
  }

  function add(block) {
    const count = control(block, "TOTAL_FORMS");
    const most = Number(control(block, "MAX_NUM_FORMS")?.value || 1000);
    const index = Number(count.value);
    if (index >= most) return null;
    const shell = document.createElement("div");
    shell.innerHTML = block.querySelector("[data-blank]").innerHTML.replaceAll("__prefix__", String(index));
    const row = shell.firstElementChild;
    block.querySelector("[data-rows]").append(row);
    count.value = index + 1;
    return row;
  }

  function changed(block) {
    refresh();
    block.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const block = event.target.closest("[data-lines]");
    if (!block) return;
    if (event.target.closest("[data-add]")) {
      const row = add(block);
      if (!row) return;
      changed(block);
      row.querySelector(".lk-line-field :is(input, select)").focus();
    } else if (event.target.closest("[data-remove]")) {
      const row = event.target.closest("[data-row]");
      const tick = row.querySelector("[name$='-DELETE']");
      if (!tick) return;
      const near = live(block)[live(block).indexOf(row) + 1] || block.querySelector("[data-add]");
      tick.checked = true;
      row.classList.add("is-removed");
      changed(block);
      (Array.from(near.querySelectorAll("[data-remove], [data-open]")).find((button) => button.offsetParent) || near).focus();
    } else if (event.target.closest("[data-open]")) {
      rowsOf(block).forEach((row) => { if (!row.querySelector(".is-wrong")) row.classList.remove("is-open"); });
      const row = event.target.closest("[data-row]");
      row.classList.add("is-open");
      row.querySelector(".lk-line-field :is(input, select)").focus();
    }
  });

  // The server offers an empty line for pages without scripts; here the button adds one.
  blocks.forEach((block) => live(block).slice(1).forEach((row) => {
    const typed = Array.from(row.querySelectorAll("input[type=text]")).some((field) => field.value);
    if (!typed && !row.querySelector("select option:checked[value]:not([value=''], [value='0'])") && !row.querySelector(".is-wrong")) row.remove();
  }));

  document.addEventListener("input", (event) => { if (event.target.matches?.("[name$='-amount'], .lk-line-field *, input")) refresh(); });
  function separate(field) {
    if (field.type === "number" || !/^[\d.,，\s]+$/.test(field.value)) return;
    if (Number.isFinite(Number(field.value.replace(/[,，\s]/g, "")))) field.value = money(fen(field.value));
  }
  document.addEventListener("focusout", (event) => { if (event.target.matches("[name$='-amount'], [data-money]")) separate(event.target); });
  // Thousands are separated for the eye only; what is sent is a plain number.
  document.addEventListener("formdata", (event) => {
    Array.from(event.formData.entries()).forEach(([name, value]) => {
      if (typeof value !== "string") return;
      const field = event.target.elements[name];
      if (/-amount$/.test(name) || field?.dataset?.money !== undefined) event.formData.set(name, value.replace(/[,，\s]/g, ""));
    });
  });
  document.addEventListener("linkage:rows", (event) => {
    const block = blocks.find((one) => one.dataset.prefix === event.detail.prefix);
    while (block && Number(control(block, "TOTAL_FORMS").value) < event.detail.total && add(block));
  });
  document.addEventListener("linkage:restored", () => {
    blocks.forEach((block) => rowsOf(block).forEach((row) => row.classList.toggle("is-removed", Boolean(row.querySelector("[name$='-DELETE']")?.checked))));
    refresh();
  });
  blocks.forEach((block) => rowsOf(block).forEach((row) => row.classList.toggle("is-removed", Boolean(row.querySelector("[name$='-DELETE']")?.checked))));
  document.querySelectorAll("[name$='-amount'], [data-money]").forEach(separate);
  refresh();
})();
