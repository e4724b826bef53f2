// Asking the assistant: what is sent, how far the answer is, and the answer as it comes.

const BUSY = ["asking", "waiting", "thinking"];
const GLYPHS = { nobody: "info", done: "ok", stopped: "info", failed: "err" };
const WHO = { user: "You", system: "Set beforehand", assistant: "Assistant" };

/** The messages word by word; a screen reader hears them as a list. */
function sentMessages(messages) {
  const size = messages.reduce((total, one) => total + one.content.length, 0);
  const many = messages.length === 1 ? "1 message" : `${messages.length} messages`;
  return el(
    "details",
    { class: "sent" },
    el("summary", {}, "What is sent", el("span", { class: "dim" }, ` ${many}, ${size.toLocaleString("en")} characters`)),
    el(
      "ul",
      {},
      messages.map((one) => el("li", {}, el("b", {}, WHO[one.role] ?? one.role), el("div", { class: "words" }, one.content))),
    ),
  );
}

async function render({ model, el: host }) {
  const told = await toldTo(model);
  const id = `mdla-${Math.random().toString(36).slice(2, 7)}`;
  host.classList.add("mdl");
  const glyph = el("span", { class: "glyph", "aria-hidden": "true" });
  // what is read out is apart from what changes with each word
  const status = el("span", { role: "status", class: "status" });
  const pace = el("span", { class: "dim" });
  const button = (words, order) =>
    el("button", { type: "button", class: "btn", onclick: (event) => ordered(event.currentTarget, order) }, words);
  const ordered = (pressed, order) => pressed.getAttribute("aria-disabled") !== "true" && model.send({ do: order });
  const stop = button("Stop", "stop");
  const again = button("Ask again", "again");
  const answer = el("div", { class: "answer", role: "group", "aria-label": "Answer" });
  const nothing = el("p", { class: "dim nothing" });
  const root = el(
    "section",
    { class: "panel assistant", "aria-labelledby": `${id}-title`, "data-lm-suppress-shortcuts": "true" },
    el(
      "header",
      { class: "top" },
      el("h2", { id: `${id}-title` }, "Assistant"),
      el("p", { class: "line" }, glyph, el("span", {}, status, pace)),
      el("div", { class: "does" }, stop, again),
    ),
    sentMessages(told.get("messages") || []),
    answer,
    nothing,
  );
  root.addEventListener("keydown", (event) => !(event.ctrlKey || event.metaKey) && event.stopPropagation());
  host.append(root);

  let shownPhase = null;
  let shownAnswer = null;
  const update = () => {
    const phase = told.get("phase");
    const busy = BUSY.includes(phase);
    if (phase !== shownPhase) {
      shownPhase = phase;
      set(root, { "data-phase": phase });
      glyph.replaceChildren(icon(GLYPHS[phase] ?? "busy"));
      set(stop, { "aria-disabled": String(!busy) });
      set(again, { "aria-disabled": String(busy) });
      set(answer, { "aria-busy": String(busy) });
    }
    say(status, told.get("status"));
    say(pace, told.get("pace") && `, ${told.get("pace")}`);
    const html = told.get("answer");
    if (html !== shownAnswer) {
      shownAnswer = html;
      // the one place where markup is taken as such: the kernel has cleaned it by an allow list (mondaylab.harmless),
      // and no address, class, style or handler is on that list
      answer.innerHTML = html;
      for (const table of answer.querySelectorAll("table, pre")) set(table, { tabindex: "0" }); // they may scroll
    }
    answer.hidden = !html;
    nothing.hidden = Boolean(html) || !busy;
    say(nothing, phase === "waiting" ? "You can go on working; the answer comes here." : "The answer comes here.");
  };
  const watched = ["change:phase", "change:status", "change:pace", "change:answer"];
  for (const name of watched) told.on(name, update);
  update();
  return () => {
    for (const name of watched) told.off(name, update);
    root.remove();
  };
}

export default { render };
