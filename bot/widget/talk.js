// The conversation as this tab knows it: the log by sequence number, what waits to be sent, who answers, what is unread.
// It knows nothing of how it looks.
import { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";

const CONFIRM_MS = 8000; // a message not confirmed by then: the line is dead, call again
const HOLD_MS = { too_many: 10_000, unavailable: 3000 }; // refused for now, not for good
const TYPING_MS = { bot: 25_000, agent: 6000 };
const TYPING_EVERY_MS = 2500;

export class Talk extends EventTarget {
  constructor({ server, store, language, customerToken }) {
    super();
    this.store = store;
    this.language = language;
    this.customerToken = customerToken;
    this.outbox = new Outbox(store);
    this.conversation = null;
    this.messages = new Map(); // seq -> message of the present conversation
    this.refused = new Map(); // id -> {text, message}: not taken, for good
    this.cursor = 0;
    this.owner = { owner: "bot", status: "new" };
    this.typing = null;
    this.online = false;
    this.watched = false; // the panel is open and the page is visible
    this.holdUntil = 0;
    this.connection = new Connection({ server, store, hello: () => this.#hello() });
    this.connection.addEventListener("event", ({ detail }) => this.#on(detail));
    this.connection.addEventListener("lost", () => this.#setOnline(false));
    this.connection.addEventListener("forgotten", () => this.#forget());
    this.connection.addEventListener("customer-refused", () => {
      this.customerToken = null;
      this.#tell("customer-token-invalid");
    });
    this.onStorage = ({ key }) => key?.includes(":seen:") && this.#tell("unread");
  }

  start() {
    window.addEventListener("storage", this.onStorage);
    this.connection.start();
  }

  stop() {
    window.removeEventListener("storage", this.onStorage);
    this.connection.stop();
  }

  write(text, payload) {
    const said = text.trim();
    if (!said) return null;
    const message = this.outbox.add(said, payload);
    this.#tell("waiting", message);
    this.#flush();
    return message;
  }

  /** Somebody else is signed in now, or nobody. */
  identify(token) {
    if ((token || null) === (this.customerToken || null)) return;
    this.customerToken = token;
    this.connection.restart();
  }

  /** Forget this browser's chat. */
  reset() {
    this.store.remove("token");
    this.customerToken = null;
    this.#forget();
    this.connection.restart();
  }

  writing() {
    if (this.owner.owner !== "human" || Date.now() - (this.toldTyping ?? 0) < TYPING_EVERY_MS) return;
    this.toldTyping = Date.now();
    this.connection.send({ type: "typing" });
  }

  card(event, { served_id, sku }) {
    this.connection.send({ type: "card", event, sku, ...(served_id && { served_id }) });
  }

  stay() {
    this.connection.send({ type: "stay" });
  }

  watch(watched) {
    this.watched = watched;
    if (watched) this.#see();
  }

  get unread() {
    const seen = this.#seen;
    let count = 0;
    for (const { seq, author, body } of this.messages.values()) if (seq > seen && isNews(author, body)) count++;
    return count;
  }

  get #seen() {
    return Number(this.store.get(`seen:${this.conversation}`) ?? 0);
  }

  #hello() {
    return {
      cursor: this.cursor,
      language: this.language(),
      ...(this.conversation && { conversation_id: this.conversation }),
      ...(this.customerToken && { customer_token: this.customerToken }),
    };
  }

  #on(event) {
    switch (event.type) {
      case "welcome":
        return this.#welcome(event);
      case "message":
        return this.#message(event);
      case "accepted":
        this.#confirmed(event.id);
        return this.#tell("accepted", event);
      case "refused":
        return this.#refuse(event);
      case "typing":
        return this.#setTyping(event.on === false ? null : event.author);
      case "owner":
        return this.#setOwner(event);
      case "error":
        return this.#tell("trouble", event);
    }
  }

  #welcome(event) {
    if (event.conversation_id !== this.conversation) {
      const before = this.conversation;
      this.conversation = event.conversation_id;
      this.messages.clear();
      this.#setTyping(null);
      if (before) this.#tell("follows");
    }
    this.cursor = event.cursor;
    this.#setOwner(event);
    this.#setOnline(true);
    this.#flush();
  }

  #message(event) {
    if (event.seq <= this.cursor) return;
    this.cursor = event.seq;
    this.messages.set(event.seq, event);
    if (event.id) this.#confirmed(event.id);
    if (event.author !== "customer") this.#setTyping(null);
    this.#tell("said", event);
    if (this.watched) this.#see();
    else this.#tell("unread");
  }

  #refuse(event) {
    const hold = HOLD_MS[event.code];
    if (hold) {
      this.holdUntil = Date.now() + hold;
      setTimeout(() => this.#flush(), hold);
    } else {
      this.outbox.remove(event.id);
    }
    this.#watchLine();
    this.#tell("refused", { ...event, final: !hold });
  }

  #flush() {
    if (Date.now() < this.holdUntil) return;
    for (const { id, text, payload } of this.outbox.waiting) {
      this.connection.send({ type: "message", id, text, ...(payload && { payload }) });
    }
    this.#watchLine();
  }

  #confirmed(id) {
    this.outbox.remove(id);
    this.#watchLine();
  }

  /** A line on which nothing is confirmed is no line. */
  #watchLine() {
    clearTimeout(this.confirmTimer);
    if (!this.connection.ready || Date.now() < this.holdUntil || !this.outbox.waiting.length) return;
    this.confirmTimer = setTimeout(() => this.outbox.waiting.length && this.connection.restart(), CONFIRM_MS);
  }

  #see() {
    if (this.cursor <= this.#seen) return;
    this.store.set(`seen:${this.conversation}`, String(this.cursor));
    this.connection.send({ type: "seen", seq: this.cursor });
    this.#tell("unread");
  }

  #setTyping(author) {
    clearTimeout(this.typingTimer);
    if (author) this.typingTimer = setTimeout(() => this.#setTyping(null), TYPING_MS[author]);
    if (author === this.typing) return;
    this.typing = author;
    this.#tell("typing");
  }

  #setOwner({ owner, status, position = null, name = null }) {
    this.owner = { owner, status, position, name };
    this.#tell("owner");
  }

  #setOnline(online) {
    if (online === this.online) return;
    this.online = online;
    this.#tell("line");
  }

  #forget() {
    this.outbox.clear();
    for (const key of this.store.keys()) if (key.startsWith("seen:")) this.store.remove(key);
    this.conversation = null;
    this.cursor = 0;
    this.messages.clear();
    this.#tell("forgotten");
    this.#tell("unread");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Something that a customer would like to know of: not their own words, not a line about the queue. */
export function isNews(author, body) {
  return author === "bot" || author === "agent" || (author === "system" && body.event === "agent_joined");
}
