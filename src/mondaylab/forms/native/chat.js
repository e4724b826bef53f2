LAYOUTS.chat = (body, layout, draft) => {
  const turn = (whose, said, bubble) => el("div", { class: `chat-turn ${whose}` }, el("p", { class: "chat-by" }, said), bubble);
  const asked = el("div", { class: "chat-bubble lines" }, draft.prompt ?? "");
  return [
    draft.prompt ? turn("chat-me", "What was asked. Not AI, nothing to judge.", asked) : null,
    turn("chat-ai", "The assistant answered", el("article", { class: "paper chat-bubble" }, body)),
  ];
};
LAYOUTS.chat.asks = true;
