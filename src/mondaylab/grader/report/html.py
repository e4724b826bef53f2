"""Pages for instructors: ``grader/pages`` rendered as self-contained HTML; the hub and the command line share it."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from mondaylab.errors import Refused
from mondaylab.plural import plural
from mondaylab.settings import Site


def render(site: Site, template: str, **words: Any) -> str:
    """Renders one page.

    Args:
        site: The installation.
        template: File in ``grader/pages``.
        words: What it shows; escaped by the template engine.

    Raises:
        Refused: The template is missing or wrong.
    """
    environment = _environment(site.grader)
    try:
        return environment.get_template(template).render(plural=plural, sheet=_Sheet(environment), **words)
    except jinja2.TemplateError as error:
        raise Refused(f"the page's template is wrong ({error})", where=site.grader / "pages" / template) from None


class _Sheet:
    """Style sheets for a page without any other style: ``sheet("a.css.j2", "b.css.j2")``."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment

    def __call__(self, *names: str) -> Markup:
        """The policy that allows this one style element and nothing else, and the element."""
        css = "\n".join(self._environment.get_template(name).render() for name in names)
        digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        # both are ours: files of grader/, and a digest of them
        return Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{css}</style>')  # noqa: S704


@lru_cache(maxsize=4)
def _environment(grader: Path) -> jinja2.Environment:
    """Keeps compiled templates; an edited template is compiled anew."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([grader / "pages", grader / "feedback"]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
