// The cell that is chosen: what its script is about, what it violates and how that came about.

function tellChosen() {
  const side = $("side"), cell = state.chosen;
  side.replaceChildren();
  side.hidden = !cell;
  document.body.classList.toggle("told", Boolean(cell));
  if (!cell) return;
  const head = element("div", undefined, "over"), close = element("button", "×", "close");
  close.setAttribute("aria-label", "Choose nothing (Esc)");
  close.onclick = () => choose(null);
  head.append(element("h2", cell.row.script), close);
  const under = cell.design === "taken back" ? `hardened with ${cell.row.group.name}` : cell.design;
  side.append(head, element("p", `under ${under}`, "under"));
  if (cell.row.about) side.append(element("p", cell.row.about, "soft"));
  const told = statement(cell);
  if (told) side.append(element("p", told, cell.is_true ? "true" : "false"));
  if (!cell.sound) side.append(element("p", "A process died of a panic.", "false"));
  if (!cell.violated.length && cell.sound) side.append(element("p", "Nothing is violated.", "true"));
  for (const one of cell.violated) {
    const title = element("h3");
    title.append(element("i", undefined, "dot " + ink(one.property)), one.property);
    side.append(title, element("p", one.sentence), element("pre", one.explanation.trimEnd()));
    if (one.more) side.append(element("p", `and in ${many(one.more, "other way")}`, "soft"));
  }
  side.append(element("h3", "To see all of it"), element("pre", `${cell.again} --html run.html`, "again"));
  side.scrollTop = 0;
}

function choose(cell) {
  state.chosen?.button.classList.remove("on");
  state.chosen = cell;
  tip.hidden = true;
  cell?.button.classList.add("on");
  tellChosen();
  if (cell) {
    cell.button.focus({ preventScroll: true });
    cell.button.scrollIntoView({ block: "nearest" });
  }
}
