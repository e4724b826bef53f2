// What can be said about a row, and questions about it. Pure: no DOM, no network.

const ACTIONS = [
  ["use", "Use", "u"],
  ["verify", "Verify", "v"],
  ["fix", "Fix", "f"],
  ["escalate", "Escalate", "e"],
];
const SEVERITIES = [
  ["minor", "Minor", "wording, no effect"],
  ["material", "Material", "changes a decision"],
  ["critical", "Critical", "harm, loss or legal"],
];
const DOUBT = 50; // from here on the learner says what is wrong; the service has the same bound
const STEP = 5;
const NOTE_LENGTH = 500;

const blank = () => ({ p: null, action: null, kind: null, severity: null, value: null, note: null });

/** Every row in reading order; numbers run through the whole form. */
function rowsOf(form) {
  const rows = [];
  form.drafts.forEach((draft, at) => {
    for (const claim of [...draft.claims, draft.missing]) {
      rows.push({ ...claim, draft: at, number: rows.length + 1, whole: claim === draft.missing });
    }
  });
  return rows;
}

/** The probability in words; the same words stand under the slider. */
function inWords(p) {
  if (p === null) return "";
  if (p <= 5) return "surely right";
  if (p < 40) return "probably right";
  if (p <= 60) return "about a coin flip";
  return p < 95 ? "probably wrong" : "surely wrong";
}

const actionName = (id) => ACTIONS.find(([known]) => known === id)?.[1] ?? "";
const doubted = (stage, answer) => stage === "check" && answer.p !== null && answer.p >= DOUBT;

/** What the row lacks, as an instruction, and the control that takes it; null when it is judged. */
function lacks(stage, answer) {
  if (answer.p === null) return ["set how likely it is wrong", "p"];
  if (answer.action === null) return ["choose an action", "action"];
  if (!doubted(stage, answer)) return null;
  if (answer.kind === null) return ["choose what is wrong", "kind"];
  if (answer.severity === null) return ["choose how bad it is", "severity"];
  return null;
}

/** The answer as the service takes it: flaw fields only where they are asked, and kept here meanwhile. */
function outgoing(stage, answer) {
  const asked = doubted(stage, answer) ? {} : { kind: null, severity: null, value: null };
  return { ...answer, ...(stage === "first" ? { note: null } : {}), ...asked };
}

/** Reads a number as people write it ("412,380.5", "412.380,5", "12 %"); undefined if it is none, null if empty. */
function readNumber(text, unit) {
  let plain = text.replace(/[\s\u00a0\u202f'’%€$£]/g, "");
  if (unit && plain.toLowerCase().endsWith(unit.toLowerCase())) plain = plain.slice(0, -unit.length);
  plain = plain.replace(/^\+/, "").replace(/\u2212/g, "-");
  if (plain === "") return null;
  const comma = plain.lastIndexOf(",");
  const point = plain.lastIndexOf(".");
  if (comma >= 0 && point >= 0) {
    const [thousands, decimal] = comma > point ? [".", ","] : [",", "."];
    plain = plain.split(thousands).join("").replace(decimal, ".");
  } else if (/^-?\d{1,3}(,\d{3})+$/.test(plain)) {
    plain = plain.split(",").join("");
  } else {
    plain = plain.replace(",", ".");
  }
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(plain)) return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

const writeNumber = (number) => (number === null ? "" : number.toLocaleString("en", { maximumFractionDigits: 6 }));

/** A stamp of the service as local time; with the date when it was not today. */
function clock(stamp) {
  const time = new Date(stamp);
  const text = time.toLocaleTimeString("en-GB");
  return time.toDateString() === new Date().toDateString() ? text : `${time.toLocaleDateString("en-CA")} ${text}`;
}

/** Where a draft came from, in words. */
function origin({ source, model, recorded }) {
  const by = model ?? "an unnamed model";
  const on = recorded ? ` on ${recorded}` : "";
  if (source === "live") return `Written live by ${by}`;
  if (source === "recorded") return `Recorded from ${by}${on}`;
  return model ? `Simulated after an answer of ${by}${on}` : "Simulated draft";
}
