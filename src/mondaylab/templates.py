"""Page templates: Jinja files of the program, in a folder ``templates`` beside the module that fills them in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import jinja2


@lru_cache(maxsize=8)
def templates_in(*folders: Path) -> jinja2.Environment:
    """The templates of some folders, the first that has a name wins; kept, as a batch fills in one page many times.

    Whatever is filled in is escaped, and a name that a template does not know is an error.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
