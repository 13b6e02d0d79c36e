// Messages, marks of crossings, the chain, and the order in which all of it is drawn.

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
