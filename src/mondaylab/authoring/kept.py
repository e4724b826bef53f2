"""Kept answers: what ``labs record`` keeps for a lab, the newest first, and whether each can still be adopted."""

from __future__ import annotations

from mondaylab.authoring.author import Workplace
from mondaylab.authoring.in_words import unforeseen
from mondaylab.authoring.sitting import Sitting
from mondaylab.errors import MondaylabError, NotFound
from mondaylab.labs.adopting.recorded import plain_version, recorded_answer
from mondaylab.labs.building.builds import record_command
from mondaylab.labs.recorded.answers import Answer, AnswerStore
from mondaylab.records import Record

_LISTED = 50
"""How many are listed at most: each is read against the lab first."""


class KeptAnswer(Record):
    """One recorded answer, for a list."""

    key: str
    request: str
    number: int
    model: str
    recorded: str
    about: str
    """Its subject and week, in words."""
    why_not: str | None = None
    """Why it cannot be adopted; none where it can."""


class KeptAnswers:
    """The recorded answers about a lab.

    Args:
        workplace: The lab, opened.
    """

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        at = workplace
        self._store = AnswerStore(at.site, company=at.company, lab=at.lab, quarter=at.quarter)

    @property
    def command(self) -> str:
        """What records more of them."""
        return record_command(self._workplace.lab, self._workplace.quarter, self._workplace.company)

    def listed(self) -> tuple[tuple[KeptAnswer, ...], int]:
        """The newest of them, the newest first, and how many older ones there are."""
        answers = self._store.all() if self._store.folder.is_dir() else []
        ordered = sorted(answers, key=lambda one: (one.asked.request, one.asked.number))
        ordered.sort(key=lambda one: one.recorded, reverse=True)
        return tuple(self._told(one) for one in ordered[:_LISTED]), len(ordered[_LISTED:])

    def opened(self, key: str) -> Sitting:
        """One of them, to be adopted.

        Raises:
            NotFound: There is none of that key.
            Refused: It is not valid any more.
        """
        answer = self._store.get(key)
        if answer is None:
            raise NotFound("this answer is not there any more", where=self._store.folder, fix=self.command)
        answered = recorded_answer(self._workplace.material, self._workplace.asking, answer)
        return Sitting(answered, plain_version(answer.model, answer.asked.request, answer.asked.number))

    def _told(self, answer: Answer) -> KeptAnswer:
        asked = answer.asked
        try:
            recorded_answer(self._workplace.material, self._workplace.asking, answer)
        except MondaylabError as error:
            why: str | None = error.what
        except Exception as failed:  # one bad file must not hide the others
            why = unforeseen(failed)["what"]
        else:
            why = None
        return KeptAnswer(
            key=answer.key,
            request=asked.request,
            number=asked.number,
            model=answer.model,
            recorded=answer.recorded,
            about=", ".join([*asked.subject.values(), f"week {asked.week.isocalendar().week}"]),
            why_not=why,
        )
