// The table: a row for each script, a column for each design, and a line more for a design that is tried on one script
// alone.

const tip = $("tip");
function tells(of, text) {
  of.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    tip.textContent = text;
    tip.hidden = false;
    tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = Math.max(4, Math.min(event.clientY + 18, innerHeight - tip.offsetHeight - 8)) + "px";
  });
  of.addEventListener("pointerleave", () => { tip.hidden = true; });
}

const chip = (property) => element("span", short.get(property) ?? property, "tag " + ink(property));

function button(cell) {
  const made = element("button", undefined, "cell" + (cell.is_true ? "" : " untrue"));
  if (cell.violated.length) cell.violated.forEach((one) => made.append(chip(one.property)));
  else made.append(element("span", cell.sound ? "held" : "panicked", cell.sound ? "held" : "tag other"));
  if (cell.stated !== null) made.append(element("span", cell.is_true ? "✓" : "✗", "mark"));
  made.setAttribute("aria-label", `${cell.row.script} under ${cell.design}: ${inWords(cell)}${cell.is_true ? "" : ", not as stated"}`);
  const told = cell.violated.map((one) => `${one.property}: ${one.sentence}`);
  tells(made, [...(told.length ? told : [inWords(cell)]), statement(cell)].filter(Boolean).join("\n"));
  made.onclick = () => choose(cell);
  cell.button = made;
  return made;
}

function name(row) {
  const made = element("th", undefined, "script");
  made.scope = "row";
  const before = row.group.name + "/";
  made.append(element("span", row.script.startsWith(before) ? row.script.slice(before.length) : row.script));
  if (row.about) tells(made, row.about);
  return made;
}

// The lines of the table by what they show, from the top.
const lines = [];
function line(row, first, at) {
  const made = element("tr");
  made.append(first);
  at.forEach((cell) => {
    const place = element("td");
    if (at.length < data.columns.length) place.colSpan = data.columns.length;
    place.append(button(cell));
    made.append(place);
  });
  lines.push({ row, cells: at, made });
  return made;
}

function buildTable() {
  const table = $("matrix"), head = element("tr");
  table.style.setProperty("--columns", data.columns.length);
  head.append(element("th", "", "script"));
  data.columns.forEach((column) => {
    const made = element("th", column);
    made.scope = "col";
    head.append(made);
  });
  table.tHead.append(head);
  for (const group of data.groups) {
    const body = element("tbody"), heading = element("tr", undefined, "group"), made = element("th", group.name);
    made.colSpan = data.columns.length + 1;
    if (!group.rows.length && group.note) made.append(element("span", group.note, "soft note"));
    heading.append(made);
    body.append(heading);
    for (const row of rows.filter((row) => row.group === group)) {
      const columns = row.cells.slice(0, data.columns.length);
      body.append(line(row, name(row), columns));
      for (const beyond of row.cells.slice(data.columns.length)) {
        const first = element("th", undefined, "script beyond");
        first.scope = "row";
        first.append(element("span", `under ${beyond.design}`));
        body.append(line(row, first, [beyond]));
      }
    }
    group.body = body;
    table.append(body);
  }
}

// Shows what is asked for. A cell of a shown row that isn't asked for is paler.
function filter() {
  let left = 0;
  for (const row of rows) row.shown = isShown(row);
  for (const { row, cells, made } of lines) {
    const own = cells.some((cell) => data.columns.includes(cell.design));
    made.hidden = !row.shown || (!own && !cells.some(wanted));
    if (own && row.shown) left += 1;
    cells.forEach((cell) => cell.button.classList.toggle("pale", !wanted(cell)));
  }
  data.groups.forEach((group) => {
    group.body.hidden = group.rows.length ? !rows.some((row) => row.group === group && row.shown) : !nothingAsked();
  });
  $("none").hidden = left > 0;
  $("count").textContent = left === rows.length ? many(left, "script") : `${left} of ${many(rows.length, "script")}`;
  if (state.chosen && !lines.some(({ cells, made }) => !made.hidden && cells.includes(state.chosen))) choose(null);
}
