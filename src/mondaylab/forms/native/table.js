LAYOUTS.table = (body, layout) => [
  layout.file ? el("p", { class: "table-file" }, el("b", {}, layout.file), " filled by the assistant") : null,
  el("div", { class: "table-sheet" }, body),
];
