"""``grader/flaws.yaml``: what can be wrong with a claim, how bad it is, and what a learner may fairly call it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from mondaylab.errors import Refused
from mondaylab.forms.shown import FlawGroup, Severity
from mondaylab.records import Record


class Materiality(Record):
    """How a wrong figure's relative error becomes a severity."""

    minor_below: float = Field(gt=0)
    critical_from: float = Field(gt=0)


class OperatorEntry(Record):
    """One operator in ``grader/flaws.yaml``."""

    kinds: tuple[str, ...] = Field(min_length=1)
    severity: Severity | Literal["by_size"]
    says: str
    """What it did to a claim."""
    figure_says: str | None = None
    """What it does to a figure that a learner computes: ends a sentence that begins with "Your figure"."""

    def about_figure(self) -> str:
        """The words for a computed figure; those for a claim where there are none."""
        return self.figure_says or f"is wrong like this: {self.says}"


class FlawTable(Record):
    """``grader/flaws.yaml``."""

    groups: tuple[FlawGroup, ...]
    operators: dict[str, OperatorEntry]
    materiality: Materiality

    @classmethod
    def of(cls, folder: Path) -> FlawTable:
        """Reads ``<folder>/flaws.yaml`` and checks that each operator's kinds are listed.

        Raises:
            Refused: An operator has a kind that no group lists.
        """
        path = folder / "flaws.yaml"
        table = cls.read_yaml(path)
        known = {kind.id for group in table.groups for kind in group.kinds}
        for name, entry in table.operators.items():
            unknown = sorted(set(entry.kinds) - known)
            if unknown:
                raise Refused(
                    f"operator {name!r} has unknown kinds: {', '.join(unknown)}",
                    where=path,
                    fix=f"take some of {', '.join(sorted(known))}",
                )
        return table

    def entry(self, operator: str) -> OperatorEntry:
        """The operator's entry.

        Raises:
            Refused: The table does not list it.
        """
        if operator not in self.operators:
            raise Refused(
                f"flaw operator {operator!r} is not listed in grader/flaws.yaml",
                fix="give it an entry there, under operators",
            )
        return self.operators[operator]

    def kinds(self, *operators: str) -> tuple[str, ...]:
        """What a flaw may fairly be called in which several lie, the one at the bottom of it first."""
        return tuple(dict.fromkeys(kind for operator in operators for kind in self.entry(operator).kinds))

    def group_of(self, operator: str) -> str:
        """The group of the operator's main kind."""
        main = self.entry(operator).kinds[0]
        return next(group.id for group in self.groups if main in {kind.id for kind in group.kinds})

    def told(self, operator: str) -> str:
        """The label of the operator's main kind, and what it does: several operators make flaws of one kind."""
        entry = self.entry(operator)
        label = next(kind.label for group in self.groups for kind in group.kinds if kind.id == entry.kinds[0])
        return f"{label}: {entry.says}"

    def severity(self, operator: str, *, truth: float | None = None, stated: float | None = None) -> Severity:
        """How bad this flaw is; a figure's follows the size of its relative error."""
        rule = self.entry(operator).severity
        if rule != "by_size":
            return rule
        if truth is None or stated is None:
            raise Refused(
                f"the severity of {operator!r} is by_size, and this kind of claim tells no size",
                fix="let the kind give numbers(), or write another severity in grader/flaws.yaml",
            )
        error = abs(stated - truth) / abs(truth) if truth else float("inf")
        if error < self.materiality.minor_below:
            return "minor"
        return "critical" if error >= self.materiality.critical_from else "material"
