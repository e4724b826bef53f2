"""References of manuscripts: claims are the draft's, what must be stated can be left out, and spans say values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mondaylab.errors import Refused
from mondaylab.forms.formats import layout_problem, manuscript_problem
from mondaylab.labs.claims.slots import WEEKS, slot_words
from mondaylab.labs.claims.template import Template
from mondaylab.labs.claims.wording import words_of
from mondaylab.labs.sources.answer_references import answer_problems
from mondaylab.labs.sources.manuscript import FOLDER, Manuscript
from mondaylab.labs.sources.two_answers import two_answers_problems

if TYPE_CHECKING:
    from mondaylab.labs.sources.declaration import DraftTemplate, LabDeclaration

Problem = tuple[int, str]
"""Line of the manuscript, and what is wrong there."""


def check_manuscripts(lab: LabDeclaration, written: Mapping[str, tuple[Manuscript, ...]], folder: Path) -> None:
    """Holds the manuscripts of a lab against what it declares.

    Raises:
        Refused: All problems, each with file and line; the file with the line of the first.
    """
    told: list[tuple[str, int, str]] = []
    drafts = ", ".join(draft.id for draft in lab.drafts)
    for name in sorted(written.keys() - {draft.id for draft in lab.drafts}):
        told.append((f"{FOLDER}/{name}", 1, f"there is no draft {name!r} (there are {drafts})"))
    told += _twice(lab)
    for draft in lab.drafts:
        if not draft.versions:
            said = (
                f"draft {draft.id!r} has no manuscript: write one, with its claims as links such as [{{value}}](CLAIM)"
            )
            told.append((f"{FOLDER}/{draft.id}/one.md", 1, said))
            continue
        if not any(version.varies for version in draft.versions):
            said = (
                f"draft {draft.id!r} has only answers that stand as they came: write a manuscript for all other slices"
            )
            told.append((f"{FOLDER}/{draft.id}/one.md", 1, said))
        for version in draft.versions:
            file = f"{FOLDER}/{draft.id}/{version.version}.md"
            told += ((file, line, said) for line, said in version_problems(lab, draft.following(version), version))
        stated = {claim for version in draft.versions for claim in version.claims()}
        never = [claim.id for claim in lab.claims if claim.draft == draft.id and claim.id not in stated]
        if never:
            told.append((f"{FOLDER}/{draft.id}", 1, f"no manuscript states {', '.join(map(repr, never))}"))
    if told:
        said = "; ".join(f"{file}, line {line}: {words}" for file, line, words in told)
        raise Refused(said, where=f"{folder / told[0][0]}:{told[0][1]}")


def _twice(lab: LabDeclaration) -> Iterator[tuple[str, int, str]]:
    """Answers that stand there a second time: one that is given to one learner is known by its words."""
    seen: dict[str, str] = {}
    for draft in lab.drafts:
        for version in draft.versions:
            file = f"{FOLDER}/{draft.id}/{version.version}.md"
            if version.source and (first := seen.setdefault(version.source, file)) != file:
                yield file, 1, f"the same answer as {first}"


def version_problems(lab: LabDeclaration, draft: DraftTemplate, version: Manuscript) -> Iterator[Problem]:
    """What is wrong with one manuscript, whatever the data."""
    own = {claim.id: claim for claim in lab.claims if claim.draft == draft.id}
    there = version.claims()
    strange = [name for name in dict.fromkeys(there) if name not in own]
    for name in strange:
        yield version.line(name), f"{name!r} is no claim of draft {draft.id!r} (there are {', '.join(own) or 'none'})"
    for name in dict.fromkeys(name for name in there if there.count(name) > 1):
        yield version.line(name), f"claim {name!r} is stated twice"
    if strange:
        return
    yield from _laid_out(draft, own, version)
    for name in there:
        for first in [one for one in own[name].rests_on if one not in there]:
            told = f"gives {first!r} a second time" if own[name].restates else f"rests on {first!r}"
            yield version.line(name), f"claim {name!r} {told}, which stands nowhere here"
    for item, must in draft.must_state.items.items():
        for name in must:
            if name not in there:
                yield 1, f"claim {name!r} is missing, which states {item!r}"
    yield from _known_words(lab, draft, own, version)
    if version.answer is None:  # nothing is left out of an answer but what it lacks by itself
        yield from _stand_alone(draft, own, version)
    else:
        yield from answer_problems(lab, draft, version)
    if version.varies:
        yield from _say_their_values(lab, draft, own, version)


def _laid_out(draft: DraftTemplate, own: Mapping[str, Template], version: Manuscript) -> Iterator[Problem]:
    """Its elements fit the draft's format."""
    if (problem := layout_problem(draft) or manuscript_problem(draft, version.parts)) is not None:
        yield 1, problem
    else:
        yield from two_answers_problems(draft, own, version)


def _known_words(
    lab: LabDeclaration, draft: DraftTemplate, own: Mapping[str, Template], version: Manuscript
) -> Iterator[Problem]:
    """Between claims stand the words of the draft's subject, and of a claim what it is about, never what it says."""
    subject = {*WEEKS, *slot_words({name: lab.slots[name] for name in draft.about if name in lab.slots})}
    for line, text in version.connecting():
        for word in words_of(text):
            name, _, part = word.partition(".")
            if part and name in version.claims():
                there = {*own[name].slot_names(), *WEEKS} - {*own[name].own_words} | {*own[name].shown_beside}
                if part not in there:
                    told = ", ".join(f"{{{name}.{one}}}" for one in sorted(there, key=str.lower))
                    yield line, f"{{{word}}} stands outside its claim (of that claim there are {told})"
            elif word not in subject:
                told = ", ".join(f"{{{one}}}" for one in sorted(subject, key=str.lower))
                yield line, f"no word for {{{word}}} here (there are {told})"


def _stand_alone(draft: DraftTemplate, own: Mapping[str, Template], version: Manuscript) -> Iterator[Problem]:
    """What may be left out has a sentence or a row for itself, or other claims would go with it."""
    for claims in version.together():
        parts = {draft.must_state.item_of(name) or (name if own[name].optional else None) for name in claims}
        if len(parts) > 1:
            names = ", ".join(map(repr, sorted(claims)))
            said = f"{names} stand in one sentence: what must be stated, and what is optional, needs one of its own"
            yield version.line(min(claims)), said
    spare = sum(own[name].optional for name in version.claims())
    for item, must in draft.must_state.items.items():
        if 0 < spare < len(must):
            yield 1, f"{item!r} takes {len(must)} claims, and {spare} optional one could stand in: write more, or none"


def _say_their_values(
    lab: LabDeclaration, draft: DraftTemplate, own: Mapping[str, Template], version: Manuscript
) -> Iterator[Problem]:
    """A span holds what makes its claim true or false; what the claim is about may stand near it."""
    outside = {word for _, text in version.connecting() for word in words_of(text)}
    for name, span in version.spans().items():
        claim, said = own[name], set(words_of(span))
        if unknown := said - {*claim.own_words, *WEEKS} - slot_words(lab.slots):
            there = ", ".join(dict.fromkeys(f"{{{one}}}" for one in (*claim.own_words, *claim.slot_names(), *WEEKS)))
            wrong = f"no word for {{{min(unknown)}}} in the span of claim {name!r}"
            yield version.line(name), f"{wrong} (there are {there})"
            continue
        judged = set(words_of(claim.judged_as))
        # all of them: a span that lacks {direction} is true whichever way the figure moved
        if unsaid := judged & ({*claim.own_words} - {*claim.given_words}) - said:
            words = " and ".join(f"{{{word}}}" for word in sorted(unsaid))
            yield version.line(name), f"the span of claim {name!r} does not say {words}, by which it is judged"
        for beside in claim.shown_beside:
            if f"{name}.{beside}" not in outside:
                fix = f"write {{{name}.{beside}}} above or below it, code between ```"
                yield version.line(name), f"nothing shows the {beside} of claim {name!r}: {fix}"
        about = judged & slot_words(lab.slots) - {*claim.own_words, *WEEKS, *draft.about}
        for word in sorted(about - said):
            subject = any(word.startswith(f"{slot}_") for slot in draft.about)
            if not subject and f"{name}.{word}" not in outside:
                fix = f"write it in the span, or {{{name}.{word}}} near it"
                yield version.line(name), f"nothing says the {{{word}}} of claim {name!r}: {fix}"
