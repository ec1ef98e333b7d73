// How the open chat looks. Everything a shop may want to change is a custom property; see docs/widget.md.
export const STYLE = `
.panel {
  --accent: var(--rapport-accent, #0f6b5c); --on-accent: var(--rapport-on-accent, #fff);
  --surface: var(--rapport-surface, #fff); --ground: var(--rapport-ground, #f6f7f5);
  --text: var(--rapport-text, #1c2422); --muted: var(--rapport-muted, #5c6764); --line: var(--rapport-line, #e2e6e3);
  --mine: var(--rapport-mine, var(--accent)); --on-mine: var(--rapport-on-mine, var(--on-accent));
  --radius: var(--rapport-radius, 20px); --bubble: calc(var(--radius) * .9);
  --ink: var(--accent); --good: #1b7340; --warn: #94590a; --bad: #b02a19; color-scheme: light; box-sizing: border-box; position: fixed; inset-block: auto 92px; inset-inline: auto 20px;
  margin: 0; padding: 0; border: 0; inline-size: min(var(--rapport-width, 400px), calc(100vw - 40px));
  block-size: min(var(--rapport-height, 660px), calc(100dvh - 116px)); max-inline-size: none; max-block-size: none;
  overflow: hidden; border-radius: var(--radius); background: var(--ground); color: var(--text);
  font: 15px/1.45 var(--rapport-font, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei",
    "Noto Sans SC", "Noto Sans CJK SC", sans-serif);
  box-shadow: 0 0 0 1px rgb(20 40 35 / .06), 0 4px 12px rgb(20 40 35 / .08), 0 18px 50px rgb(20 40 35 / .22);
}
:host([theme="dark"]) .panel {
  color-scheme: dark; --surface: var(--rapport-surface, #232b29); --ground: var(--rapport-ground, #171d1b);
  --text: var(--rapport-text, #eef2f0); --muted: var(--rapport-muted, #a3afab); --line: var(--rapport-line, #36403d);
  --ink: color-mix(in oklab, var(--accent) 50%, white); --good: #6fce93; --warn: #e8b45c; --bad: #f2998b;
}
@media (prefers-color-scheme: dark) {
  :host([theme="auto"]) .panel {
    color-scheme: dark; --surface: var(--rapport-surface, #232b29); --ground: var(--rapport-ground, #171d1b);
    --text: var(--rapport-text, #eef2f0); --muted: var(--rapport-muted, #a3afab); --line: var(--rapport-line, #36403d);
    --ink: color-mix(in oklab, var(--accent) 50%, white); --good: #6fce93; --warn: #e8b45c; --bad: #f2998b;
  }
}
.panel[open] { display: flex; flex-direction: column; animation: rise .22s cubic-bezier(.2, .8, .3, 1); }
.panel *, .panel *::before { box-sizing: border-box; }
.panel [hidden] { display: none !important; }
.panel::backdrop { background: none; }
.panel button { font: inherit; cursor: pointer; }
.panel :is(p, h2, h4, ul) { margin: 0; padding: 0; }
.panel :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.icon { inline-size: 1.25em; block-size: 1.25em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round;
  stroke-linejoin: round; flex: none; }
.sr { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

header { display: flex; align-items: center; gap: 12px; padding: 16px 14px 16px 18px; flex: none; color: var(--on-accent);
  background: linear-gradient(120deg, var(--accent), color-mix(in oklab, var(--accent) 82%, black)); }
header > div { flex: 1; min-inline-size: 0; }
header h2 { font-size: 16px; font-weight: 650; line-height: 1.3; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
header p { font-size: 13px; opacity: .9; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
header .face { inline-size: 40px; block-size: 40px; background: color-mix(in oklab, var(--on-accent) 18%, transparent);
  color: inherit; font-size: 18px; position: relative; }
header .face::after { content: ""; position: absolute; inset-block-end: 0; inset-inline-end: 0; inline-size: 11px; block-size: 11px;
  border-radius: 50%; background: #5fd38d; border: 2px solid var(--accent); }
.closer { border: 0; background: none; color: inherit; padding: 8px; border-radius: 12px; display: grid; font-size: 18px !important; }
.closer:hover { background: color-mix(in oklab, var(--on-accent) 16%, transparent); }
.panel header .closer:focus-visible { outline-color: var(--on-accent); }
.face { display: grid; place-items: center; flex: none; inline-size: 30px; block-size: 30px; border-radius: 50%; font-weight: 650;
  background: color-mix(in oklab, var(--accent) 13%, var(--surface)); color: var(--ink); font-size: 14px; }

.offline { padding: 6px 16px; font-size: 13px; text-align: center; background: #fdf1d8; color: #5f4300; flex: none; }
.queue { display: flex; gap: 10px; padding: 12px 16px; flex: none; font-size: 13.5px; background: var(--surface);
  border-block-end: 1px solid var(--line); color: var(--text); }
.queue .icon { color: var(--ink); margin-block-start: 1px; font-size: 16px; }
.queue strong, .queue span { display: block; }
.queue span { color: var(--muted); }
.queue .ways { display: flex; flex-wrap: wrap; gap: 0 14px; }
.queue > div { flex: 1; min-inline-size: 0; }
.contact { display: flex; flex-wrap: wrap; gap: 6px; margin-block-start: 8px; }
.contact input { flex: 1 1 150px; min-inline-size: 0; border: 1px solid var(--line); border-radius: 11px; padding: 7px 11px; font: inherit;
  font-size: max(14px, var(--input-size, 14px)); color: var(--text); background: var(--ground); }
.queue .contact button { margin: 0; padding: 7px 13px; border-radius: 11px; background: var(--accent); color: var(--on-accent); text-decoration: none; }
.queue .bad { flex-basis: 100%; color: var(--bad); }
.queue .bad:empty { display: none; }
.queue button { border: 0; background: none; padding: 2px 0; margin-block-start: 4px; color: var(--ink); text-decoration: underline;
  text-underline-offset: 3px; font-size: 13.5px; }

.log { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; padding: 14px 14px 8px; scrollbar-width: thin;
  scrollbar-color: var(--line) transparent; }
.panel .log:focus-visible { outline-offset: -3px; }
.day, .line { text-align: center; font-size: 12.5px; color: var(--muted); padding: 8px 24px !important; text-wrap: balance; }
.day { font-weight: 600; }
.message { display: flex; align-items: flex-end; gap: 8px; margin-block-start: 12px; animation: say .2s ease-out; }
.message.follows { margin-block-start: 3px; }
.message:has(.carousel) + .message.follows { margin-block-start: 9px; }
.message .face { margin-block-end: 19px; }
.message.followed .face { visibility: hidden; }
.message.followed time, .waiting + .waiting small { display: none; }
.message.followed .face { margin-block-end: 0; }
.parts { display: flex; flex-direction: column; align-items: flex-start; gap: 6px; min-inline-size: 0; max-inline-size: calc(100% - 54px); }
.parts:has(.carousel) { max-inline-size: calc(100% - 38px); flex: 1; }
.mine { justify-content: flex-end; }
.mine .parts { align-items: flex-end; max-inline-size: 82%; }
.bubble { padding: 10px 14px; border-radius: var(--bubble); background: var(--surface); white-space: pre-wrap; overflow-wrap: anywhere;
  border-end-start-radius: 5px; box-shadow: 0 1px 2px rgb(20 40 35 / .07); }
.mine .bubble { background: var(--mine); color: var(--on-mine); border-radius: var(--bubble); border-end-end-radius: 5px; box-shadow: none; }
.bubble a { color: inherit; text-underline-offset: 3px; overflow-wrap: anywhere; }
.erased { font-style: italic; color: var(--muted); }
.parts time, .parts small { font-size: 11.5px; color: var(--muted); padding-inline: 4px; line-height: 1.15; }
.waiting .bubble { opacity: .72; }
.failed .bubble { opacity: 1; background: none; color: var(--text); box-shadow: inset 0 0 0 1.5px var(--bad); }
.failed small { color: var(--bad); }
.attachment { max-inline-size: 100%; border-radius: 14px; display: block; }

.carousel { position: relative; inline-size: 100%; }
.cards { list-style: none; display: flex; gap: 10px; overflow-x: auto; scroll-snap-type: x mandatory; scrollbar-width: none;
  padding: 2px 2px 3px !important; margin: 3px -2px -3px !important; overscroll-behavior-x: contain; }
.card { flex: 0 0 204px; scroll-snap-align: start; display: flex; flex-direction: column; border-radius: 16px; overflow: hidden;
  background: var(--surface); box-shadow: 0 0 0 1px var(--line), 0 1px 3px rgb(20 40 35 / .07); }
.single .card { flex: 0 1 260px; }
.picture { display: grid; place-items: center; inline-size: 100%; aspect-ratio: 4 / 3; object-fit: cover; font-size: 28px;
  color: var(--muted); background: color-mix(in oklab, var(--accent) 8%, var(--surface)); }
.card-body { display: flex; flex-direction: column; gap: 4px; padding: 11px 12px 12px; flex: 1; }
.card h4 { font-size: 14px; font-weight: 600; line-height: 1.35; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical;
  overflow: hidden; }
.reason { font-size: 12px; line-height: 1.35; color: var(--ink); font-weight: 550; }
.price { font-weight: 700; font-size: 15px; display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; }
.stock { font-size: 12px; font-weight: 500; color: var(--good); }
.stock.low { color: var(--warn); }
.stock.out { color: var(--muted); }
.card-actions { display: flex; flex-direction: column; gap: 6px; margin-block-start: auto; padding-block-start: 8px; }
.card-actions > * { text-align: center; padding: 8px 10px; border-radius: 11px; font-size: 13.5px !important; font-weight: 600; line-height: 1.3;
  text-decoration: none; }
.basket { border: 0; background: var(--accent); color: var(--on-accent); display: inline-flex; justify-content: center; align-items: center; gap: 5px; }
.basket:hover, .send:enabled:hover { background: color-mix(in oklab, var(--accent) 88%, black); }
.basket:disabled { background: #1b7340; cursor: default; }
.view { color: var(--text); box-shadow: inset 0 0 0 1px var(--line); }
.view:hover { background: var(--ground); }
.arrow { position: absolute; inset-block-start: 62px; display: grid; padding: 6px; border: 0; border-radius: 50%; color: var(--text);
  background: var(--surface); box-shadow: 0 1px 6px rgb(0 0 0 / .25); }
.arrow.next { inset-inline-end: 4px; }
.arrow.previous { inset-inline-start: 4px; }
.at-start .previous, .at-end .next { visibility: hidden; }
.panel:dir(rtl) .arrow svg, .panel:dir(rtl) .send svg { transform: scaleX(-1); }
@media (hover: none) { .arrow { display: none; } }

.choices { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 7px; margin-block-start: 12px; }
.choices:empty { display: none; }
.choice { border: 1.5px solid color-mix(in oklab, var(--accent) 55%, var(--line)); background: var(--surface); color: var(--ink);
  border-radius: 17px; padding: 6px 13px; font-size: 14px !important; font-weight: 550; line-height: 1.35; text-align: start; max-inline-size: 100%; }
.choice:hover { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.typing { display: inline-flex; gap: 4px; margin-block-start: 12px; margin-inline-start: 38px; padding: 13px 14px; border-radius: var(--bubble);
  border-end-start-radius: 5px; background: var(--surface); }
.typing span { inline-size: 7px; block-size: 7px; border-radius: 50%; background: var(--muted); animation: dot 1.2s infinite; }
.typing span:nth-child(2) { animation-delay: .15s; }
.typing span:nth-child(3) { animation-delay: .3s; }
.jump { position: absolute; inset-block-end: 80px; inset-inline: 0; inline-size: fit-content; margin-inline: auto; display: flex; align-items: center;
  gap: 5px; padding: 6px 13px; border: 0; border-radius: 17px; background: var(--text); color: var(--surface); font-size: 13px !important;
  box-shadow: 0 3px 12px rgb(0 0 0 / .25); }

.composer { display: flex; align-items: flex-end; gap: 8px; flex: none; padding: 11px 12px calc(11px + env(safe-area-inset-bottom));
  background: var(--surface); border-block-start: 1px solid var(--line); }
.composer textarea { flex: 1; min-inline-size: 0; resize: none; border: 1px solid transparent; border-radius: 16px; padding: 9px 14px; font: inherit;
  font-size: max(15px, var(--input-size, 15px)); color: var(--text); background: var(--ground); max-block-size: 140px; scrollbar-width: thin; }
.panel .composer textarea:focus { outline: none; border-color: var(--accent); box-shadow: 0 0 0 3px color-mix(in oklab, var(--accent) 18%, transparent); }
.composer textarea::placeholder { color: var(--muted); opacity: 1; }
.clip { display: grid; place-items: center; flex: none; inline-size: 34px; block-size: 42px; border: 0; background: none; color: var(--muted);
  font-size: 17px !important; border-radius: 12px; margin-inline: -4px -4px; }
.clip:hover { color: var(--ink); }
.seen { align-self: flex-end; }
.picture-file { max-inline-size: 220px; max-block-size: 260px; border-radius: 14px; background: var(--line); }
.file { display: flex; align-items: center; gap: 9px; max-inline-size: 100%; padding: 10px 14px; border: 0; border-radius: var(--bubble);
  background: var(--mine); color: var(--on-mine); text-align: start; }
.file span { min-inline-size: 0; overflow-wrap: anywhere; }
.file small { color: inherit !important; opacity: .85; padding: 0 !important; white-space: nowrap; }
.open-file { display: block; padding: 0; border: 0; background: none; border-radius: 14px; line-height: 0; }
.send { display: grid; place-items: center; flex: none; inline-size: 42px; block-size: 42px; border: 0; border-radius: 50%; font-size: 17px !important;
  background: var(--accent); color: var(--on-accent); transition: opacity .15s; }
.send:disabled { opacity: .35; cursor: default !important; }

@keyframes rise { from { opacity: 0; transform: translateY(14px) scale(.98); } }
@keyframes say { from { opacity: 0; transform: translateY(6px); } }
@keyframes dot { 30% { transform: translateY(-4px); } 0%, 60%, 100% { transform: none; } }
@media (max-width: 480px) {
  .panel { inset: 0; inline-size: 100%; block-size: var(--height, 100dvh); border-radius: 0; --input-size: 16px; }
  header { padding-block-start: calc(14px + env(safe-area-inset-top)); }
}
@media (prefers-reduced-motion: reduce) { .panel, .panel * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .bubble, .card, .choice, .panel { border: 1px solid CanvasText; } }
`;
