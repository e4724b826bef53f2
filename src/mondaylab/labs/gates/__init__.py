"""Gates: the proof that a lab's score means judgement and not a trick."""

from mondaylab.labs.gates.check import check_lab
from mondaylab.labs.gates.report import Gate, GateReport

__all__ = ["Gate", "GateReport", "check_lab"]
