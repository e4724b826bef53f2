// A claim where it stands in the draft: its words, its number, and a gauge of the learner's own probability. Nothing here
// knows what is true, so nothing here can show it.

const GAUGE = 13; // pixels

/** The learner's own p as a small column; a tick across it is the first look. */
function gauge() {
  const level = (p) => Math.min(GAUGE - 1.5, Math.max(1.5, GAUGE - p * 0.13));
  const fill = svg("rect", { x: 1, width: 5, rx: 1, class: "now" });
  const halo = svg("path", { class: "halo" });
  const tick = svg("path", { class: "tick" });
  const track = svg("rect", { x: 1, width: 5, height: GAUGE, rx: 1, class: "track" });
  const size = { class: "gauge", width: 7, height: GAUGE, viewBox: `0 0 7 ${GAUGE}`, "aria-hidden": "true" };
  return {
    node: svg("svg", size, track, fill, halo, tick),
    update(p, first) {
      const y = p === null ? GAUGE : level(p);
      set(fill, { y, height: GAUGE - y });
      const line = first === null ? null : `M0 ${level(first)}h7`;
      set(halo, { d: line });
      set(tick, { d: line });
    },
  };
}

/** A claim as a span that wraps with the text around it, or the row about the draft as a whole. */
function claimView(row, choose) {
  const measure = gauge();
  const told = el("span", { class: "vh" });
  const status = row.whole ? el("span", { class: "st", "aria-hidden": "true" }) : null;
  const mark = el("span", { class: "mark", "aria-hidden": "true" }, el("b", {}, String(row.number)), measure.node);
  const text = unbroken(row.text);
  const cut = text.lastIndexOf(" ") + 1; // no line ends between the last word and its number
  const words = [text.slice(0, cut), el("span", { class: "tail" }, el("span", { class: "last" }, text.slice(cut)), mark)];
  const node = el(
    row.whole ? "div" : "span",
    {
      class: row.whole ? "claim whole" : "claim",
      role: "button",
      "data-claim": row.claim_id,
      onclick: () => choose(row),
      onfocus: () => node.getAttribute("aria-pressed") === "true" || choose(row),
    },
    el("span", {}, words), // one box: where the claim is a cell, its words would be boxes each, without the space between
    told,
    status,
  );
  return {
    node,
    update(current, sync) {
      const now = sync.answer(sync.stage, row.claim_id);
      const first = sync.stage === "check" ? sync.answer("first", row.claim_id).p : null;
      const done = lacks(sync.stage, now) === null;
      set(node, { "aria-pressed": String(row === current), tabindex: row === current ? 0 : -1 });
      node.classList.toggle("done", done);
      measure.update(now.p, first);
      const said = now.p === null ? "not judged" : `you said ${now.p} percent`;
      const parts = [`, claim ${row.number}`, said, actionName(now.action), first === null ? "" : `first look ${first} percent`];
      say(told, parts.filter(Boolean).join(", "));
      if (status) say(status, done ? `${now.p}% ${actionName(now.action)}` : "to do");
    },
  };
}

/** Words that a claim is judged by and that stand outside it: with its number, and set off while it is the one chosen. */
function besideView(row, said, choose) {
  const text = unbroken(said);
  const cut = text.lastIndexOf(" ") + 1;
  const mark = el("span", { class: "mark", "aria-hidden": "true" }, el("b", {}, String(row.number)));
  const told = el("span", { class: "vh" }, ` (of claim ${row.number})`);
  const words = [text.slice(0, cut), el("span", { class: "tail" }, el("span", { class: "last" }, text.slice(cut)), mark)];
  // keys choose the claim itself, so this is no second stop for them
  const node = el("span", { class: "beside", "data-about": row.claim_id, onclick: () => choose(row) }, words, told);
  return { node, update: (current) => node.classList.toggle("now", row === current) };
}

/** What the marks mean. */
function legend() {
  const own = gauge();
  const then = gauge();
  own.update(70, null);
  then.update(null, 70);
  const first = el("span", {}, then.node, "first look");
  const node = el(
    "p",
    { class: "legend" },
    el("span", {}, el("u", {}, "dotted"), " a claim, not judged yet"),
    el("span", {}, own.node, "how likely you said it is wrong"),
    first,
  );
  return { node, update: (stage) => (first.hidden = stage !== "check") };
}
