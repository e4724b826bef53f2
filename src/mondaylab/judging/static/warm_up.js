// Three ungraded claims that teach the scale: say how likely each is wrong, press Show, see what that number cost.

/** Brier cost in hundredths: 0 is best, 100 worst, and 50% always costs 25. */
const cost = (p, flawed) => Math.round((p / 100 - (flawed ? 1 : 0)) ** 2 * 100);

function verdict(p, flawed) {
  const truth = flawed ? "It was wrong." : "It was right.";
  const paid = cost(p, flawed);
  const bold = cost(p >= 50 ? 100 : 0, flawed);
  if (p === 50) return `${truth} 50% costs 25 of 100 either way: it says that you do not know.`;
  const sided = p > 50 === flawed;
  if (paid <= 1) return `${truth} Your ${p}% cost ${paid === 0 ? "nothing" : "almost nothing"}: sure, and right.`;
  if (sided) return `${truth} Your ${p}% cost ${paid} of 100. You leaned the right way; surer would have cost less.`;
  if (p === 0 || p === 100)
    return `${truth} Your ${p}% cost 100 of 100: nothing costs more than being sure and mistaken.`;
  return `${truth} Your ${p}% cost ${paid} of 100. You leaned the wrong way, but a bold ${p > 50 ? 100 : 0}% would have cost ${bold}.`;
}

function warmUpClaim(claim, number, id, changed) {
  const state = { p: null, shown: false };
  const value = el("span", {}, "–");
  const words = el("small", {});
  const slider = el("input", {
    type: "range",
    id: `${id}-p${number}`,
    min: 0,
    max: 100,
    step: STEP,
    value: 50,
    "aria-valuetext": "not set",
  });
  const slide = el("div", { class: "slide unset" }, slider);
  const told = el("div", { class: "told", role: "status" });
  const show = el("button", { type: "button", class: "btn", "aria-disabled": "true" }, "Show");
  const choose = () => {
    if (state.shown) return;
    state.p = Number(slider.value);
    slide.classList.remove("unset");
    slider.style.setProperty("--fill", `${state.p}%`);
    set(slider, { "aria-valuetext": `${state.p} percent, ${inWords(state.p)}` });
    say(value, `${state.p}%`);
    say(words, inWords(state.p));
    set(show, { "aria-disabled": "false" });
  };
  slider.addEventListener("input", choose);
  slider.addEventListener("pointerup", choose);
  slider.addEventListener("keydown", (event) => [" ", "Enter"].includes(event.key) && state.p === null && choose());
  show.addEventListener("click", () => {
    if (state.shown) return;
    if (state.p === null) {
      say(told, "Set a number first: there is no right one, only an honest one.");
      slider.focus();
      return;
    }
    state.shown = true;
    slider.disabled = true;
    show.hidden = true;
    told.replaceChildren(el("b", {}, verdict(state.p, claim.flawed)), " ", claim.why);
    changed();
  });
  const node = el(
    "li",
    { class: "warm" },
    el("p", { class: "words" }, claim.text),
    el(
      "div",
      { class: "prow" },
      el("label", { class: "q", for: slider.id }, "How likely is it wrong?"),
      el("output", { class: "pval", for: slider.id }, value, words),
    ),
    slide,
    el(
      "div",
      { class: "anch", "aria-hidden": "true" },
      ["surely right", "probably right", "coin flip", "probably wrong", "surely wrong"].map((word) =>
        el("span", {}, word),
      ),
    ),
    el("div", { class: "after" }, show, told),
  );
  return { node, state, claim };
}

function render({ model, el: host }) {
  const id = `mdlw-${Math.random().toString(36).slice(2, 7)}`;
  const claims = model.get("claims") || [];
  host.classList.add("mdl");
  const root = el("section", {
    class: "panel warmup",
    "aria-labelledby": `${id}-title`,
    "data-lm-suppress-shortcuts": "true",
  });
  root.addEventListener("keydown", (event) => !(event.ctrlKey || event.metaKey) && event.stopPropagation());
  host.append(root);
  const head = el(
    "header",
    { class: "top" },
    el(
      "div",
      {},
      el("h2", { id: `${id}-title` }, "Warm-up"),
      el("p", { class: "dim" }, "Not graded, not kept. 0% is surely right, 100% surely wrong."),
    ),
  );
  if (!claims.length) {
    root.append(head, el("div", { class: "empty" }, el("b", {}, "No warm-up here"), model.get("hint")));
    return () => root.remove();
  }
  const sum = el("div", { class: "sum", role: "status", hidden: true });
  const rows = claims.map((claim, at) =>
    warmUpClaim(claim, at + 1, id, () => {
      if (!rows.every((row) => row.state.shown)) return;
      const mean = Math.round(
        rows.reduce((total, row) => total + cost(row.state.p, row.claim.flawed), 0) / rows.length,
      );
      sum.hidden = false;
      sum.replaceChildren(
        el("b", {}, `Your numbers cost ${mean} of 100 on average; saying 50% each time would have cost 25.`),
        " An honest 70 beats a bold 100: if you are right 7 times in 10, saying 70% costs 21 on average, saying 100% costs 30.",
      );
    }),
  );
  root.append(
    head,
    el(
      "ol",
      { class: "warms" },
      rows.map((row) => row.node),
    ),
    sum,
  );
  return () => root.remove();
}

export default { render };
