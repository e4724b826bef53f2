LAYOUTS.mail = (body, layout) => [
  el(
    "dl",
    { class: "mail-head" },
    [
      ["From", layout.sender],
      ["To", layout.to],
      ["Subject", layout.subject],
    ].map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  ),
  ...body,
  layout.received
    ? el(
        "blockquote",
        { class: "mail-received" },
        el("p", {}, el("b", {}, layout.received_line ?? "The mail that it answers.", " Not AI, nothing to judge.")),
        el("p", {}, layout.received),
      )
    : null,
];
