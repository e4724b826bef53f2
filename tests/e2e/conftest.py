"""A whole lab served for a browser."""

from __future__ import annotations

from tests.support import served_lab

served = served_lab.served
