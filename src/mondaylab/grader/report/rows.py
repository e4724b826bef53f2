"""The rows that a report counts: what each learner of a cohort said of each row, at first look and after checking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mondaylab.forms.keys import ClaimKey
from mondaylab.grader.report.item_statistics import JudgedForm, state
from mondaylab.judging.rules import DOUBT


@dataclass(frozen=True)
class Row:
    """One row of one learner's form.

    Attributes:
        learner: Who judged it.
        template: Claim template.
        state: Its flaw operator, or ``sound`` or ``foil``.
        kind: The main kind of the flaw; of a sound row, its state.
        flawed: Its truth.
        first: Stated probability that it is wrong at first look, 0 to 100.
        check: After checking.
    """

    learner: str
    template: str
    state: str
    kind: str
    flawed: bool
    first: int
    check: int

    @property
    def item(self) -> str:
        """``<template>|<state>``: what the next build knows it by."""
        return f"{self.template}|{self.state}"

    @property
    def doubted_first(self) -> bool:
        """Whether it was doubted at first look."""
        return self.first >= DOUBT

    @property
    def doubted(self) -> bool:
        """Whether it was doubted after checking."""
        return self.check >= DOUBT

    @property
    def right_first(self) -> bool:
        """Whether first look was on the true side of 50."""
        return self.doubted_first == self.flawed

    @property
    def right(self) -> bool:
        """Whether the judgement after checking was."""
        return self.doubted == self.flawed


def rows_of(forms: Iterable[JudgedForm]) -> tuple[Row, ...]:
    """The rows with a probability at both stages; a committed form has no others."""
    return tuple(row for form in forms for claim in form.claims if (row := _row(form, claim)) is not None)


def _row(form: JudgedForm, claim: ClaimKey) -> Row | None:
    first, check = form.first.get(claim.claim_id), form.answers.get(claim.claim_id)
    if first is None or check is None or first.p is None or check.p is None:
        return None
    flaw = state(claim)
    kind = claim.kinds[0] if claim.flawed and claim.kinds else flaw
    return Row(form.learner, claim.template, flaw, kind, claim.flawed, first.p, check.p)
