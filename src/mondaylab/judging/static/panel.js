// The judgement panel: the frame around drafts and sheet, the keyboard, and what the learner is told about saving.

let panels = 0;
const PATIENCE = 4000; // milliseconds that a kernel at rest takes at the most

/** How many pictures came with a draft. */
const pictures = (draft) => Object.values(draft.pictures ?? {}).filter(Boolean).length;

class Panel {
  constructor(host, model) {
    this.id = `mdl${(panels += 1)}-${Math.random().toString(36).slice(2, 7)}`;
    this.root = el("section", {
      class: "panel",
      "aria-labelledby": `${this.id}-title`,
      "data-lm-suppress-shortcuts": "true",
    });
    this.model = model;
    this.shortcuts = new Shelf("mondaylab:");
    host.classList.add("mdl");
    host.append(this.root);
    const form = model.get("form") || null;
    const formId = model.get("form_id") || form?.form_id || "";
    if (!formId) {
      this.empty("Nothing to judge yet", model.get("hint") || "Run the cell above first.");
      return;
    }
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.heard = (content) => this.opened(content);
    this.told = toldTo(model);
    this.told.then((told) => told.on("msg:custom", this.heard));
    this.sync = new Sync(formId, model.get("user") || "", form, () => this.update());
    this.update();
  }

  empty(title, text) {
    if (this.bare === title + text) return;
    this.bare = title + text;
    this.root.replaceChildren(
      el("header", { class: "top" }, el("h2", { id: `${this.id}-title` }, "Judgement panel")),
      el("div", { class: "empty" }, el("b", {}, title), text),
    );
  }

  /** Everything is made once; `update` only fills it. */
  build() {
    const { form } = this.sync;
    this.rows = rowsOf(form);
    this.row = this.rows.find((row) => row.claim_id === this.sync.shelf.get("row")) ?? this.rows[0];
    this.claims = this.rows.filter((row) => !row.whole).length;
    this.saving = el("div", { class: "save" });
    this.savingWord = el("span", { role: "status" });
    this.steps = el("ol", { class: "steps", "aria-label": "Stages" });
    this.done = el("span", {});
    this.bars = el("span", { class: "bars" });
    this.notes = el("div", { class: "notes" });
    this.tabs = draftTabs(form, this.rows, this.id, (at) => this.go(this.rows.find((row) => row.draft === at)));
    this.sheet = sheetView(
      form,
      this.id,
      this.rows.length,
      (change) => this.sync.edit(this.row.claim_id, change),
      (by) => this.step(by),
      this.model.get("can_check") ? (row) => this.check(row) : null,
    );
    this.left = el("div", { class: "left" });
    this.need = el("span", { class: "need", id: `${this.id}-need` });
    this.spoken = el("span", { class: "vh", role: "status" });
    this.commit = el("button", {
      type: "button",
      class: "btn commit",
      "aria-describedby": `${this.id}-need`,
      onclick: () => this.handIn(),
    });
    this.box = el("input", { type: "checkbox", onchange: () => this.shortcuts.put("keys", this.box.checked) });
    this.box.checked = this.shortcuts.get("keys") ?? true;
    this.hints = [
      el("span", { class: "k2" }, key("0"), "–", key("9"), " set 0% to 90%"),
      el("span", { class: "k2" }, key("["), " ", key("]"), ` down, up ${STEP}`),
      el("span", { class: "k2" }, ACTIONS.map(([, , letter]) => [key(letter), " "]).flat(), "action"),
    ];
    this.root.replaceChildren(
      el(
        "header",
        { class: "top" },
        el("h2", { id: `${this.id}-title` }, form.title),
        el("span", { class: "dim" }, form.sample_data ? [sampleBadge(), " "] : null, this.summary(form)),
        this.steps,
        this.saving,
      ),
      el("div", { class: "tabs" }, this.tabs.node, el("div", { class: "prog" }, this.done, this.bars)),
      this.notes,
      el("div", { class: "body" }, this.left, this.sheet.node),
      el("div", { class: "foot" }, this.need, this.commit, this.spoken),
      el(
        "div",
        { class: "hint" },
        el("span", {}, key("j"), " ", key("k"), " next, previous claim"),
        this.hints,
        el("label", {}, this.box, "Single-key shortcuts"),
      ),
    );
    this.views = form.drafts.map((_, at) => this.viewOf(form, at));
    this.built = form;
  }
  viewOf(form, at) {
    const view = draftView(form, at, this.rows, this.id, (row) => this.go(row));
    view.node.addEventListener("keydown", (event) => this.onClaim(event));
    return view;
  }
  /** Pictures may come later than the form: only the drafts that they belong to are made anew. */
  illustrate(form) {
    form.drafts.forEach((draft, at) => {
      if (pictures(this.built.drafts[at]) < pictures(draft)) this.views[at] = this.viewOf(form, at);
    });
    this.built = form;
  }
  summary(form) {
    const drafts = form.drafts.length === 1 ? "1 draft" : `${form.drafts.length} drafts`;
    const attempt = form.attempt > 1 ? `, attempt ${form.attempt}` : "";
    return `${drafts}, ${this.claims} claims, ${form.quarter}${attempt}`;
  }

  // -- moving
  go(row, focus = false) {
    if (!row) return;
    this.row = row;
    this.sync.shelf.put("row", row.claim_id); // a reload opens where the learner was
    this.update();
    const node = this.view.claim(row);
    if (focus) node.focus({ preventScroll: true });
    // above the sheet where that lies over the draft; a scroll margin says how much it takes
    node.scrollIntoView({ block: "nearest" });
  }
  step(by, focus = false) {
    this.go(this.rows[this.rows.indexOf(this.row) + by], focus);
  }
  get view() {
    return this.views[this.row.draft];
  }
  /** In the text the claims are one stop: arrows go on in reading order, Enter goes to the slider. */
  onClaim(event) {
    if (!event.target.matches(".claim") || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (by) this.step(by, true);
    else if (event.key === "Enter" || event.key === " ") this.sheet.slider.focus();
    else return;
    event.preventDefault();
  }
  key(event) {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault(); // the browser would save the page
      this.sync.send();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // JupyterLab would take j, k and 0 0
    if (event.isComposing || event.target.matches(".inp") || !this.built || !this.box.checked) return;
    if (!this.press(event.key.toLowerCase())) return;
    event.preventDefault();
  }
  press(letter) {
    const inDraft = this.left.contains(document.activeElement);
    if (letter === "j" || letter === "k") {
      this.step(letter === "j" ? 1 : -1, inDraft);
      return true;
    }
    const now = this.sync.answer(this.sync.stage, this.row.claim_id).p;
    const action = ACTIONS.find(([, , known]) => known === letter);
    let change;
    if (/^[0-9]$/.test(letter)) change = { p: Number(letter) * 10 };
    else if (letter === "[" || letter === "]")
      change = { p: Math.max(0, Math.min(100, (now ?? 50) + (letter === "]" ? STEP : -STEP))) };
    else if (action) change = { action: action[0] };
    else return false;
    this.sync.edit(this.row.claim_id, change);
    const { p, action: chosen } = this.sync.answer(this.sync.stage, this.row.claim_id);
    say(this.spoken, [p === null ? "not set" : `${p} percent`, actionName(chosen)].filter(Boolean).join(", "));
    return true;
  }

  // -- checking
  /** Asks the kernel to open the look-up for a claim. */
  check(row) {
    this.sheet.told("Opening the look-up…");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(
      () => this.sheet.told("No answer yet: the notebook is busy, or it was opened anew. Then run this cell again."),
      PATIENCE,
    );
    this.model.send({ check: row.claim_id });
  }
  opened({ check, trouble, back }) {
    if (!this.built) return;
    if (back) this.go(this.rows.find((row) => row.claim_id === back), true);
    if (!check) return;
    clearTimeout(this.waiting);
    this.sheet.told(trouble ?? "The look-up is open below.");
    if (trouble) return;
    // it is a widget of its own, and is drawn when the page comes to it
    const find = (left) => {
      const found = this.root.closest(".widget-vbox")?.querySelector(".mdl-look-up");
      if (!found?.querySelector("select")) return left > 0 && setTimeout(() => find(left - 1), 50);
      found.scrollIntoView({ block: "start" });
      return found.querySelector("select").focus({ preventScroll: true });
    };
    find(40);
  }

  // -- handing in
  async handIn() {
    const { sync } = this;
    const open = this.rows.find((row) => lacks(sync.stage, sync.answer(sync.stage, row.claim_id)));
    if (open) {
      this.jump(open);
      return;
    }
    if (sync.locked) return;
    const stage = sync.stage;
    const missing = await sync.commit();
    if (missing === null) {
      say(this.spoken, stage === "first" ? "First look committed." : "Judgements handed in.");
      this.go(this.rows[0], true);
    } else if (missing.length) this.jump(this.rows.find((row) => row.claim_id === missing[0]));
  }
  jump(row) {
    this.go(row);
    const [what, control] = lacks(this.sync.stage, this.sync.answer(this.sync.stage, row.claim_id)) ?? ["", "p"];
    say(this.spoken, `Claim ${row.number}: ${what}`);
    this.sheet.focusOn(control);
  }

  // -- telling
  update() {
    const { sync } = this;
    if (!sync) return; // the first change can come before the constructor is through
    if (sync.gone)
      return this.empty(
        "This form is not yours",
        "It belongs to another account, or the lab was set up again. Open the lab anew.",
      );
    if (!sync.form) {
      if (sync.away)
        return this.empty("Your drafts cannot be loaded", "The hub cannot be reached. This panel keeps trying.");
      return this.empty("Loading your drafts…", "");
    }
    if (!this.built || this.built.form_id !== sync.form.form_id) this.build();
    if (this.built !== sync.form) this.illustrate(sync.form);
    const done = (row) => !lacks(sync.stage, sync.answer(sync.stage, row.claim_id));
    const judged = this.rows.filter(done).length;
    this.root.classList.toggle("ro", sync.locked);
    this.showSaving();
    this.showSteps();
    this.done.replaceChildren(el("strong", {}, `${judged} of ${this.rows.length}`), " judged");
    this.bars.replaceChildren(
      strip(
        this.rows.filter((row) => row.draft === this.row.draft),
        this.row,
        sync,
      ),
    );
    this.showNotes();
    this.tabs.update(this.row.draft, done);
    if (this.left.firstChild !== this.view.node) this.left.replaceChildren(this.view.node);
    this.view.update(this.row, sync);
    this.sheet.update(this.row, sync);
    this.showFoot(judged);
    return undefined;
  }
  showSaving() {
    const { sync } = this;
    const { sign, text, tone } = savingOf(sync);
    set(this.saving, { class: `save ${tone}`, "data-state": sign });
    if (this.saving.dataset.sign !== sign || !this.saving.firstChild) {
      this.saving.dataset.sign = sign;
      this.saving.replaceChildren(...(sync.savedAt || sign !== "ok" ? [icon(sign)] : []), this.savingWord);
    }
    say(this.savingWord, text);
  }
  showSteps() {
    const { sync } = this;
    const at = sync.committed.check !== null ? 3 : sync.stage === "first" ? 1 : 2;
    const mark = `${at}${sync.locked}`;
    if (this.steps.dataset.mark === mark) return;
    this.steps.dataset.mark = mark;
    const words = [
      "First look",
      "After checking",
      sync.committed.check !== null && !sync.closed ? "Feedback, not open yet" : "Feedback",
    ];
    this.steps.replaceChildren(
      ...words.map((word, index) => {
        const number = index + 1;
        const over = number < at;
        return el(
          "li",
          { class: over ? "done" : null, "aria-current": number === at && !sync.locked ? "step" : null },
          el("b", {}, over ? "✓" : String(number)),
          word,
          over ? el("span", { class: "vh" }, " (committed)") : null,
        );
      }),
    );
  }
  showNotes() {
    const { sync } = this;
    const notes = notesOf(sync);
    const mark = JSON.stringify(notes);
    if (this.notes.dataset.mark === mark) return;
    this.notes.dataset.mark = mark;
    const focused = this.notes.contains(document.activeElement);
    this.notes.replaceChildren(
      ...notes.map(({ tone, bold, text, button }) =>
        el(
          "div",
          { class: `note ${tone}`, role: ROLES[tone] },
          icon(tone),
          el("span", {}, el("b", {}, bold), " ", text),
          button
            ? el("button", { type: "button", class: "btn", onclick: () => this.answerNote(button) }, button)
            : null,
        ),
      ),
    );
    if (focused) this.view.claim(this.row).focus();
  }
  answerNote(button) {
    if (button === SAVE_AGAIN) this.sync.saveAgain();
    else this.sync.notice = null;
    this.update();
  }
  showFoot(judged) {
    const { sync } = this;
    const left = this.rows.length - judged;
    const first = sync.stage === "first";
    const what = lacks(sync.stage, sync.answer(sync.stage, this.row.claim_id));
    this.hints.forEach((hint) => (hint.hidden = sync.locked));
    this.commit.hidden = sync.locked;
    if (sync.locked) return say(this.need, "");
    const blocked = left > 0 || Boolean(sync.away) || sync.failures.length > 0 || sync.committing;
    set(this.commit, { "aria-disabled": String(blocked) });
    this.commit.classList.toggle("primary", !blocked);
    say(this.commit, `${first ? "Commit first look" : "Hand in judgements"}${left ? ` (${left} left)` : ""}`);
    if (left) say(this.need, what ? `Claim ${this.row.number}: ${what[0]}` : `Claim ${this.row.number} is done`);
    else if (sync.away) say(this.need, "You can commit when the link is back.");
    else if (sync.failures.length) say(this.need, "Save again first.");
    else say(this.need, `All ${this.rows.length} judged. ${first ? "Committing" : "Handing in"} locks them.`);
    return undefined;
  }

  close() {
    clearTimeout(this.waiting);
    this.told?.then((told) => told.off("msg:custom", this.heard));
    this.sync?.close();
    this.root.remove();
  }
}

function render({ model, el: host }) {
  const panel = new Panel(host, model);
  return () => panel.close();
}

export default { render };
