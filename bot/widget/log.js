// The log: bubbles by sequence number, what still waits below them, lines in between, buttons of the last answer.
import { cardRow } from "./cards.js";
import { fileLine } from "./files.js";
import { h, icon, safeAddress, withLinks } from "./dom.js";
import { isNews } from "./talk.js";

const NEAR_END_PX = 80;
const SAME_GROUP_MS = 5 * 60_000;

export class Log {
  constructor({ talk, server, onCard }) {
    this.talk = talk;
    this.server = server;
    this.onCard = onCard;
    this.list = h("div", { class: "messages" });
    this.pending = h("div", { class: "pending" });
    this.choices = h("div", { class: "choices" });
    this.seen = h("small", { class: "seen" });
    this.dots = h("div", { class: "typing", hidden: true, "aria-hidden": "true" }, h("span"), h("span"), h("span"));
    this.status = h("p", { class: "sr", role: "status" });
    this.element = h("div", { class: "log", tabindex: "0" },
      h("div", { role: "log", "aria-live": "polite" }, this.list, this.pending), this.choices, this.dots);
    this.stuck = true; // to the end, until the customer scrolls up
    this.lastTop = 0;
    this.element.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.element);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd(true) });
    const on = (name, work) => talk.addEventListener(name, ({ detail }) => this.words && work(detail)); // drawn once words are there
    on("said", (message) => this.#add(message));
    on("waiting", (message) => this.#wait(message));
    on("refused", (refusal) => this.#refuse(refusal));
    on("typing", () => this.#typing());
    on("follows", () => this.#follow());
    on("forgotten", () => this.render());
    on("owner", () => this.#offer());
    on("receipt", () => this.#markSeen());
    on("dropped", (id) => this.#waiting(id)?.remove());
  }

  /** Draw everything anew in a language. */
  speak(words, language) {
    this.words = words;
    this.time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
    this.day = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", weekday: "short" });
    this.element.setAttribute("aria-label", words.log);
    this.jump.replaceChildren(icon("down"), words.newMessages);
    this.render();
  }

  render() {
    this.list.replaceChildren();
    this.pending.replaceChildren();
    this.seen.textContent = this.words.seen;
    const messages = [...this.talk.messages.values()].sort((one, other) => one.seq - other.seq);
    for (const message of messages) this.#place(message);
    for (const message of this.talk.waiting) this.#wait(message);
    this.#offer();
    this.#markSeen();
    this.toEnd();
  }

  toEnd(smooth = false) {
    this.element.scrollTo({ top: this.element.scrollHeight, behavior: smooth && !reducedMotion() ? "smooth" : "auto" });
    this.jump.hidden = true;
    this.stuck = true;
  }

  #add(message) {
    const follow = this.stuck || message.author === "customer";
    if (message.id) this.#waiting(message.id)?.remove();
    this.#place(message);
    this.#offer();
    if (message.author === "customer") this.#markSeen();
    if (follow) this.toEnd(true);
    else if (isNews(message.author, message.body)) this.jump.hidden = false;
  }

  #place(message) {
    const node = message.author === "system" ? this.#line(message) : this.#bubbles(message);
    if (!node) return;
    this.#sayDay(message);
    const last = this.list.lastElementChild;
    const grouped = last?.dataset.author === message.author && last.dataset.name === (message.name ?? "") &&
      Date.parse(message.created_at) - Number(last.dataset.at) < SAME_GROUP_MS;
    if (grouped) last.classList.add("followed");
    Object.assign(node.dataset, { seq: message.seq, author: message.author, name: message.name ?? "", at: String(Date.parse(message.created_at)) });
    if (grouped) node.classList.add("follows");
    this.list.append(node);
  }

  #sayDay({ created_at }) {
    const day = new Date(created_at).toDateString();
    if (day === this.list.dataset.day && this.list.childElementCount) return;
    this.list.dataset.day = day;
    const now = new Date();
    const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toDateString();
    const name = day === now.toDateString() ? this.words.today : day === yesterday ? this.words.yesterday : this.day.format(new Date(created_at));
    this.list.append(h("p", { class: "day" }, name));
  }

  #line({ body }) {
    const words = this.words.events[body.event];
    const text = typeof words === "function" ? words(body) : (words ?? body.text);
    return text ? h("p", { class: "line" }, text) : null;
  }

  #bubbles({ author, name, body, created_at }) {
    const mine = author === "customer";
    const who = mine ? this.words.you : (name ?? this.words[author]);
    const parts = [];
    if (body.event === "erased") parts.push(h("div", { class: "bubble erased" }, this.words.events.erased));
    if (body.text) parts.push(h("div", { class: "bubble", dir: "auto" }, withLinks(body.text, this.words)));
    if (body.attachment) parts.push(fileLine(body.attachment, this.talk, this.words, () => this.stuck && this.toEnd()));
    const image = body.image && safeAddress(body.image, this.server);
    if (image) parts.push(h("img", { class: "attachment", src: image.href, alt: this.words.image, loading: "lazy" }));
    if (body.cards?.length) parts.push(cardRow(body.cards, this.words, this.server, this.onCard));
    if (!parts.length) return null;
    return h("article", { class: `message ${mine ? "mine" : author}` },
      !mine && h("span", { class: "face", "aria-hidden": "true" }, author === "agent" ? [...who][0] : icon("bot")),
      h("div", { class: "parts" }, h("span", { class: "sr" }, `${who}: `), ...parts,
        h("time", { datetime: created_at }, author === "agent" ? `${who} · ` : "", this.time.format(new Date(created_at)))));
  }

  #waiting(id) {
    return this.pending.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  /** "Seen" stands below the last of the customer's own messages that the agent has seen. */
  #markSeen() {
    const seen = [...this.list.querySelectorAll(".mine")].filter(({ dataset }) => Number(dataset.seq) <= this.talk.receipts.agent);
    if (seen.length) seen.at(-1).querySelector(".parts").append(this.seen);
    else this.seen.remove();
  }

  #wait({ id, text, name }) {
    if (this.#waiting(id)) return;
    const said = text || name;
    this.pending.append(h("article", { class: "message mine waiting", "data-id": id },
      h("div", { class: "parts" }, h("div", { class: "bubble", dir: "auto" }, said), h("small", {}, this.words.sending))));
    this.choices.replaceChildren();
    this.toEnd(true);
  }

  #refuse({ id, code, message = this.words.refused[code], final }) {
    const node = this.#waiting(id);
    if (!node) return;
    node.classList.toggle("failed", final);
    node.querySelector("small").textContent = final ? `${this.words.failed}: ${message}` : message;
    this.status.textContent = message;
    this.toEnd(true);
  }

  /** The buttons of the last answer, or ideas for the beginning. */
  #offer() {
    const messages = [...this.talk.messages.values()].filter(({ author }) => author !== "system");
    const last = messages.reduce((latest, message) => (!latest || message.seq > latest.seq ? message : latest), null);
    this.choices.replaceChildren();
    this.greeting?.remove();
    if (this.pending.childElementCount || this.talk.owner.owner !== "bot") return;
    if (!last && !this.list.childElementCount) return this.#greet();
    if (last?.author !== "customer") this.#choose(last?.body.buttons ?? []);
  }

  #greet() {
    this.greeting = h("div", { class: "messages" }, h("article", { class: "message bot" },
      h("span", { class: "face", "aria-hidden": "true" }, icon("bot")),
      h("div", { class: "parts" }, h("div", { class: "bubble" }, this.words.welcome))));
    this.choices.before(this.greeting);
    this.#choose(this.words.ideas.map((title) => ({ title })));
  }

  #choose(buttons) {
    this.choices.append(...buttons.map(({ title, payload }) =>
      h("button", { type: "button", class: "choice", onclick: () => this.#press(title, payload) }, title)));
  }

  #press(title, payload) {
    this.talk.write(title, payload);
    this.onPressed?.();
  }

  #typing() {
    clearTimeout(this.typingTimer);
    const { typing } = this.talk;
    if (!typing) {
      this.dots.hidden = true;
      this.status.textContent = "";
      return;
    }
    const show = () => {
      const follow = this.stuck;
      this.dots.hidden = false;
      this.status.textContent = this.words.typing(typing === "agent" ? (this.talk.owner.name ?? this.words.agent) : this.words.bot);
      if (follow) this.toEnd(true);
    };
    this.typingTimer = setTimeout(show, typing === "bot" ? 300 : 0); // most answers come sooner than that
  }

  #follow() {
    this.list.append(h("p", { class: "line" }, this.words.newConversation));
    this.choices.replaceChildren();
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (atEnd) this.jump.hidden = true;
    if (atEnd || scrollTop < this.lastTop) this.stuck = atEnd; // a smooth scroll down is on its way there
    this.lastTop = scrollTop;
  }
}

function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
