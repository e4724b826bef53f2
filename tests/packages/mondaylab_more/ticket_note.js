LAYOUTS.ticket = (body, layout) => [
  el("p", { class: "ticket-line" }, layout.ticket),
  el("article", { class: "paper ticket-note" }, body),
];
