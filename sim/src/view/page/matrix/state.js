// The page of scripts beside designs: a cell is what a script violates under a design, and a click on it tells how.
// Here is what there is, and what of it is shown.

const many = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

const short = new Map(data.properties);
// The three that the project is about have a colour each, the others one together.
const INKS = new Map([["deletes-reach-every-gateway", "one"], ["existing-artifacts-survive", "two"], ["failed-checks-never-delete", "three"]]);
const ink = (property) => INKS.get(property) ?? "other";

const rows = data.groups.flatMap((group) => group.rows.map((row) => ({ ...row, group })));
const cells = rows.flatMap((row) => row.cells.map((cell) => Object.assign(cell, { row })));
const designs = [...data.columns, ...new Set(cells.map((cell) => cell.design).filter((name) => !data.columns.includes(name)).sort())];
const stated = cells.filter((cell) => cell.stated !== null);
const untrue = stated.filter((cell) => !cell.is_true);

const state = { words: "", property: "", design: "", untrue: false, chosen: null };

const violates = (cell, property) => cell.violated.some((one) => !property || one.property === property);
// Whether a cell has what is asked for; a row is shown for any of its cells.
const wanted = (cell) =>
  (!state.design || cell.design === state.design)
  && (!state.property || violates(cell, state.property))
  && (!state.untrue || !cell.is_true)
  && (!state.design || state.property || state.untrue || violates(cell) || !cell.sound);
const named = (row) => state.words.toLowerCase().split(" ").every((word) => row.script.toLowerCase().includes(word) || row.group.name.toLowerCase().includes(word));
const isShown = (row) => named(row) && row.cells.some(wanted);
const nothingAsked = () => !state.words && !state.property && !state.design && !state.untrue;

// A cell in words.
function inWords(cell) {
  if (cell.violated.length) return `violates ${cell.violated.map((one) => short.get(one.property) ?? one.property).join(", ")}`;
  return cell.sound ? "held" : "a process died of a panic";
}
// What its header states of it.
function statement(cell) {
  if (cell.stated === null) return "";
  const words = cell.stated.length ? `violates ${cell.stated.join(", ")}` : "holds";
  return cell.is_true ? `as its header states: ${words}` : `not as its header states: ${words}`;
}
