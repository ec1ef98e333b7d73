// The conversation as this tab knows it: the log by sequence number, what waits to be sent, who answers, what is unread.
// It knows nothing of how it looks.
import { Connection } from "./connection.js";
import { Outbox, newId } from "./outbox.js";

const CONFIRM_MS = 8000; // a message not confirmed by then: the line is dead, call again
const HOLD_MS = { too_many: 10_000, unavailable: 3000 }; // refused for now, not for good
const TYPING_MS = { bot: 25_000, agent: 6000 };
const TYPING_EVERY_MS = 2500;
const OTHERS_MS = 3000; // what another tab wrote is sent from here when that tab has not done it by then
const UPLOAD_AGAIN_MS = 3000;
const UPLOAD_TRIES = 40;

export class Talk extends EventTarget {
  constructor({ server, store, language, customerToken }) {
    super();
    this.store = store;
    this.language = language;
    this.customerToken = customerToken;
    this.outbox = new Outbox(store);
    this.sending = null; // the id of the one message that is under way: one after the other keeps their order
    this.conversation = null;
    this.messages = new Map(); // seq -> message of the present conversation
    this.cursor = 0;
    this.owner = { owner: "bot", status: "new" };
    this.receipts = { agent: 0, customer: 0 }; // up to where each side has read
    this.typing = null;
    this.online = false;
    this.watched = false; // the panel is open and the page is visible
    this.holdUntil = 0;
    this.connection = new Connection({ server, store, hello: () => this.#hello(), customer: () => this.customerToken || null });
    this.connection.addEventListener("event", ({ detail }) => this.#on(detail));
    this.connection.addEventListener("lost", () => this.#lost());
    this.connection.addEventListener("forgotten", ({ detail }) => {
      if (detail) this.outbox.release(detail);
      this.#forget();
    });
    this.connection.addEventListener("customer-refused", () => {
      this.customerToken = null;
      this.#tell("customer-token-invalid");
    });
    this.onStorage = (event) => this.#onStorage(event);
    this.tabs = new BroadcastChannel(`rapport:${new URL(server).host}`);
    this.tabs.onmessage = ({ data }) => this.#identify(data.customer);
  }

  start() {
    window.addEventListener("storage", this.onStorage);
    if (this.customerToken) this.tabs.postMessage({ customer: this.customerToken });
    this.connection.start();
  }

  stop() {
    window.removeEventListener("storage", this.onStorage);
    this.tabs.close();
    this.connection.stop();
  }

  /** What this browser wrote and nobody has confirmed. */
  get waiting() {
    return this.outbox.waiting(this.connection.mark);
  }

  write(text, payload) {
    const said = text.trim();
    if (!said) return null;
    return this.#put({ id: newId(), text: said, ...(payload && { payload }) });
  }

  /** Send a file: it is uploaded first, then its message goes the way of all messages. */
  async attach(file) {
    const id = newId();
    this.#tell("waiting", { id, text: "", name: file.name });
    for (let tries = 1; ; tries++) {
      const answer = await this.connection
        .fetch(`chat/attachments?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file })
        .catch(() => null);
      if (answer?.ok) return this.#put({ id, text: "", name: file.name, attachment: (await answer.json()).id });
      const final = answer ? answer.status < 500 && answer.status !== 429 : tries >= UPLOAD_TRIES;
      if (final) return this.#tell("refused", { id, code: [413, 415].includes(answer?.status) ? "file" : "upload", final });
      await new Promise((later) => setTimeout(later, UPLOAD_AGAIN_MS));
    }
  }

  /** Give a file's content. */
  async file(id) {
    const answer = await this.connection.fetch(`chat/attachments/${id}`);
    if (!answer.ok) throw new Error(`attachment: ${answer.status}`);
    return answer.blob();
  }

  /** Somebody else is signed in now, or nobody: here, and so in the browser's other tabs. */
  identify(token) {
    if ((token || null) === (this.customerToken || null)) return;
    this.tabs.postMessage({ customer: token || null });
    this.#identify(token);
  }

  /** Forget this browser's chat. */
  reset() {
    this.outbox.clear(this.connection.mark);
    for (const key of ["token", "customer", "begun"]) this.store.remove(key);
    this.store.session.remove("customer");
    this.tabs.postMessage({ customer: null });
    this.customerToken = null;
    this.#forget();
    this.connection.restart();
  }

  writing(on = true) {
    const since = Date.now() - (this.toldTyping ?? 0);
    if (this.owner.owner !== "human" || (on ? since < TYPING_EVERY_MS : !this.toldTyping)) return;
    this.toldTyping = on ? Date.now() : 0;
    this.connection.send({ type: "typing", on });
  }

  card(event, { served_id, sku }) {
    this.connection.send({ type: "card", event, sku, ...(served_id && { served_id }) });
  }

  stay() {
    this.connection.send({ type: "stay" });
  }

  leaveContact(address) {
    this.connection.send({ type: "contact", address });
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
    return Math.max(this.receipts.customer, Number(this.store.get(`seen:${this.conversation}`) ?? 0));
  }

  #hello() {
    return {
      cursor: this.cursor,
      language: this.language(),
      ...(this.conversation && { conversation_id: this.conversation }),
    };
  }

  #identify(token) {
    const before = this.customerToken || null;
    if ((token || null) === before) return;
    this.customerToken = token || null;
    if (before && token && sameCustomer(before, token)) return; // a fresh token, for the next hello
    if (before) this.#forget();
    this.connection.restart();
  }

  #put(message) {
    if (!this.customerToken) this.store.set("begun", "1");
    const kept = this.outbox.add({ ...message, session: this.connection.mark });
    this.#tell("waiting", kept);
    this.toldTyping = 0;
    this.#flush();
    return kept;
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
      case "receipt":
        return this.#setReceipts({ [event.by]: event.seq });
      case "error":
        return this.#tell("trouble", event);
    }
  }

  #welcome(event) {
    if (event.conversation_id !== this.conversation) {
      const before = this.conversation;
      this.conversation = event.conversation_id;
      this.messages.clear();
      this.receipts = { agent: 0, customer: 0 };
      this.#setTyping(null);
      if (before) this.#tell("follows");
    }
    this.cursor = event.cursor;
    this.sending = null;
    this.#setOwner(event);
    this.#setReceipts(event.receipts);
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
    this.sending = null;
    if (hold) {
      this.holdUntil = Date.now() + hold;
      setTimeout(() => this.#flush(), hold);
    } else {
      this.outbox.remove(event.id);
      this.#flush();
    }
    this.#watchLine();
    this.#tell("refused", { ...event, final: !hold });
  }

  /** Send the oldest that waits; the next one follows when it is confirmed. */
  #flush() {
    const next = this.waiting[0];
    if (!next || this.sending || Date.now() < this.holdUntil) return;
    const { id, text, payload, attachment } = next;
    if (this.connection.send({ type: "message", id, text, ...(payload && { payload }), ...(attachment && { attachment }) })) this.sending = id;
    this.#watchLine();
  }

  #confirmed(id) {
    this.outbox.remove(id);
    if (this.sending === id) this.sending = null;
    this.#watchLine();
    this.#flush();
  }

  /** A line on which nothing is confirmed is no line. */
  #watchLine() {
    clearTimeout(this.confirmTimer);
    if (this.sending) this.confirmTimer = setTimeout(() => this.sending && this.connection.giveUp(), CONFIRM_MS);
  }

  /** Another tab of this browser wrote, was confirmed, or has seen something. */
  #onStorage(event) {
    const heard = Outbox.heard(event);
    if (heard?.message) {
      if (!this.waiting.some(({ id }) => id === heard.id)) return; // of another session
      this.#tell("waiting", heard.message);
      setTimeout(() => this.#flush(), OTHERS_MS);
    } else if (heard) {
      setTimeout(() => this.#tell("dropped", heard.id), OTHERS_MS); // refused there; else it is long in the log
      this.#flush();
    } else if (event.key?.includes(":seen:")) this.#tell("unread");
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

  #setOwner({ owner, status, position = null, wait_minutes: wait = null, name = null }) {
    this.owner = { owner, status, position, wait, name };
    if (this.typing && (this.typing === "agent") !== (owner === "human")) this.#setTyping(null); // who typed has left
    this.#tell("owner");
  }

  #setReceipts(receipts) {
    this.receipts = { ...this.receipts, ...receipts };
    this.#tell("receipt");
    this.#tell("unread");
  }

  #lost() {
    this.sending = null;
    this.#watchLine();
    this.#setTyping(null);
    this.#setOnline(false);
  }

  #setOnline(online) {
    if (online === this.online) return;
    this.online = online;
    this.#tell("line");
  }

  #forget() {
    if (this.conversation) this.store.remove(`seen:${this.conversation}`);
    this.conversation = null;
    this.cursor = 0;
    this.sending = null;
    this.messages.clear();
    this.receipts = { agent: 0, customer: 0 };
    this.#tell("forgotten");
    this.#tell("unread");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Something that a customer would like to know of: not their own words, not a line about the queue. */
export function isNews(author, body) {
  return author === "bot" || author === "agent" || (author === "system" && /^(agent_joined|agent_changed|nudge|nobody_came)$/.test(body.event));
}

function sameCustomer(one, other) {
  try {
    const [mine, theirs] = [one, other].map((token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub);
    return mine === theirs;
  } catch {
    return false; // not tokens: the gateway will say so
  }
}
