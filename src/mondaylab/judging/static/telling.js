// What the learner is told about saving, locks and trouble: words for a state, no DOM.

const SAVE_AGAIN = "Save again";
/** How a note is announced; a lock is there from the start and is not. */
const ROLES = { err: "alert", off: "status", info: "status", lock: null };

/** The line at the top right. Nothing is called saved unless the service has it. */
function savingOf(sync) {
  const unsent = sync.unsent === 1 ? "1 answer" : `${sync.unsent} answers`;
  if (sync.failures.length) return { sign: "err", text: "Not saved", tone: "err" };
  if (sync.away)
    return { sign: "off", text: sync.unsent ? `Offline: ${unsent} kept here, not saved` : "Offline", tone: "off" };
  if (sync.committing) return { sign: "busy", text: "Handing in…", tone: "" };
  if (sync.unsent) return { sign: "busy", text: "Saving…", tone: "" };
  if (!sync.loaded) return { sign: "busy", text: "Loading…", tone: "" };
  return { sign: "ok", text: sync.savedAt ? `Saved ${clock(sync.savedAt)}` : "Nothing to save yet", tone: "" };
}

function lockNote(sync) {
  if (sync.committed.check) {
    const next = sync.closed
      ? "The lab is closed: look for your feedback in the assignment list."
      : "Feedback opens when the lab is closed for everyone.";
    return {
      tone: "lock",
      bold: `Handed in at ${clock(sync.committed.check)}.`,
      text: `Both rounds are locked. ${next}`,
    };
  }
  if (sync.closed) return { tone: "lock", bold: "This lab is closed.", text: "Nothing can change any more." };
  if (!sync.committed.first) return null;
  return {
    tone: "lock",
    bold: `First look committed at ${clock(sync.committed.first)} and locked.`,
    text: "Your first answers show as dashed outlines. Change your mind wherever the data says so.",
  };
}

/** Everything that stands above the drafts, most lasting first. */
function notesOf(sync) {
  const notes = [lockNote(sync)];
  if (sync.notice) notes.push({ tone: "info", bold: sync.notice, text: "", button: "OK" });
  if (sync.away === "signed out") {
    const text = "Your answers stay in this browser. Reload the page and sign in to send them.";
    notes.push({ tone: "off", bold: "You are signed out.", text });
  } else if (sync.away) {
    const text = "Keep going: answers stay in this browser and are sent when the link is back. You can commit then.";
    notes.push({ tone: "off", bold: "The hub cannot be reached.", text });
  }
  const failed = sync.failures;
  if (failed.length) {
    const names = failed.map((event) => sync.label(event)).join(", ");
    const [were, answers] = failed.length > 1 ? ["were", "Your answers are"] : ["was", "Your answer is"];
    notes.push({
      tone: "err",
      bold: `${names[0].toUpperCase()}${names.slice(1)} ${were} not saved`,
      text: `(${failed[0].error}). ${answers} still on screen.`,
      button: SAVE_AGAIN,
    });
  }
  return notes.filter(Boolean);
}
