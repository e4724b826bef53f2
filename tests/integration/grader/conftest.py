"""A real course, one a test worker."""

from __future__ import annotations

from tests.support import course

template = course.template
box = course.box
own_box = course.own_box
older_box = course.older_box
right_evidence = course.right_evidence
right_validator = course.right_validator
copy_course = course.copy_course
