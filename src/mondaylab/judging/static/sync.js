// Between the panel and the judgement service: every change is kept in the browser first, then sent until the service has
// it. Nothing is called saved before the service's receipt is here. No DOM.

const DEBOUNCE = 300; // ms from the last change to its sending
const BACKOFF = [1000, 2000, 4000, 8000, 15000, 30000]; // ms between attempts while the service is away
const LOOK_AGAIN = 3000; // ms until a form is asked for again whose pictures were not drawn yet
const LOOKS = 5; // times that it is
const TIMEOUT = 15000; // ms until a call counts as unanswered

/** The service was reached and said no. */
class Refusal extends Error {
  constructor(status, told) {
    super(told?.error?.what || `the service answered ${status}`);
    this.status = status;
    this.missing = told?.missing ?? null;
  }
}

class Sync {
  /** @param changed called after anything the panel shows may have changed. */
  constructor(formId, user, form, changed) {
    const page = jupyterPage();
    this.formId = formId;
    this.url = `${page.baseUrl.replace(/\/?$/, "/")}mondaylab/judgement/forms/${encodeURIComponent(formId)}`;
    this.shelf = new Shelf(`mondaylab:${user || page.user}:${formId}:`);
    this.changed = changed;
    this.form = form;
    this.answers = { first: {}, check: {} };
    this.committed = { first: null, check: null };
    this.saved = { first: {}, check: {} };
    this.closed = false;
    this.loaded = false; // whether the service has told its state since this page opened
    this.gone = false; // the service knows no such form for this learner
    this.away = null; // null, "away" or "signed out"
    this.savedAt = null;
    this.committing = false;
    this.notice = null; // one sentence about an answer that was set aside
    this.waiting = new Map(); // "q:stage:claim" -> event not received yet
    this.flying = null; // the sending of all that waits
    this.underWay = null; // id of the event being sent
    this.attempt = 0;
    this.looked = 0;
    this.received = 0;
    this.stop = new AbortController();
    this.recall();
    this.listen();
    this.send();
  }

  // -- what the panel asks
  get stage() {
    return this.committed.first === null ? "first" : "check";
  }
  get locked() {
    return this.closed || this.gone || this.committed[this.stage] !== null;
  }
  answer(stage, claim) {
    return { ...blank(), ...this.answers[stage][claim] };
  }
  get unsent() {
    return this.waiting.size;
  }
  get failures() {
    return [...this.waiting.values()].filter((event) => event.error);
  }

  // -- what the learner does
  edit(claim, change) {
    const stage = this.stage;
    if (this.locked || this.committing) return;
    const answer = { ...this.answer(stage, claim), ...change };
    this.answers[stage][claim] = answer;
    const name = `q:${stage}:${claim}`;
    const before = this.waiting.get(name);
    this.keep(name, {
      event_id: newId(),
      stage,
      claim_id: claim,
      answer: outgoing(stage, answer),
      // which events of ours may already be at the service under this answer: a later one by others is not overwritten
      known: before ? [...before.known, before.event_id] : [this.saved[stage][claim]?.event_id ?? null],
      error: null,
    });
    this.mirror();
    this.soon(DEBOUNCE);
    this.changed();
  }
  saveAgain() {
    for (const [name, event] of this.waiting) {
      // under a new id: the service may hold the old one against it
      if (event.error)
        this.keep(name, { ...event, event_id: newId(), known: [...event.known, event.event_id], error: null });
    }
    this.notice = null;
    this.send();
  }

  /** Hands in the stage. Returns null when it is done, or the ids of rows that the service misses. */
  async commit() {
    const stage = this.stage;
    if (this.locked || this.committing) return null;
    this.committing = true;
    this.changed();
    try {
      await this.send();
      if (this.unsent || this.away) return []; // sending has just tried the link
      const name = `commit:${stage}`;
      const event = this.shelf.get(name) ?? { event_id: newId(), stage };
      this.shelf.put(name, event); // an answer that got lost is asked for again under the same id
      const told = await this.call("POST", "/commit", event);
      this.shelf.drop(name);
      this.committed[stage] = told.committed_at;
      this.savedAt = told.committed_at;
      this.mirror();
      return null;
    } catch (problem) {
      if (problem instanceof Refusal) {
        this.shelf.drop(`commit:${stage}`);
        if (problem.status === 409) await this.load();
        if (problem.missing === null && this.committed[stage] === null)
          this.notice = `Not handed in: ${problem.message}.`;
        return problem.missing ?? [];
      }
      return [];
    } finally {
      this.committing = false;
      this.changed();
    }
  }

  // -- the service
  async call(method, path, body) {
    const headers = { Accept: "application/json" };
    const xsrf = document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/);
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (xsrf) headers["X-XSRFToken"] = decodeURIComponent(xsrf[1]);
    let response;
    try {
      response = await fetch(this.url + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "same-origin",
        redirect: "error", // a redirect is the login page
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT),
        keepalive: body !== undefined, // what is under way arrives even if the page goes
      });
    } catch (problem) {
      this.lost("away");
      throw problem;
    }
    const told = await response.json().catch(() => null);
    if ([401, 403].includes(response.status)) {
      this.lost("signed out");
      throw new Error("signed out");
    }
    if (response.status > 500 || told === null) {
      this.lost("away");
      throw new Error("away");
    }
    this.away = null;
    this.attempt = 0;
    if (!response.ok) throw new Refusal(response.status, told);
    return told;
  }
  lost(how) {
    this.away = how;
    this.soon(BACKOFF[Math.min(this.attempt, BACKOFF.length - 1)]);
    this.attempt += 1;
    this.changed();
  }

  /** Asks again for what the service was still drawing when it told the form. */
  awaitPictures() {
    const drawing = this.form.drafts.some((draft) => Object.values(draft.pictures ?? {}).includes(""));
    if (!drawing || this.looked >= LOOKS) return;
    this.looked += 1;
    setTimeout(() => this.stop.signal.aborted || this.load(), LOOK_AGAIN);
  }
  async load() {
    let told;
    let before;
    try {
      do {
        before = this.received;
        told = await this.call("GET", "");
      } while (before !== this.received); // an answer arrived meanwhile: what was told is older than that
    } catch (problem) {
      if (problem instanceof Refusal && problem.status === 404) this.gone = true;
      this.changed();
      return;
    }
    this.form = told.form;
    this.committed = told.committed;
    this.closed = told.closed;
    this.saved = told.saved;
    this.loaded = true;
    this.gone = false;
    this.answers = told.answers;
    const times = [...Object.values(told.saved.first), ...Object.values(told.saved.check)].map(
      (one) => one.received_at,
    );
    this.savedAt = times.sort().at(-1) ?? null;
    for (const [name, event] of this.waiting) this.replay(name, event);
    this.awaitPictures();
    this.mirror();
    this.changed();
    if (this.unsent) this.soon(0);
  }
  /** Puts an answer that is not received yet back on top of what the service told, unless it came too late. */
  replay(name, event) {
    const theirs = this.saved[event.stage][event.claim_id]?.event_id ?? null;
    if (theirs === event.event_id) {
      this.forget(name, event);
    } else if (this.closed || this.committed[event.stage] !== null) {
      this.forget(name, event);
      this.notice = `The last change to ${this.label(event)} came after the lock and does not count.`;
    } else if (theirs !== null && !event.known.includes(theirs)) {
      this.forget(name, event);
      this.notice = `An unsent answer to ${this.label(event)} was set aside: a newer one is saved.`;
    } else {
      this.answers[event.stage][event.claim_id] = event.answer;
    }
  }
  label(event) {
    const row = rowsOf(this.form).find((one) => one.claim_id === event.claim_id);
    return row ? `claim ${row.number}` : "a claim";
  }

  /** Sends what waits, one after the other, so that the latest change of a row is the last to arrive. */
  send() {
    clearTimeout(this.timer);
    this.flying ??= this.sendAll().finally(() => {
      this.flying = null;
      this.changed();
    });
    this.changed();
    return this.flying;
  }
  async sendAll() {
    if (!this.loaded || this.away) await this.load();
    while (!this.away) {
      const next = [...this.waiting].find(([, event]) => !event.error);
      if (!next || !this.loaded || this.gone) return;
      if (!(await this.sendOne(...next))) return;
    }
  }
  async sendOne(name, event) {
    const { event_id, stage, claim_id, answer } = event;
    this.underWay = event_id;
    try {
      const receipt = await this.call("POST", "/events", { event_id, stage, claim_id, answer });
      this.received += 1;
      this.saved[stage][claim_id] = receipt;
      this.savedAt = receipt.received_at;
      this.forget(name, event);
      this.mirror();
      return true;
    } catch (problem) {
      if (!(problem instanceof Refusal)) return false;
      if (problem.status === 409) await this.load(); // locked or closed meanwhile: see what holds now
      const still = this.waiting.get(name);
      if (still?.event_id === event_id) this.keep(name, { ...still, error: problem.message });
      return true;
    } finally {
      this.underWay = null;
    }
  }
  soon(delay) {
    clearTimeout(this.timer);
    if (!this.stop.signal.aborted) this.timer = setTimeout(() => this.send(), delay);
  }

  // -- the browser's memory
  keep(name, event) {
    this.waiting.set(name, event);
    this.shelf.put(name, event);
  }
  forget(name, event) {
    if (this.waiting.get(name)?.event_id === event.event_id) this.waiting.delete(name);
    if (this.shelf.get(name)?.event_id === event.event_id) this.shelf.drop(name);
  }
  mirror() {
    this.shelf.put("mirror", { answers: this.answers, committed: this.committed, saved: this.saved });
  }
  recall() {
    const mirror = this.shelf.get("mirror");
    if (mirror) Object.assign(this, mirror);
    for (const name of this.shelf.names()) {
      const event = name.startsWith("q:") ? this.shelf.get(name) : null;
      if (!event?.event_id) continue;
      this.waiting.set(name, { ...event, error: null });
      this.answers[event.stage][event.claim_id] = event.answer;
    }
  }

  // -- the page
  listen() {
    const { signal } = this.stop;
    addEventListener("online", () => this.send(), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    addEventListener("storage", (event) => event.key?.startsWith(`${this.shelf.prefix}q:`) && this.catchUp(), {
      signal,
    });
    document.addEventListener(
      "visibilitychange",
      () => (document.visibilityState === "hidden" ? this.unsent && this.send() : this.load()),
      { signal },
    );
  }
  /** Another tab of this form wrote: ask the service what holds now, once things are calm here. */
  catchUp() {
    clearTimeout(this.catching);
    this.catching = setTimeout(() => !this.unsent && !this.committing && this.load(), 1000);
  }
  /** The page goes: sends all that waits at once, and keeps it here too until a receipt is seen. */
  leave() {
    for (const event of this.waiting.values()) {
      if (event.event_id === this.underWay) continue;
      const { event_id, stage, claim_id, answer } = event;
      this.call("POST", "/events", { event_id, stage, claim_id, answer }).catch(() => null);
    }
  }
  close() {
    this.leave();
    this.stop.abort();
    clearTimeout(this.timer);
    clearTimeout(this.catching);
    this.changed = () => {};
  }
}
