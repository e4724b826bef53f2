// The drafts as documents: tabs, where each comes from, its text in the frame of its format, and the small strip of bars.

/** Format -> the frame around a draft: `(body, layout, draft) => nodes`; `asks` on one says that it shows the prompt. */
const LAYOUTS = {};

/** The tabs over the drafts. */
function draftTabs(form, rows, id, choose) {
  const counts = form.drafts.map(() => el("span", { class: "count" }));
  const tabs = form.drafts.map((draft, at) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `${id}-d${at}`,
        "aria-controls": `${id}-desk`,
        class: "draft",
        title: draft.title,
        onclick: () => choose(at),
      },
      el("span", { class: "name" }, draft.title),
      counts[at],
    ),
  );
  const node = el("div", { class: "drafts", role: "tablist", "aria-label": "Drafts" }, tabs);
  node.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(tabs.length - 1, at + step));
    choose(next);
    tabs[next].focus();
  });
  return {
    node,
    update(current, done) {
      tabs.forEach((tab, at) => {
        set(tab, { "aria-selected": String(at === current), tabindex: at === current ? 0 : -1 });
        const mine = rows.filter((row) => row.draft === at);
        const judged = mine.filter(done).length;
        say(counts[at], judged === mine.length ? `✓ ${mine.length}` : `${judged} of ${mine.length}`);
        set(counts[at], { "aria-label": `${judged} of ${mine.length} judged` });
      });
    },
  };
}

/** Where the draft came from, for whom it is, and what was asked, unless the format shows that itself. */
function provenanceLine(draft, asked) {
  return el(
    "div",
    { class: "prov" },
    el("span", { class: "src" }, icon(draft.provenance.source), origin(draft.provenance)),
    el("span", {}, "To ", draft.audience),
    asked
      ? el(
          "details",
          { class: "asked" },
          el("summary", {}, "The prompt"),
          el("p", {}, el("b", {}, "What was asked: not AI, nothing to judge."), draft.prompt),
        )
      : null,
  );
}

/** One draft in its own form. */
function draftView(form, at, rows, id, choose) {
  const draft = form.drafts[at];
  const mine = rows.filter((row) => row.draft === at);
  const claims = new Map(mine.map((row) => [row.claim_id, claimView(row, choose)]));
  const texts = new Map(mine.map((row) => [row.claim_id, row.text]));
  const shown = new Set();
  const take = (claimId) => {
    if (shown.has(claimId) || !claims.has(claimId)) return document.createTextNode(texts.get(claimId) ?? "");
    shown.add(claimId);
    return claims.get(claimId).node;
  };
  const places = [];
  const beside = (part) => {
    const row = mine.find((one) => one.claim_id === part.about);
    if (!row) return document.createTextNode(unbroken(part.text));
    const one = besideView(row, part.text, choose);
    places.push(one);
    return one.node;
  };
  const body = bodyOf(draft.parts, take, texts, beside);
  // a claim that stands nowhere could not be judged
  const rest = mine.filter((row) => !row.whole && !shown.has(row.claim_id)).map((row) => el("p", {}, take(row.claim_id)));
  const frame = LAYOUTS[draft.format] ?? LAYOUTS.memo; // old forms tell no format, and a format may bring no script
  const key = legend();
  const node = el(
    "div",
    { class: "desk", id: `${id}-desk`, role: "tabpanel", "aria-labelledby": `${id}-d${at}` },
    provenanceLine(draft, draft.prompt && !frame.asks),
    el(
      "div",
      { class: "form", role: "group", "aria-label": `The draft ${draft.title}, ${mine.length - 1} claims to judge` },
      frame([...body, ...rest], draft.layout ?? {}, draft).filter((one) => one !== null),
    ),
    el(
      "div",
      { class: "about" },
      el("p", {}, "About the draft as a whole"),
      claims.get(draft.missing.claim_id).node,
    ),
    key.node,
  );
  return {
    node,
    claim: (row) => claims.get(row.claim_id).node,
    update(current, sync) {
      key.update(sync.stage);
      for (const one of claims.values()) one.update(current, sync);
      for (const one of places) one.update(current);
    },
  };
}

/** Bars for the rows of the draft in view: dashed for first look, solid for now. */
function strip(rows, current, sync) {
  const wide = rows.length > 12 ? 17 : 22;
  const high = 24;
  const checking = sync.stage === "check";
  const parts = [];
  rows.forEach((row, at) => {
    const x = at * wide;
    const middle = x + wide / 2;
    const now = sync.answer(sync.stage, row.claim_id).p;
    const first = checking ? sync.answer("first", row.claim_id).p : null;
    const bar = (p) => Math.max(p * 0.23, 1.5);
    parts.push(svg("path", { d: `M${x + 2} ${high + 0.5}h${wide - 4}`, class: "base" }));
    if (first !== null)
      parts.push(svg("rect", { x: middle - 7.5, y: high - bar(first), width: 7, height: bar(first), class: "then" }));
    if (now !== null)
      parts.push(svg("rect", { x: middle - (checking ? 0 : 4), y: high - bar(now), width: 7, height: bar(now), class: "now" }));
    parts.push(svg("text", { x: middle, y: high + 13, class: row === current ? "cur" : "" }, String(row.number)));
    if (row === current) parts.push(svg("rect", { x: middle - 7, y: high + 16, width: 14, height: 2, class: "now" }));
  });
  const values = rows.map((row) => {
    const p = sync.answer(sync.stage, row.claim_id).p;
    return `claim ${row.number} ${p === null ? "not set" : `${p} percent`}`;
  });
  const width = rows.length * wide;
  return svg(
    "svg",
    {
      class: "strip",
      width,
      height: 42,
      viewBox: `0 0 ${width} 42`,
      role: "img",
      "aria-label": `Likely wrong, by claim: ${values.join(", ")}`,
    },
    ...parts,
  );
}
