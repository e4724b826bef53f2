// nbgrader's grading page waits for MathJax; formulas stay here as they were typed, so there is nothing to wait for.
window.MathJax = { Hub: { Startup: { signal: { Interest: (done) => done("End") } } } };

// A mark typed before the stored ones have come would be overwritten by them, and nobody told: until then nothing takes it.
$(document).one("ajaxStop", () => {
  if (formgrader.grades.loaded && formgrader.comments.loaded) {
    for (const shown of [...formgrader.grade_uis, ...formgrader.comment_uis]) shown.$el.find(":disabled").prop("disabled", false);
    formgrader.last_selected.trigger("select").trigger("focus");
  } else {
    $("#statusmessage").text("The stored marks could not be loaded, so none can be given. Reload the page.").show();
  }
});

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
