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
