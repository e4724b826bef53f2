// The list: what the answer said, a row for each claim or doubt, with what text and data say.

/** All rows as one list box; arrows move in it, Enter goes to what can be said of a place. */
function listView(screen) {
  const { answer, kinds } = screen.state;
  const options = answer.rows.map((row, place) => {
    const said = el(
      "span",
      { class: "said" },
      marked(spaced(row.before, row.words), kinds),
      row.words ? el("u", {}, marked(row.words, kinds)) : null,
      marked(before(row.after), kinds),
    );
    const told = row.data_says !== null
      ? [el("span", {}, "text ", row.text_says), el("span", {}, "data ", el("b", {}, row.data_says))]
      : row.needs.map((need) => el("span", {}, need.what));
    return el(
      "li",
      {
        role: "option",
        class: `se ${row.state}${row.first ? "" : " two-in-one"}`,
        "data-number": row.number,
        "data-at": `row-${place}`,
        "aria-selected": "false",
        "aria-disabled": row.number === null ? "true" : null,
        tabindex: "-1",
        onclick: () => row.number !== null && screen.pick(row.number),
      },
      el("span", { class: "st" }, shape(row.state), el("span", {}, row.label)),
      said,
      el("span", { class: "x" }, told),
    );
  });
  const list = el("ul", { role: "listbox", class: "rows", "aria-labelledby": `${screen.id}-said` }, options);
  list.addEventListener("keydown", (event) => {
    const numbered = options.filter((one) => one.dataset.number);
    const at = numbered.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: numbered.length - 1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      screen.toPlace();
    } else if (to !== undefined && numbered[to]) {
      event.preventDefault();
      screen.select(Number(numbered[to].dataset.number), true);
    }
  });
  const mark = (number) => {
    for (const one of options) {
      const on = Number(one.dataset.number) === number && one.dataset.number !== undefined;
      set(one, { "aria-selected": String(on), tabindex: on ? "0" : "-1" });
    }
    return options.find((one) => one.getAttribute("aria-selected") === "true");
  };
  const legend = [
    ["holds", "holds"],
    ["wrong", "wrong by itself"],
    ["open", "needs you"],
    ...(answer.stuck ? [["stuck", "in the way"]] : []),
    ["off", "not a claim"],
  ];
  const node = el(
    "section",
    { class: "card flush" },
    el(
      "header",
      {},
      el("h3", { id: `${screen.id}-said` }, "What it said"),
      el("div", { class: "key" }, legend.map(([state, words]) => el("span", { class: state }, shape(state), words))),
    ),
    list,
  );
  return { node, mark };
}

const spaced = (words, next) => (words && next && !/[(€$£]$/.test(words) ? `${words} ` : words);
const before = (words) => (words && !/^[\s.,;:!?)%]/.test(words) ? ` ${words}` : words);

/** What is known of the answer, in a strip. */
function originView(screen) {
  const { answer, kinds } = screen.state;
  const cell = (name, words) => el("div", {}, el("dt", {}, name), el("dd", {}, words));
  return el(
    "dl",
    { class: "card pv" },
    cell("Tool", answer.tool ?? "none, asked directly"),
    cell("Model", answer.model),
    cell("Answered", answer.answered),
    cell("About", answer.about),
    cell("Asked", marked(answer.prompt, kinds)),
    cell("Taken out", answer.taken.length ? answer.taken.join(", ") : "nothing"),
  );
}

/** What the draft must state, and which claims do. */
function mustView(screen) {
  const { answer } = screen.state;
  return el(
    "section",
    { class: "card", "aria-labelledby": `${screen.id}-must` },
    el("h3", { id: `${screen.id}-must` }, "What this draft must state"),
    el("p", { class: "small" }, "What no claim states is what learners are to miss in it. Say at a claim what it states."),
    el(
      "ul",
      { class: "must" },
      answer.must_state.map((one) =>
        el(
          "li",
          {},
          el("span", {}, capital(one.item)),
          one.numbers.length ? el("b", {}, one.numbers.map((number) => `“${wordsOfRow(answer, number)}”`).join(", ")) : el("span", { class: "opt" }, "left out"),
        ),
      ),
    ),
  );
}

const wordsOfRow = (answer, number) => answer.rows.find((row) => row.number === number)?.words ?? String(number);
