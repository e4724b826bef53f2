"""Three ungraded claims before the real ones: they teach that an honest 70 beats a bold 100."""

from __future__ import annotations

import anywidget
import traitlets

from mondaylab.forms.shown import ShownForm
from mondaylab.judging.panel import EMPTY_HINT, bundle


class WarmUpPanel(anywidget.AnyWidget):
    """The learner sets a probability, presses Show, and reads what it cost. Nothing is sent or kept."""

    _esm = bundle("dom.js", "state.js", "warm_up.js")
    _css = bundle("base.css", "warm_up.css")

    claims = traitlets.List(traitlets.Dict()).tag(sync=True)
    """The warm-up claims with their answers: they are there to be told."""
    hint = traitlets.Unicode(EMPTY_HINT).tag(sync=True)
    """What the empty state says."""

    @classmethod
    def of(cls, form: ShownForm | None) -> WarmUpPanel:
        """The warm-up of a learner's form, or the empty one."""
        return cls(claims=[claim.model_dump(mode="json") for claim in form.warm_up] if form is not None else [])
