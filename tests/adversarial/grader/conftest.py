"""The same real course as the integration tests use."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_path = Path(__file__).resolve().parents[2] / "integration" / "grader" / "conftest.py"
_spec = importlib.util.spec_from_file_location("grader_course", _path)
_course = importlib.util.module_from_spec(_spec)
sys.modules["grader_course"] = _course  # dataclasses look their module up
_spec.loader.exec_module(_course)

template, box, own_box = _course.template, _course.box, _course.own_box
right_evidence, right_validator = _course.right_evidence, _course.right_validator
