"""Prompt: what a learner would have asked the assistant, by the checks that the lab's prompt cell shows them.

No learner code runs: the text is read out of the cell (`mondaylab.grader.cells.prompt_text`). Where it cannot be,
because the notebook computed it or set it in another cell, what the notebook's own check read and kept is scored.
Points are the share passed of the first four checks of `mondaylab.judging.prompt_check`: task, data, limits, sources or
doubts. With something personal or confidential in it a prompt earns nothing, whatever else it says. Reasons never
repeat what was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mondaylab.errors import Refused
from mondaylab.forms.cells import OURS
from mondaylab.grader.cells.cell import GradedCell, ScoringContext
from mondaylab.grader.cells.lab_words import LabWords
from mondaylab.grader.cells.prompt_text import prompt_text
from mondaylab.grader.cells.score import CellScore, not_graded, scored
from mondaylab.grader.handed_in.answer import CellAnswer
from mondaylab.judging.answers import PROMPT_LENGTH as MOST_CHARACTERS
from mondaylab.judging.prompt_check import PromptReport, check_prompt

GRADE_ID = "prompt"
WORDS = {
    "unchanged": "No prompt was handed in: it is as released.",
    "missing": "The cell with the prompt is gone from the notebook.",
    "ambiguous": "The notebook holds several different versions of the cell with the prompt.",
    "unreadable": "The notebook could not be read.",
    "no answer": "The cell with the prompt was changed, but sets none, and none was checked: a person looks at it.",
    "elsewhere": "The prompt is as released, and no other was checked. What may be it stands in another place: a "
    "person looks at it.",
    "no text": "The prompt is computed, and lab.check_prompt(prompt) was not run on it: a person looks at it. Write it "
    'as one plain text in quotes, prompt = "…", or run the check.',
    "empty": "The prompt is empty.",
    "too long": f"The prompt is longer than {MOST_CHARACTERS:,} characters. Write what you would really send.",
    "private": "The prompt holds something personal or confidential, so it earns nothing; "
    "lab.check_prompt(prompt) shows what.",
    "not English": "The prompt does not read as English, so the checks say nothing about it: a person looks at it.",
}


def score_prompt(
    answer: CellAnswer,
    released: str | None,
    known: Callable[[], LabWords],
    *,
    max_points: float,
    checked: str | None = None,
) -> CellScore:
    """Scores the prompt cell.

    Args:
        answer: The learner's cell.
        released: The cell as released: the same words in another layout are no prompt of theirs.
        known: Gives the lab's words; called only if there is a prompt to check.
        max_points: What the cell is worth.
        checked: The prompt that ``lab.check_prompt`` read last in the notebook, if it was run.
    """
    before = None if released is None else _text(released)
    text = None if answer.source is None else _text(answer.source)
    if checked is not None and (answer.retold or text is None or _lacks(text, before) in ("empty", "unchanged")):
        # the cell does not say it, or not last: what the notebook itself read does
        text = checked if _lacks(checked, before) is None else text
    elif answer.retold:
        return not_graded(GRADE_ID, max_points, code="ambiguous", reason=WORDS["ambiguous"], found=answer.found)
    if text is None:
        code = "no text" if answer.code == "ok" else answer.code
        if code == "unchanged":
            return _nothing(code, max_points)
        return not_graded(GRADE_ID, max_points, code=code, reason=WORDS[code], found=answer.found)
    lacks = _lacks(text, before)
    if lacks is not None:
        return _nothing(lacks, max_points)
    lab = known()
    return _checked(check_prompt(text, words=lab.words, ids=lab.ids), max_points)


def _lacks(text: str, before: str | None) -> str | None:
    """Why there is nothing to check, as a key of `WORDS`; `before` is the text as released."""
    if len(text) > MOST_CHARACTERS:
        return "too long"
    if not text.strip():
        return "empty"
    if before is not None and _words(text) == _words(before):
        return "unchanged"
    return None


def _text(source: str) -> str | None:
    try:
        return prompt_text(source)
    except Refused:
        return None


def _words(text: str) -> list[str]:
    """What is compared with the prompt as released: another full stop or capital makes it no prompt of theirs."""
    return re.findall(r"\w+", text.casefold())


def _nothing(code: str, max_points: float) -> CellScore:
    return scored(GRADE_ID, 0.0, max_points, code=code, reason=WORDS[code])


def _checked(report: PromptReport, max_points: float) -> CellScore:
    *asked, private = report.checks
    if not report.english:
        doubt = () if private.passed else ("It may hold something personal or confidential.",)
        return not_graded(GRADE_ID, max_points, code="not English", reason=WORDS["not English"], details=doubt)
    # a check's reason quotes the learner; its title and advice are ours
    details = tuple(f"{check.title}: {'yes' if check.passed else f'not found. {check.advice}'}" for check in asked)
    if not private.passed:
        return scored(GRADE_ID, 0.0, max_points, code="private", reason=WORDS["private"], details=details)
    passed = sum(check.passed for check in asked)
    reason = f"{passed} of {len(asked)} checks of a good request passed, and nothing private is in it."
    return scored(GRADE_ID, passed / len(asked), max_points, reason=reason, details=details)


def _score(context: ScoringContext) -> CellScore:
    key = context.key
    return score_prompt(
        context.answer,
        context.released,
        lambda: context.replay().words(key.quarter),
        max_points=context.points,
        checked=context.answers.prompt,
    )


CELL = GradedCell(OURS["prompt"], _score)
