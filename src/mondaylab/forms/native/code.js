LAYOUTS.code = (body, layout) => {
  const told = /'[^']*'|\b(?:SELECT|FROM|JOIN|LEFT|INNER|USING|ON|WHERE|AND|OR|NOT|IN|IS|NULL|BETWEEN|AS|DISTINCT|CASE|WHEN|THEN|ELSE|END|GROUP|ORDER|BY|LIMIT|SUM|AVG|COUNT|MIN|MAX|CAST|NULLIF|COALESCE|ROUND|FLOOR|DATE|INTEGER)\b/g;
  for (const node of body) {
    for (const line of node.querySelectorAll?.(".code-line") ?? []) {
      const text = line.textContent;
      let at = 0;
      const pieces = [];
      for (const word of text.matchAll(told)) {
        pieces.push(text.slice(at, word.index), word[0].startsWith("'") ? word[0] : el("b", {}, word[0]));
        at = word.index + word[0].length;
      }
      line.replaceChildren(...pieces, text.slice(at));
    }
  }
  return [
    el(
      "article",
      { class: "paper code-sheet" },
      layout.file ? el("p", { class: "code-file" }, el("b", {}, layout.file), " written by the assistant") : null,
      body,
    ),
  ];
};
