LAYOUTS.versions = (body, layout, draft) => {
  const heads = layout.heads ?? ["Answer A", "Answer B"];
  const head = (said) => el("h4", { class: "versions-head" }, said);
  const cards = body
    .slice(0, 2)
    .map((answer, at) =>
      el("article", { class: "paper versions-answer", "aria-label": heads[at] }, head(heads[at]), [...answer.childNodes]),
    );
  const asked = el(
    "div",
    { class: "versions-asked" },
    el("p", {}, el("b", {}, "What both were asked. Not AI, nothing to judge.")),
    el("p", { class: "lines" }, draft.prompt ?? ""),
  );
  const review = layout.review ?? "What the reviewing assistant says of them";
  return [
    draft.prompt ? asked : null,
    el("div", { class: "versions-pair" }, cards),
    el("article", { class: "paper versions-review" }, head(review), body.slice(2)),
  ];
};
LAYOUTS.versions.asks = true;
