"""The feedback page: what a learner caught, missed and wrongly doubted, beside the computed truth.

`build` is pure: a judged form, its scores and an instructor's words in, a `Page` out. `render` writes it with the
templates beside it. Everything a learner or an instructor wrote is escaped by the template engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mondaylab.forms.cells import declared_cells
from mondaylab.forms.formats import html_of, prompt_apart
from mondaylab.forms.scoring import ScoringRules
from mondaylab.grader.cells.diagnosis import diagnose_row, kind_groups
from mondaylab.grader.cells.score import CellScore, ScoreTable, figure
from mondaylab.grader.course.gradebook import Mark
from mondaylab.grader.feedback import findings
from mondaylab.grader.feedback import words as feedback_words
from mondaylab.grader.feedback.charts import Calibration, Strip, Trade, calibration
from mondaylab.grader.feedback.practice import Practice, Suggestion, suggestions
from mondaylab.grader.feedback.rates import FigureView, in_figures
from mondaylab.grader.scorer import Judged
from mondaylab.grader.verdicts import Counts, Verdict, verdict, verdicts
from mondaylab.plural import plural
from mondaylab.templates import templates_in

_HERE = Path(__file__).parent
_TEMPLATES = (_HERE / "templates", _HERE.parent / "templates")
"""Its own, and the style that it shares with instructors' pages."""
WIDE, NARROW = 600, 326
"""Pixels of the two drawings of each chart: beside others, and on a phone."""


@dataclass(frozen=True)
class RowView:
    """One judged row."""

    number: int
    text: str
    """As it stands in the draft."""
    judged_as: str | None
    """What of it was judged, where its text does not stand alone."""
    verdict: Verdict
    words: str
    """The verdict in words."""
    why: str
    query: str
    you: str
    """What the learner said about it, and how that fits, in our words."""
    note: str | None
    """The learner's own note, unescaped here."""
    strip: Strip


@dataclass(frozen=True)
class DraftView:
    """One draft with its rows, in reading order."""

    draft_id: str
    title: str
    audience: str
    provenance: str
    summary: str
    rows: tuple[RowView, ...]
    stood: str
    """The draft in its own form, as HTML of plain elements; claims have their rows' numbers."""
    prompt: str | None
    """What the assistant was asked, where the form does not show it."""


@dataclass(frozen=True)
class CellView:
    """One graded cell."""

    label: str
    points: str
    max_points: str
    state: str
    """``scored``, ``by hand``, ``waiting``."""
    reason: str
    details: tuple[str, ...]
    tables: tuple[ScoreTable, ...]


@dataclass(frozen=True)
class OversightView:
    """One rubric criterion: what the learner wrote, what the instructor made of it."""

    label: str
    answer: str
    points: str
    comment: str | None


@dataclass(frozen=True)
class Page:
    """Everything the template shows."""

    title: str
    cohort: str
    learner: str
    quarter: str
    form_id: str
    snapshot: str
    sample: bool
    headline: str
    checking: str
    counts: Counts
    note: str
    drafts: tuple[DraftView, ...]
    charts: tuple[Calibration, Calibration] | None
    """Wide and narrow; none without an answer."""
    calibration_says: str
    trades: tuple[Trade, Trade] | None
    figures: tuple[FigureView, ...]
    """None without an answer."""
    cells: tuple[CellView, ...]
    total: str
    out_of: str
    waiting: int
    penalty: str | None
    oversight: tuple[OversightView, ...]
    practice: tuple[Suggestion, ...]


@dataclass(frozen=True)
class GradedWork:
    """What nbgrader's gradebook and the autograded notebook know of the submission.

    Attributes:
        scores: Grade id -> score of ours with its reason.
        marks: Grade id -> what counts.
        comments: Grade id -> the instructor's words.
        answers: Grade id of an oversight cell -> what the learner wrote.
        penalty: Points taken off for being late.
    """

    scores: Mapping[str, CellScore]
    marks: Mapping[str, Mark]
    comments: Mapping[str, str]
    answers: Mapping[str, str]
    penalty: float = 0.0


def build(judged: Judged, graded: GradedWork, rules: ScoringRules, practice: Practice) -> Page:
    """Puts the page together.

    Args:
        judged: The learner's own form, its key and the answers.
        graded: Scores and an instructor's words.
        rules: ``grader/scoring.yaml``.
        practice: ``grader/feedback/practice.yaml``.
    """
    form, key, answers = judged.form, judged.key, judged.answers
    counts = Counts.of(verdicts(key.claims, answers.check).values())
    first = Counts.of(verdicts(key.claims, answers.first).values())
    said = [(c, answers.check[c.claim_id].p) for c in key.claims if c.claim_id in answers.check]
    rows = [(p, claim.flawed) for claim, p in said if p is not None]
    first_answered = sum(answer.p is not None for answer in answers.first.values())
    charts = (calibration(rows, WIDE), calibration(rows, NARROW)) if rows else None
    cells, waiting = _cells(judged.key.lab, graded, rules)
    total = sum(mark.points for mark in graded.marks.values()) - graded.penalty
    return Page(
        title=form.title,
        cohort=key.cohort,
        learner=key.learner,
        quarter=form.quarter,
        form_id=form.form_id,
        snapshot=form.snapshot,
        sample=form.sample_data,
        headline=findings.headline(counts, answered=len(rows)),
        checking=findings.checking(first, counts, first_answered=first_answered) if rows else "",
        counts=counts,
        note=feedback_words.note(counts, len(rows), len(form.drafts)),
        drafts=_drafts(judged, rules),
        charts=charts,
        calibration_says=feedback_words.calibration_finding(charts[0].bands, len(rows)) if charts else "",
        trades=_trades(first, counts, first_answered) if rows else None,
        figures=in_figures(key.claims, answers) if rows else (),
        cells=cells,
        total=figure(max(0.0, total)),
        out_of=figure(sum(mark.max_points for mark in graded.marks.values())),
        waiting=waiting,
        penalty=figure(graded.penalty) if graded.penalty else None,
        oversight=_oversight(judged.key.lab, graded, rules),
        practice=suggestions(key.claims, answers.check, form.groups, practice),
    )


def render(page: Page) -> str:
    """The page as one self-contained HTML file."""
    return templates_in(*_TEMPLATES).get_template("page.html.j2").render(page=page, plural=plural)


def _drafts(judged: Judged, rules: ScoringRules) -> tuple[DraftView, ...]:
    claims = {claim.claim_id: claim for claim in judged.key.claims}
    labels = {kind.id: kind.label for group in judged.form.groups for kind in group.kinds}
    groups = kind_groups(judged.form)
    costs = rules.role(judged.key.lab).decision
    views, number = [], 0
    for draft in judged.form.drafts:
        rows = []
        first_number = number + 1
        for row in draft.rows():
            number += 1
            claim = claims[row.claim_id]
            check = judged.answers.check.get(row.claim_id)
            first = judged.answers.first.get(row.claim_id)
            detail = diagnose_row(claim, check, rules.diagnosis, groups) if claim.flawed else None
            came_to = verdict(claim.flawed, check)
            rows.append(
                RowView(
                    number=number,
                    text=row.text,
                    judged_as=row.judged_as,
                    verdict=came_to,
                    words=feedback_words.VERDICT_WORDS[came_to],
                    why=claim.why,
                    query=claim.query,
                    you=" ".join(
                        words
                        for words in (
                            feedback_words.about_you(claim, check, came_to, detail, labels),
                            feedback_words.about_action(claim, check, came_to, costs),
                        )
                        if words
                    ),
                    note=check.note if check is not None and check.note else None,
                    strip=Strip(None if first is None else first.p, None if check is None else check.p),
                )
            )
        tally = Counts.of(row.verdict for row in rows)
        views.append(
            DraftView(
                draft_id=draft.draft_id,
                title=draft.title,
                audience=draft.audience,
                provenance=draft.provenance.words(),
                summary=_summary(tally),
                rows=tuple(rows),
                stood=html_of(draft, {row.claim_id: place for place, row in enumerate(draft.rows(), first_number)}),
                prompt=prompt_apart(draft),
            )
        )
    return tuple(views)


def _summary(tally: Counts) -> str:
    alarms = f"{plural(tally.doubted, 'false alarm')}"
    if not tally.flawed:
        return f"{plural(tally.rows, 'statement')}, none flawed, {alarms}"
    return f"{plural(tally.rows, 'statement')}, caught {tally.caught} of {tally.flawed}, {alarms}"


def _trades(first: Counts, check: Counts, first_answered: int) -> tuple[Trade, Trade]:
    def drawn(width: int, height: int) -> Trade:
        return Trade(
            width=width,
            height=height,
            caught=(first.caught, check.caught),
            doubted=(first.doubted, check.doubted),
            flawed=check.flawed,
            sound=check.sound,
            has_first=bool(first_answered),
        )

    return drawn(420, 330), drawn(NARROW, 280)


def _cells(lab: str, graded: GradedWork, rules: ScoringRules) -> tuple[tuple[CellView, ...], int]:
    role = rules.role(lab)
    labels = {criterion.grade_id: criterion.label for criterion in role.oversight}
    labels |= {name: cell.label for name, cell in declared_cells().items()}
    views, waiting = [], 0
    for grade_id, worth in role.points().items():
        mark = graded.marks.get(grade_id)
        score = graded.scores.get(grade_id)
        if mark is None:
            continue
        open_yet = mark.needs_manual and not mark.by_hand
        waiting += open_yet
        by_hand = grade_id not in role.cells or mark.by_hand
        state = "waiting" if open_yet else "by hand" if by_hand else "scored"
        reason = "Marked by your instructor." if by_hand else ""
        views.append(
            CellView(
                label=labels[grade_id],
                points=figure(mark.points),
                max_points=figure(worth),
                state=state,
                reason="Waits for your instructor."
                if score is None and open_yet
                else score.reason
                if score
                else reason,
                details=score.details if score is not None else (),
                tables=score.tables if score is not None else (),
            )
        )
    return tuple(views), waiting


def _oversight(lab: str, graded: GradedWork, rules: ScoringRules) -> tuple[OversightView, ...]:
    views = []
    for criterion in rules.role(lab).oversight:
        mark = graded.marks.get(criterion.grade_id)
        waits = mark is None or (mark.needs_manual and not mark.by_hand)
        points = "not marked yet" if waits or mark is None else f"{figure(mark.points)} of {figure(criterion.points)}"
        views.append(
            OversightView(
                label=criterion.label,
                answer=graded.answers.get(criterion.grade_id, "").strip(),
                points=points,
                comment=graded.comments.get(criterion.grade_id),
            )
        )
    return tuple(views)
