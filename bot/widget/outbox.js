// What the customer wrote and the gateway has not confirmed: kept over reloads, each message under a key of its own,
// so that tabs do not overwrite each other. Sending twice is harmless: the id makes it one message.

const PREFIX = "outbox:";
const KEPT_MS = 24 * 3600_000;

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // pages without https
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  constructor(store) {
    this.store = store;
  }

  /** The waiting messages, oldest first. */
  get waiting() {
    const found = [];
    for (const key of this.store.keys()) {
      if (!key.startsWith(PREFIX)) continue;
      const message = read(this.store.get(key));
      if (message && Date.now() - message.at < KEPT_MS) found.push(message);
      else this.store.remove(key);
    }
    return found.sort((one, other) => one.at - other.at);
  }

  add(text, payload) {
    const message = { id: newId(), text, ...(payload && { payload }), at: Date.now() };
    this.store.set(PREFIX + message.id, JSON.stringify(message));
    return message;
  }

  remove(id) {
    this.store.remove(PREFIX + id);
  }

  clear() {
    for (const { id } of this.waiting) this.remove(id);
  }
}

function read(kept) {
  try {
    const message = JSON.parse(kept);
    return typeof message?.id === "string" && typeof message.text === "string" ? message : null;
  } catch {
    return null;
  }
}
