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
