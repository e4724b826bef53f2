LAYOUTS.agent = (body, layout, draft) => {
  const called = (call, returned) =>
    el(
      "details",
      { class: "agent-call", open: "" },
      el("summary", {}, el("code", {}, call), el("span", { class: "agent-got" }, returned.trim() ? "returned" : "done")),
      returned.trim() ? el("p", { class: "agent-returned lines" }, returned.trim()) : null,
    );
  const steps = body.find((node) => node.tagName === "OL");
  [...(steps?.children ?? [])].forEach((step, at) => {
    const call = layout.calls?.[at]?.trim();
    if (call) step.firstElementChild?.after(called(call, layout.returned?.[at] ?? ""));
  });
  const task = el(
    "div",
    { class: "agent-task" },
    el("p", {}, el("b", {}, "The task it was given. Not AI, nothing to judge.")),
    el("p", { class: "lines" }, draft.prompt ?? ""),
  );
  return [draft.prompt ? task : null, el("article", { class: "paper agent-steps" }, body)];
};
LAYOUTS.agent.asks = true;
