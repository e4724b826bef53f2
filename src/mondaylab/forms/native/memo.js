LAYOUTS.memo = (body, layout) => [
  el("article", { class: "paper" }, layout.heading ? el("p", { class: "memo-heading" }, layout.heading) : null, body),
];
