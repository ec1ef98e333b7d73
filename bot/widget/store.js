// What the browser remembers for one gateway. A browser that refuses to remember only loses comfort.

class Shelf {
  constructor(storage, prefix) {
    this.prefix = prefix;
    this.memory = new Map();
    try {
      this.storage = window[storage];
    } catch {
      this.storage = null; // blocked by the browser's settings
    }
  }

  get(key) {
    try {
      return this.storage.getItem(this.prefix + key) ?? this.memory.get(key) ?? null;
    } catch {
      return this.memory.get(key) ?? null;
    }
  }

  set(key, value) {
    this.memory.set(key, value);
    try {
      this.storage.setItem(this.prefix + key, value);
    } catch {
      // full or refused: kept in memory
    }
  }

  remove(key) {
    this.memory.delete(key);
    try {
      this.storage.removeItem(this.prefix + key);
    } catch {
      // nothing was kept
    }
  }

  keys() {
    const keys = new Set(this.memory.keys());
    try {
      for (const key of Object.keys(this.storage)) if (key.startsWith(this.prefix)) keys.add(key.slice(this.prefix.length));
    } catch {
      // only memory
    }
    return [...keys];
  }
}

export class Store extends Shelf {
  constructor(server) {
    const prefix = `rapport:${new URL(server).host}:`;
    super("localStorage", prefix);
    this.session = new Shelf("sessionStorage", prefix);
  }
}
