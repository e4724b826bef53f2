"""Adopted answers that the data has left behind: of another quarter, of another company."""

from __future__ import annotations

from collections.abc import Iterator

from mondaylab.labs.building.builds import record_command
from mondaylab.labs.drawing.answers import of_other_data
from mondaylab.labs.material import Material
from mondaylab.labs.sources.adopted import AdoptedAnswer
from mondaylab.plural import counted


def stale_answers(material: Material) -> Iterator[str]:
    """One line about a lab, in words; nothing where every adopted answer is about its data."""
    company, quarter = material.bindings.company, str(material.quarter)
    left = of_other_data(material.writer())
    if left:
        answers = counted(len(left), "adopted answer is", "adopted answers are")
        whose = " or ".join(sorted({_whose(one, company, quarter) for one in left}))
        fixed = sum(not one.varies for one in left)
        drawn = "it is drawn" if len(left) == 1 else "they are drawn"
        stands = f"; {fixed} of them, whose words fit no others, in no form" if fixed else ""
        again = record_command(material.name, quarter, company)
        yield f"{answers} of {whose}: {drawn} for other slices only{stands}; record new ones: {again}"


def _whose(answer: AdoptedAnswer, company: str, quarter: str) -> str:
    if answer.company != company:
        return "another company"
    return "another quarter" if answer.quarter != quarter else "other data of the quarter"
