// The open chat: head, log, state lines, composer; focus, keys and the small screen.
import { h, icon } from "./dom.js";
import { FILE_TYPES } from "./files.js";
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
    talk.addEventListener("trouble", ({ detail }) => detail.code === "contact_invalid" && this.#contactTrouble(detail.message));
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
    this.leave.textContent = words.leaveContact;
    this.address.setAttribute("aria-label", words.email);
    this.address.placeholder = words.email;
    this.leaveNow.textContent = words.leaveNow;
    this.clip.setAttribute("aria-label", words.attach);
    this.clip.title = words.attach;
    this.picker.setAttribute("aria-label", words.attach);
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
    this.leave = h("button", { type: "button", "aria-expanded": "false", onclick: () => this.#askContact(this.contact.hidden) });
    this.address = h("input", { type: "email", required: true, maxlength: "254", autocomplete: "email" });
    this.leaveNow = h("button", { type: "submit" });
    this.contactNote = h("span", { class: "bad", role: "alert" });
    this.contact = h("form", { class: "contact", hidden: true, novalidate: true }, this.address, this.leaveNow, this.contactNote);
    this.contact.addEventListener("submit", (event) => this.#leaveContact(event));
    this.queue = h("div", { class: "queue", hidden: true }, icon("clock"),
      h("div", {}, this.position, this.queueHint, h("div", { class: "ways" }, this.leave, this.stay), this.contact));
    this.input = h("textarea", { rows: "1", enterkeyhint: "send", autocomplete: "off" });
    this.sender = h("button", { type: "submit", class: "send", disabled: true }, icon("send"));
    this.picker = h("input", { type: "file", accept: FILE_TYPES.join(), hidden: true, onchange: () => this.#attach(this.picker.files) });
    this.clip = h("button", { type: "button", class: "clip", onclick: () => this.picker.click() }, icon("clip"));
    this.composer = h("form", { class: "composer" }, this.picker, this.clip, this.input, this.sender);
    this.input.addEventListener("paste", ({ clipboardData: { files } }) => this.#attach(files));
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
    const { owner, position, wait, name } = this.talk.owner;
    const person = owner === "human";
    const who = person ? (name ?? this.words.agent) : (this.title ?? this.words.title);
    this.name.textContent = who;
    this.subtitle.textContent = person ? this.words.withAgent(who) : owner === "queue" ? this.words.queue(position) : this.words.subtitle;
    this.face.replaceChildren(person ? [...who][0] : icon("bot"));
    this.face.classList.toggle("person", person);
    this.position.textContent = [this.words.queue(position), wait && this.words.wait(wait)].filter(Boolean).join(" · ");
    this.queue.hidden = owner !== "queue";
    if (this.queue.hidden) this.#askContact(false);
  }

  #askContact(asked) {
    this.contact.hidden = !asked;
    this.leave.setAttribute("aria-expanded", String(asked));
    this.contactNote.textContent = "";
    if (asked) this.address.focus();
  }

  #leaveContact(event) {
    event.preventDefault();
    this.contactNote.textContent = "";
    this.talk.leaveContact(this.address.value.trim());
  }

  #contactTrouble(message) {
    this.contactNote.textContent = message;
    this.address.focus();
  }

  #attach(files) {
    for (const file of files) this.talk.attach(file);
    this.picker.value = "";
    this.#focus();
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
    this.talk.writing(Boolean(this.input.value));
  }

  #focus() {
    this.input.focus({ preventScroll: true });
  }
}
