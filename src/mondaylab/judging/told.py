"""What the kernel tells the page of a panel that stands there."""

from __future__ import annotations

import ipywidgets
import traitlets


class Told(ipywidgets.Widget):
    """Carries messages to a panel's page, and in subclasses what changes after the panel was made.

    A panel's own model loads a script first. anywidget gives it two seconds, which a busy machine does not keep, and
    whatever a panel that came later is told is lost from then on, without a word. This model has no script: it is
    there at once and hears everything. A page finds it with ``toldTo`` of ``static/told.js``.
    """


def told_by(kind: type[Told] = Told) -> traitlets.Instance:
    """The trait ``told`` of a panel: a `Told` of its own."""
    return traitlets.Instance(kind, args=()).tag(sync=True, **ipywidgets.widget_serialization)
