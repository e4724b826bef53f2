"""Claims that state one number: what a learner's validator is tried on."""

from __future__ import annotations

from abc import abstractmethod

from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import Display


class NumberTemplate(Template):
    """A claim whose statements are ``{"value": number}``, in displayed units, a fall below zero."""

    display: Display

    @abstractmethod
    def truth(self, facts: LabFacts, slices: Slices) -> float | None:
        """The true value in displayed units, or none where the data has none."""

    @property
    def changes(self) -> bool:
        """Whether its sentences say rose or fell."""
        return False
