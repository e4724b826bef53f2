LAYOUTS.summary = (body, layout) => [
  el("div", { class: "summary-text" }, body),
  layout.source ? el("p", { class: "summary-source" }, `Written from: ${layout.source}`) : null,
];
