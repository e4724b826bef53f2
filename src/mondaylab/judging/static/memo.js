// The drafts as documents: tabs, connecting words, claims to select, and the small strip of bars.

/** Format -> how its pieces stand in a draft; scripts of formats add theirs. Without one they follow one another. */
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
        "aria-controls": `${id}-memo`,
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

/** One draft in reading order. */
function memoView(form, at, rows, id, choose) {
  const draft = form.drafts[at];
  const tabs = new Map();
  const tab = (row) => {
    const status = el("span", { class: "st" });
    const node = el(
      "div",
      {
        class: row.whole ? "claim whole" : "claim",
        role: "tab",
        id: `${id}-c${row.number}`,
        "aria-controls": `${id}-sheet`,
        "data-claim": row.claim_id,
        onclick: () => choose(row),
        onfocus: () => node.getAttribute("aria-selected") === "true" || choose(row),
      },
      el("span", { class: "num" }, String(row.number)),
      el("span", { class: "words" }, unbroken(row.text)),
      status,
    );
    tabs.set(row.claim_id, { node, status });
    return node;
  };
  const mine = rows.filter((row) => row.draft === at);
  const byId = new Map(mine.map((row) => [row.claim_id, row]));
  const whole = mine.find((row) => row.whole);
  const shown = new Set();
  const pieces = draft.parts.map((part) => {
    if (part.claim_id === null || !byId.has(part.claim_id))
      return { claim: false, node: el("p", { class: "between", role: "presentation" }, unbroken(part.text ?? "")) };
    shown.add(part.claim_id);
    return { claim: true, node: tab(byId.get(part.claim_id)) };
  });
  const arrange = LAYOUTS[draft.format] ?? ((all) => all.map((piece) => piece.node));
  const parts = arrange(pieces, draft.layout ?? {});
  const rest = mine.filter((row) => !row.whole && !shown.has(row.claim_id)).map(tab);
  const column = el("span", {});
  const node = el(
    "div",
    { class: "memo", id: `${id}-memo`, role: "tabpanel", "aria-labelledby": `${id}-d${at}` },
    el(
      "div",
      { class: "from" },
      el("span", {}, el("span", { class: "dim" }, "To "), draft.audience),
      el("span", { class: "prov" }, origin(draft.provenance), form.sample_data ? sampleBadge() : null),
    ),
    el("div", { class: "lab" }, el("span", {}, "Each numbered sentence is one claim"), column),
    el(
      "div",
      { class: "claims", role: "tablist", "aria-orientation": "vertical", "aria-label": `Claims in ${draft.title}` },
      parts,
      rest,
      el("p", { class: "between about", role: "presentation" }, "About the draft as a whole"),
      tab(whole),
    ),
  );
  return {
    node,
    tab: (row) => tabs.get(row.claim_id).node,
    update(current, sync) {
      const checking = sync.stage === "check";
      say(column, checking ? "first look → now" : "likely wrong, action");
      for (const row of mine) {
        const { node: line, status } = tabs.get(row.claim_id);
        set(line, { "aria-selected": String(row === current), tabindex: row === current ? 0 : -1 });
        const now = sync.answer(sync.stage, row.claim_id);
        const first = checking ? sync.answer("first", row.claim_id) : null;
        const todo = lacks(sync.stage, now) !== null;
        const words = [
          first && first.p !== null ? el("span", { class: "was-p" }, `${first.p}% → `) : null,
          now.p === null ? null : el("b", {}, `${now.p}%`),
          now.p === null ? "to do" : ` ${todo ? "to do" : actionName(now.action)}`,
        ].filter((part) => part !== null);
        const spoken = words.map((part) => part.textContent ?? part).join("");
        if (status.dataset.spoken === spoken) continue;
        status.dataset.spoken = spoken;
        status.replaceChildren(...words);
      }
    },
  };
}

/** Bars for the rows of the draft in view: dashed for first look, solid for now. */
function strip(rows, current, sync) {
  const wide = 26;
  const high = 30;
  const checking = sync.stage === "check";
  const parts = [];
  rows.forEach((row, at) => {
    const x = at * wide;
    const now = sync.answer(sync.stage, row.claim_id).p;
    const first = checking ? sync.answer("first", row.claim_id).p : null;
    const bar = (p) => Math.max(p * 0.28, 1.5);
    const left = checking ? x + 14 : x + 9;
    parts.push(svg("line", { x1: x + 3, x2: x + wide - 3, y1: high, y2: high, class: "base" }));
    if (first !== null)
      parts.push(svg("rect", { x: x + 4.5, y: high - bar(first), width: 7, height: bar(first), class: "then" }));
    if (now !== null)
      parts.push(svg("rect", { x: left, y: high - bar(now), width: 8, height: bar(now), class: "now" }));
    else parts.push(svg("text", { x: left + 4, y: high - 4 }, "–"));
    parts.push(svg("text", { x: x + wide / 2, y: high + 12, class: row === current ? "cur" : "" }, String(row.number)));
    if (row === current) parts.push(svg("rect", { x: x + 7, y: high + 15, width: wide - 14, height: 2, class: "now" }));
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
      height: 48,
      viewBox: `0 0 ${width} 48`,
      role: "img",
      "aria-label": `Likely wrong, by claim: ${values.join(", ")}`,
    },
    svg("line", { x1: 0, x2: width, y1: high - 14, y2: high - 14, class: "half" }),
    ...parts,
  );
}
