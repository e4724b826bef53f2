LAYOUTS.summary = (body, layout) => [
  el(
    "article",
    { class: "paper" },
    body,
    layout.source ? el("p", { class: "summary-source" }, `Written from: ${layout.source}`) : null,
  ),
];
