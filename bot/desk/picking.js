// Choosing from a list while writing: a sign in a box (`data-pick`) opens what was offered for it, the words after it narrow it.
"use strict";
const rapportPick = (() => {
  const offered = {};
  let open = null; // { field, sign, start, found, chosen }

  const list = document.createElement("div");
  list.className = "picking";
  list.id = "picking";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  addEventListener("DOMContentLoaded", () => document.body.append(list));

  /** Where the word begins that a sign opened, if the caret is in one. */
  function started(field) {
    const sign = field.dataset.pick;
    const before = field.value.slice(0, field.selectionStart);
    const start = before.lastIndexOf(sign);
    if (start < 0 || /[^\s([（，。]/.test(before[start - 1] || " ") || before.includes("\n", start)) return -1;
    return before.length - start > 40 ? -1 : start;
  }

  function look(field) {
    const start = started(field);
    if (start < 0 || field.disabled) return close();
    const sign = field.dataset.pick;
    const words = field.value.slice(start + 1, field.selectionStart).toLowerCase();
    const fits = (one) => [one.key, one.title, one.more].some((text) => text?.toLowerCase().includes(words));
    const begins = (one) => (one.key.toLowerCase().startsWith(words) ? 0 : 1);
    const found = (offered[sign] || []).filter(fits).sort((one, other) => begins(one) - begins(other)).slice(0, 50);
    if (!found.length) return close();
    open = { field, sign, start, found, chosen: 0 };
    draw();
  }

  function draw() {
    list.replaceChildren(...open.found.map((one, place) => {
      const row = document.createElement("div");
      row.className = "picked-from";
      row.id = `picking-${place}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(place === open.chosen));
      for (const [name, text] of [["key", open.sign + one.key], ["title", one.title], ["more", one.more]]) {
        if (!text) continue;
        const part = document.createElement("span");
        part.className = `picking-${name}`;
        part.textContent = text;
        row.append(part);
      }
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); pick(place); });
      return row;
    }));
    const place = open.field.getBoundingClientRect();
    list.hidden = false;
    list.style.left = `${place.left}px`;
    list.style.width = `${Math.min(place.width, 560)}px`;
    list.style.bottom = `${innerHeight - place.top + 6}px`;
    open.field.setAttribute("aria-controls", list.id);
    open.field.setAttribute("aria-activedescendant", `picking-${open.chosen}`);
    list.children[open.chosen]?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (!open) return;
    open.field.removeAttribute("aria-activedescendant");
    open.field.removeAttribute("aria-controls");
    open = null;
    list.hidden = true;
  }

  /** A name is written as it is; for anything else the page is asked, and answers with `fill`. */
  function pick(place) {
    const { field, sign, found } = open;
    const key = found[place].key;
    if (sign === "@") fill(field, `@${key} `);
    else field.dispatchEvent(new CustomEvent("pick", { detail: key }));
    close();
  }

  function fill(field, words) {
    const start = Math.max(started(field), 0);
    field.setRangeText(words, start, field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    close();
  }

  document.addEventListener("input", (event) => { if (event.target.dataset?.pick) look(event.target); });
  document.addEventListener("focusout", close);
  document.addEventListener("keydown", (event) => {
    if (!open || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      open.chosen = (open.chosen + step + open.found.length) % open.found.length;
      draw();
    } else if (event.key === "Enter" || event.key === "Tab") pick(open.chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  return {
    /** What a sign offers: `[{ key, title?, more? }]`. */
    offer(sign, choices) { offered[sign] = choices; },
    /** Put words where the sign was written. */
    fill(which, words) { fill(document.querySelector(which), words); },
    /** Write the sign, which opens the list. */
    begin(which) {
      const field = document.querySelector(which);
      if (field.disabled) return;
      field.focus();
      const before = field.value.slice(0, field.selectionStart);
      field.setRangeText((/\S$/.test(before) ? " " : "") + field.dataset.pick, field.selectionStart, field.selectionEnd, "end");
      look(field);
    },
  };
})();
