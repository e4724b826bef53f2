"""The judgement panel as a widget. It talks to the service from the browser; the kernel only hands it the form."""

from __future__ import annotations

from importlib.resources import files

import anywidget
import traitlets

from mondaylab.forms.formats import our_panel_scripts, panel_scripts
from mondaylab.forms.shown import ShownForm
from mondaylab.judging.told import told_by

EMPTY_HINT = "Open this lab in the hub: your drafts come from there."
"""What the panel says without a form, such as when a lab is built."""


def bundle(*names: str, package: str = __package__) -> str:
    """Static files of a package put together in the given order: one ES module, or one style sheet.

    A file of ours has no imports: what an earlier one declares, a later one uses. That keeps the sources apart
    without a build step, and the page never loads anything from elsewhere.
    """
    folder = files(package) / "static"
    return "\n".join((folder / name).read_text("utf-8") for name in names)


_BELOW = ("dom.js", "state.js", "browser.js", "sync.js", "telling.js", "told.js")
_SCRIPTS = (*_BELOW, "claim.js", "body.js", "draft.js", "sheet.js", "panel.js")
_STYLES = ("base.css", "panel.css", "draft.css")
_FORMATS = our_panel_scripts()


class JudgementPanel(anywidget.AnyWidget):
    """Drafts as documents, a sheet for the claim in view, and what is saved. Without a form: where to get one."""

    _esm = f"{bundle(*_SCRIPTS)}\n{_FORMATS[0]}"
    _css = f"{bundle(*_STYLES)}\n{_FORMATS[1]}"

    form_id = traitlets.Unicode("").tag(sync=True)
    """The form to judge; empty shows the empty state."""
    form = traitlets.Any(None).tag(sync=True)
    """The form as plain data, shown until the service has told its own."""
    user = traitlets.Unicode("").tag(sync=True)
    """Whose answers the browser keeps while the service is away."""
    hint = traitlets.Unicode(EMPTY_HINT).tag(sync=True)
    """What the empty state says."""
    can_check = traitlets.Bool(False).tag(sync=True)
    """Whether somebody listens to *Check this*: messages ``{"check": claim_id}``, answered by the same on `told`."""

    told = told_by()

    @classmethod
    def of(
        cls, form: ShownForm | None, user: str = "", hint: str = EMPTY_HINT, *, can_check: bool = False
    ) -> JudgementPanel:
        """The panel for a learner's form, or the empty one. Whole at once: a change might not reach its page."""
        if form is None:
            return cls(hint=hint)
        script, style = panel_scripts(form.drafts)
        added = {"_esm": f"{cls._esm}\n{script}"} if script else {}
        added |= {"_css": f"{cls._css}\n{style}"} if style else {}
        shown = form.model_dump(mode="json")
        return cls(form_id=form.form_id, form=shown, user=user, hint=hint, can_check=can_check, **added)
