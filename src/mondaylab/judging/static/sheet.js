// The form beside the draft: one set of controls, built once and filled with whichever claim is selected, so that the
// slider is never rebuilt under a finger and focus never gets lost.

const at = (p) => `calc(${p / 100} * (100% - 22px) + 11px)`;

/** Radio buttons in a row of boxes; `options` are [value, label, key or hint]. */
function boxes(name, options, choose, columns) {
  const made = options.map(([value, label, extra]) => {
    const input = el("input", { type: "radio", name, value, onchange: () => choose(value) });
    const was = el("span", { class: "was", hidden: true }, "first look");
    const hint = extra.length > 1 ? el("small", {}, extra) : null;
    const face = el(
      "span",
      { class: "c" },
      el("span", { class: "r" }, el("span", { class: "t" }, label), extra.length === 1 ? key(extra) : null),
      was,
      hint,
    );
    return { value, input, was, node: el("label", {}, input, face) };
  });
  return {
    made,
    node: el(
      "div",
      { class: `seg ${columns}` },
      made.map((one) => one.node),
    ),
  };
}

/** @param count of all rows; @param step goes on or back by so many; @param check opens the look-up, if there is one. */
function sheetView(form, id, count, edit, step, check) {
  const ghostWord = el("i", {});
  const ghost = el("span", { class: "ghost", hidden: true }, ghostWord);
  const slider = el("input", {
    type: "range",
    id: `${id}-p`,
    min: 0,
    max: 100,
    step: STEP,
    value: 50,
    "data-control": "p",
  });
  const slide = el("div", { class: "slide" }, ghost, slider);
  const number = el("span", {});
  const words = el("small", {});
  const heading = el("h3", {});
  const quoted = el("p", { class: "quote" });
  const reading = el("span", {});
  const reads = el("p", { class: "reads" }, el("b", {}, "Judged as: "), reading);
  const turn = (by, name, word, letter) =>
    el("button", { type: "button", class: `btn slim ${name}`, onclick: () => step(by) }, `${word} `, key(letter));
  const previous = turn(-1, "previous", "Previous", "k");
  const next = turn(1, "next", "Next", "j");
  const checkThis = el("button", { type: "button", class: "btn slim check", onclick: () => check?.(shown.row) }, "Check this");
  const checkTold = el("span", { class: "opt", role: "status" });
  const checking = el("div", { class: "checking" }, checkThis, checkTold);

  const actions = boxes(`${id}-action`, ACTIONS, (value) => edit({ action: value }), "four");
  const severities = boxes(`${id}-severity`, SEVERITIES, (value) => edit({ severity: value }), "three");
  const kinds = [];
  const groups = form.groups.map((group, place) => {
    const chips = group.kinds.map((kind) => {
      const input = el("input", {
        type: "radio",
        name: `${id}-kind`,
        value: kind.id,
        onchange: () => edit({ kind: kind.id }),
      });
      kinds.push({ value: kind.id, input });
      return el("label", { class: "chip" }, input, el("span", {}, kind.label));
    });
    return [
      el("span", { class: "g", id: `${id}-g${place}` }, group.label),
      el("div", { class: "chips", role: "group", "aria-labelledby": `${id}-g${place}` }, chips),
    ];
  });

  const same = el("button", { type: "button", class: "btn same", hidden: true });
  const unit = el("span", { class: "opt" });
  const value = el("input", {
    type: "text",
    class: "inp",
    id: `${id}-value`,
    inputmode: "decimal",
    autocomplete: "off",
    "aria-describedby": `${id}-read`,
  });
  const read = el("span", { class: "read", id: `${id}-read` });
  const correction = el(
    "div",
    {},
    el("label", { class: "q", for: `${id}-value` }, "The correct value ", unit),
    value,
    read,
  );
  const note = el("input", {
    type: "text",
    class: "inp",
    id: `${id}-note`,
    maxlength: NOTE_LENGTH,
    placeholder: "Table, filter, section",
    autocomplete: "off",
  });
  const noted = el(
    "div",
    {},
    el("label", { class: "q", for: `${id}-note` }, "How you checked ", el("span", { class: "opt" }, "optional")),
    note,
  );
  const two = el("div", { class: "two", hidden: true }, correction, noted);

  const flaw = el(
    "div",
    { class: "flaw", hidden: true },
    el(
      "fieldset",
      { "data-control": "kind" },
      el("legend", { class: "q" }, "What is wrong with it? ", el("span", { class: "opt" }, "main flaw")),
      el("div", { class: "kinds" }, groups.flat()),
    ),
    el(
      "fieldset",
      { "data-control": "severity" },
      el("legend", { class: "q" }, "How bad if it went out?"),
      severities.node,
    ),
  );
  const node = el(
    "div",
    { class: "sheet", id: `${id}-sheet`, role: "region" },
    el(
      "div",
      { class: "stick" },
    el("div", { class: "who" }, heading, previous, next, el("div", { class: "what" }, quoted, reads), checking),
    el(
      "div",
      {},
      el(
        "div",
        { class: "prow" },
        el("label", { class: "q", for: `${id}-p` }, "How likely is it wrong?"),
        el("output", { class: "pval", for: `${id}-p` }, number, words),
      ),
      slide,
      el(
        "div",
        { class: "anch", "aria-hidden": "true" },
        ["surely right", "probably right", "coin flip", "probably wrong", "surely wrong"].map((word) =>
          el("span", {}, word),
        ),
      ),
    ),
    el(
      "fieldset",
      { "data-control": "action" },
      el("legend", { class: "q" }, "What would you do with it?"),
      actions.node,
      same,
    ),
    flaw,
    two,
    ),
  );

  let shown = null; // the row and stage in the text fields: they are filled anew only when that changes
  slider.addEventListener("input", () => edit({ p: Number(slider.value) }));
  // a press on the middle of an unset slider changes no value and so gives no input event
  slider.addEventListener("pointerup", () => slide.classList.contains("unset") && edit({ p: Number(slider.value) }));
  slider.addEventListener("keydown", (event) => {
    if ([" ", "Enter"].includes(event.key) && slide.classList.contains("unset")) {
      event.preventDefault();
      edit({ p: Number(slider.value) });
    }
  });
  const readBack = (row) => {
    const now = readNumber(value.value, row.unit);
    const wrong = now === undefined;
    set(value, { "aria-invalid": wrong ? "true" : null });
    say(read, wrong ? "Write a number, such as 1234.5" : now === null ? "" : `Read as ${writeNumber(now)} ${row.unit}`);
    return now;
  };
  value.addEventListener("input", () => {
    const now = readBack(shown.row);
    if (now !== undefined) edit({ value: now });
  });
  note.addEventListener("input", () => edit({ note: note.value === "" ? null : note.value }));
  same.addEventListener("click", () => {
    const { p, action } = shown.first;
    edit({ p, action });
    slider.focus();
  });

  return {
    node,
    slider,
    told: (text) => say(checkTold, text),
    focusOn(control) {
      const found = node.querySelector(`[data-control="${control}"]`);
      (found?.matches("input") ? found : found?.querySelector("input"))?.focus();
    },
    update(row, sync) {
      const { stage, locked } = sync;
      const answer = sync.answer(stage, row.claim_id);
      const first = stage === "check" ? sync.answer("first", row.claim_id) : null;
      const moved = shown?.row !== row || shown?.stage !== stage;
      shown = { row, stage, first };
      set(node, { "aria-label": `Judgement of claim ${row.number}` });
      if (moved) heading.replaceChildren(`Claim ${row.number} `, el("span", { class: "opt" }, `of ${count}`));
      checking.hidden = !check || stage === "first" || locked; // a first look is without looking up
      if (moved) say(checkTold, "");
      say(quoted, unbroken(row.text));
      reads.hidden = !row.judged_as;
      say(reading, unbroken(row.judged_as ?? ""));
      // not `disabled`: the focus would fall out of the panel at the last row
      set(previous, { "aria-disabled": row.number === 1 ? "true" : null });
      set(next, { "aria-disabled": row.number === count ? "true" : null });

      say(number, answer.p === null ? "–" : `${answer.p}%`);
      say(words, inWords(answer.p));
      slide.classList.toggle("unset", answer.p === null);
      slide.classList.toggle("has", first?.p != null);
      const step = answer.p !== null && answer.p % STEP ? 1 : STEP;
      if (Number(slider.step) !== step) slider.step = step;
      if (Number(slider.value) !== (answer.p ?? 50)) slider.value = answer.p ?? 50;
      slider.style.setProperty("--fill", `${answer.p ?? 0}%`);
      slider.disabled = locked;
      const spoken = answer.p === null ? "not set" : `${answer.p} percent, ${inWords(answer.p)}`;
      set(slider, { "aria-valuetext": first?.p != null ? `${spoken}, first look ${first.p} percent` : spoken });
      ghost.hidden = first?.p == null;
      if (first?.p != null) {
        ghost.style.left = at(first.p);
        say(ghostWord, `first look ${first.p}%`);
        set(ghostWord, { class: first.p < 12 ? "left" : first.p > 88 ? "right" : null });
      }

      for (const one of actions.made) {
        one.input.checked = answer.action === one.value;
        one.input.disabled = locked;
        one.was.hidden = first?.action !== one.value;
      }
      actions.node.classList.toggle("ghosted", first?.action != null);
      same.hidden = locked || first?.p == null || answer.p !== null || answer.action !== null;
      if (!same.hidden) say(same, `Same as first look: ${first.p}%, ${actionName(first.action)}`);

      const asked = doubted(stage, answer);
      if (!asked && flaw.contains(document.activeElement)) slider.focus();
      flaw.hidden = !asked;
      for (const one of kinds) [one.input.checked, one.input.disabled] = [answer.kind === one.value, locked];
      for (const one of severities.made)
        [one.input.checked, one.input.disabled] = [answer.severity === one.value, locked];

      two.hidden = stage === "first";
      correction.hidden = !asked || row.unit === null;
      say(unit, row.unit === null ? "" : `in ${row.unit}, optional`);
      if (moved || (document.activeElement !== value && !value.matches("[aria-invalid]"))) {
        value.value = writeNumber(answer.value);
        set(value, { "aria-invalid": null });
        say(read, "");
      }
      if (moved || document.activeElement !== note) note.value = answer.note ?? "";
      [value.readOnly, note.readOnly] = [locked, locked];
    },
  };
}
