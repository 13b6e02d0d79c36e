// What a run's page knows: what is chosen and shown, words, colours, and what filters leave.
//
// The page is a space-time diagram on a canvas. Time goes from left to right; a lane is somebody who is there. Every
// frame draws what is in view and nothing else.

const { lanes, works, artifacts, crossings, messages, bands, regions, chains } = data;
const END = Math.max(data.lasted_us, 1);
const LAYERS = { says: "says", database: "database", memory: "memory", routes: "routes", access: "access" };
const narrow = matchMedia("(max-width: 760px)");
const line = (n) => crossings[n - 1].line;

// ---- What is chosen and shown.

const state = {
  artifact: null, node: null, property: null, timers: false, real: false,
  chain: chains.length ? 0 : null, chosen: null, hover: null,
  k: 1, off: 0, top: 0,
};

// ---- Words.

const seconds = (us) => (Math.floor(us / 1000) / 1000).toFixed(3) + " s";

// ---- Colours, read anew when the scheme changes.

let colour = {};
const readColours = () => {
  const style = getComputedStyle(document.documentElement);
  colour = new Proxy({}, { get: (_, name) => style.getPropertyValue("--" + name).trim() });
  const names = ["paper", "panel", "ink", "soft", "faint", "rule", "call", "frame", "chain", "fault", "fault-fill",
    "agrees", "agrees-ink", "differs", "differs-ink", "lasting", "lasting-ink", "unjudged", "unjudged-ink", "says",
    "says-ink"];
  colour = Object.fromEntries(names.map((name) => [name, colour[name]]));
};

// ---- Filters: what is left of the crossings and messages.

let shown = [], shownMessages = [], latest = [], rows = [], times = [], places = [];
const messagesOf = new Map();
messages.forEach((message, at) => {
  for (const n of [message.sent, message.received]) {
    if (n === null) continue;
    if (!messagesOf.has(n)) messagesOf.set(n, []);
    messagesOf.get(n).push(at);
  }
});
const effects = new Map();
for (const { line: { n, causes } } of crossings) {
  for (const cause of causes) {
    if (!effects.has(cause)) effects.set(cause, []);
    effects.get(cause).push(n);
  }
}
const inChain = () => (state.chain === null ? new Map() : new Map(chains[state.chain].crossings.map((n, at) => [n, at + 1])));
const fateful = (seen) => /^(life|link|fault)\./.test(seen.line.at.site) || seen.line.fault !== null;

function filter() {
  const chain = inChain();
  const works = new Set();
  if (state.property !== null) {
    for (const one of chains) {
      if (one.property === state.property) one.crossings.forEach((n) => works.add(crossings[n - 1].work));
    }
  }
  const touches = (n) => (messagesOf.get(n) || []).some((at) => [messages[at].from, messages[at].to].includes(state.node));
  const passes = (seen) => {
    const n = seen.line.n;
    if (chain.has(n)) return state.node === null || seen.lane === state.node || touches(n);
    if (seen.idle && !state.timers) return false;
    if (state.artifact !== null && !seen.artifacts.includes(state.artifact) && !fateful(seen)) return false;
    if (state.property !== null && !works.has(seen.work) && !fateful(seen)) return false;
    return state.node === null || seen.lane === state.node || touches(n);
  };
  shown = crossings.filter(passes);
  const there = new Set(shown.map((seen) => seen.line.n));
  const has = (n) => n === null || there.has(n);
  shownMessages = messages.filter((one) => there.has(one.sent) && has(one.received)
    && (state.node === null || one.from === state.node || one.to === state.node));
  let most = 0;
  latest = shownMessages.map((one) => (most = Math.max(most, one.to_us ?? one.from_us)));
  scale();
  layRows();
  drawMapBase();
}
