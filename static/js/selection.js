// The board of the selection: a tick is kept at once, the counters follow. Without this script the button keeps.
(function () {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board || !window.fetch) return;
  const kept = board.querySelector("[data-kept]");
  const version = board.elements.version;
  const rowOf = (pk) => document.getElementById(`project-${pk}`);
  let timer = 0, sending = false, dirty = false, stopped = false;

  function say(text, wrong) {
    kept.textContent = text;
    kept.classList.toggle("lk-late", Boolean(wrong));
  }

  // A row as its two boxes say: either to be approved, or waiting, or neither.
  function dress(row, box) {
    const [tick, wait] = [row.querySelector("[name=tick]"), row.querySelector("[name=wait]")];
    if (box === tick && tick.checked) wait.checked = false;
    if (box === wait && wait.checked) tick.checked = false;
    const amount = row.querySelector(".lk-grant");
    if (tick.checked && !amount.value) amount.value = amount.placeholder;
    if (!tick.checked && box) amount.value = "";
    row.classList.toggle("is-ticked", tick.checked);
    row.classList.toggle("is-waiting", wait.checked);
  }

  function complain(problems) {
    board.querySelectorAll("[data-error]").forEach((line) => { line.hidden = true; });
    Object.entries(problems || {}).forEach(([name, text]) => {
      const line = board.elements[name]?.parentElement.querySelector("[data-error]");
      if (line) { line.textContent = text; line.hidden = false; }
    });
  }

  function show(answer) {
    version.value = answer.version;
    document.getElementById("board-counters").innerHTML = answer.counters;
    document.getElementById("board-side").innerHTML = answer.side;
    Object.entries(answer.rows).forEach(([pk, facts]) => {
      const row = rowOf(pk);
      row.querySelector("[data-counted]").hidden = !facts.counted;
      row.querySelector("[data-adds]").hidden = facts.counted;
      row.querySelector("[data-rank]").textContent = facts.rank || "";
      row.classList.toggle("is-warned", facts.full);
    });
    say(answer.said);
  }

  async function send() {
    if (sending || stopped) return;
    sending = true;
    dirty = false;
    try {
      const answer = await fetch(board.action, { method: "POST", body: new FormData(board), headers: { Accept: "application/json" }, credentials: "same-origin" });
      const words = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
      if (answer.ok) { complain(); show(words); }
      else if (answer.status === 422) { complain(words.problems); say(board.dataset.unsaved, true); }
      else {
        stopped = true;
        say(`${words.said || board.dataset.unsaved} `, true);
        const again = document.createElement("a");
        again.href = location.href;
        again.textContent = board.dataset.conflict;
        kept.append(again);
      }
    } catch (broken) { say(board.dataset.unsaved, true); }
    sending = false;
    if (dirty) send();
  }

  function later(pause) {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  board.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    if (!row) return;
    if (event.target.type === "checkbox") dress(row, event.target);
    later(250);
  });
  board.addEventListener("submit", (event) => { event.preventDefault(); later(0); });
  window.addEventListener("beforeunload", (event) => { if (dirty || sending) event.preventDefault(); });
})();
