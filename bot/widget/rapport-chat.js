// <rapport-chat>: the launcher. Everything else is fetched when somebody opens the chat, or comes back to one.
import { Store } from "./store.js";

const LABELS = {
  en: { open: "Open chat", close: "Close chat", unread: (n) => `Open chat, ${n} new` },
  zh: { open: "打开聊天", close: "关闭聊天", unread: (n) => `打开聊天，${n} 条新消息` },
};

const STYLE = `
:host {
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: var(--rapport-z-index, 2147483000);
  font-family: var(--rapport-font, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei",
    "Noto Sans SC", "Noto Sans CJK SC", sans-serif);
}
:host([hidden]) { display: none; }
.launcher {
  all: unset; box-sizing: border-box; position: relative; display: grid; place-items: center; inline-size: 60px;
  block-size: 60px; border-radius: var(--rapport-launcher-radius, 50%); cursor: pointer;
  color: var(--rapport-on-accent, #fff); background: var(--rapport-accent, #0f6b5c);
  box-shadow: 0 6px 20px rgb(0 0 0 / .22), 0 1px 3px rgb(0 0 0 / .2); transition: transform .18s, box-shadow .18s;
}
.launcher:hover { transform: translateY(-2px); box-shadow: 0 10px 26px rgb(0 0 0 / .26), 0 1px 3px rgb(0 0 0 / .2); }
.launcher:active { transform: none; }
.launcher:focus-visible { outline: 3px solid var(--rapport-accent, #0f6b5c); outline-offset: 3px; }
.launcher svg { inline-size: 28px; block-size: 28px; fill: none; stroke: currentColor; stroke-width: 1.8;
  stroke-linecap: round; stroke-linejoin: round; grid-area: 1 / 1; transition: opacity .18s, transform .18s; }
.launcher[aria-expanded="false"] svg:last-of-type, .launcher[aria-expanded="true"] svg:first-of-type {
  opacity: 0; transform: rotate(45deg) scale(.6); }
.launcher[aria-busy="true"] svg { opacity: .55; }
.badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-inline-size: 22px; block-size: 22px;
  box-sizing: border-box; padding-inline: 6px; border-radius: 11px; border: 2px solid #fff; background: #c8321f;
  color: #fff; font-size: 12px; font-weight: 700; line-height: 18px; text-align: center; }
.badge:empty { display: none; }
@media (prefers-reduced-motion: reduce) { .launcher, .launcher svg { transition: none; } }
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText; } }
`;
const BUBBLE = "M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5 5 15.4A8.4 8.4 0 1 1 21 11.5ZM8.5 11.5h.01M12.5 11.5h.01M16.5 11.5h.01";
const CHEVRON = "m6 9.5 6 6 6-6";

function glyph(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(svg.namespaceURI, "path")).setAttribute("d", path);
  return svg;
}

export class RapportChat extends HTMLElement {
  static observedAttributes = ["language", "customer-token"];

  #talk = null; // the conversation, once there is a reason to connect
  #panel = null;
  #token = null; // set as a property it does not show in the page
  #store;
  #button;
  #badge;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.className = "launcher";
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.setAttribute("aria-expanded", "false");
    this.#badge = document.createElement("span");
    this.#badge.className = "badge";
    this.#badge.setAttribute("aria-hidden", "true");
    this.#button.append(glyph(BUBBLE), glyph(CHEVRON), this.#badge);
    this.#button.addEventListener("click", () => this.toggle());
    this.#button.addEventListener("pointerenter", () => import("./panel.js"), { once: true });
    root.append(this.#button);
  }

  connectedCallback() {
    this.#store = new Store(this.server);
    this.#label();
    const remembered = this.#store.session.get("open");
    const begun = ["token", "customer"].some((key) => this.#store.get(key)) || this.#store.keys().some((key) => key.startsWith("outbox:"));
    if (remembered || begun) this.#whenIdle(() => (remembered ? this.open({ focus: false }) : this.connect()));
  }

  disconnectedCallback() {
    this.#talk?.stop();
    this.#panel?.remove();
    this.#talk = this.#panel = null;
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "language") {
      this.#label();
      this.#panel?.speak(this.language);
    } else this.#talk?.identify(this.customerToken);
  }

  /** The address of the gateway; by default where this file came from. */
  get server() {
    return new URL(this.getAttribute("server") || "/", import.meta.url).href;
  }

  /** "en" or "zh": the attribute, else the page's language, else the browser's. */
  get language() {
    const wishes = [this.getAttribute("language"), document.documentElement.lang, ...navigator.languages];
    for (const wish of wishes) {
      const language = wish?.toLowerCase().split("-")[0];
      if (language in LABELS) return language;
    }
    return "en";
  }

  /** The shop's signed token of the customer who is signed in, or null. */
  get customerToken() {
    return this.#token ?? this.getAttribute("customer-token");
  }

  set customerToken(token) {
    this.#token = token;
    this.#talk?.identify(this.customerToken);
  }

  get unread() {
    return this.#talk?.unread ?? 0;
  }

  /** Connect without opening, so that news show on the launcher. */
  async connect() {
    if (this.#talk) return this.#talk;
    const { Talk } = await import("./talk.js");
    if (this.#talk) return this.#talk;
    this.#talk = new Talk({ server: this.server, store: this.#store, language: () => this.language, customerToken: this.customerToken });
    this.#talk.addEventListener("unread", () => this.#label());
    this.#talk.addEventListener("said", (event) => this.#tell("message", event.detail));
    this.#talk.addEventListener("customer-token-invalid", () => {
      this.#token = null;
      this.removeAttribute("customer-token");
      this.#tell("customer-token-invalid");
    });
    this.#talk.start();
    return this.#talk;
  }

  async open({ focus = true } = {}) {
    this.#button.setAttribute("aria-busy", "true");
    try {
      const [talk, { Panel }] = await Promise.all([this.connect(), import("./panel.js")]);
      if (!this.#panel) {
        this.#panel = new Panel({ talk, server: this.server, title: this.getAttribute("heading"), tell: (name, detail) => this.#tell(name, detail), close: () => this.close() });
        await this.#panel.speak(this.language);
        this.shadowRoot.adoptedStyleSheets.push(this.#panel.style);
        this.shadowRoot.append(this.#panel.element);
      }
      this.#panel.show(focus);
    } finally {
      this.#button.removeAttribute("aria-busy");
    }
    this.#store.session.set("open", "1");
    this.#button.setAttribute("aria-expanded", "true");
    this.#label();
    this.#tell("open");
  }

  close() {
    if (!this.#panel?.shown) return;
    this.#panel.hide();
    this.#store.session.remove("open");
    this.#button.setAttribute("aria-expanded", "false");
    this.#label();
    this.#button.focus();
    this.#tell("close");
  }

  toggle() {
    return this.#panel?.shown ? this.close() : this.open();
  }

  /** Write as the customer. */
  async send(text) {
    (await this.connect()).write(text);
  }

  /** Forget this browser's chat; call it when the customer signs out. */
  async reset() {
    (await this.connect()).reset();
  }

  #label() {
    const words = LABELS[this.language];
    const open = this.#button.getAttribute("aria-expanded") === "true";
    const unread = open ? 0 : this.unread;
    this.#badge.textContent = unread ? (unread > 9 ? "9+" : unread) : "";
    this.#button.setAttribute("aria-label", open ? words.close : unread ? words.unread(unread) : words.open);
  }

  #tell(name, detail = null) {
    return this.dispatchEvent(new CustomEvent(`rapport-${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  #whenIdle(work) {
    (window.requestIdleCallback ?? ((later) => setTimeout(later, 200)))(() => this.isConnected && work());
  }
}

if (!customElements.get("rapport-chat")) customElements.define("rapport-chat", RapportChat);
