"""Asking for texts: what each request is about, and the messages that are sent."""

from __future__ import annotations

from mondaylab.errors import Refused
from mondaylab.labs.claims.wording import phrase
from mondaylab.labs.drawing.form import Seed
from mondaylab.labs.material import Material
from mondaylab.labs.recorded.answers import AskedText
from mondaylab.labs.sheet import drawn_subject, sheet, sheet_lines
from mondaylab.labs.sources.asking import Asking, TextRequest

PUBLIC = b"mondaylab recordings"
"""Which slices are asked about is no secret; it must only be the same each time."""
_SUBJECTS = 60
"""Subjects that are tried until the data has every figure of the sheet."""
_SYSTEM = (
    "You are the assistant of a trading company and write for its own staff. Say what the figures that you are given "
    "say, in plain sentences of your own, with the numbers. You know nothing else: give no reasons and no advice."
)


class TextAsker:
    """Draws what one lab asks an assistant for."""

    def __init__(self, material: Material, asking: Asking) -> None:
        self._material, self._asking = material, asking
        self._writer = material.writer()

    @property
    def snapshot(self) -> str:
        """Id of the snapshot whose figures go with what is asked."""
        return self._material.snapshot.id

    @property
    def requests(self) -> tuple[TextRequest, ...]:
        """All that the lab declares."""
        return self._asking.requests

    def ask(self, request: TextRequest, number: int) -> AskedText:
        """One request about a subject of its own; the same number always asks the same.

        Args:
            request: What is asked.
            number: From 1.

        Raises:
            Refused: The data has not every figure of the sheet, about any of the subjects tried.
        """
        material = self._material
        rng = Seed(PUBLIC, material.name, str(material.quarter), request.id, str(number)).rng("subject")
        for _ in range(_SUBJECTS):
            subject = drawn_subject(self._writer, request, rng)
            facts = None if subject is None else sheet(self._writer, self._asking, request, subject)
            if subject is None or facts is None:
                continue
            ask = phrase(request.ask, subject.words(), where=f"request {request.id}")
            figures = "\n".join(sheet_lines(facts, request, subject))
            told = f"{ask}\n\nFigures:\n{figures}"
            return AskedText(
                lab=material.name,
                company=material.bindings.company,
                quarter=str(material.quarter),
                snapshot=self.snapshot,
                request=request.id,
                number=number,
                week=subject.week,
                subject=dict(subject.slots),
                messages=({"role": "system", "content": _SYSTEM}, {"role": "user", "content": told}),
            )
        raise Refused(
            f"request {request.id!r} finds nothing to be about: the data lacks a figure of each subject tried",
            where=material.name,
            fix="take rows that every slice has",
        )
