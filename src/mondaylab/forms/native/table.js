LAYOUTS.table = (body, layout) => [
  el(
    "article",
    { class: "paper table-sheet" },
    layout.file ? el("p", { class: "table-file" }, el("b", {}, layout.file), " filled by the assistant") : null,
    body,
  ),
];
