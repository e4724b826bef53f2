"""The scripts and style sheets beside the formats."""

from __future__ import annotations

from importlib.resources import files


def beside(name: str) -> str:
    """The text of a file of this folder."""
    return (files(__package__) / name).read_text("utf-8")
