// ---- Moving about.

function show(from, to, share, legible) {
  const u0 = unit(from), u1 = Math.max(unit(to), u0 + 1), room = width - gutter;
  // On a small screen a part that can be read says more than a whole that can't.
  state.k = Math.min(room * share / (u1 - u0), state.real ? 400 : 6);
  if (legible && narrow.matches) state.k = Math.max(state.k, 1.6);
  state.k = Math.max(state.k, least());
  state.off = (u1 - u0) * state.k > room ? u1 - room * 0.86 / state.k : (u0 + u1) / 2 - room / 2 / state.k;
  clamp();
  again();
}
const showAll = () => show(0, END, 0.98);
function showChain() {
  if (state.chain === null) return showAll();
  const times = chains[state.chain].crossings.map((n) => line(n).time_us);
  if (times.length) show(Math.min(...times), Math.max(...times), 0.74, true); else showAll();
}
function zoom(by, at) {
  const place = state.off + (at - gutter) / state.k;
  state.k *= by;
  clamp();
  state.off = place - (at - gutter) / state.k;
  clamp();
  again();
}
function move(dx, dy) {
  state.off -= dx / state.k;
  state.top -= dy;
  clamp();
  again();
}

function reveal(n) {
  const seen = crossings[n - 1], row = rowOf(seen.lane);
  const place = x(seen.line.time_us);
  if (place < gutter + 40 || place > width - 40) state.off = unit(seen.line.time_us) - (width - gutter) / 2 / state.k;
  if (row && (row.y - state.top < AXIS + 40 || row.y - state.top > height - 30)) state.top = row.y - height / 2;
  clamp();
}

const pointers = new Map();
let moved = 0, pinch = 0;
const spot = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, spot(event));
  moved = 0;
  pinch = 0;
  canvas.classList.add("dragging");
});
canvas.addEventListener("pointermove", (event) => {
  const now = spot(event), before = pointers.get(event.pointerId);
  if (!before) return point(now, event);
  pointers.set(event.pointerId, now);
  const all = [...pointers.values()];
  if (all.length === 2) {
    const far = Math.hypot(all[0][0] - all[1][0], all[0][1] - all[1][1]);
    if (pinch) zoom(far / pinch, (all[0][0] + all[1][0]) / 2);
    pinch = far;
    moved = 99;
    return;
  }
  moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
  if (moved > 3) {
    hide();
    move(now[0] - before[0], now[1] - before[1]);
  }
});
const up = (event) => {
  if (!pointers.delete(event.pointerId)) return;
  canvas.classList.remove("dragging");
  if (event.type === "pointerup" && moved <= 3) {
    const hit = find(spot(event));
    choose(hit && hit.n ? hit.n : null);
    if (!narrow.matches) $("chosen").scrollIntoView({ block: "nearest" });
  }
};
canvas.addEventListener("pointerup", up);
canvas.addEventListener("pointercancel", up);
canvas.addEventListener("pointerleave", () => { hide(); });
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  hide();
  const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  const step = event.deltaMode === 1 ? 16 : 1;
  if (sideways || event.shiftKey) move(-(event.deltaX || event.deltaY) * step, 0);
  else if (event.altKey) move(0, -event.deltaY * step);
  else zoom(Math.exp(-event.deltaY * step * (event.ctrlKey ? 0.01 : 0.0018)), Math.max(spot(event)[0], gutter));
}, { passive: false });
canvas.addEventListener("dblclick", (event) => zoom(2, spot(event)[0]));

const drag = (event) => {
  if (event.type === "pointermove" && !event.buttons) return;
  const box = map.getBoundingClientRect();
  const place = (event.clientX - box.left - 8) / (mapWidth - 16) * wide();
  if (event.type === "pointerdown") map.setPointerCapture(event.pointerId);
  state.off = place - (width - gutter) / 2 / state.k;
  clamp();
  again();
};
map.addEventListener("pointerdown", drag);
map.addEventListener("pointermove", drag);

// ---- Pointing at things.

function find([px, py]) {
  if (px < gutter || py < AXIS) return null;
  let best = null, nearest = 10;
  for (const mark of drawn.marks) {
    const far = Math.hypot(mark.x - px, mark.y - py);
    if (far < nearest) [best, nearest] = [{ n: mark.n }, far];
  }
  if (best) return best;
  nearest = 5;
  for (const way of drawn.messages) {
    const dx = way.x2 - way.x1, dy = way.y2 - way.y1;
    const share = Math.max(0, Math.min(1, ((px - way.x1) * dx + (py - way.y1) * dy) / (dx * dx + dy * dy || 1)));
    const far = Math.hypot(way.x1 + dx * share - px, way.y1 + dy * share - py);
    if (far < nearest) [best, nearest] = [{ n: way.one.sent, message: way.one }, far];
  }
  if (best) return best;
  const inside = (one) => px >= one.x0 && px <= one.x1 && py >= one.y0 && py <= one.y1;
  const region = drawn.regions.find(inside);
  if (region) return { region };
  const span = drawn.spans.find(inside);
  return span ? { span } : null;
}

const STANDS = { agrees: "as the platform says", differs: "differs from what the platform says", unjudged: "the platform says nothing of it", down: "no process" };
function point(now, event) {
  const hit = find(now), tip = $("tip");
  canvas.style.cursor = hit && hit.n ? "pointer" : "";
  const before = state.hover;
  state.hover = hit && hit.n ? hit.n : null;
  if (before !== state.hover) again();
  if (!hit) { tip.hidden = true; return; }
  tip.replaceChildren();
  const put = (text, cls) => tip.append(element("div", text, cls));
  if (hit.message) {
    const { message } = hit;
    put(`${lanes[message.from].name} → ${lanes[message.to].name}: ${message.says}`);
    put(message.fate === "arrived" ? `${seconds(message.from_us)}, took ${((message.to_us - message.from_us) / 1000).toFixed(2)} ms` : `${seconds(message.from_us)}, ${message.fate}`, "soft");
  } else if (hit.n) {
    const one = line(hit.n);
    one.told.forEach((text) => put(text));
    put(one.address, "mono");
    put(seconds(one.time_us) + (one.failed ? `; failed: ${one.failed}` : "") + (one.status ? `; ${one.status}` : ""), "soft");
  } else if (hit.region) {
    put(hit.region.region.says);
    put(`${seconds(hit.region.begun)} to ${hit.region.ended === null ? "the end" : seconds(hit.region.ended)}`, "soft");
  } else {
    const { span, band, group, row } = hit.span;
    put(`${row.lane.name} ${LAYERS[band.layer]}, ${group.name}: ${span.holds || "nothing"}`);
    if (band.layer !== "says") put(STANDS[span.stands] + (span.stands === "differs" && span.to_us >= END ? ", to the end" : ""), "soft");
    put(`${seconds(span.from_us)} to ${seconds(span.to_us)}`, "soft");
  }
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(now[0] + 14, width - box.width - 8)) + "px";
  tip.style.top = (now[1] + 18 + box.height > height ? Math.max(4, now[1] - box.height - 12) : now[1] + 18) + "px";
}
function hide() {
  $("tip").hidden = true;
  if (state.hover !== null) { state.hover = null; again(); }
}
