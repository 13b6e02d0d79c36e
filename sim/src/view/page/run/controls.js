// ---- Whoever types and clicks.

function refilter() {
  const middle = timeAt(state.off + (width - gutter) / 2 / state.k), share = state.k / least();
  filter();
  state.k = least() * share;
  clamp();
  state.off = unit(middle) - (width - gutter) / 2 / state.k;
  if (narrow.matches) resize();
  clamp();
  again();
}
const toggle = (name, id) => {
  state[name] = !state[name];
  $(id).setAttribute("aria-pressed", String(state[name]));
  refilter();
};
$("artifact").onchange = (event) => { state.artifact = event.target.value === "" ? null : Number(event.target.value); refilter(); };
$("node").onchange = (event) => { state.node = event.target.value === "" ? null : Number(event.target.value); refilter(); };
$("property").onchange = (event) => {
  state.property = event.target.value || null;
  const of = chains.findIndex((chain) => state.property === null || chain.property === state.property);
  state.chain = of < 0 ? null : of;
  filter();
  listChains();
  showChain();
};
$("timers").onclick = () => toggle("timers", "timers");
$("scale").onclick = () => toggle("real", "scale");
$("in").onclick = () => zoom(1.6, gutter + (width - gutter) / 2);
$("out").onclick = () => zoom(1 / 1.6, gutter + (width - gutter) / 2);
$("all").onclick = showAll;
$("why").onclick = showChain;
$("why").hidden = !chains.length;
$("help").onclick = () => { $("keys").hidden = !$("keys").hidden; };

function next(by) {
  const chain = state.chain === null ? [] : chains[state.chain].crossings;
  const list = state.chosen === null || chain.includes(state.chosen) ? (chain.length ? chain : shown.map((seen) => seen.line.n)) : shown.map((seen) => seen.line.n);
  if (!list.length) return;
  const at = list.indexOf(state.chosen);
  const to = state.chosen === null ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1);
  choose(list[to]);
}
const keys = {
  ArrowLeft: () => move(80, 0), ArrowRight: () => move(-80, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
  "+": () => $("in").click(), "=": () => $("in").click(), "-": () => $("out").click(), 0: showAll, c: showChain,
  n: () => next(1), p: () => next(-1), t: () => $("timers").click(), r: () => $("scale").click(),
  "?": () => $("help").click(), Escape: () => { $("keys").hidden = true; choose(null); },
};
document.addEventListener("keydown", (event) => {
  if (/^(SELECT|INPUT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = keys[event.key];
  if (!key) return;
  event.preventDefault();
  key();
});

// ---- Begin.

readColours();
listRest();
listLegend();
fill($("artifact"), artifacts.map((name, at) => [at, name]));
fill($("node"), lanes.map((lane, at) => [at, lane.name]));
fill($("property"), [...new Set(chains.map((chain) => chain.property))].map((name) => [name, name]));
dirty = false;
filter();
listChains();
resize();
showChain();
new ResizeObserver(resize).observe($("stage"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); drawMapBase(); again(); });
requestAnimationFrame(() => requestAnimationFrame(() => { window.driftless.openedAfterMs = performance.now(); }));

// For whoever drives the page from outside: where a crossing is drawn, and what is shown.
window.driftless = {
  openedAfterMs: null,
  place: (n) => {
    const box = canvas.getBoundingClientRect(), mark = drawn.marks.filter((mark) => mark.n === n).pop();
    return mark ? { x: box.left + mark.x, y: box.top + mark.y } : null;
  },
  shown: () => ({ crossings: shown.length, messages: shownMessages.length, lanes: rows.map((row) => row.lane.name), k: state.k, off: state.off, chosen: state.chosen, chain: state.chain, marks: drawn.marks.length }),
};
