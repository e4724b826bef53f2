// One place: what it is taken to mean, what it may mean, and what its author says of it.

/** What can be said of the place in view; `place` is what the kernel told of it. */
function placeView(screen, place) {
  const { answer, kinds, menus } = screen.state;
  const { id } = screen;
  const row = answer.rows.find((one) => one.number === place.number);
  const parts = [
    el("p", { class: "hd" }, `Place ${place.number} of ${answer.rows.filter((one) => one.number !== null).length}`),
    el("h3", { class: "words", tabindex: "-1", "data-at": "place" }, "“", marked(place.words, kinds), "”"),
    place.sentence.replace(/[.!?]$/, "") === place.words ? null : el("p", { class: "small" }, "in: ", marked(place.sentence, kinds)),
  ];
  if (row.data_says !== null) parts.push(versusView(row, place));
  for (const need of row.needs) {
    const mine = need.what.startsWith(place.why ?? "\0") || need.what === place.why;
    parts.push(noteView(need.decides ? "open" : "stuck", capital(need.what), need.decides || mine ? null : "No choice here settles it."));
  }
  if (place.means) parts.push(el("div", {}, el("p", { class: "q" }, place.decided ? "You said it means" : "It means, by its words"), el("p", { class: "sentence" }, capital(place.means), ".")));
  const meaning = place.can_mean ? meaningView(screen, place, menus) : null;
  if (meaning) parts.push(meaning.node);
  if (place.judged_as) parts.push(el("div", {}, el("p", { class: "q" }, "What learners judge"), el("p", { class: "sentence" }, unbroken(place.judged_as))));
  if (place.states.length) parts.push(statesView(screen, place));
  parts.push(actsView(screen, place, meaning));
  return el("section", { class: "card insp", "aria-label": `Place ${place.number}` }, parts);
}

/** What text and data say, side by side. */
function versusView(row, place) {
  const fair = place.kinds.length ? `Learners may fairly call it ${place.kinds.map((one) => `“${one}”`).join(" or ")}.` : "";
  const wrong = row.state === "wrong";
  return el(
    "div",
    { class: "versus" },
    el("dl", {}, el("div", {}, el("dt", {}, "The text says"), el("dd", {}, unbroken(row.text_says))), el("div", {}, el("dt", {}, "The data says"), el("dd", {}, unbroken(row.data_says)))),
    wrong ? el("p", { class: "bad" }, shape("wrong"), el("span", {}, "A natural error: it stays as it is. ", el("span", { class: "fair" }, fair))) : null,
    row.state === "holds" ? el("p", { class: "good" }, shape("holds"), el("span", {}, "It holds, as exactly as the text says it.")) : null,
  );
}

const noteView = (state, words, more) => el("p", { class: `need ${state}` }, shape(state), el("span", {}, words, ".", more ? ` ${more}` : ""));

/** Which figure is meant: proposals with what each comes to, and the same as a sentence with menus. */
function meaningView(screen, place, menus) {
  const { id } = screen;
  let meaning = place.meaning;
  const alternatives = place.proposals.map((one, number) => {
    const input = el("input", { type: "radio", name: `${id}-alt`, value: String(number), "data-at": `alt-${number}`, onchange: () => choose(one.meaning) });
    const told = one.value === null ? "the data has none" : unbroken(one.value);
    const verdict = one.value === null ? null : one.holds ? "the text says the same" : `a natural error, then: ${one.kind}`;
    return { one, input, node: el("label", {}, input, el("span", {}, capital(one.words)), el("span", { class: "val" }, told), verdict ? el("small", {}, verdict) : null) };
  });
  const sentence = el("div", { class: "sent", role: "group", "aria-label": "The same as a sentence" });
  const choose = (next) => {
    meaning = next;
    for (const { one, input } of alternatives) input.checked = same(one.meaning, meaning);
    sentence.replaceChildren(...sentenceOf(screen, meaning, menus, choose));
  };
  choose(meaning ?? { measure: menus.measures[0].id, cut: {}, when: menus.whens[0].id, against: "" });
  const node = el(
    "fieldset",
    { class: "meaning" },
    el("legend", { class: "q" }, "Which figure is it? ", el("span", { class: "opt" }, "by the words, not by which value fits")),
    alternatives.length ? el("div", { class: "alt" }, alternatives.map((one) => one.node)) : null,
    el("p", { class: "q" }, alternatives.length ? "Or put it together" : "Put it together"),
    sentence,
  );
  return { node, chosen: () => meaning };
}

const same = (one, other) => JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
const ordered = (one) => [one.measure, Object.entries(one.cut).sort(), one.when, one.against];

/** A meaning as a sentence with menus; a change makes the sentence anew. */
function sentenceOf(screen, meaning, menus, choose) {
  const { id } = screen;
  const measure = menus.measures.find((one) => one.id === meaning.measure);
  const changed = (part) => (event) => {
    const at = event.target.id;
    choose(part(event.target.value));
    document.getElementById(at)?.focus();
  };
  const small = (name, label, options, chosen, part) => menu(`${id}-say-${name}`, options, chosen, { "aria-label": label, class: "inp sel", onchange: changed(part) });
  const fitting = (name) => menus.measures.find((one) => one.id === name).fields;
  const kept = (cut, fields) => Object.fromEntries(Object.entries(cut).filter(([field]) => fields.includes(field)));
  const slices = measure.fields.map((field) =>
    small(
      field,
      capital(field.replaceAll("_", " ")),
      [["", `any ${field.replaceAll("_", " ")}`], ...menus.members[field].map((name) => [name, name])],
      meaning.cut[field] ?? "",
      (name) => ({ ...meaning, cut: name ? { ...meaning.cut, [field]: name } : kept(meaning.cut, measure.fields.filter((one) => one !== field)) }),
    ),
  );
  const againsts = [
    ["", "nothing"],
    ...menus.whens.filter((one) => one.id !== meaning.when).map((one) => [one.id, one.name]),
    ...(Object.keys(meaning.cut).length ? [[menus.whole, `the ${menus.whole}`]] : []),
    ...measure.fields.flatMap((field) => menus.members[field].filter((name) => name !== meaning.cut[field]).map((name) => [`${field}=${name}`, name])),
  ];
  const against = againsts.some(([value]) => value === meaning.against) ? meaning.against : "";
  if (against !== meaning.against) meaning.against = against;
  return [
    small("measure", "Measure", menus.measures.map((one) => [one.id, one.name]), meaning.measure, (name) => ({ ...meaning, measure: name, cut: kept(meaning.cut, fitting(name)) })),
    el("span", {}, " of "),
    ...slices.flatMap((one, place) => (place ? [", ", one] : [one])),
    el("span", {}, " in "),
    small("when", "When", menus.whens.map((one) => [one.id, one.name]), meaning.when, (when) => ({ ...meaning, when })),
    el("span", {}, " against "),
    small("against", "Against", againsts, against, (other) => ({ ...meaning, against: other })),
  ];
}

/** Which of what must be stated this claim states. */
function statesView(screen, place) {
  return el(
    "fieldset",
    { class: "states" },
    el("legend", { class: "q" }, "It states ", el("span", { class: "opt" }, "of what this draft must state")),
    place.states.map((one) => {
      const box = el("input", {
        type: "checkbox",
        "data-at": `states-${one.item}`,
        onchange: (event) => screen.send("state", { number: place.number, item: one.item, on: event.target.checked }),
      });
      box.checked = one.on;
      return el("label", {}, box, el("span", {}, one.item));
    }),
  );
}

function actsView(screen, place, meaning) {
  const button = (words, kind, at, press) => el("button", { type: "button", class: `btn ${kind}`, "data-at": at, onclick: press }, words);
  const more = screen.nextOpen(place.number) !== null;
  const acts = [];
  if (meaning) acts.push(button(more ? "Confirm, next that needs me" : "Confirm", "primary", "confirm", () => screen.decide("mean", { number: place.number, meaning: meaning.chosen() })));
  if (place.can_be_nothing && !place.decided) acts.push(button("Not a claim", "", "nothing", () => screen.decide("nothing", { number: place.number })));
  if (place.decided) acts.push(button("Take it back", "", "undo", () => screen.send("undo", { number: place.number })));
  if (!meaning && more) acts.push(button("Next that needs me", acts.length ? "" : "primary", "next", () => screen.pick(screen.nextOpen(place.number))));
  return acts.length ? el("div", { class: "acts" }, acts) : null;
}
