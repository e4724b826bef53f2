LAYOUTS.chat = (pieces, layout) => [
  el("p", { class: "between chat-asked", role: "presentation" }, layout.asked),
  el("div", { class: "chat-said", role: "presentation" }, pieces.map((piece) => piece.node)),
];
