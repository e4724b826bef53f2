"""Forms made without a lab, and the gates that they fail."""

from __future__ import annotations

from tests.support import made_forms

make = made_forms.make
failing = made_forms.failing
