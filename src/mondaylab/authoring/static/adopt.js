// The screen: what the kernel tells is drawn, what its author does is sent. Nothing of an answer is kept in the page.

let screens = 0;
const PATIENCE = 5000; // milliseconds until a kernel at rest has heard
const TWO_COLUMNS = 940; // pixels, as in the style sheet
const STAGES = { paste: 0, bind: 1, preview: 2, added: 3 };

class Screen {
  constructor(host, model) {
    this.id = `mdlt${(screens += 1)}-${Math.random().toString(36).slice(2, 7)}`;
    this.model = model;
    this.asked = 0;
    this.root = el("section", { class: "panel adopt", "aria-labelledby": `${this.id}-title`, "data-lm-suppress-shortcuts": "true" });
    this.root.addEventListener("keydown", (event) => !(event.ctrlKey || event.metaKey) && event.stopPropagation());
    this.top = el("header", { class: "top" });
    this.note = el("div", { class: "notes", role: "alert" });
    this.busy = el("span", { class: "vh", role: "status" });
    this.body = el("div", { class: "desk" });
    this.foot = el("p", { class: "foot" });
    this.root.append(this.top, this.note, this.busy, this.body, this.foot);
    this.top.append(el("h2", { id: `${this.id}-title` }, "Adopt an answer"));
    host.classList.add("mdl");
    host.append(this.root);
    this.heard = (content) => this.hear(content);
    this.told = toldTo(model);
    this.told.then((told) => {
      told.on("msg:custom", this.heard);
      this.send("show");
    });
  }

  close() {
    clearTimeout(this.waiting);
    this.told.then((told) => told.off("msg:custom", this.heard));
    this.root.remove();
  }

  // -- the kernel
  send(order, more = {}, texts = []) {
    this.asked += 1;
    const asked = this.asked;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.silent(), PATIENCE);
    if (order !== "look") this.work(true);
    const coder = new TextEncoder();
    this.model.send({ do: order, id: asked, ...more }, undefined, texts.map((text) => coder.encode(text).buffer));
  }

  work(on) {
    set(this.root, { "aria-busy": String(on) });
    say(this.busy, on ? "Working" : "");
  }

  silent() {
    this.tell({
      what: "the kernel does not answer",
      where: "this screen",
      fix: "wait if it is at work on another cell; if it was restarted, run the cell again. What you had not added is lost then",
    });
  }

  hear(content) {
    if ("heard" in content) {
      clearTimeout(this.waiting);
      return;
    }
    if ("place" in content) {
      if (content.answers < this.asked) return; // another place was chosen meanwhile
      if (content.error) this.tell(content.error);
      else this.showPlace(content.place);
      return;
    }
    this.work(false);
    if (content.state === null) { // the kernel could not tell it: what is shown stays
      this.tell(content.error);
      this.settled?.(false);
      return;
    }
    this.state = content.state;
    this.tell(content.error);
    this.draw(content.error === null || content.error === undefined);
  }

  tell(error) {
    const told = error
      ? [el("div", { class: "note err" }, icon("err"), el("span", {}, el("b", {}, `${capital(error.what)}.`), error.where ? el("span", {}, ` Where: ${error.where}.`) : null, error.fix ? el("span", {}, ` Next: ${error.fix}.`) : null))]
      : [];
    this.note.replaceChildren(...told);
  }

  // -- drawing
  draw(well) {
    const { state } = this;
    const { answer, phase } = state;
    const stage = `${phase}${answer ? " answer" : ""}`;
    const fresh = stage !== this.stage;
    this.stage = stage;
    this.head();
    if (!fresh && stage === "paste") return; // what is typed stays
    const at = this.root.contains(document.activeElement) ? document.activeElement.dataset.at ?? null : null;
    if (phase === "paste") {
      this.number = null; // it was another answer's
      this.body.replaceChildren(...(answer ? [scrubbedView(this)] : [recordedList(this), pasteForm(this)]));
    } else if (phase === "bind") this.bind();
    else this.body.replaceChildren(phase === "preview" ? previewView(this) : addedView(this));
    if (fresh && this.begun) this.title.focus({ preventScroll: false });
    else if (at) this.root.querySelector(`[data-at="${CSS.escape(at)}"]`)?.focus();
    this.begun = true;
    this.settled?.(well);
  }

  head() {
    const { state } = this;
    this.title = el("h2", { id: `${this.id}-title`, tabindex: "-1" }, titleOf(state));
    this.top.replaceChildren(
      el("p", { class: "crumb" }, state.sample ? [sampleBadge(), " "] : null, `${state.lab}, ${state.quarter}`),
      el("div", { class: "line" }, this.title, stepsView(STAGES[state.phase])),
    );
    say(
      this.foot,
      state.answer && state.phase !== "added"
        ? "What you decide is kept in this notebook's kernel: loading the page again keeps it, restarting the kernel loses what you have not added."
        : "",
    );
  }

  bind() {
    const { answer } = this.state;
    const numbers = answer.rows.filter((row) => row.number !== null).map((row) => row.number);
    if (!numbers.includes(this.number)) this.number = this.nextOpen(0) ?? numbers[0] ?? null;
    this.list = listView(this);
    this.place = el("div", { class: "side" });
    const ready = answer.ready;
    const waiting = [answer.open ? `${answer.open} ${answer.open === 1 ? "needs" : "need"} you` : "", answer.stuck + answer.notes.length ? `${answer.stuck + answer.notes.length} in the way` : ""].filter(Boolean).join(", ");
    const acts = el(
      "div",
      { class: "acts" },
      el("button", { type: "button", class: "btn primary", "data-at": "preview", "aria-disabled": String(!ready), onclick: () => ready && this.send("preview") }, ready ? "Preview as a learner" : `Preview as a learner (${waiting})`),
      el("button", { type: "button", class: "btn", "data-at": "restart", onclick: (event) => this.restart(event) }, "Adopt another answer"),
    );
    const ways = answer.notes.length
      ? el("section", { class: "card", "aria-label": "In the way" }, el("h3", {}, "In the way"), answer.notes.map((one) => noteView("stuck", `${one.words ? `“${one.words}”: ` : ""}${capital(one.what)}`, null)))
      : null;
    this.body.replaceChildren(originView(this), ...(ways ? [ways] : []), el("div", { class: "two bind" }, this.list.node, this.place), el("div", { class: "two" }, mustView(this), endView(answer, acts)));
    this.select(this.number, false);
  }

  /** Begins anew; where something was decided, a second press is asked for. */
  restart(event) {
    if (event.detail > 1) return; // a double click would answer its own question
    const button = event.currentTarget;
    if (this.state.answer.decided && !button.dataset.sure) {
      button.dataset.sure = "asked";
      say(button, "Sure? What you decided is lost");
    } else this.send("restart");
  }

  // -- places
  select(number, focus) {
    this.number = number;
    const row = this.list.mark(number);
    if (focus) row?.focus();
    if (number !== null) this.send("look", { number });
  }

  showPlace(place) {
    if (!this.place || place.number !== this.number) return;
    const at = this.place.contains(document.activeElement) ? document.activeElement.dataset.at ?? null : null;
    this.place.replaceChildren(placeView(this, place));
    if (at || this.wanted) this.place.querySelector(at ? `[data-at="${CSS.escape(at)}"]` : "[data-at=place]")?.focus();
    this.wanted = false;
  }

  /** A place that was pointed at; where it lies under the list, it comes into view. */
  pick(number) {
    this.wanted = this.root.clientWidth < TWO_COLUMNS;
    this.select(number, !this.wanted);
  }

  toPlace() {
    this.place.querySelector("[data-at=place]")?.focus();
  }

  /** The next place behind a number that needs its author, from the start again; none where none is left. */
  nextOpen(number) {
    const open = this.state.answer.rows.filter((row) => row.state === "open").map((row) => row.number);
    return open.find((one) => one > number) ?? open.find((one) => one !== number) ?? null;
  }

  /** Sends a decision and, once it is taken, goes on to the next place that needs its author. */
  decide(order, more) {
    this.settled = (well) => {
      this.settled = null;
      if (!well || this.state.phase !== "bind") return;
      this.wanted = true;
      this.select(this.nextOpen(more.number) ?? more.number, false);
    };
    this.send(order, more);
  }
}

/** What stands between the answer and the lab. */
function endView(answer, acts) {
  const words = answer.ready
    ? answer.fixed.length
      ? `Ready. It stands only as it came: ${answer.fixed.join("; ")}.`
      : "Ready. Its words fit other slices too, so other learners may get it drawn anew."
    : "It can be added once nothing is marked with ? and nothing is in the way.";
  return el("section", { class: "card end-card", "aria-label": "Next" }, el("h3", {}, "Before it goes in"), el("p", { class: "small" }, words), acts);
}

const COUNTS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
const many = (count, one, more) => `${COUNTS[count] ?? count} ${count === 1 ? one : more}`;

/** The title is the finding. */
function titleOf(state) {
  const { answer, phase, preview } = state;
  if (phase === "added") return "It is in the lab.";
  if (phase === "preview") {
    if (answer.fixed.length) return "One learner may get it, just as it came.";
    return "Two learners get two drafts: same words, other facts.";
  }
  if (phase === "paste") return answer ? "Names are out. Read it once, then look at its claims." : "Bring what an assistant really said. Names go before anything is kept.";
  const bound = many(answer.bound, "claim is bound", "claims are bound");
  const open = answer.open ? ` ${many(answer.open, "place needs you", "places need you")}.` : "";
  const stuck = answer.stuck + answer.notes.length ? ` ${many(answer.stuck + answer.notes.length, "thing is", "things are")} in the way.` : "";
  return `${bound}.${open}${stuck}${open || stuck ? "" : " Nothing needs you."}`;
}

function render({ model, el: host }) {
  const screen = new Screen(host, model);
  return () => screen.close();
}

export default { render };
