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

  /** The waiting messages of a session, oldest first: whichever tab wrote them. */
  waiting(session) {
    const found = [];
    for (const key of this.store.keys()) {
      if (!key.startsWith(PREFIX)) continue;
      const message = read(this.store.get(key));
      if (!message || Date.now() - message.at > KEPT_MS) this.store.remove(key);
      else if (!message.session || message.session === session) found.push(message);
    }
    return found.sort((one, other) => one.at - other.at);
  }

  add(message) {
    const last = this.waiting(message.session).at(-1)?.at ?? 0;
    const kept = { ...message, at: Math.max(Date.now(), last + 1) }; // in order, also when the clock is set back
    this.store.set(PREFIX + kept.id, JSON.stringify(kept));
    return kept;
  }

  remove(id) {
    this.store.remove(PREFIX + id);
  }

  /** Let the next session send what an expired one could not. */
  release(session) {
    for (const message of this.waiting(session)) this.store.set(PREFIX + message.id, JSON.stringify({ ...message, session: "" }));
  }

  clear(session) {
    for (const { id } of this.waiting(session)) this.remove(id);
  }

  /** What another tab put in or took out: {id, message}; null where the event tells of something else. */
  static heard({ key, newValue }) {
    const place = key?.indexOf(`:${PREFIX}`) ?? -1;
    return place < 0 ? null : { id: key.slice(place + PREFIX.length + 1), message: read(newValue) };
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
