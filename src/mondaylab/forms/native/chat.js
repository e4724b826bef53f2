LAYOUTS.chat = (body, _, draft) => [
  draft.prompt ? el("p", { class: "chat-by" }, "You asked") : null,
  draft.prompt ? el("div", { class: "chat-asked" }, el("p", {}, draft.prompt)) : null,
  el("p", { class: "chat-by" }, "The assistant answered"),
  el("div", { class: "chat-answer" }, body),
];
