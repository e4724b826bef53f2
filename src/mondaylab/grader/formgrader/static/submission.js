// nbgrader's grading page waits for MathJax; formulas stay here as they were typed, so there is nothing to wait for.
window.MathJax = { Hub: { Startup: { signal: { Interest: (done) => done("End") } } } };

$(() => {
  const named = (on) => {
    $(".name-shown, .name-hidden").tooltip("hide");
    $(".name-shown").toggle(on);
    $(".name-hidden").toggle(!on);
  };
  $("span.glyphicon.name-hidden")
    .on("click", () => named(true))
    .tooltip({ title: "Show student name", placement: "bottom", trigger: "hover" });
  $("span.glyphicon.name-shown")
    .on("click", () => named(false))
    .tooltip({ title: "Hide student name", placement: "bottom", trigger: "hover" });
});
