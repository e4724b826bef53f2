"""The checks of a lab's prompt: what a good request to an assistant states, and what it must not carry.

The rules are word lists and the shape of clauses, in English. They look for what is there; apart from the last check
they never mind what else is there, so another good sentence cannot cost a check that was passed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Literal

import pandas as pd

from mondaylab.datasets.aliases import looks_like_alias
from mondaylab.judging.prompt_parts import Prompt, find_data, find_doubt, find_limits, find_task
from mondaylab.judging.prompt_private import find_private
from mondaylab.quarter import Quarter
from mondaylab.records import Record

PromptCheckName = Literal["task", "data", "limits", "doubts", "nothing_private"]
TITLES: dict[PromptCheckName, str] = {
    "task": "States the task",
    "data": "Names the data",
    "limits": "Sets limits",
    "doubts": "Asks for sources or doubts",
    "nothing_private": "Holds nothing personal or confidential",
}
"""Check -> its words, in the order in which they are shown."""
_ADVICE: dict[PromptCheckName, str] = {
    "task": "Begin with a verb and say what you want back: “Write a reply to …”, “Compare … with …”.",
    "data": "Say what it may use: which table, figures or ticket, of which week or quarter, or paste them.",
    "limits": "Say how long, for whom, in which tone and form, and what it must not do: "
    "“at most 120 words”, “as a table”, “do not promise a refund”.",
    "doubts": "Ask it to name where each statement comes from, and what it did not see or is not sure of: "
    "“say which table each figure comes from; if it is not there, say so”.",
    "nothing_private": "Take it out, or put a role in its place: “the customer”, “applicant A”, “the order”.",
}
_FORMER = re.compile(r"[a-z]{0,4}[0-9a-hjkmnp-tv-z]{12}", re.IGNORECASE | re.ASCII)
_VALUES = 40
"""A text column with more different values than this is no list of names that a prompt would use."""


class PromptCheck(Record):
    """One check of a prompt."""

    name: PromptCheckName
    passed: bool
    reason: str
    """Why it passed or not, with what was found: part of the prompt, so escape it."""
    advice: str = ""
    """What to add or take out; empty if it passed."""

    @property
    def title(self) -> str:
        """The check in words."""
        return TITLES[self.name]


class PromptReport(Record):
    """What became of a prompt; a notebook shows it as a list."""

    checks: tuple[PromptCheck, ...]
    english: bool = True
    """Whether the text reads as English. If not, the first four checks say nothing about it."""
    scored: str = ""
    """Whether what was read here is what is scored, in words; empty where nothing is scored."""

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.passed for check in self.checks)

    @property
    def summary(self) -> str:
        """How many checks passed, in words."""
        words = f"{self.passed} of {len(self.checks)} checks passed."
        return words if self.english else f"{words} The checks read English; this text does not look like it."

    def __repr__(self) -> str:
        lines = [self.summary]
        for check in self.checks:
            lines.append(f"{'✓' if check.passed else '✗'} {check.title}. {check.reason}")
            if check.advice:
                lines.append(f"    Next: {check.advice}")
        lines += [self.scored] if self.scored else []
        return "\n".join(lines)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        items = "".join(_item(check) for check in self.checks)
        return (
            '<div style="max-width:46rem;line-height:1.45;color:var(--jp-ui-font-color1,inherit)">'
            f'<p style="margin:0 0 .4em"><b>{escape(self.summary)}</b></p>'
            f'<ul style="list-style:none;margin:0;padding:0">{items}</ul>{self._told()}</div>'
        )

    def _told(self) -> str:
        return f'<p style="margin:.4em 0 0">{escape(self.scored)}</p>' if self.scored else ""


def _item(check: PromptCheck) -> str:
    mark, word, edge = (
        ("✓", "Passed", "var(--jp-border-color2,#d8dee6)")
        if check.passed
        else ("✗", "To do", "var(--jp-warn-color0,#805600)")
    )
    advice = f"<br><span>Next: {escape(check.advice)}</span>" if check.advice else ""
    return (
        f'<li style="border-left:3px solid {edge};margin:.4em 0;padding:.1em 0 .1em .8em">'
        f'<b><span aria-hidden="true">{mark}</span> {word}: {escape(check.title)}.</b> '
        f"{escape(check.reason)}{advice}</li>"
    )


def check_prompt(text: str, *, words: set[str], ids: Callable[[str], bool]) -> PromptReport:
    """Checks what a learner would send to the assistant.

    White space and case do not count (but see `find_private` on names).

    Args:
        text: The prompt, in English; another language is told, not judged.
        words: Names of the lab's tables, columns and values as people say them, in lower case (`known_words`).
        ids: Whether a token is an identifier of the lab's data, whatever its case (`known_ids`).

    Returns:
        Five checks in the order of `TITLES`. An empty prompt passes the last one only.
    """
    prompt = Prompt.of(text)
    task, data = find_task(prompt), find_data(prompt, words)
    hard, soft = find_limits(prompt)
    doubt = find_doubt(prompt)
    private = find_private(text, words=words, ids=ids)
    checks = (
        _check("task", bool(task), f"You ask: “{task}”.", "No request with an object was found."),
        _check("data", bool(data), f"It is to work on “{data}”.", "It does not say what to work on."),
        _check("limits", bool(hard) or len(soft) > 1, f"You ask for {_quoted([*hard, *soft])}.", _few(soft)),
        _check("doubts", bool(doubt), f"You ask for “{doubt}”.", "It asks for no source, and for no doubt."),
        _check("nothing_private", not private, "Nothing of that kind was found.", f"It holds {_listed(private)}."),
    )
    return PromptReport(checks=checks, english=prompt.english)


def _check(name: PromptCheckName, passed: bool, good: str, bad: str) -> PromptCheck:
    return PromptCheck(name=name, passed=passed, reason=good if passed else bad, advice="" if passed else _ADVICE[name])


def _few(soft: Iterable[str]) -> str:
    said = _quoted(soft)
    return f"{said} alone leaves the rest open." if said else "It leaves length, form, tone and what to avoid open."


def _quoted(parts: Iterable[str]) -> str:
    return _listed(f"“{part}”" for part in parts)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(list(parts)[:4])


def known_words(tables: Mapping[str, pd.DataFrame], quarter: Quarter) -> set[str]:
    """What a prompt would call the lab's data: tables, columns, values of short lists, the quarter; in lower case."""
    said = {str(quarter), f"Q{quarter.number} {quarter.year}", f"Q{quarter.number}"}
    for name, frame in tables.items():
        said |= {name, name.removesuffix("s"), *map(str, frame.columns)}
        for column in frame.columns:
            if isinstance(frame[column].dtype, pd.StringDtype) or frame[column].dtype == object:
                values = frame[column].dropna().unique()
                said |= {str(value) for value in values} if len(values) <= _VALUES else set()
    spoken = {" ".join(word.replace("_", " ").casefold().split()) for word in said}
    return {word for word in spoken if 1 < len(word) <= 40 and not word.isdigit()}


def known_ids(tables: Mapping[str, pd.DataFrame]) -> Callable[[str], bool]:
    """Whether a token is one of the pseudonyms in these tables, whatever its case.

    What a steward let through as a plain code (an article number) is no secret; what became a pseudonym points at
    somebody or something. Tables are read when the first token looks like a pseudonym.
    """
    known: set[str] = set()

    def holds(token: str) -> bool:
        if not looks_like_pseudonym(token):
            return False
        if not known:
            for frame in tables.values():
                for column in frame.columns:
                    values = frame[column].dropna()
                    if len(values) and isinstance(values.iloc[0], str) and looks_like_pseudonym(values.iloc[0]):
                        known.update(values.str.casefold())
        return token.casefold() in known

    return holds


def looks_like_pseudonym(text: str) -> bool:
    """An alias; or, in older snapshots, up to four letters and twelve characters of Crockford's base 32."""
    return looks_like_alias(text) or _FORMER.fullmatch(text) is not None
