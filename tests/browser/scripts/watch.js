// Looks at the stage at every frame: which boxes move, which canvases go blank, which elements are put in place of others.
() => {
  const BOXES = ".rv-stage .rv-middle, .rv-stage .rv-side > *, .rv-stage .rv-main > *, .rv-stage .rv-field, .rv-stage .rv-plot, .rv-bar-row";
  const TEXTS = ".rv-answer, .rv-axis, .rv-plot, .rv-seq, .rv-doing"; // what is written anew, or by Vega
  const MOST = 2; // pixels
  const stage = document.querySelector(".rv-stage");
  const seen = { frames: 0, moved: [], blank: [], replaced: [] };
  const began = new Map();
  const filled = new Set();
  const probe = new OffscreenCanvas(4, 4).getContext("2d", { willReadFrequently: true });
  const name = (node) => `${node.tagName}.${node.className.baseVal ?? node.className} in ${node.closest("[class*=st-key-]")?.className}`;
  const inSight = (node) => node.isConnected && node.checkVisibility();

  function move(node) {
    const { x, y, width, height } = node.getBoundingClientRect();
    const now = [x + scrollX, y + scrollY, width, height];
    const first = began.get(node);
    if (!first) began.set(node, now);
    else if (now.some((value, i) => Math.abs(value - first[i]) > MOST)) seen.moved.push(`${name(node)}: ${first.map(Math.round)} -> ${now.map(Math.round)}`);
  }

  function fill(canvas) {
    probe.clearRect(0, 0, 4, 4);
    probe.drawImage(canvas, 0, 0, 4, 4);
    const full = probe.getImageData(0, 0, 4, 4).data.some((byte, at) => at % 4 === 3 && byte > 0);
    if (full) filled.add(canvas);
    else if (filled.has(canvas)) seen.blank.push(name(canvas));
  }

  function look() {
    if (seen.over) return;
    seen.frames++;
    for (const node of document.querySelectorAll(BOXES)) if (inSight(node)) move(node);
    for (const canvas of stage.querySelectorAll(".rv-field canvas")) if (inSight(canvas)) fill(canvas);
    requestAnimationFrame(look);
  }

  const changes = new MutationObserver((records) => {
    for (const { target, removedNodes } of records)
      for (const node of removedNodes)
        if (node instanceof Element && !(target.isConnected && target.closest(TEXTS))) seen.replaced.push(`${name(node)} of ${name(target)}`);
  });
  changes.observe(stage.parentNode, { childList: true, subtree: true });
  const marks = [...document.querySelectorAll("svg.marks")];
  requestAnimationFrame(look);
  globalThis.watched = {
    seen,
    end: () => {
      seen.over = true;
      changes.disconnect();
      for (const svg of marks) if (!svg.isConnected) seen.replaced.push("a chart");
      return { ...seen, canvases: filled.size };
    },
  };
}
