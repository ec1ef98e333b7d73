// Product cards: a row to scroll sideways; each says price, stock and why it is shown.
import { h, icon, safeAddress } from "./dom.js";

/** on(event, card): "click" when a product is looked at, "cart" when it goes into the basket. */
export function cardRow(cards, words, server, on) {
  const row = h("ul", { class: "cards", role: "list", "aria-label": words.cards(cards.length) });
  row.append(...cards.map((card) => h("li", { class: "card" }, ...cardParts(card, words, server, on))));
  if (cards.length < 2) return h("div", { class: "carousel single" }, row);
  const step = (direction) => () => row.scrollBy({ left: direction * row.clientWidth * 0.8 * (getComputedStyle(row).direction === "rtl" ? -1 : 1) });
  const arrow = (name, direction) =>
    h("button", { type: "button", class: `arrow ${name}`, "aria-label": words[name], onclick: step(direction) }, icon(name));
  const carousel = h("div", { class: "carousel" }, row, arrow("previous", -1), arrow("next", 1));
  const mark = () => {
    const place = Math.abs(row.scrollLeft);
    carousel.classList.toggle("at-start", place < 4);
    carousel.classList.toggle("at-end", place + row.clientWidth > row.scrollWidth - 4);
  };
  row.addEventListener("scroll", mark, { passive: true });
  new ResizeObserver(mark).observe(row);
  return carousel;
}

function cardParts(card, words, server, on) {
  const address = safeAddress(card.url, server);
  const link = address && h("a", { class: "view", href: address.href, onclick: (event) => on("click", card) || event.preventDefault() }, words.view);
  const stock = words.stock[card.stock] ? card.stock : null;
  return [
    picture(card, words, server),
    h("div", { class: "card-body" },
      card.reason && h("p", { class: "reason" }, card.reason),
      h("h4", {}, card.title ?? card.sku),
      h("p", { class: "price" }, card.price ?? "", stock && h("span", { class: `stock ${stock}` }, words.stock[stock])),
      h("div", { class: "card-actions" }, card.stock !== "out" && basketButton(card, words, on), link)),
  ];
}

function picture(card, words, server) {
  const source = card.image && safeAddress(card.image, server);
  if (!source) return h("div", { class: "picture" }, icon("image"));
  return h("img", { class: "picture", src: source.href, alt: "", loading: "lazy", decoding: "async" });
}

function basketButton(card, words, on) {
  const button = h("button", { type: "button", class: "basket" }, words.basket);
  button.addEventListener("click", () => {
    if (button.disabled || !on("cart", card)) return;
    button.disabled = true;
    button.replaceChildren(icon("check"), words.added);
    setTimeout(() => {
      button.disabled = false;
      button.replaceChildren(words.basket);
    }, 2500);
  });
  return button;
}
