LAYOUTS.mail = (body, layout) => {
  const lines = [
    ["From", layout.sender],
    ["To", layout.to],
    ["Subject", layout.subject],
  ].map(([name, said]) => el("p", {}, el("span", {}, name), el("span", {}, said)));
  const origin = (layout.received_line ?? "The mail that it answers").replace(/\.$/, "");
  const received = el(
    "blockquote",
    { class: "mail-received" },
    el("p", {}, el("b", {}, `${origin}. Not AI, nothing to judge.`)),
    el("p", { class: "lines" }, layout.received ?? ""),
  );
  const head = el("div", { class: "mail-lines" }, lines);
  return [el("article", { class: "paper" }, head, body, layout.received ? received : null)];
};
