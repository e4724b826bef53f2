// Paste: an answer that was recorded, or a text from elsewhere with where it comes from.

/** The form for a text from elsewhere. What is typed stays in the page until it is sent to be scrubbed. */
function pasteForm(screen) {
  const { choices } = screen.state;
  const { id } = screen;
  const text = el("textarea", { id: `${id}-text`, class: "inp ta", rows: 12, spellcheck: "false", autocomplete: "off", "aria-describedby": `${id}-text-help` });
  const tool = el("input", { id: `${id}-tool`, class: "inp", autocomplete: "off", placeholder: "Sales Copilot" });
  const model = el("input", { id: `${id}-model`, class: "inp", autocomplete: "off", value: choices.not_stated });
  const answered = el("input", { id: `${id}-answered`, class: "inp", type: "date", value: choices.today, max: choices.today });
  const prompt = el("textarea", { id: `${id}-prompt`, class: "inp", rows: 2, spellcheck: "false", autocomplete: "off", "aria-describedby": `${id}-prompt-help` });
  const request = menu(
    `${id}-request`,
    choices.requests.map((one) => [one.id, `${one.id}: ${one.ask}`]),
    choices.requests[0].id,
  );
  const week = menu(
    `${id}-week`,
    choices.weeks.map((one) => [String(one.week), `week ${one.week}, from ${one.day}`]),
    String(choices.weeks.at(-1).week),
  );
  const abouts = el("div", { class: "fl w2" });
  const asked = () => choices.requests.find((one) => one.id === request.value);
  let slots = [];
  const fill = () => {
    slots = asked().about.map((one, place) => [
      one.slot,
      menu(`${id}-about-${one.slot}`, one.names.map((name) => [name, name]), one.names[Math.min(place, one.names.length - 1)]),
    ]);
    abouts.replaceChildren(
      ...slots.map(([slot, control]) => field(capital(slot.replaceAll("_", " ")), control)),
      ...(asked().weekly ? [field("Week", week)] : []),
    );
  };
  request.addEventListener("change", fill);
  fill();
  const send = el("button", { type: "submit", class: "btn primary big" }, "Take out names");
  const form = el(
    "form",
    { class: "two" },
    el(
      "section",
      { class: "card", "aria-labelledby": `${id}-paste-title` },
      el("h3", { id: `${id}-paste-title` }, "Or paste what the assistant said"),
      field("The answer, as it was", text, {
        help: "Names, numbers of people and the like are taken out in the kernel before anything is kept. What you paste is not stored, not in the notebook and not in a log.",
      }),
      screen.state.by_words ? el("p", { class: "small" }, screen.state.by_words) : null,
    ),
    el(
      "div",
      { class: "col" },
      el(
        "section",
        { class: "card", "aria-labelledby": `${id}-from` },
        el("h3", { id: `${id}-from` }, "Where it comes from"),
        el(
          "div",
          { class: "fl" },
          field("Tool", tool),
          field("Model", model),
          field("Answered on", answered),
          field("What was asked for", request, { wide: true }),
          abouts,
          field("What was typed, if it was not that", prompt, { wide: true, help: "Scrubbed like the answer. Left empty, it is the request's own words." }),
        ),
      ),
      el("div", { class: "acts" }, send),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const about = Object.fromEntries(slots.map(([slot, control]) => [slot, control.value]));
    const said = { tool: tool.value, model: model.value, answered: answered.value, request: request.value, about };
    // what is raw goes as buffers: a kernel that logs its messages does not log these
    screen.send("paste", { ...said, week: asked().weekly ? Number(week.value) : null }, [text.value, prompt.value]);
  });
  return form;
}

/** What `labs record` kept, the newest first. */
function recordedList(screen) {
  const { choices } = screen.state;
  const { id } = screen;
  const rows = choices.recorded.map((one) =>
    el(
      "li",
      {},
      el("div", {}, el("b", {}, `${one.request}, answer ${one.number}`), el("small", {}, `${one.about}; ${one.model}, ${one.recorded}`)),
      one.why_not
        ? el("span", { class: "why" }, shape("stuck"), el("span", {}, one.why_not))
        : el("button", { type: "button", class: "btn slim", "aria-label": `Adopt this: ${one.request}, answer ${one.number}`, onclick: () => screen.send("recorded", { key: one.key }) }, "Adopt this"),
    ),
  );
  return el(
    "section",
    { class: "card", "aria-labelledby": `${id}-recorded` },
    el("h3", { id: `${id}-recorded` }, "Choose a recorded answer"),
    rows.length > 0
      ? el("ul", { class: "kept", tabindex: rows.length > 4 ? "0" : null, "aria-labelledby": `${id}-recorded` }, rows)
      : el("p", { class: "small" }, "None is recorded for this lab and quarter. To record some: ", el("code", {}, choices.record)),
    choices.older ? el("p", { class: "small" }, `Not listed: ${choices.older} older.`) : null,
  );
}

/** A text that was scrubbed: what was taken out, before its claims are looked at. */
function scrubbedView(screen) {
  const { answer, kinds } = screen.state;
  const { id } = screen;
  return el(
    "div",
    { class: "two" },
    el(
      "section",
      { class: "card", "aria-labelledby": `${id}-clean` },
      el("h3", { id: `${id}-clean` }, "The answer, as it is kept"),
      el("div", { class: "inp ta clean", tabindex: "0", role: "group", "aria-labelledby": `${id}-clean` }, marked(answer.text, kinds)),
      el("p", { class: "small" }, "What you pasted is gone. A mark does not hold what stood there."),
    ),
    el(
      "div",
      { class: "col" },
      el(
        "section",
        { class: "card", "aria-labelledby": `${id}-taken` },
        el("h3", { id: `${id}-taken` }, answer.taken.length ? "Taken out" : "Nothing was taken out"),
        answer.taken.length
          ? el("ul", { class: "taken" }, answer.taken.map((words) => el("li", {}, words)))
          : el("p", { class: "small" }, "Nothing in it looks personal. Read it once more: is anybody named?"),
        screen.state.by_words ? el("p", { class: "small" }, screen.state.by_words) : null,
        answer.taken.length ? el("p", { class: "small" }, "Missed one, or taken out too much? Change it where you have it, and paste it again.") : null,
      ),
      el(
        "div",
        { class: "acts" },
        el("button", { type: "button", class: "btn primary big", onclick: () => screen.send("bind") }, "Find the claims"),
        el("button", { type: "button", class: "btn", onclick: () => screen.send("restart") }, "Paste another"),
      ),
    ),
  );
}

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
