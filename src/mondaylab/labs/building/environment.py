"""The environment of a build's kernels: this process's own, without what would tie a build to a hub or a model."""

from __future__ import annotations

import os

_HIDDEN = ("JUPYTERHUB_", "OPENAI_", "MONDAYLAB_JUDGEMENT_")


def kernel_environment() -> dict[str, str]:
    """Every variable that a kernel gets, but for where its data is."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_HIDDEN)}
