"""Pages for instructors as self-contained HTML; the hub and the command line share them."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from mondaylab.plural import plural
from mondaylab.templates import templates_in

_HERE = Path(__file__).parent
_TEMPLATES = (_HERE / "templates", _HERE.parent / "templates")
"""Their own, and the style that they share with learners' feedback."""


def render(template: str, **words: Any) -> str:
    """Renders one page.

    Args:
        template: Its template.
        words: What it shows; escaped by the template engine.
    """
    environment = templates_in(*_TEMPLATES)
    return environment.get_template(template).render(plural=plural, sheet=_Sheet(environment), **words)


class _Sheet:
    """Style sheets for a page without any other style: ``sheet("a.css.j2", "b.css.j2")``."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment

    def __call__(self, *names: str) -> Markup:
        """The policy that allows this one style element and nothing else, and the element."""
        css = "\n".join(self._environment.get_template(name).render() for name in names)
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        # both are ours: templates of the program, and a digest of them
        return Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{css}</style>')  # noqa: S704
