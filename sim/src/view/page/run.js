"use strict";
// The page of a run: a space-time diagram on a canvas. Time goes from left to right; a lane is somebody who is there.
//
// Every frame draws what is in view and nothing else. Text from the run reaches the page as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
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
  const element = (tag, text, cls) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (cls) made.className = cls;
    return made;
  };

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

  // ---- Time to space. Evenly: a gap is as wide as its logarithm, so that what happens within a millisecond can be
  // told apart although hours lie before it. Or really: a millisecond is a unit.

  function scale() {
    times = [0];
    places = [0];
    const all = shown.map((seen) => seen.line.time_us).concat(END);
    for (const time of all) {
      const last = times[times.length - 1];
      if (time <= last) continue;
      const gap = time - last;
      const wide = state.real ? gap / 1000 : 3 + 4.5 * Math.log10(1 + gap / 50);
      times.push(time);
      places.push(places[places.length - 1] + wide);
    }
  }
  const below = (list, value) => {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < value) low = middle + 1; else high = middle;
    }
    return low;
  };
  const between = (from, to, value) => {
    const at = below(from, value);
    if (at >= from.length) return to[to.length - 1];
    if (at === 0 || from[at] === value) return to[at];
    return to[at - 1] + (value - from[at - 1]) / (from[at] - from[at - 1]) * (to[at] - to[at - 1]);
  };
  const unit = (time) => between(times, places, time);
  const timeAt = (place) => between(places, times, place);
  const wide = () => places[places.length - 1] || 1;
  const x = (time) => gutter + (unit(time) - state.off) * state.k;

  // ---- Lanes to space.

  let gutter = 112, width = 0, height = 0, content = 0, mapWidth = 0;
  const ROW = 15, AXIS = 24;

  function spread(list) {
    // Several bands as one: how many hold something, and how many differ.
    const cuts = [...new Set(list.flatMap((band) => band.spans.flatMap((span) => [span.from_us, span.to_us])))].sort((a, b) => a - b);
    const at = list.map(() => 0);
    const spans = [];
    for (let i = 0; i + 1 < cuts.length; i++) {
      let held = 0, differ = 0, down = 0, judged = 0;
      list.forEach((band, b) => {
        while (at[b] < band.spans.length && band.spans[at[b]].to_us <= cuts[i]) at[b]++;
        const span = band.spans[at[b]];
        if (!span || span.from_us > cuts[i]) return;
        held += span.holds ? 1 : 0;
        differ += span.stands === "differs" ? 1 : 0;
        down += span.stands === "down" ? 1 : 0;
        judged += span.stands === "agrees" ? 1 : 0;
      });
      const stands = differ ? "differs" : down ? "down" : judged ? "agrees" : "unjudged";
      const holds = differ ? `${differ} of ${list.length} differ` : held ? `${held} of ${list.length}` : "";
      const last = spans[spans.length - 1];
      if (last && last.holds === holds && last.stands === stands) last.to_us = cuts[i + 1];
      else spans.push({ from_us: cuts[i], to_us: cuts[i + 1], holds, stands });
    }
    return spans;
  }

  function layRows() {
    const busy = new Set(shown.map((seen) => seen.lane));
    shownMessages.forEach((one) => busy.add(one.from).add(one.to));
    rows = [];
    lanes.forEach((lane, at) => {
      if (!busy.has(at) || (state.node !== null && at !== state.node && !busy.has(at))) return;
      const mine = bands.filter((band) => band.lane === at && (state.artifact === null || band.artifact === state.artifact));
      const of = [...new Set(mine.map((band) => band.artifact))];
      const groups = [];
      if (of.length > 3) {
        const list = Object.keys(LAYERS).map((layer) => ({ layer, list: mine.filter((band) => band.layer === layer) }));
        const all = list.filter((one) => one.list.length).map((one) => ({ layer: one.layer, spans: spread(one.list) }));
        groups.push({ name: `${of.length} artifacts`, bands: all });
      } else {
        of.forEach((artifact) => groups.push({ name: artifacts[artifact], bands: mine.filter((band) => band.artifact === artifact) }));
      }
      const deep = groups.reduce((sum, group) => sum + 15 + group.bands.length * ROW + 5, 0);
      rows.push({ at, lane, groups, deep, y: 0 });
    });
    const least = narrow.matches ? 68 : 48, first = least + 18;
    const fixed = AXIS + 12 + first + rows.reduce((sum, row) => sum + row.deep + 16, 0) + least * (rows.length - 1);
    const spare = Math.max(0, height - fixed) / Math.max(rows.length - 1, 1);
    let y = AXIS + 6;
    for (const row of rows) {
      // Over the first there are no messages, only words.
      row.y = y + (row === rows[0] ? first : least + Math.min(130, spare));
      y = row.y + 16 + row.deep;
    }
    content = y + 6;
    state.top = Math.max(0, Math.min(state.top, content - height));
  }
  const rowOf = (lane) => rows.find((row) => row.at === lane);

  // ---- Drawing.

  const canvas = $("diagram"), map = $("map");
  const paint = canvas.getContext("2d"), paintMap = map.getContext("2d");
  let drawn = { marks: [], messages: [], spans: [], regions: [] }, dirty = true, mapBase = null;

  const font = (size, weight) => `${weight || 400} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  let fonts = {};

  function resize() {
    gutter = narrow.matches ? 80 : 112;
    // Where the page itself scrolls, the diagram is as high as what it shows.
    if (narrow.matches) {
      height = 0;
      layRows();
      canvas.style.height = Math.min(Math.max(content, 380), 1400) + "px";
    } else canvas.style.height = "";
    const ratio = devicePixelRatio || 1;
    for (const [one, to] of [[canvas, paint], [map, paintMap]]) {
      const box = one.getBoundingClientRect();
      one.width = Math.round(box.width * ratio);
      one.height = Math.round(box.height * ratio);
      to.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    const box = canvas.getBoundingClientRect();
    const before = width ? timeAt(state.off) : null;
    width = box.width;
    height = box.height;
    mapWidth = map.getBoundingClientRect().width;
    fonts = { small: font(10.5), text: font(11.5), bold: font(12, 600), number: font(9.5, 700), lane: font(narrow.matches ? 12 : 13, 600) };
    layRows();
    if (before !== null) state.off = unit(before);
    clamp();
    drawMapBase();
    again();
  }

  const again = () => {
    if (dirty) return;
    dirty = true;
    requestAnimationFrame(draw);
  };

  const least = () => (width - gutter - 24) / wide();
  const most = () => Math.max(state.real ? 400 : 14, least());
  function clamp() {
    state.k = Math.min(Math.max(state.k, least()), most());
    const room = (width - gutter) / state.k;
    state.off = Math.min(Math.max(state.off, -12 / state.k), Math.max(-12 / state.k, wide() - room + 12 / state.k));
    state.top = Math.max(0, Math.min(state.top, content - height));
  }

  function hatch(x0, y0, x1, y1, of) {
    paint.save();
    paint.beginPath();
    paint.rect(x0, y0, x1 - x0, y1 - y0);
    paint.clip();
    paint.strokeStyle = of;
    paint.lineWidth = 1;
    paint.beginPath();
    for (let at = Math.floor((x0 - (y1 - y0)) / 6) * 6; at < x1; at += 6) {
      paint.moveTo(at, y1);
      paint.lineTo(at + (y1 - y0), y0);
    }
    paint.stroke();
    paint.restore();
  }

  function fits(text, room) {
    if (room < 14) return "";
    if (paint.measureText(text).width <= room) return text;
    let low = 0, high = text.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (paint.measureText(text.slice(0, middle) + "…").width <= room) low = middle; else high = middle - 1;
    }
    return low > 2 ? text.slice(0, low) + "…" : "";
  }

  function drawBands(row, from, to) {
    let y = row.y + 12 - state.top;
    for (const group of row.groups) {
      y += 15;
      for (const band of group.bands) {
        for (const span of band.spans) {
          if (span.to_us < from || span.from_us > to) continue;
          const x0 = Math.max(gutter, x(span.from_us)), x1 = Math.min(width, x(span.to_us));
          if (x1 <= gutter || x0 >= width) continue;
          const lasting = span.stands === "differs" && span.to_us >= END;
          if (span.stands === "down") { hatch(x0, y + 3, x1, y + ROW - 3, colour.rule); continue; }
          drawn.spans.push({ x0, x1, y0: y, y1: y + ROW, span, band, group, row });
          if (!span.holds && span.stands !== "differs") {
            paint.fillStyle = colour.rule;
            paint.fillRect(x0, y + ROW / 2 - 0.5, x1 - x0, 1);
            continue;
          }
          const kind = lasting ? "lasting" : band.layer === "says" ? "says" : span.stands;
          paint.fillStyle = colour[kind];
          if (span.holds) paint.fillRect(x0, y + 1, Math.max(x1 - x0, 1), ROW - 2);
          else {
            // Nothing is held where something ought to be.
            paint.fillRect(x0, y + 1, Math.max(x1 - x0, 1), 2);
            paint.fillRect(x0, y + ROW - 3, Math.max(x1 - x0, 1), 2);
          }
          paint.font = fonts.small;
          const words = fits(span.holds || "nothing", x1 - x0 - 10);
          if (words) {
            paint.fillStyle = span.holds ? colour[kind + "-ink"] : colour.ink;
            paint.fillText(words, x0 + 5, y + ROW / 2 + 0.5);
            taken.push([x0, y, x0 + 8 + paint.measureText(words).width, y + ROW]);
          }
        }
        y += ROW;
      }
      y += 5;
    }
  }

  function drawGutter() {
    paint.fillStyle = colour.paper;
    paint.fillRect(0, 0, gutter, height);
    paint.fillStyle = colour.rule;
    paint.fillRect(gutter - 0.5, 0, 1, height);
    const pad = narrow.matches ? 8 : 16;
    for (const row of rows) {
      let y = row.y - state.top;
      paint.font = fonts.lane;
      paint.fillStyle = colour.ink;
      paint.fillText(fits(row.lane.name, gutter - pad - 6), pad, y);
      y += 12;
      for (const group of row.groups) {
        paint.font = fonts.text;
        paint.fillStyle = colour.soft;
        paint.fillText(fits(group.name, gutter - pad - 6), pad, y + 8);
        y += 15;
        paint.font = fonts.small;
        for (const band of group.bands) {
          paint.fillStyle = colour.soft;
          paint.textAlign = "right";
          paint.fillText(LAYERS[band.layer], gutter - 8, y + ROW / 2 + 0.5);
          paint.textAlign = "left";
          y += ROW;
        }
        y += 5;
      }
    }
    paint.fillStyle = colour.paper;
    paint.fillRect(0, 0, width, AXIS);
  }

  function drawAxis() {
    paint.fillStyle = colour.rule;
    paint.fillRect(0, AXIS - 0.5, width, 1);
    paint.font = fonts.small;
    paint.fillStyle = colour.soft;
    let last = -1e9;
    const first = Math.max(0, below(places, state.off) - 1);
    for (let at = first; at < times.length; at++) {
      const place = gutter + (places[at] - state.off) * state.k;
      if (place > width - 56) break;
      if (place < gutter + 2) continue;
      if (place - last < 92) continue;
      last = place;
      paint.fillRect(place - 0.5, AXIS - 5, 1, 5);
      paint.fillText(seconds(times[at]), place + 3, AXIS / 2 - 0.5);
    }
    // What is narrower than it was: a wait.
    paint.textAlign = "center";
    paint.fillStyle = colour.faint;
    for (let at = Math.max(first, 1); !state.real && at < times.length; at++) {
      const x0 = gutter + (places[at - 1] - state.off) * state.k, x1 = gutter + (places[at] - state.off) * state.k;
      if (x0 > width) break;
      if (times[at] - times[at - 1] < 200000 || x1 < gutter + 20) continue;
      paint.setLineDash([1, 5]);
      paint.strokeStyle = colour.faint;
      paint.lineWidth = 1;
      paint.beginPath();
      paint.moveTo((x0 + x1) / 2, AXIS);
      paint.lineTo((x0 + x1) / 2, height);
      paint.stroke();
      paint.setLineDash([]);
    }
    paint.textAlign = "left";
    paint.fillStyle = colour.soft;
    paint.fillText("time", narrow.matches ? 8 : 16, AXIS / 2 - 0.5);
  }

  function cross(at, y, r) {
    paint.beginPath();
    paint.moveTo(at - r, y - r);
    paint.lineTo(at + r, y + r);
    paint.moveTo(at - r, y + r);
    paint.lineTo(at + r, y - r);
    paint.stroke();
  }

  function ends(message) {
    const from = rowOf(message.from), to = rowOf(message.to);
    if (!from || !to) return null;
    const y1 = from.y - state.top, y2 = to.y - state.top;
    const x1 = x(message.from_us);
    if (message.to_us === null) return { x1, y1, x2: x1 + 16, y2: y1 + (y2 - y1) * 0.5 };
    return { x1, y1, x2: x(message.to_us), y2 };
  }

  function drawMessages(from, to, chain) {
    const list = [];
    const until = shownMessages.length;
    for (let at = below(latest, from); at < until; at++) {
      const one = shownMessages[at];
      if (one.from_us > to) break;
      const way = ends(one);
      if (way) list.push({ one, ...way, of: chain.has(one.sent) || chain.has(one.received) });
    }
    const few = list.length < 260;
    for (const kind of [false, true]) {
      for (const way of list.filter((way) => way.of === kind)) {
        const { one, x1, y1, x2, y2 } = way;
        const lost = one.fate === "lost";
        paint.strokeStyle = way.of ? colour.chain : lost ? colour.lasting : one.what === "frame" ? colour.frame : colour.call;
        paint.globalAlpha = way.of || few ? 1 : 0.55;
        paint.lineWidth = way.of ? 2 : one.what === "frame" ? 1.6 : 1;
        paint.setLineDash(one.what === "answer" ? [4, 3] : []);
        paint.beginPath();
        paint.moveTo(x1, y1);
        paint.lineTo(x2, y2);
        paint.stroke();
        paint.setLineDash([]);
        if (lost) {
          paint.lineWidth = 2;
          cross(x2, y2, 4);
        } else if (one.to_us !== null && few) {
          const angle = Math.atan2(y2 - y1, x2 - x1);
          const tip = { x: x2 - Math.cos(angle) * 4, y: y2 - Math.sin(angle) * 4 };
          paint.fillStyle = paint.strokeStyle;
          paint.beginPath();
          paint.moveTo(tip.x, tip.y);
          paint.lineTo(tip.x - Math.cos(angle - 0.4) * 8, tip.y - Math.sin(angle - 0.4) * 8);
          paint.lineTo(tip.x - Math.cos(angle + 0.4) * 8, tip.y - Math.sin(angle + 0.4) * 8);
          paint.fill();
        }
      }
    }
    paint.globalAlpha = 1;
    drawn.messages = list;
    return list;
  }

  // What is written beside a mark: not what a region or a message says already.
  const told = (seen) => (seen.line.at.site.startsWith("ws.") ? "" : seen.line.told.find((text) => !text.startsWith("fault ")) || "");
  function markOf(seen) {
    const site = seen.line.at.site;
    if (site === "step.begin") return "step";
    if (site.startsWith("life.")) return "life";
    if (seen.line.failed !== null) return "failed";
    if (Object.keys(seen.line.changes).length) return "change";
    if (site.startsWith("http.") || site.startsWith("ws.")) return "end";
    return "tick";
  }

  function drawMark(at, y, seen, kind) {
    paint.lineWidth = 1.25;
    if (kind === "step") {
      paint.fillStyle = colour.ink;
      paint.beginPath();
      paint.moveTo(at - 4.5, y - 9);
      paint.lineTo(at + 4.5, y - 9);
      paint.lineTo(at, y - 2);
      paint.fill();
    } else if (kind === "life") {
      paint.strokeStyle = colour.ink;
      if (/start/.test(seen.line.at.site)) {
        paint.fillStyle = colour.paper;
        paint.beginPath();
        paint.arc(at, y, 4.5, 0, 7);
        paint.fill();
        paint.stroke();
      } else {
        paint.lineWidth = 2.2;
        cross(at, y, 5);
      }
    } else if (kind === "failed") {
      paint.strokeStyle = colour.lasting;
      paint.lineWidth = 2;
      cross(at, y, 3.2);
    } else if (kind === "change") {
      paint.fillStyle = colour.ink;
      paint.beginPath();
      paint.moveTo(at, y - 5);
      paint.lineTo(at + 4, y);
      paint.lineTo(at, y + 5);
      paint.lineTo(at - 4, y);
      paint.fill();
    } else if (kind === "end") {
      paint.fillStyle = seen.line.at.site.startsWith("ws.") ? colour.frame : colour.call;
      paint.beginPath();
      paint.arc(at, y, 2, 0, 7);
      paint.fill();
    } else {
      paint.fillStyle = colour.soft;
      paint.fillRect(at - 0.5, y - 3.5, 1, 7);
    }
    if (seen.line.fault !== null) {
      paint.strokeStyle = colour.fault;
      paint.lineWidth = 2;
      paint.beginPath();
      paint.arc(at, y, 7.5, 0, 7);
      paint.stroke();
    }
  }

  // Where words already are; what would overlap them isn't written.
  let taken = [];
  function claim(x0, y0, x1, y1) {
    if (x1 > width - 2 || x0 < gutter + 2 || y0 < AXIS + 1) return false;
    for (const other of taken) {
      if (x0 < other[2] && x1 > other[0] && y0 < other[3] && y1 > other[1]) return false;
    }
    taken.push([x0, y0, x1, y1]);
    return true;
  }
  function write(text, at, y, ink, back) {
    paint.lineWidth = 3;
    paint.lineJoin = "round";
    paint.strokeStyle = back || colour.paper;
    paint.strokeText(text, at, y);
    paint.fillStyle = ink;
    paint.fillText(text, at, y);
  }

  function drawChain(chain, from, to) {
    if (state.chain === null) return;
    paint.strokeStyle = colour.chain;
    paint.lineWidth = 1.2;
    paint.setLineDash([2, 3]);
    paint.globalAlpha = 0.75;
    for (const [cause, effect] of chains[state.chain].links) {
      const a = crossings[cause - 1], b = crossings[effect - 1];
      if (a.line.time_us > to || b.line.time_us < from) continue;
      const one = rowOf(a.lane), other = rowOf(b.lane);
      if (!one || !other) continue;
      const x1 = x(a.line.time_us), x2 = x(b.line.time_us), y1 = one.y - state.top, y2 = other.y - state.top;
      paint.beginPath();
      paint.moveTo(x1, y1);
      if (one === other) paint.quadraticCurveTo((x1 + x2) / 2, y1 - Math.min(30, 8 + (x2 - x1) / 8), x2, y2);
      else paint.lineTo(x2, y2);
      paint.stroke();
    }
    paint.setLineDash([]);
    paint.globalAlpha = 1;
  }

  function draw() {
    dirty = false;
    drawn = { marks: [], messages: [], spans: [], regions: [] };
    taken = [];
    const chain = inChain();
    const from = timeAt(state.off - 30 / state.k), to = timeAt(state.off + (width - gutter + 30) / state.k);
    paint.clearRect(0, 0, width, height);
    paint.textBaseline = "middle";
    paint.textAlign = "left";

    // What goes wrong.
    for (const region of regions) {
      const mine = region.lanes.map(rowOf).filter(Boolean);
      if (!mine.length) continue;
      const y0 = Math.min(...mine.map((row) => row.y)) - 26 - state.top;
      const y1 = Math.max(...mine.map((row) => row.y)) + 12 - state.top;
      for (const [begun, ended] of region.spans) {
        if (begun > to || (ended ?? END) < from) continue;
        const x0 = x(begun), x1 = Math.max(x(ended ?? END), x0 + 3);
        const left = Math.max(x0, gutter), right = Math.min(x1, width);
        if (right < gutter || left > width) continue;
        paint.fillStyle = colour["fault-fill"];
        paint.fillRect(left, y0, right - left, y1 - y0);
        paint.strokeStyle = colour.fault;
        paint.lineWidth = 1;
        paint.setLineDash([3, 3]);
        paint.strokeRect(left + 0.5, y0 + 0.5, right - left - 1, y1 - y0 - 1);
        paint.setLineDash([]);
        drawn.regions.push({ x0: left, x1: right, y0, y1: y0 + 18, region, begun, ended, label: { left, y: y0 + 9 } });
      }
    }

    // Who is there, and what they hold.
    for (const row of rows) {
      const y = row.y - state.top;
      if (y > -40 && y < height + 40) {
        paint.strokeStyle = colour.rule;
        paint.lineWidth = 1;
        paint.setLineDash([1, 4]);
        paint.beginPath();
        paint.moveTo(gutter, y);
        paint.lineTo(width, y);
        paint.stroke();
        paint.setLineDash([]);
        paint.strokeStyle = colour.faint;
        paint.lineWidth = 1.5;
        for (const life of row.lane.lives) {
          if (life.from_us > to || (life.to_us ?? END) < from) continue;
          paint.beginPath();
          paint.moveTo(Math.max(gutter, x(life.from_us)), y);
          paint.lineTo(Math.min(width, x(life.to_us ?? END)), y);
          paint.stroke();
        }
      }
      drawBands(row, from, to);
    }

    const ways = drawMessages(from, to, chain);
    drawChain(chain, from, to);

    // Crossings.
    const first = below(shownTimes(), from), list = [];
    for (let at = first; at < shown.length && shown[at].line.time_us <= to; at++) {
      const seen = shown[at], row = rowOf(seen.lane);
      if (!row) continue;
      const place = x(seen.line.time_us), y = row.y - state.top;
      list.push({ seen, at: place, y, kind: markOf(seen), n: chain.get(seen.line.n) });
    }
    for (const mark of list) {
      if (!mark.n) drawMark(mark.at, mark.y, mark.seen, mark.kind);
      drawn.marks.push({ x: mark.at, y: mark.y, n: mark.seen.line.n });
    }

    // The chain, numbered; where numbers would overlap they are put above one another.
    const numbered = list.filter((mark) => mark.n);
    for (const mark of numbered) {
      let y = mark.y;
      while (!claim(Math.max(mark.at - 8, gutter + 3), y - 8, mark.at + 8, y + 8) && y > mark.y - 70 && mark.at > gutter - 6) y -= 17;
      mark.bubble = y;
      if (y !== mark.y) {
        paint.strokeStyle = colour.chain;
        paint.lineWidth = 1;
        paint.beginPath();
        paint.moveTo(mark.at, mark.y);
        paint.lineTo(mark.at, y);
        paint.stroke();
        paint.fillStyle = colour.chain;
        paint.beginPath();
        paint.arc(mark.at, mark.y, 3, 0, 7);
        paint.fill();
      }
      paint.fillStyle = colour.chain;
      paint.beginPath();
      paint.arc(mark.at, y, 8, 0, 7);
      paint.fill();
      if (mark.seen.line.fault !== null) {
        paint.strokeStyle = colour.fault;
        paint.lineWidth = 2;
        paint.beginPath();
        paint.arc(mark.at, y, 10.5, 0, 7);
        paint.stroke();
      }
      paint.fillStyle = colour.paper;
      paint.font = fonts.number;
      paint.textAlign = "center";
      paint.fillText(String(mark.n), mark.at, y + 0.5);
      paint.textAlign = "left";
      drawn.marks.push({ x: mark.at, y, n: mark.seen.line.n });
    }

    // Words, the weightiest first.
    paint.font = fonts.text;
    for (const one of drawn.regions) {
      const thin = one.x1 - one.x0 < 60;
      const words = fits(one.region.says, thin ? 400 : one.x1 - one.x0 - 10), long = paint.measureText(words).width;
      const left = [one.x0 + 4, one.x0 - long - 10].find((left) => words && claim(left, one.y0 + 2, left + long + 4, one.y0 + 16));
      if (left !== undefined) write(words, left + 1, one.y0 + 9, colour.fault);
    }
    const tell = (mark, ink, most, base) => {
      const words = mark.kind === "step" ? mark.seen.line.at.task.replace(/ \d+$/, "") : told(mark.seen).replace(/^[^ :]+: /, "");
      if (!words) return;
      const text = fits(words, most);
      const long = paint.measureText(text).width;
      for (const up of [20, 34, 48, 62]) {
        const y = base - up;
        // To the right of it, or where the window ends to its left.
        const left = [mark.at - 2, mark.at - long - 2].find((left) => text && claim(left, y - 7, left + long + 6, y + 7));
        if (left !== undefined) {
          paint.strokeStyle = ink;
          paint.lineWidth = 0.6;
          paint.globalAlpha = 0.6;
          paint.beginPath();
          paint.moveTo(mark.at, mark.y - 6);
          paint.lineTo(mark.at, y + 6);
          paint.stroke();
          paint.globalAlpha = 1;
          write(text, left + 3, y, ink);
          return;
        }
      }
    };
    numbered.forEach((mark) => tell(mark, colour.chain, 300, mark.bubble));
    if (list.length < 220) {
      list.filter((mark) => !mark.n && mark.kind === "step").forEach((mark) => tell(mark, colour.ink, 180, mark.y));
    }
    paint.font = fonts.small;
    if (ways.length < 120) {
      const weight = (way) => (way.of ? 0 : way.one.fate === "lost" ? 1 : way.one.what === "frame" ? 2 : way.one.what === "call" ? 3 : 4);
      for (const way of [...ways].sort((a, b) => weight(a) - weight(b))) {
        const text = fits(way.one.says + (way.one.fate === "lost" ? " (lost)" : ""), 230);
        const long = paint.measureText(text).width;
        const ink = way.of ? colour.chain : way.one.fate === "lost" ? colour.lasting : way.one.what === "frame" ? colour.frame : colour.soft;
        for (const share of [0.5, 0.36, 0.64]) {
          const at = way.x1 + (way.x2 - way.x1) * share, y = way.y1 + (way.y2 - way.y1) * share;
          const left = [at + 6, at - long - 10].find((left) => text && claim(left, y - 7, left + long + 4, y + 7));
          if (left !== undefined) {
            write(text, left + 1, y, ink);
            break;
          }
        }
      }
    }
    paint.font = fonts.text;
    if (list.length < 220) {
      list.filter((mark) => !mark.n && mark.kind !== "step" && told(mark.seen)).forEach((mark) => tell(mark, colour.soft, 200, mark.y));
    }

    // What is chosen, and what is pointed at.
    for (const [n, wide] of [[state.hover, 1.5], [state.chosen, 2.5]]) {
      const mark = n === null ? null : drawn.marks.filter((mark) => mark.n === n).pop();
      if (!mark) continue;
      paint.strokeStyle = colour.ink;
      paint.lineWidth = wide;
      paint.beginPath();
      paint.arc(mark.x, mark.y, 11, 0, 7);
      paint.stroke();
    }

    drawGutter();
    drawAxis();
    drawMap();
  }
  let timesOf = null, timesFor = null;
  function shownTimes() {
    if (timesFor !== shown) {
      timesFor = shown;
      timesOf = shown.map((seen) => seen.line.time_us);
    }
    return timesOf;
  }

  // ---- The map: the whole run, small.

  function drawMapBase() {
    if (!mapWidth) return;
    const ratio = devicePixelRatio || 1, high = 44;
    mapBase = document.createElement("canvas");
    mapBase.width = Math.round(mapWidth * ratio);
    mapBase.height = Math.round(high * ratio);
    const to = mapBase.getContext("2d");
    to.setTransform(ratio, 0, 0, ratio, 0, 0);
    to.fillStyle = colour.panel;
    to.fillRect(0, 0, mapWidth, high);
    const at = (time) => 8 + unit(time) / wide() * (mapWidth - 16);
    const step = (high - 10) / Math.max(rows.length, 1);
    for (const region of regions) {
      to.fillStyle = colour["fault-fill"];
      for (const [begun, ended] of region.spans) to.fillRect(at(begun), 0, Math.max(2, at(ended ?? END) - at(begun)), high);
    }
    rows.forEach((row, index) => {
      const y = 5 + step * index;
      for (const group of row.groups) {
        for (const band of group.bands) {
          for (const span of band.spans) {
            if (span.stands !== "differs") continue;
            to.fillStyle = span.to_us >= END ? colour.lasting : colour.differs;
            to.globalAlpha = 0.55;
            to.fillRect(at(span.from_us), y + step * 0.6, Math.max(1, at(span.to_us) - at(span.from_us)), step * 0.3);
            to.globalAlpha = 1;
          }
        }
      }
    });
    to.fillStyle = colour.soft;
    to.globalAlpha = 0.5;
    for (const seen of shown) {
      const index = rows.findIndex((row) => row.at === seen.lane);
      if (index >= 0) to.fillRect(at(seen.line.time_us), 5 + step * index, 1, Math.max(2, step * 0.5));
    }
    to.globalAlpha = 1;
    if (state.chain !== null) {
      to.fillStyle = colour.chain;
      for (const n of chains[state.chain].crossings) {
        const index = rows.findIndex((row) => row.at === crossings[n - 1].lane);
        if (index >= 0) to.fillRect(at(line(n).time_us) - 1, 4 + step * index, 2.5, Math.max(3, step * 0.6));
      }
    }
  }
  function drawMap() {
    if (!mapBase) return;
    paintMap.clearRect(0, 0, mapWidth, 44);
    paintMap.drawImage(mapBase, 0, 0, mapWidth, 44);
    const to = (place) => 8 + place / wide() * (mapWidth - 16);
    const x0 = Math.max(1, to(state.off)), x1 = Math.min(mapWidth - 1, to(state.off + (width - gutter) / state.k));
    paintMap.fillStyle = colour.paper;
    paintMap.globalAlpha = 0.62;
    paintMap.fillRect(0, 0, x0, 44);
    paintMap.fillRect(x1, 0, mapWidth - x1, 44);
    paintMap.globalAlpha = 1;
    paintMap.strokeStyle = colour.ink;
    paintMap.lineWidth = 1.25;
    paintMap.strokeRect(x0, 1, Math.max(x1 - x0, 3), 42);
  }

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

  // ---- The side: violations, what is chosen, faults.

  function choose(n) {
    state.chosen = n;
    if (n !== null) reveal(n);
    const box = $("chosen");
    box.replaceChildren();
    document.querySelectorAll(".steps button").forEach((one) => one.setAttribute("aria-current", String(Number(one.dataset.n) === n)));
    if (n !== null) {
      const one = line(n), work = works[crossings[n - 1].work];
      box.append(element("h2", one.address));
      box.append(element("p", `crossing ${n} at ${seconds(one.time_us)}, on ${lanes[crossings[n - 1].lane].name}${work.name ? ", " + work.name : ""}`, "soft"));
      one.told.forEach((text) => box.append(element("p", text)));
      const near = (title, list) => {
        if (!list.length) return;
        const p = element("p", title + " ", "near soft");
        list.slice(0, 12).forEach((other) => {
          const button = element("button", String(other));
          button.title = line(other).address;
          button.onclick = () => choose(other);
          p.append(button);
        });
        box.append(p);
      };
      near("follows from", one.causes);
      near("leads to", effects.get(n) || []);
      const { told, address, ...rest } = one;
      try { if (rest.body) rest.body = JSON.parse(rest.body); } catch { /* It is no JSON, and shown as it is. */ }
      box.append(element("pre", JSON.stringify(rest, null, 2)));
    }
    again();
  }

  function listChains() {
    const box = $("chains");
    box.replaceChildren();
    chains.forEach((chain, at) => {
      if (state.property !== null && chain.property !== state.property) return;
      const part = element("section", undefined, "violation");
      part.append(element("h2", `${chain.property} violated on ${chain.node}: ${chain.subject}`));
      const list = element("dl");
      for (const [what, text] of [["expected", chain.expected], ["seen", chain.seen]]) list.append(element("dt", what), element("dd", text));
      part.append(list);
      if (at === state.chain) {
        const steps = element("ol", undefined, "steps");
        chain.crossings.forEach((n, index) => {
          const button = element("button");
          button.dataset.n = n;
          const words = element("span");
          const one = line(n);
          one.told.forEach((text) => words.append(element("span", text, "told")));
          words.append(element("span", `${seconds(one.time_us)} ${one.address}`, "at"));
          button.append(element("span", String(index + 1), "no"), words);
          button.onclick = () => choose(n);
          steps.append(element("li"));
          steps.lastChild.append(button);
        });
        part.append(steps);
      } else {
        const button = element("button", "show what led there");
        button.onclick = () => { state.chain = at; filter(); listChains(); showChain(); };
        part.append(button);
      }
      box.append(part);
    });
  }

  function listRest() {
    $("title").textContent = data.header.script;
    document.title = `${data.header.script} - driftless`;
    const designs = [...new Set(Object.values(data.header.design).map((one) => one.join(" ")).filter(Boolean))];
    const about = $("about");
    about.append(`${crossings.length} crossings, ${seconds(END)}${designs.length ? ", under " + designs.join("; ") : ""}; `);
    about.append(element("span", data.again, "again mono"));
    const verdicts = $("verdicts");
    const of = (verdict) => data.verdicts.filter(([, one]) => one === verdict).map(([name]) => name);
    of("violated").forEach((name) => verdicts.append(element("span", name, "chip violated")));
    data.notes.forEach((note) => verdicts.append(element("span", note, "chip violated")));
    for (const verdict of ["held", "stalled", "not-judged", "vacuous"]) {
      const names = of(verdict);
      if (!names.length) continue;
      const chip = element("span", `${names.length} ${verdict}`, "chip " + verdict);
      chip.title = names.join("\n");
      verdicts.append(chip);
    }
    if (regions.length) {
      const box = $("faults");
      box.append(element("h2", "what went wrong"));
      for (const region of regions) {
        const p = element("p");
        p.append(element("span", region.says, "mono"));
        const when = region.spans.map(([begun, ended]) => (ended === begun ? seconds(begun) : `${seconds(begun)} to ${ended === null ? "the end" : seconds(ended)}`));
        p.append(element("span", " " + (when.join(", ") || "never reached"), "soft"));
        box.append(p);
      }
    }
    $("plan").querySelector("pre").textContent = data.header.plan;
    $("plan").open = !chains.length;
  }

  function fill(select, names) {
    names.forEach(([value, name]) => {
      const option = element("option", name);
      option.value = value;
      select.append(option);
    });
    select.disabled = names.length === 0;
  }

  const SHAPES = [
    ['<path d="M0 8 20 2" class="call"/>', "request"], ['<path d="M0 8 20 2" class="call dash"/>', "answer"],
    ['<path d="M0 8 20 2" class="frame"/>', "frame"], ['<path d="M0 8 12 4M9 1l6 6m0-6-6 6" class="lost"/>', "lost, failed"],
    ['<path d="m10 0 4 5-4 5-4-5z" class="ink"/>', "rows change"], ['<path d="M5 1h10l-5 8z" class="ink"/>', "step"],
    ['<circle cx="10" cy="5" r="5" class="chained"/>', "chain"], ['<rect x="1" y="1" width="18" height="8" class="wrong"/>', "fault"],
    ['<rect width="20" height="10" class="agrees"/>', "as the platform says"], ['<rect width="20" height="10" class="differs"/>', "differs"],
    ['<rect width="20" height="10" class="lasting"/>', "differs to the end"],
  ];
  function listLegend() {
    const box = $("legend");
    const style = element("style", `#legend .call{stroke:var(--call)}#legend .frame{stroke:var(--frame);stroke-width:2}
      #legend .dash{stroke-dasharray:4 3}#legend .lost{stroke:var(--lasting);stroke-width:1.6}#legend .ink{fill:var(--ink)}
      #legend path{fill:none;stroke-width:1.3}#legend path.ink{fill:var(--ink)}#legend .chained{fill:var(--chain)}
      #legend .wrong{fill:var(--fault-fill);stroke:var(--fault);stroke-dasharray:3 2}
      #legend .agrees{fill:var(--agrees)}#legend .differs{fill:var(--differs)}#legend .lasting{fill:var(--lasting)}`);
    box.append(style);
    for (const [shape, name] of SHAPES) {
      const part = element("span");
      // The shapes are this file's own; nothing of the run is in them.
      part.innerHTML = `<svg width="20" height="10" aria-hidden="true">${shape}</svg>`;
      part.append(name);
      box.append(part);
    }
  }

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
})();
