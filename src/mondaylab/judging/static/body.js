// The text of a draft: its tree of elements as nodes. Only elements of the list are made, without any attribute of theirs.

const ELEMENTS = new Set(
  "p h3 h4 ul ol li blockquote pre strong em code br table caption thead tbody tr th td".split(" "),
);
const IN_LINE = new Set(["strong", "em", "code", "br"]);
const NUMBER = /^[+\-\u2212]?\s?[€$£]?\s?\d[\d.,\s\u00a0]*(?:%|[A-Za-z€]{1,6})?$/;

const stands = (part) => Boolean(part.tag) && !IN_LINE.has(part.tag);

/** All words of a piece, claims by `texts`. */
function wordsOf(part, texts) {
  if (part.claim_id) return texts.get(part.claim_id) ?? "";
  return (part.text ?? "") + (part.parts ?? []).map((one) => wordsOf(one, texts)).join("");
}

/** Pieces in no element, as forms had them before there were elements, become a paragraph with spaces between them. */
function inParagraphs(parts, texts) {
  const blocks = [];
  let line = null;
  for (const part of parts) {
    if (stands(part)) {
      line = null;
      blocks.push(part);
      continue;
    }
    const open = line && wordsOf(line.parts.at(-1), texts);
    if (!line) blocks.push((line = { tag: "p", parts: [] }));
    else if (!/\s$/.test(open) && !/^[\s.,;:!?)]/.test(wordsOf(part, texts))) line.parts.push({ text: " " });
    line.parts.push(part);
  }
  return blocks;
}

/** Whether each column of a table holds numbers: these stand right. */
function numeric(table, texts) {
  const rows = (name) => table.parts.filter((one) => one.tag === name).flatMap((one) => one.parts);
  const cells = rows("tbody").map((row) => row.parts.map((cell) => wordsOf(cell, texts).trim()));
  const wide = Math.max(0, ...cells.map((row) => row.length));
  return Array.from({ length: wide }, (_, column) => {
    const filled = cells.map((row) => row[column] ?? "").filter((text) => text && !/^[-\u2013\u2212]$/.test(text));
    return filled.length > 0 && filled.every((text) => NUMBER.test(text));
  });
}

/** Code as it is written, a node a line: whoever numbers lines counts these. */
function linesOf(text) {
  const lines = text.split("\n").map((line) => el("span", { class: "code-line" }, line || " "));
  // wide code is scrolled, by keys too
  return el("pre", { class: "code-lines", tabindex: 0, role: "region", "aria-label": `Code, ${lines.length} lines` }, lines);
}

/**
 * A draft's tree as nodes.
 * @param claim claim id -> the node of the claim, made once.
 * @param texts claim id -> its words.
 * @param beside a piece that a claim outside it is judged by -> its node.
 */
function bodyOf(parts, claim, texts, beside) {
  const draw = (part, place) => {
    if (part.claim_id) return claim(part.claim_id);
    if (!part.tag && part.about) return beside(part);
    if (!part.tag) return document.createTextNode(unbroken(part.text ?? ""));
    if (!ELEMENTS.has(part.tag)) return el("span", {}, drawAll(part, place));
    if (part.tag === "pre") return linesOf(wordsOf(part, texts));
    if (part.tag === "table") return el("div", { class: "wide" }, el("table", {}, drawAll(part, { right: numeric(part, texts) })));
    if (part.tag === "thead") return el("thead", {}, drawAll(part, { ...place, head: true }));
    if (part.tag === "tr") return el("tr", {}, part.parts.map((cell, column) => drawCell(cell, column, place)));
    return el(part.tag, {}, drawAll(part, place));
  };
  const drawAll = (part, place) => (part.parts ?? []).map((one) => draw(one, place));
  const drawCell = (cell, column, place) => {
    const claims = cell.parts.filter((one) => one.claim_id).length;
    const names = !place.head && column === 0 && claims === 0; // a row is named by its first cell, unless that is judged
    const tag = place.head || names ? "th" : cell.tag;
    const scope = place.head ? "col" : tag === "th" ? "row" : null;
    const marks = [place.right?.[column] ? "num" : "", claims === 1 && cell.parts.length === 1 ? "cell" : ""];
    return el(tag, { scope, class: marks.filter(Boolean).join(" ") || null }, drawAll(cell, place));
  };
  return inParagraphs(parts, texts).map((part) => draw(part, {}));
}
