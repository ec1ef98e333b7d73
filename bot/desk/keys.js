// The keyboard: a key presses the element that carries it (`aria-keyshortcuts`); nothing happens while somebody types.
"use strict";
(() => {
  const seen = (element) => element.offsetParent !== null || element.closest("dialog[open]");
  const types = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  function step(by) {
    const items = [...document.querySelectorAll(".queue .item")].filter(seen);
    const now = items.findIndex((item) => item.getAttribute("aria-current") === "true");
    const next = items[now < 0 ? (by > 0 ? 0 : items.length - 1) : now + by];
    next?.click();
    next?.scrollIntoView({ block: "nearest" });
  }

  const moves = {
    j: () => step(1),
    k: () => step(-1),
    s: () => document.querySelector('nav a[href="/desk/search"]')?.click(),
  };

  function press(element) {
    if (element.tagName === "SUMMARY") {
      closeMenus(element.parentElement);
      element.parentElement.open = true;
      (element.parentElement.querySelector("button, a") || element).focus();
    } else if (types(element)) element.focus();
    else element.click();
  }

  const menus = "details.menu[open], details.mentions[open], details.presence[open]";
  function closeMenus(but) {
    let closed = false;
    for (const menu of document.querySelectorAll(menus)) {
      if (menu === but) continue;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
      closed = true;
    }
    return closed;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!closeMenus() && types(event.target)) event.target.blur();
      return;
    }
    if (types(event.target) || document.querySelector("dialog[open]")) return;
    const carries = [...document.querySelectorAll("[aria-keyshortcuts]")].filter(
      (element) => element.getAttribute("aria-keyshortcuts") === event.key && seen(element) && !element.disabled,
    );
    const deed = moves[event.key] || (carries.length && (() => press(carries[0])));
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  document.addEventListener("click", (event) => {
    const within = event.target.closest?.("details");
    closeMenus(event.target.closest?.(".menu-item") ? null : within);
  });
})();
