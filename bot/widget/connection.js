// The line to the gateway: a session token by HTTP, a WebSocket that comes back by itself, with growing pauses.

const TOKEN_REFUSED = 4401;
const CUSTOMER_REFUSED = 4403;
const CUSTOMER_CHANGED = 4409;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export class Connection extends EventTarget {
  /** hello() gives the first frame's values besides the token. */
  constructor({ server, store, hello }) {
    super();
    this.server = server;
    this.store = store;
    this.hello = hello;
    this.socket = null;
    this.tries = 0;
    this.ready = false; // welcomed
    this.wanted = false;
    this.wake = () => this.wanted && !this.socket && this.#connect();
  }

  start() {
    this.wanted = true;
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  stop() {
    this.wanted = false;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close(1000);
    this.socket = null;
  }

  /** Hang up and call again, with a new hello. */
  restart() {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    socket?.close(1000);
    clearTimeout(this.timer);
    if (this.wanted) this.#connect();
  }

  send(frame) {
    if (!this.ready || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  async #connect() {
    clearTimeout(this.timer);
    const mine = (this.socket = {}); // holds the place while the token is fetched
    try {
      const token = await this.#token();
      if (this.socket !== mine) return;
      this.#open(token);
    } catch {
      if (this.socket !== mine) return;
      this.socket = null;
      this.#later();
    }
  }

  async #token() {
    const known = this.store.get("token");
    if (known) return known;
    const body = JSON.stringify({ language: this.hello().language });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(new URL("chat/session", this.server), { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    const { token } = await answer.json();
    const meanwhile = this.store.get("token"); // another tab may have been first
    if (meanwhile) return meanwhile;
    this.store.set("token", token);
    return token;
  }

  #open(token) {
    const address = new URL("chat/socket", this.server);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(address));
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, ...this.hello() }));
    socket.onmessage = ({ data }) => socket === this.socket && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.socket && this.#lost(code, token);
  }

  #receive(event) {
    if (event.type === "welcome") {
      this.ready = true;
      this.tries = 0;
    }
    this.dispatchEvent(new CustomEvent("event", { detail: event }));
  }

  #lost(code, token) {
    this.socket = null;
    this.ready = false;
    if (code === TOKEN_REFUSED || code === CUSTOMER_CHANGED) {
      if (this.store.get("token") === token) this.store.remove("token");
      this.dispatchEvent(new CustomEvent("forgotten"));
    }
    if (code === CUSTOMER_REFUSED) this.dispatchEvent(new CustomEvent("customer-refused"));
    this.dispatchEvent(new CustomEvent("lost"));
    if (this.wanted) this.#later();
  }

  #later() {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.tries++, LONGEST_PAUSE_MS);
    this.timer = setTimeout(() => this.wanted && !this.socket && this.#connect(), pause * (0.5 + Math.random() / 2));
  }
}
