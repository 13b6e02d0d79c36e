// The head, the filters and the keys.

document.title = `${data.title} - driftless compare`;
$("title").textContent = data.title;
$("about").append(element("span", data.again, "again mono"));
if (stated.length) {
  const words = untrue.length ? `${untrue.length} of ${many(stated.length, "statement")} not true` : `${many(stated.length, "statement")}, all true`;
  $("facts").append(element("span", words, untrue.length ? "false" : "true"));
}

// How many scripts violate a property under a design; a click shows which.
function countThem() {
  const table = $("counts").querySelector("table"), head = element("tr");
  head.append(element("th"), ...data.columns.map((column) => element("th", column)));
  table.append(head);
  for (const [property] of data.properties) {
    const of = data.columns.map((column) => new Set(cells.filter((cell) => cell.design === column && violates(cell, property)).map((cell) => cell.row.script)).size);
    if (!of.some(Boolean)) continue;
    const line = element("tr"), first = element("th");
    first.append(element("i", undefined, "dot " + ink(property)), property);
    line.append(first);
    of.forEach((count, at) => {
      const place = element("td");
      if (count) {
        const made = element("button", String(count));
        made.setAttribute("aria-label", `${count} under ${data.columns[at]} violate ${property}`);
        made.onclick = () => ask({ property, design: data.columns[at] });
        place.append(made);
      } else place.textContent = "·";
      line.append(place);
    });
    table.append(line);
  }
  $("counts").hidden = table.rows.length === 1;
}

// Asks for something else, and shows it.
function ask(what) {
  Object.assign(state, what);
  $("script").value = state.words;
  $("property").value = state.property;
  $("design").value = state.design;
  $("untrue").setAttribute("aria-pressed", String(state.untrue));
  filter();
}

const fill = (select, names) => names.forEach((name) => select.append(new Option(name, name)));
fill($("property"), data.properties.map(([name]) => name).filter((name) => cells.some((cell) => violates(cell, name))));
fill($("design"), designs);
$("script").oninput = () => ask({ words: $("script").value.trim() });
$("property").onchange = () => ask({ property: $("property").value });
$("design").onchange = () => ask({ design: $("design").value });
$("untrue").onclick = () => ask({ untrue: !state.untrue });
$("untrue").disabled = !untrue.length;
$("help").onclick = () => { $("keys").hidden = !$("keys").hidden; };

// To the cell beside; a line with fewer cells than columns is left as it was come to.
function move(down, right) {
  const open = lines.filter(({ made }) => !made.hidden);
  if (!open.length) return;
  const at = open.findIndex(({ cells }) => cells.includes(state.chosen));
  if (at < 0) return choose(open[0].cells[0]);
  const to = open[Math.min(Math.max(at + down, 0), open.length - 1)];
  const column = Math.max(open[at].cells.indexOf(state.chosen) + right, 0);
  choose(to.cells[Math.min(column, to.cells.length - 1)]);
}
// To the next cell that is asked for and violates something.
function next(by) {
  const bad = lines.filter(({ made }) => !made.hidden).flatMap(({ cells }) => cells);
  const from = bad.indexOf(state.chosen);
  const among = by > 0 ? bad.slice(from + 1) : bad.slice(0, Math.max(from, 0)).reverse();
  const found = among.find((cell) => wanted(cell) && (violates(cell) || !cell.sound));
  if (found) choose(found);
}
const keys = {
  ArrowLeft: () => move(0, -1), ArrowRight: () => move(0, 1), ArrowUp: () => move(-1, 0), ArrowDown: () => move(1, 0),
  n: () => next(1), p: () => next(-1), u: () => $("untrue").click(), 0: () => ask({ words: "", property: "", design: "", untrue: false }),
  "/": () => $("script").focus(), "?": () => $("help").click(), Escape: () => { $("keys").hidden = true; choose(null); },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(SELECT|INPUT)$/.test(event.target.tagName)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = keys[event.key];
  if (!key) return;
  event.preventDefault();
  key();
});

buildTable();
countThem();
filter();
tellChosen();
requestAnimationFrame(() => requestAnimationFrame(() => { window.driftless.openedAfterMs = performance.now(); }));

// For whoever drives the page from outside.
window.driftless = {
  openedAfterMs: null,
  shown: () => ({
    rows: rows.filter((row) => row.shown).length,
    of: rows.length,
    chosen: state.chosen && { script: state.chosen.row.script, design: state.chosen.design },
  }),
};
