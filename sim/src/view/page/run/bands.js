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
