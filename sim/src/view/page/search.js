// The page of a campaign or a sweep: what was found, how soon and how often, and what was covered. Plots are SVG made
// here.

const svg = (tag, attributes, text) => {
  const made = document.createElementNS("http:" + "//www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
};
const number = (n) => n.toLocaleString("en").replace(/,/g, " ");
const many = (n) => `${number(n)} ${data.each}${n === 1 ? "" : "s"}`;
const tip = $("tip");
const tells = (of, text) => {
  const show = (event) => {
    tip.textContent = text;
    tip.hidden = false;
    tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8) + "px";
  };
  of.addEventListener("pointermove", show);
  of.addEventListener("pointerleave", () => { tip.hidden = true; });
};

// ---- The head.

document.title = `${data.title} - driftless ${data.command}`;
$("title").textContent = data.title;
$("about").append(`driftless ${data.command}; `, element("span", data.again, "again mono"));
data.doubts.forEach((doubt) => $("doubts").append(element("p", doubt)));
const fact = (name, value, bad) => {
  const box = element("div", undefined, "fact" + (bad ? " bad" : ""));
  box.append(element("b", value, String(value).length > 14 ? "long" : ""), element("span", name));
  $("facts").append(box);
};
fact(data.each + "s", number(data.runs));
fact("of them bad", number(data.bad), data.bad > 0);
fact("findings", number(data.findings.length), data.findings.some((one) => !one.known));
data.facts.forEach(([name, value]) => fact(name, /^\d+$/.test(value) && value.length < 14 ? number(Number(value)) : value));

// ---- What was found, and how soon.

const property = $("property");
[...new Set(data.findings.map((one) => one.signature.property))].sort().forEach((name) => {
  const option = element("option", name);
  option.value = name;
  property.append(option);
});
property.disabled = data.findings.length === 0;
let open = null;
const chosen = () => data.findings.filter((one) => !property.value || one.signature.property === property.value);

// Findings over runs: a stair, on an axis of logarithms, since most are found soon.
function drawDetection() {
  const box = $("detection"), found = chosen().filter((one) => one.first > 0).sort((a, b) => a.first - b.first);
  box.replaceChildren();
  if (!found.length) return;
  const W = Math.max(300, box.clientWidth), H = Math.min(220, 90 + found.length * 6), L = 34, R = 14, T = 12, B = 34;
  const runs = Math.max(data.runs, found[found.length - 1].first, 2);
  const x = (n) => L + Math.log(n) / Math.log(runs) * (W - L - R), y = (n) => H - B - n / found.length * (H - T - B);
  const plot = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": "Findings by the number of runs it took" });
  for (let n = 1; n <= runs; n *= 10) {
    for (const by of W > 640 ? [1, 2, 5] : [1]) {
      if (n * by > runs) break;
      plot.append(svg("line", { class: "grid", x1: x(n * by), x2: x(n * by), y1: T, y2: H - B }));
      plot.append(svg("text", { x: x(n * by), y: H - B + 15, "text-anchor": "middle" }, number(n * by)));
    }
  }
  for (const n of [0, Math.ceil(found.length / 2), found.length]) {
    plot.append(svg("line", { class: "grid", x1: L, x2: W - R, y1: y(n), y2: y(n) }));
    plot.append(svg("text", { x: L - 6, y: y(n) + 4, "text-anchor": "end" }, String(n)));
  }
  plot.append(svg("text", { x: (L + W - R) / 2, y: H - 2, "text-anchor": "middle" }, `${data.each}s until it was found`));
  let path = `M${L} ${y(0)}`;
  found.forEach((one, at) => { path += `H${x(one.first)}V${y(at + 1)}`; });
  plot.append(svg("path", { class: "stair", d: path + `H${x(runs)}` }));
  found.forEach((one, at) => {
    const dot = svg("circle", { class: "dot" + (one.known ? " known" : "") + (open === one.id ? " on" : ""), cx: x(one.first), cy: y(at + 1), r: 4.5, "data-id": one.id });
    tells(dot, `${one.signature.property}: ${one.signature.decision}; first in ${data.each} ${number(one.first)}, in ${number(one.runs)} of them`);
    dot.addEventListener("click", () => choose(one.id, true));
    plot.append(dot);
  });
  box.append(plot);
}

function listFindings() {
  const box = $("findings"), most = Math.max(1, ...data.findings.map((one) => one.runs));
  box.replaceChildren();
  if (!data.findings.length) box.append(element("p", "Nothing.", "none"));
  for (const one of chosen()) {
    const { property, kind, decision, chain } = one.signature;
    const part = element("div", undefined, "finding");
    part.id = "finding-" + one.id;
    const button = element("button");
    button.setAttribute("aria-expanded", String(open === one.id));
    const count = element("span", many(one.runs), "count");
    const bar = element("i");
    bar.style.width = Math.max(2, one.runs / most * 100) + "%";
    count.append(bar);
    const words = element("span", undefined, "words");
    words.append(element("b", property), ` ${kind === "-" ? "" : kind + ": "}${decision}`);
    const links = [chain.changed, chain.told, chain.acted, ...chain.struck].filter(Boolean);
    const first = one.first === 0 ? `shown by the plan itself` : `first in ${data.each} ${number(one.first)}`;
    words.append(element("span", [first + (one.known ? ", known" : ""), ...links].join(" / "), "soft"));
    button.append(element("code", one.id), count, words);
    button.onclick = () => choose(open === one.id ? null : one.id, false);
    part.append(button);
    if (open === one.id) {
      const more = element("div", undefined, "more");
      if (one.explanation) more.append(element("pre", one.explanation.trimEnd()));
      more.append(element("pre", one.script.trimEnd()));
      part.append(more);
    }
    box.append(part);
  }
}
function choose(id, scroll) {
  open = id;
  drawDetection();
  listFindings();
  if (scroll && id) $("finding-" + id).scrollIntoView({ block: "nearest" });
}
property.onchange = () => choose(null, false);

// ---- How long it took until gateways showed it.

const time = (ms) => (ms < 1000 ? ms + " ms" : ms < 60000 ? ms / 1000 + " s" : Math.round(ms / 6000) / 10 + " min");
function drawVisibility() {
  const box = $("visibility");
  $("visible").hidden = !data.visibility.length;
  box.replaceChildren();
  const all = data.visibility.flatMap((one) => [one.half_ms, one.most_ms, one.nearly_all_ms]).filter((ms) => ms !== null);
  const most = Math.max(1000, ...all);
  const parts = [...new Set(data.visibility.map((one) => one.done))].map((done) => {
    const part = element("div");
    part.append(element("h3", `${done}s`));
    box.append(part);
    return [done, part];
  });
  // All of them are there before any is measured.
  for (const [done, part] of parts) {
    const rows = data.visibility.filter((one) => one.done === done)
      .sort((a, b) => (b.fault === "none") - (a.fault === "none") || (b.half_ms ?? 1e12) - (a.half_ms ?? 1e12) || b.never / b.count - a.never / a.count);
    const W = Math.max(300, part.clientWidth || 480), L = 122, R = 84, row = 18, B = 22, H = rows.length * row + B;
    const x = (ms) => L + Math.log(Math.max(ms, 1)) / Math.log(most) * (W - L - R);
    const plot = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `How long ${done}s took to show` });
    for (const [ms, name] of [[1, "1 ms"], [10, ""], [100, "0.1 s"], [1000, "1 s"], [10000, "10 s"], [60000, "1 min"], [600000, "10 min"]]) {
      if (ms > most) break;
      plot.append(svg("line", { class: "grid", x1: x(ms), x2: x(ms), y1: 0, y2: H - B }));
      plot.append(svg("text", { x: x(ms), y: H - 7, "text-anchor": "middle" }, name));
    }
    plot.append(svg("text", { x: W, y: H - 7, "text-anchor": "end" }, "never, of all"));
    rows.forEach((one, at) => {
      const y = at * row, group = svg("g");
      const end = (ms) => (ms === null ? W - R + 6 : x(ms));
      group.append(svg("rect", { x: 0, y, width: W, height: row, fill: "transparent" }));
      group.append(svg("text", { class: "name", x: L - 8, y: y + 13, "text-anchor": "end" }, one.fault));
      const half = end(one.half_ms);
      group.append(svg("rect", { class: "reach", x: half, y: y + 5, width: Math.max(1, end(one.nearly_all_ms) - half), height: row - 10 }));
      group.append(svg("rect", { class: "reach2", x: half, y: y + 5, width: Math.max(1, end(one.most_ms) - half), height: row - 10 }));
      if (one.half_ms !== null) group.append(svg("rect", { class: "half", x: half - 1.5, y: y + 3, width: 3, height: row - 6 }));
      group.append(svg("text", { x: W, y: y + 13, "text-anchor": "end", class: one.never ? "never" : "" }, `${number(one.never)} of ${number(one.count)}`));
      const within = (share, ms) => `${share} ${ms === null ? "never" : "within " + time(ms)}`;
      tells(group, `${done}s under ${one.fault}: ${[within("half", one.half_ms), within("nine in ten", one.most_ms), within("99 %", one.nearly_all_ms)].join(", ")}; ${number(one.never)} of ${number(one.count)} never`);
      plot.append(group);
    });
    part.append(plot);
  }
}

// ---- What was counted.

const ROWS = 24;
const CLASSES = ["whole", "part", "bad"];
const INK = { whole: "var(--says)", part: "var(--frame)", bad: "var(--chain)" };
function drawChart(part, chart, all) {
  part.replaceChildren(element("h2", chart.title));
  if (chart.parts.length > 1) {
    const key = element("div", undefined, "key");
    chart.parts.forEach((name, at) => {
      const one = element("span");
      const box = element("i");
      box.style.background = INK[CLASSES[at]];
      one.append(box, name);
      key.append(one);
    });
    part.append(key);
  }
  const rows = all ? chart.rows : chart.rows.slice(0, ROWS), most = Math.max(1, ...chart.rows.map(([, counts]) => counts[0]));
  const W = Math.max(300, part.clientWidth), row = 19, long = Math.max(...rows.map(([name]) => name.length));
  const L = Math.min(W * 0.56, long * 6.2 + 12), R = 92, H = rows.length * row;
  const plot = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": chart.title });
  rows.forEach(([name, counts], at) => {
    const y = at * row, group = svg("g"), room = Math.floor((L - 10) / 6.1);
    group.append(svg("rect", { x: 0, y, width: W, height: row, fill: "transparent" }));
    group.append(svg("text", { class: "name", x: L - 8, y: y + 13.5, "text-anchor": "end" }, name.length > room ? name.slice(0, room - 1) + "…" : name));
    counts.forEach((count, part) => {
      const cls = counts.length === 1 ? "part" : CLASSES[part];
      if (count) group.append(svg("rect", { class: cls, x: L, y: y + 4, width: Math.max(1.5, count / most * (W - L - R)), height: row - 8, rx: 1.5 }));
    });
    const words = counts.length === 1 ? number(counts[0]) : counts.map(number).join(" / ");
    group.append(svg("text", { x: L + counts[0] / most * (W - L - R) + 6, y: y + 13.5 }, words));
    tells(group, `${name}: ${chart.parts.map((part, at) => `${number(counts[at])} ${part}`).join(", ")}`);
    plot.append(group);
  });
  part.append(plot);
  if (chart.rows.length > rows.length) {
    const button = element("button", `and ${chart.rows.length - rows.length} more`, "more-rows");
    button.onclick = () => drawChart(part, chart, true);
    part.append(button);
  }
}
const charts = data.charts.map((chart) => {
  const part = element("section");
  $("charts").append(part);
  return [part, chart];
});

const drawAll = () => {
  drawDetection();
  drawVisibility();
  charts.forEach(([part, chart]) => drawChart(part, chart, false));
};
listFindings();
drawAll();
let wide = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === wide) return;
  wide = innerWidth;
  drawAll();
});
window.driftless = { openedAfterMs: performance.now(), shown: () => ({ findings: chosen().length, open }) };
