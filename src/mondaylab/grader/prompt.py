"""Prompt: what a learner would have asked the assistant, by the checks that the lab's prompt cell shows them.

No learner code runs: the text is read out of the cell (`mondaylab.grader.prompt_text`). Points are the share passed
of the first four checks of `mondaylab.judging.prompt_check`: task, data, limits, sources or doubts. With something
personal or confidential in it a prompt earns nothing, whatever else it says. Reasons never repeat what was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from mondaylab.errors import Refused
from mondaylab.grader.cells import CellScore, not_graded, scored
from mondaylab.grader.prompt_text import LONGEST, prompt_text
from mondaylab.grader.submission import Answer
from mondaylab.judging.prompt_check import PromptReport, check_prompt, known_ids, known_words
from mondaylab.labs.concepts.tables import LabTables
from mondaylab.quarter import Quarter

GRADE_ID = "prompt"
MOST_CHARACTERS = 5_000
"""Longest prompt that is checked: some 800 words, and a second of the checks' time at the very worst."""

WORDS = {
    "unchanged": "No prompt was handed in: it is as released.",
    "missing": "The cell with the prompt is gone from the notebook.",
    "ambiguous": "The notebook holds several different versions of the cell with the prompt.",
    "unreadable": "The notebook could not be read.",
    "no text": 'The prompt could not be read. Write it as one plain text in quotes: prompt = "…".',
    "empty": "The prompt is empty.",
    "too long": f"The prompt is longer than {MOST_CHARACTERS:,} characters. Write what you would really send.",
    "private": "The prompt holds something personal or confidential, so it earns nothing; "
    "lab.check_prompt(prompt) shows what.",
    "not English": "The prompt does not read as English, so the checks say nothing about it: a person looks at it.",
}


@dataclass(frozen=True)
class LabWords:
    """What a lab's prompt may name, and what it must not: made once for a batch.

    Attributes:
        words: Names of tables, columns, concepts and values as people say them.
        ids: Whether a token is an identifier of the data.
    """

    words: set[str]
    ids: Callable[[str], bool]

    @classmethod
    def of(cls, tables: LabTables, quarter: str) -> LabWords:
        """The words of these tables, the same as ``lab.check_prompt`` takes in the learner's notebook."""
        named: Mapping[str, pd.DataFrame] = {**tables, **{name: tables.concept(name) for name in tables.concepts}}
        return cls(known_words(named, Quarter.parse(quarter)), known_ids(tables))


def score_prompt(
    answer: Answer, released: str | None, known: Callable[[], LabWords], *, max_points: float
) -> CellScore:
    """Scores the prompt cell.

    Args:
        answer: The learner's cell.
        released: The cell as released: the same words in another layout are no prompt of theirs.
        known: Gives the lab's words; called only if there is a prompt to check.
        max_points: What the cell is worth.
    """
    if answer.source is None:
        if answer.code == "unchanged":
            return _nothing("unchanged", max_points)
        return not_graded(GRADE_ID, max_points, code=answer.code, reason=WORDS[answer.code])
    text = _text(answer.source)
    lacks = _lacks(answer.source, text, None if released is None else _text(released))
    if text is None or lacks:
        return _nothing(lacks or "no text", max_points)
    lab = known()
    return _checked(check_prompt(text, words=lab.words, ids=lab.ids), max_points)


def _lacks(source: str, text: str | None, before: str | None) -> str | None:
    """Why there is nothing to check, as a key of `WORDS`; `before` is the text as released."""
    if len(source) > LONGEST or len(text or "") > MOST_CHARACTERS:
        return "too long"
    if text is None:
        return "no text"
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
