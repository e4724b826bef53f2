// Preview: what learners would get of the answer, the file it becomes, and adding it to the lab.

function previewView(screen) {
  const { answer, preview } = screen.state;
  const { id } = screen;
  const name = el("input", { id: `${id}-name`, class: "inp", value: answer.version, autocomplete: "off", spellcheck: "false", maxlength: 80 });
  const rename = el("button", { type: "button", class: "btn slim", onclick: () => screen.send("rename", { name: name.value }) }, "Rename");
  const replace = el("input", { type: "checkbox", id: `${id}-replace` });
  const waits = answer.ready ? "" : "something needs you";
  return el(
    "div",
    { class: "stack" },
    el("div", { class: "pp" }, preview.drafts.map((draft, place) => paperView(screen, draft, place))),
    answer.fixed.length
      ? el(
          "section",
          { class: "card", "aria-labelledby": `${id}-fixed` },
          el("h3", { id: `${id}-fixed` }, "It stands only as it came"),
          el("p", { class: "small" }, "Its words fit no other slices, so one learner of a cohort may get it as it is, and nobody another version of it:"),
          el("ul", { class: "fixed" }, answer.fixed.map((words) => el("li", {}, words))),
        )
      : null,
    el(
      "section",
      { class: "card", "aria-labelledby": `${id}-file` },
      el("h3", { id: `${id}-file` }, "The file"),
      el("p", { class: "small" }, el("code", {}, preview.file)),
      el("div", { class: "fl" }, field("Name of this version", name), el("div", { class: "end" }, rename)),
      preview.taken ? el("label", { class: "tick" }, replace, el("span", {}, "There is such an answer: take its place")) : null,
      el("details", {}, el("summary", {}, "Show its text"), el("pre", { class: "file", tabindex: "0", "aria-label": "Text of the file" }, preview.text ?? "")),
      el(
        "div",
        { class: "acts" },
        el("button", { type: "button", class: "btn primary", "data-at": "add", "aria-disabled": String(!answer.ready), onclick: () => answer.ready && screen.send("add", { name: name.value, replace: replace.checked }) }, waits ? `Add to the lab (${waits})` : "Add to the lab"),
        el("button", { type: "button", class: "btn", "data-at": "back", onclick: () => screen.send("bind") }, "Back to the sentences"),
      ),
    ),
  );
}

/** A draft of one form, without truth. */
function paperView(screen, draft, place) {
  const id = `${screen.id}-form-${place}`;
  const glyph = { recorded: "recorded", simulated: "simulated" }[draft.source] ?? "info";
  const words = place === 0 ? "One learner of a cohort, at most, gets it as it came" : "Others may get the same words on other slices";
  const body = el("div", { class: "paper" });
  // the one place where markup is taken as such: the kernel has cleaned it by an allow list (mondaylab.forms.formats)
  if (draft.html !== null) body.innerHTML = draft.html;
  else body.append(el("p", {}, `No form has it so: ${draft.why_not}.`));
  for (const table of body.querySelectorAll("table, pre")) set(table, { tabindex: "0" }); // they may scroll
  return el(
    "section",
    { class: "card pa", "aria-labelledby": id },
    el("header", { id }, icon(glyph), el("div", {}, el("b", {}, draft.provenance || "Not drawn"), el("small", {}, words))),
    body,
  );
}

/** It is in the lab. */
function addedView(screen) {
  const { preview } = screen.state;
  return el(
    "section",
    { class: "card" },
    el("h3", {}, "Written"),
    el("p", {}, el("code", {}, preview.added)),
    el("p", { class: "q" }, "Next, in a terminal"),
    el("pre", { class: "file", tabindex: "0", "aria-label": "Next command" }, preview.next),
    el("p", { class: "small" }, "Edit the title and the sentences that are judged in that file, if you have better words. Leave the text alone."),
    el("div", { class: "acts" }, el("button", { type: "button", class: "btn primary", "data-at": "restart", onclick: () => screen.send("restart") }, "Adopt another answer")),
  );
}
