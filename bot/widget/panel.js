// The open chat: head, log, state lines, composer; focus, keys and the small screen.
import { h, icon } from "./dom.js";
import { Log } from "./log.js";
import { STYLE } from "./style.js";

const SMALL = "(max-width: 480px)";
const LOST_MS = 1500; // a blink of the line is not worth a word
const NEXT_LINES = 140; // px the composer may grow to

export class Panel {
  constructor({ talk, server, title, tell, close }) {
    this.talk = talk;
    this.title = title;
    this.tell = tell;
    this.close = close;
    this.small = matchMedia(SMALL);
    this.log = new Log({ talk, server, onCard: (event, card) => this.#onCard(event, card) });
    this.log.onPressed = () => this.#focus();
    this.#build();
    talk.addEventListener("owner", () => this.words && this.#head());
    talk.addEventListener("line", () => this.#line());
    this.onVisibility = () => this.talk.watch(this.shown && !document.hidden);
    document.addEventListener("visibilitychange", this.onVisibility);
    this.onViewport = () => this.element.style.setProperty("--height", `${visualViewport.height}px`);
    window.visualViewport?.addEventListener("resize", this.onViewport);
  }

  get shown() {
    return this.element.open;
  }

  /** Use a language from now on. */
  async speak(language) {
    const { default: words } = await import(`./locales/${language}.js`);
    this.words = words;
    this.element.lang = language;
    this.element.setAttribute("aria-label", this.title ?? words.title);
    this.closer.setAttribute("aria-label", words.close);
    this.sender.setAttribute("aria-label", words.send);
    this.input.setAttribute("aria-label", words.message);
    this.input.placeholder = words.placeholder;
    this.stay.textContent = words.stay;
    this.queueHint.textContent = words.queueHint;
    this.offline.textContent = words.connecting;
    this.#head();
    this.log.speak(words, language);
  }

  show(focus) {
    if (!this.shown) {
      if (this.small.matches && focus) this.element.showModal();
      else this.element.open = true; // show() would take the focus, also from a page that has just loaded
    }
    if (window.visualViewport) this.onViewport();
    if (focus) this.#focus();
    this.talk.watch(!document.hidden);
    this.log.toEnd();
  }

  hide() {
    this.element.close();
    this.talk.watch(false);
  }

  remove() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    window.visualViewport?.removeEventListener("resize", this.onViewport);
    this.element.remove();
  }

  #build() {
    this.face = h("span", { class: "face", "aria-hidden": "true" });
    this.name = h("h2");
    this.subtitle = h("p");
    this.closer = h("button", { type: "button", class: "closer", onclick: () => this.close() }, icon("close"));
    this.offline = h("p", { class: "offline", role: "status", hidden: true });
    this.position = h("strong", { role: "status" });
    this.queueHint = h("span");
    this.stay = h("button", { type: "button", onclick: () => this.talk.stay() });
    this.queue = h("div", { class: "queue", hidden: true }, icon("clock"), h("div", {}, this.position, this.queueHint, this.stay));
    this.input = h("textarea", { rows: "1", enterkeyhint: "send", autocomplete: "off" });
    this.sender = h("button", { type: "submit", class: "send", disabled: true }, icon("send"));
    this.composer = h("form", { class: "composer" }, this.input, this.sender);
    this.composer.addEventListener("submit", (event) => this.#send(event));
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("input", () => this.#onInput());
    this.style = new CSSStyleSheet();
    this.style.replaceSync(STYLE);
    this.element = h("dialog", { class: "panel" },
      h("header", {}, this.face, h("div", {}, this.name, this.subtitle), this.closer),
      this.offline, this.queue, this.log.element, this.log.jump, this.log.status, this.composer);
    this.element.addEventListener("keydown", (event) => this.#onEscape(event));
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault(); // the small screen's modal dialog: same way out as everywhere
      this.close();
    });
  }

  #head() {
    const { owner, position, name } = this.talk.owner;
    const person = owner === "human";
    const who = person ? (name ?? this.words.agent) : (this.title ?? this.words.title);
    this.name.textContent = who;
    this.subtitle.textContent = person ? this.words.withAgent(who) : owner === "queue" ? this.words.queue(position) : this.words.subtitle;
    this.face.replaceChildren(person ? [...who][0] : icon("bot"));
    this.face.classList.toggle("person", person);
    this.position.textContent = this.words.queue(position);
    this.queue.hidden = owner !== "queue";
  }

  #line() {
    clearTimeout(this.lineTimer);
    if (this.talk.online) this.offline.hidden = true;
    else this.lineTimer = setTimeout(() => (this.offline.hidden = this.talk.online), LOST_MS);
  }

  #onCard(event, card) {
    this.talk.card(event, card);
    return this.tell("card", { event, card }); // false when the page prevents it
  }

  #send(event) {
    event.preventDefault();
    if (!this.talk.write(this.input.value)) return;
    this.input.value = "";
    this.#onInput();
    this.#focus();
  }

  #onKey(event) {
    const composing = event.isComposing || event.keyCode === 229; // Enter that ends a Chinese word sends nothing
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    this.composer.requestSubmit();
  }

  #onEscape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  #onInput() {
    this.sender.disabled = !this.input.value.trim();
    this.input.style.blockSize = "auto";
    this.input.style.blockSize = `${Math.min(this.input.scrollHeight, NEXT_LINES)}px`;
    if (this.input.value) this.talk.writing();
  }

  #focus() {
    this.input.focus({ preventScroll: true });
  }
}
