// Making elements. Text is always text: nothing that anybody wrote is ever read as HTML.

const ICONS = {
  send: "M4.5 12h14M13 6l6 6-6 6",
  close: "m6 9.5 6 6 6-6",
  bot: "M12 7V4M8 4h8M6.5 7h11A2.5 2.5 0 0 1 20 9.5v7a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 16.5v-7A2.5 2.5 0 0 1 6.5 7ZM9 12v1.5M15 12v1.5",
  next: "m10 6 6 6-6 6",
  previous: "m14 6-6 6 6 6",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  down: "M12 5v14M6 13l6 6 6-6",
  basket: "M4 8h16l-1.6 11H5.6L4 8ZM9 8l2-4M15 8l-2-4",
  clip: "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.500 7",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
};

/** h("button", {class: "x", onclick}, "text", child, null) */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(svg.namespaceURI, "path")).setAttribute("d", ICONS[name]);
  return svg;
}

/** An address that may be followed, or null. */
export function safeAddress(address, server) {
  try {
    const url = new URL(address, server);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

/** A text with its web addresses as links. */
export function withLinks(text, words) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"'，。；！？、）】]+[^\s<>"'，。；！？、）】.,;:!?)]/gi)) {
    const url = safeAddress(match[0]);
    if (!url) continue;
    parts.append(text.slice(end, match.index));
    parts.append(h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", "aria-label": words.link(match[0]) }, match[0]));
    end = match.index + match[0].length;
  }
  parts.append(text.slice(end));
  return parts;
}
