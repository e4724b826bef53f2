// Marks: the shapes of what is known of a place, and black marks where the scrubber took something out.

const SHAPES = {
  holds: [
    ["circle", { cx: 8, cy: 8, r: 6 }],
    ["path", { d: "M5.300 8.200l1.900 1.900 3.500-4" }],
  ],
  wrong: [["path", { d: "M8 1.500 14.500 8 8 14.500 1.500 8Z", fill: "currentColor", stroke: "none" }]],
  open: [["path", { d: "M4.800 5.200a3.200 3.200 0 1 1 4.700 2.800c-1 .6-1.500 1.200-1.500 2.300M8 13.300v.5" }]],
  stuck: [["path", { d: "M4 4l8 8M12 4l-8 8" }]],
  off: [["path", { d: "M4 8h8" }]],
};

/** The shape of a state; the word beside it says the same. */
function shape(state) {
  const shapes = SHAPES[state].map(([tag, attributes]) => svg(tag, attributes));
  return svg(
    "svg",
    { width: 16, height: 16, viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": 1.800, class: "icon", "aria-hidden": "true" },
    ...shapes,
  );
}

const TAKEN = /«([A-Z][A-Z ]*)»/;

/** Words with a black mark for each place that was taken out. What was there is not in the page. */
function marked(text, kinds) {
  return text.split(TAKEN).map((part, place) => {
    if (place % 2 === 0) return unbroken(part);
    return el("span", { class: "red" }, kinds[part] ?? part.toLowerCase());
  });
}

/** A labelled control. */
function field(label, control, { wide = false, help = null } = {}) {
  const id = control.id;
  return el(
    "div",
    { class: wide ? "w2" : null },
    el("label", { for: id }, label),
    control,
    help ? el("p", { class: "small", id: `${id}-help` }, help) : null,
  );
}

/** A menu; `options` are [value, words]. */
function menu(id, options, chosen, attributes = {}) {
  const made = el(
    "select",
    { id, class: "inp", ...attributes },
    options.map(([value, words]) => el("option", { value, selected: value === chosen }, words)),
  );
  made.value = chosen;
  return made;
}

const STEPS = ["Paste", "Bind", "Preview"];

/** Where one is. */
function stepsView(at) {
  return el(
    "ol",
    { class: "steps", "aria-label": "Steps" },
    STEPS.map((word, place) =>
      el(
        "li",
        { "aria-current": place === at ? "step" : null },
        el("b", {}, place < at ? "✓" : String(place + 1)),
        word,
        place < at ? el("span", { class: "vh" }, " (done)") : null,
      ),
    ),
  );
}
