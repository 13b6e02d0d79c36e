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
