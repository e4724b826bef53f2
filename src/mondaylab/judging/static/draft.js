// The drafts as documents: tabs, the text with claims as spans in it, and the small strip of bars.

/** Format -> the frame around a draft's text, (body, layout, draft) => nodes; scripts of formats add theirs. */
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
        "aria-controls": `${id}-draft`,
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

/** The learner's own p as a small gauge, and what it was at first look; nothing here depends on the truth. */
function gauge(p, first) {
  const high = 13;
  const top = (value) => high - Math.max(1.5, value * 0.13);
  const parts = [svg("rect", { x: 1, width: 5, height: high, rx: 1, class: "track" })];
  if (p !== null) parts.push(svg("rect", { x: 1, y: top(p), width: 5, height: high - top(p), rx: 1, class: "fill" }));
  if (first !== null) {
    const y = Math.min(high - 1.5, Math.max(1.5, top(first)));
    parts.push(svg("path", { d: `M0 ${y}h7`, class: "halo" }), svg("path", { d: `M0 ${y}h7`, class: "tick" }));
  }
  return svg("svg", { width: 7, height: high, class: "gauge", "aria-hidden": "true" }, ...parts);
}

/** A claim in its draft: its words, and behind the last of them its number and gauge. */
function claimMark(row, choose, into) {
  const number = el("b", { "aria-hidden": "true" }, String(row.number));
  const mark = el("span", { class: "m" }, number);
  const status = el("span", { class: "st vh" });
  const text = unbroken(row.text);
  const last = row.whole ? text.length : text.lastIndexOf(" ") + 1;
  const node = el(
    row.whole ? "div" : "span",
    {
      class: row.whole ? "claim whole" : "claim",
      role: "button",
      "data-claim": row.claim_id,
      onclick: () => choose(row),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        choose(row);
        into();
      },
    },
    el("span", { class: "words" }, text.slice(0, last)),
    el("span", { class: "nb" }, el("span", { class: "words" }, text.slice(last)), mark),
    status,
  );
  return { node, mark, number, status };
}

/** The elements of a draft; what stands in none, as in forms of before, becomes one paragraph. */
function draftElements(parts, claim) {
  const made = (part) => {
    if (part.claim_id !== null) return claim(part.claim_id);
    if (!part.tag) return document.createTextNode(unbroken(part.text ?? ""));
    return el(part.tag, part.tag === "th" ? { scope: "col" } : {}, (part.parts ?? []).map(made));
  };
  if (parts.every((part) => part.tag)) return parts.map(made);
  return [el("p", {}, parts.flatMap((part) => [made(part), " "]))];
}

/** What stands above a draft: where it comes from, who gets it, and what was asked. */
function aboutDraft(form, draft) {
  const asked = draft.prompt && draft.format !== "chat";
  return el(
    "div",
    { class: "from" },
    el("span", { class: "prov" }, originGlyph(draft.provenance), origin(draft.provenance)),
    el("span", {}, el("span", { class: "dim" }, "To "), draft.audience),
    form.sample_data ? sampleBadge() : null,
    asked ? el("details", {}, el("summary", {}, "The prompt"), el("p", {}, draft.prompt)) : null,
  );
}

/** One draft in its own form, and the row about the draft as a whole. */
function draftView(form, at, rows, id, choose, into) {
  const draft = form.drafts[at];
  const marks = new Map();
  const mine = rows.filter((row) => row.draft === at);
  const byId = new Map(mine.map((row) => [row.claim_id, row]));
  const mark = (row) => {
    const made = claimMark(row, choose, into);
    marks.set(row.claim_id, made);
    return made.node;
  };
  const body = draftElements(draft.parts, (claimId) => (byId.has(claimId) ? mark(byId.get(claimId)) : ""));
  const frame = LAYOUTS[draft.format] ?? ((all) => all);
  const sheet = frame(body, draft.layout ?? {}, draft).filter((node) => node !== null);
  const whole = mine.find((row) => row.whole);
  const rest = mine.filter((row) => !row.whole && !marks.has(row.claim_id)).map((row) => el("p", {}, mark(row)));
  const first = el("span", { hidden: true }, gauge(null, 70), " first look");
  const named = `${draft.title}, ${mine.length - 1} claims to judge`;
  const node = el(
    "div",
    { class: "draft-view", id: `${id}-draft`, role: "tabpanel", "aria-labelledby": `${id}-d${at}` },
    aboutDraft(form, draft),
    el("div", { class: `paper ${draft.format ?? "memo"}`, role: "group", "aria-label": named }, sheet, rest),
    el("div", { class: "about" }, el("p", { class: "small" }, "About the draft as a whole"), mark(whole)),
    el(
      "p",
      { class: "legend small" },
      el("span", {}, el("u", {}, "dotted"), " a claim, not judged yet"),
      el("span", {}, gauge(70, null), " how likely you said it is wrong"),
      first,
    ),
  );
  const fill = (row, current, sync, checking) => {
    const { node: claim, mark: box, number, status } = marks.get(row.claim_id);
    const now = sync.answer(sync.stage, row.claim_id);
    const then = checking ? sync.answer("first", row.claim_id).p : null;
    const done = lacks(sync.stage, now) === null;
    set(claim, { "aria-pressed": String(row === current), tabindex: row === current ? 0 : -1 });
    claim.classList.toggle("done", done);
    const said = now.p === null ? "not judged" : `you said ${now.p} percent${done ? `, ${actionName(now.action)}` : ""}`;
    say(status, `, claim ${row.number}, ${said}${then === null ? "" : `, first look ${then} percent`}`);
    if (box.dataset.shown === `${now.p} ${then}`) return;
    box.dataset.shown = `${now.p} ${then}`;
    box.replaceChildren(number, gauge(now.p, then));
  };
  return {
    node,
    tab: (row) => marks.get(row.claim_id).node,
    update(current, sync) {
      const checking = sync.stage === "check";
      first.hidden = !checking;
      mine.forEach((row) => fill(row, current, sync, checking));
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
