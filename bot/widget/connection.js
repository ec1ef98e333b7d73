// The line to the gateway: a session token by HTTP, a WebSocket that comes back by itself, with growing pauses.
// Anonymous and signed-in tabs of one browser each have a token of their own, so that none takes the other's away.

const TOKEN_REFUSED = 4401;
const CUSTOMER_REFUSED = 4403;
const CUSTOMER_CHANGED = 4409;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const RENEWAL_MS = 2000; // for the page to bring a new customer token
const PULSE_MS = 20_000; // a line on which nothing comes is asked whether it is still there
const SILENT_MS = 6000; // and one that does not answer is given up

export class Connection extends EventTarget {
  /** hello() gives the first frame's values besides the token; customer() the token of who is signed in, or null. */
  constructor({ server, store, hello, customer }) {
    super();
    this.server = server;
    this.store = store;
    this.hello = hello;
    this.customer = customer;
    this.socket = null;
    this.tries = 0;
    this.ready = false; // welcomed
    this.wanted = false;
    this.doze = () => this.giveUp();
    this.wake = () => this.wanted && (this.socket ? this.#check() : this.#connect());
  }

  start() {
    this.wanted = true;
    window.addEventListener("online", this.wake);
    window.addEventListener("offline", this.doze);
    document.addEventListener("visibilitychange", this.wake);
    this.#connect();
  }

  stop() {
    this.wanted = false;
    window.removeEventListener("online", this.wake);
    window.removeEventListener("offline", this.doze);
    document.removeEventListener("visibilitychange", this.wake);
    this.#drop();
  }

  /** Hang up and call again, with a new hello. */
  restart() {
    this.#drop();
    if (this.wanted) this.#connect();
  }

  /** Nobody is there any more: say so, and try again. */
  giveUp() {
    this.#drop();
    this.dispatchEvent(new CustomEvent("lost"));
    if (this.wanted && !this.socket) this.#later();
  }

  send(frame) {
    if (!this.ready || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Which session this is; what was written in another one is not sent in this one. */
  get mark() {
    return (this.#known() ?? "").slice(-16);
  }

  /** Call the gateway by HTTP as this visitor. */
  async fetch(path, options = {}) {
    const customer = this.customer();
    const headers = { Authorization: `Bearer ${await this.#token()}`, ...(customer && { "X-Customer-Token": customer }) };
    return fetch(new URL(path, this.server), { ...options, headers });
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    for (const timer of [this.timer, this.pulse, this.silent]) clearTimeout(timer);
    socket?.close?.(1000);
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

  /** Who has just signed in here goes on with what they began before; else each kind of tab keeps its own. */
  #known() {
    const { store } = this;
    if (!this.customer()) return store.get("token");
    return store.session.get("customer") ?? ((store.get("begun") && store.get("token")) || store.get("customer") || store.get("token"));
  }

  async #token() {
    const known = this.#known();
    if (known) return known;
    const body = JSON.stringify({ language: this.hello().language });
    const headers = { "Content-Type": "application/json" };
    const signal = AbortSignal.timeout(SILENT_MS);
    const answer = await fetch(new URL("chat/session", this.server), { method: "POST", headers, body, signal });
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    const { token } = await answer.json();
    const meanwhile = this.#known(); // another tab may have been first
    if (meanwhile) return meanwhile;
    this.store.set(this.customer() ? "customer" : "token", token);
    return token;
  }

  #open(token) {
    const address = new URL("chat/socket", this.server);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(address));
    const customer = this.customer();
    if (!customer) this.store.session.remove("customer");
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, ...(customer && { customer_token: customer }), ...this.hello() }));
    socket.onmessage = ({ data }) => socket === this.socket && this.#receive(JSON.parse(data), token, customer);
    socket.onclose = ({ code }) => socket === this.socket && this.#lost(code, token, customer);
    this.#expect();
  }

  #receive(event, token, customer) {
    clearTimeout(this.silent);
    clearTimeout(this.pulse);
    this.pulse = setTimeout(() => this.#check(), PULSE_MS);
    if (event.type === "welcome") {
      this.ready = true;
      this.tries = 0;
      if (customer) this.#claim(token);
    }
    this.dispatchEvent(new CustomEvent("event", { detail: event }));
  }

  /** The session is the signed-in customer's from now on. */
  #claim(token) {
    this.store.set("customer", token);
    this.store.session.set("customer", token);
    if (this.store.get("token") !== token) return;
    this.store.remove("token");
    this.store.remove("begun");
  }

  /** Is anybody there? After a sleep an open socket may be a dead one. */
  #check() {
    if (!this.send({ type: "ping" })) return;
    this.#expect();
  }

  #expect() {
    clearTimeout(this.silent);
    const { socket } = this;
    this.silent = setTimeout(() => socket === this.socket && this.giveUp(), SILENT_MS);
  }

  #lost(code, token, customer) {
    this.#drop();
    if (code === TOKEN_REFUSED || code === CUSTOMER_CHANGED) {
      if (this.store.get("token") === token) this.store.remove("token");
      if (customer && this.store.get("customer") === token) this.store.remove("customer");
      this.store.session.remove("customer");
      this.dispatchEvent(new CustomEvent("forgotten", { detail: code === TOKEN_REFUSED ? token.slice(-16) : null }));
    }
    const renewed = customer !== this.customer();
    if (code === CUSTOMER_REFUSED && !renewed) this.dispatchEvent(new CustomEvent("customer-refused"));
    this.dispatchEvent(new CustomEvent("lost"));
    if (this.wanted && !this.socket) this.#later(code === CUSTOMER_REFUSED && !renewed ? RENEWAL_MS : 0);
  }

  #later(least = 0) {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.tries++, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => this.wanted && !this.socket && this.#connect(), Math.max(least, pause));
  }
}
