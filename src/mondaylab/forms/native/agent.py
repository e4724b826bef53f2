"""An agent's transcript: the task, each step with the tool that it called and what that returned, and its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Self

from pydantic import model_validator

from mondaylab.forms.draft_format import DraftFormat, escaped_lines, quoted_lines
from mondaylab.forms.native.files import beside
from mondaylab.forms.shown import DraftPart, ShownDraft
from mondaylab.records import Record

_TASK = "The task it was given. Not AI, nothing to judge."


class AgentLayout(Record):
    """What an agent's tools were asked and returned, a step each; the steps are the draft's numbered list."""

    calls: tuple[str, ...]
    """Step -> the call, such as ``look_up_return("R0012")``; empty for a step without one."""
    returned: tuple[str, ...]
    """Step -> all that the tool returned, lines as they came; empty if nothing did."""

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        if len(self.calls) != len(self.returned):
            raise ValueError(f"{len(self.calls)} calls and {len(self.returned)} of what they returned: one each")
        if lost := [step for step, (call, got) in enumerate(self.pairs(), 1) if got.strip() and not call.strip()]:
            raise ValueError(f"step {lost[0]} returned something without a call")
        return self

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each step's call, and what it returned."""
        return zip(self.calls, self.returned, strict=True)


def _problem(parts: Sequence[DraftPart], layout: AgentLayout) -> str | None:
    lists = [part for part in parts if part.tag == "ol"]
    if len(lists) != 1:
        return f"a transcript is one numbered list of steps, and here are {len(lists)}"
    if (steps := len(lists[0].parts)) != len(layout.calls):
        return f"{steps} steps, and the layout has {len(layout.calls)} calls: one each, empty for a step without one"
    first = (step.parts[0] if step.parts else DraftPart() for step in lists[0].parts)
    if bare := [place for place, one in enumerate(first, 1) if one.tag != "p" or _claims(one)]:
        return f"step {bare[0]} begins with no paragraph that says what it does: claims stand in paragraphs below"
    return None


def _claims(part: DraftPart) -> bool:
    return any(one.claim_id is not None for one in part.walk())


def _arranged(draft: ShownDraft, layout: AgentLayout) -> tuple[DraftPart, ...]:
    """The steps with their calls, each below what the step says that it does."""
    return tuple(_with_calls(part, layout) if part.tag == "ol" else part for part in draft.parts)


def _with_calls(steps: DraftPart, layout: AgentLayout) -> DraftPart:
    pairs = chain(layout.pairs(), repeat(("", "")))
    told = (
        step.model_copy(update={"parts": (*step.parts[:1], *_called(*pair), *step.parts[1:])})
        for step, pair in zip(steps.parts, pairs, strict=False)
    )
    return steps.model_copy(update={"parts": tuple(told)})


def _called(call: str, returned: str) -> Iterator[DraftPart]:
    if not call.strip():
        return
    lines: list[DraftPart] = [DraftPart(tag="code", parts=(DraftPart(text=call),))]
    for line in returned.strip().splitlines():
        lines += [DraftPart(tag="br"), DraftPart(text=line)]
    yield DraftPart(tag="blockquote", parts=(DraftPart(tag="p", parts=tuple(lines)),))


def _html(body: str, _: AgentLayout, draft: ShownDraft) -> str:
    asked = escaped_lines(draft.prompt or "")
    task = f'<div class="agent-task"><p><b>{_TASK}</b></p><p>{asked}</p></div>' if asked else ""
    return f'{task}<div class="agent-steps">{body}</div>'


def _text(body: str, _: AgentLayout, draft: ShownDraft) -> str:
    return f"{_TASK}\n{quoted_lines(draft.prompt)}\n\n{body}" if draft.prompt else body


AGENT = DraftFormat(
    label="agent transcript",
    html=_html,
    text=_text,
    layout=AgentLayout,
    panel=beside("agent.js"),
    style=beside("agent.css"),
    shows_prompt=True,
    shows_data=True,
    arranged=_arranged,
    problem=_problem,
)
