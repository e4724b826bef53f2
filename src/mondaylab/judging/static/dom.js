// Small ways to build and change elements. Text goes in as text nodes only: nothing of it is read as markup.

/** Makes an element; null and false children are left out, attributes with false or null too. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children.flat().filter((child) => child !== null && child !== false));
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === null || value === false || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? "" : value);
  }
  return node;
}

/** Changes text only if it differs, so that screen readers are not told twice. */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A sentence whose numbers keep their unit on the same line. */
const unbroken = (text) => text.replace(/(\d) (?=(?:%|EUR|USD|GBP|CHF)(?:\W|$))/g, "$1\u00a0");

const key = (letter) => el("kbd", { "aria-hidden": "true" }, letter);

function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const ICONS = {
  ok: [["path", { d: "M3 8.5l3.2 3.2L13 4.8" }]],
  busy: [["circle", { cx: 8, cy: 8, r: 5.5, "stroke-dasharray": "20 15" }]],
  off: [["path", { d: "M2 2l12 12M4 11a3 3 0 010-6m3-1.5a4 4 0 016 3.5 2.5 2.5 0 01.5 4.5" }]],
  err: [["path", { d: "M8 2l6.5 12h-13zM8 6.500v3.500M8 11.500v1.300" }]],
  lock: [
    ["rect", { x: 3, y: 7, width: 10, height: 7, rx: 1.5, fill: "currentColor" }],
    ["path", { d: "M5 7V5a3 3 0 016 0v2" }],
  ],
  info: [
    ["circle", { cx: 8, cy: 8, r: 6.2 }],
    ["path", { d: "M8 7.300v4M8 4.500v1.300" }],
  ],
  recorded: [
    ["circle", { cx: 8, cy: 8, r: 6 }],
    ["circle", { cx: 8, cy: 8, r: 2.6, fill: "currentColor", stroke: "none" }],
  ],
  simulated: [["circle", { cx: 8, cy: 8, r: 6, "stroke-dasharray": "2.4 2.3" }]],
  live: [
    ["circle", { cx: 8, cy: 8, r: 2.6, fill: "currentColor", stroke: "none" }],
    ["path", { d: "M4 12.200a6 6 0 010-8.400M12 3.800a6 6 0 010 8.400" }],
  ],
};

function icon(name) {
  const shapes = ICONS[name].map(([tag, attributes]) => svg(tag, attributes));
  return svg(
    "svg",
    {
      width: 16,
      height: 16,
      viewBox: "0 0 16 16",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.8,
      class: `icon ${name}`,
      "aria-hidden": "true",
    },
    ...shapes,
  );
}

const sampleBadge = () => el("span", { class: "sample" }, "sample data");
