// A chart's picture was made where the form came from: here it is copied shape by shape, and nothing of it is read as markup.
const CHART_SHAPES = {
  svg: ["class", "width", "height", "viewBox", "role", "aria-label"],
  g: ["class", "transform"],
  path: ["class", "d"],
  line: ["class", "transform", "x2", "y2"],
  text: ["class", "transform", "text-anchor"],
};

function chartShape(node) {
  const kept = CHART_SHAPES[node.nodeName];
  if (!kept) return null;
  const told = Object.fromEntries(kept.filter((name) => node.hasAttribute(name)).map((name) => [name, node.getAttribute(name)]));
  const inner = node.nodeName === "text" ? [node.textContent] : [...node.children].map(chartShape).filter(Boolean);
  return svg(node.nodeName, told, ...inner);
}

/** What a spec says, as the engine reads it (forms/native/chart_spec.py); null for other code. */
function chartOf(text) {
  try {
    const { data, encoding } = JSON.parse(text);
    const decimals = Number(/\d+/.exec(encoding.x.axis.format)[0]);
    const spelled = (value) =>
      value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    const [start, end] = encoding.x.scale.domain.map(spelled);
    const rows = data.values.map(({ bar, value }) => [bar, spelled(value)]);
    return { rows, title: encoding.x.title, axis: `Bars from top to bottom; the axis goes from ${start} to ${end}.` };
  } catch {
    return null;
  }
}

function chartFigure(text, picture) {
  const chart = chartOf(text);
  if (!chart) return null;
  const drawn = picture ? new DOMParser().parseFromString(picture, "text/xml").documentElement.children : [];
  const shown = [...drawn].map(chartShape).filter(Boolean);
  const head = el("tr", {}, el("th", { scope: "col" }, "Bar"), el("th", { scope: "col", class: "num" }, chart.title));
  const rows = chart.rows.map(([name, value]) =>
    el("tr", {}, el("th", { scope: "row" }, name), el("td", { class: "num" }, value)),
  );
  const numbers = [el("table", {}, el("thead", {}, head), el("tbody", {}, rows)), el("p", {}, chart.axis)];
  if (!shown.length)
    return el("figure", { class: "chart-figure" }, el("p", {}, "The chart could not be drawn here; these are its numbers."), numbers);
  return el(
    "figure",
    { class: "chart-figure" },
    el("div", { class: "chart-scroll" }, shown),
    el("details", { class: "chart-numbers" }, el("summary", {}, "The chart's numbers"), numbers),
  );
}

LAYOUTS.chart = (body, layout, draft) => {
  const shown = body.map((node) =>
    node.matches?.("pre.code-lines") ? (chartFigure(node.textContent, draft.pictures?.[node.textContent]) ?? node) : node,
  );
  return [
    el(
      "article",
      { class: "paper chart-sheet" },
      layout.file ? el("p", { class: "chart-file" }, el("b", {}, layout.file), " made by the assistant") : null,
      shown,
    ),
  ];
};
