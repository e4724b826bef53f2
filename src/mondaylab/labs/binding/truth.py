"""Truth of what was bound: each claim held against the data, and what kind of error a wrong one is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mondaylab.labs.binding.claims import About, BoundText, TextClaim
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record

PLAIN_NUMBER = "wrong_number"
"""A wrong number that nothing near it explains: most often arithmetic, or a slip in copying."""
_MONEY = ("EUR", "USD", "GBP")
_ROUNDING = 1e-9


class JudgedClaim(Record):
    """A claim of a text, judged."""

    claim: TextClaim
    truth: float | None
    """The true number, in the claim's unit; none of a comparison."""
    flawed: bool
    operator: str | None
    """What kind of error it is, as in ``grader/flaws.yaml``; none: it holds."""


class JudgedText(Record):
    """A bound text with the truth of its claims."""

    bound: BoundText
    claims: tuple[JudgedClaim, ...]
    undecided: tuple[TextClaim, ...]
    """Claims that the data does not settle: it has no such figure, or the two compared are equal as shown."""

    @property
    def usable(self) -> bool:
        """Whether all that it states is bound and settled: only then may it stand in a form."""
        return bool(self.claims) and not self.undecided and not self.bound.doubts


def judge(writer: ClaimWriter, lexicon: Lexicon, bound: BoundText) -> JudgedText:
    """Holds every claim of a text against the data.

    Args:
        writer: Of the lab on its snapshot.
        lexicon: What its words mean.
        bound: The text.
    """
    truths = _Truths(writer, lexicon)
    made = [(claim, truths.judged(claim)) for claim in bound.claims]
    return JudgedText(
        bound=bound,
        claims=tuple(judged for _, judged in made if judged is not None),
        undecided=tuple(claim for claim, judged in made if judged is None),
    )


@dataclass(frozen=True)
class _Truths:
    writer: ClaimWriter
    lexicon: Lexicon

    def judged(self, claim: TextClaim) -> JudgedClaim | None:
        """The claim with its truth; none where the data does not settle it."""
        if claim.says in ("more", "less"):
            return self._compared(claim)
        truth = self._value(claim)
        if truth is None or claim.stated is None:
            return None
        if self._other_money(claim):
            return JudgedClaim(claim=claim, truth=truth, flawed=True, operator="wrong_unit")
        flawed = not _near(truth, claim)
        return JudgedClaim(claim=claim, truth=truth, flawed=flawed, operator=self._kind(claim) if flawed else None)

    def _compared(self, claim: TextClaim) -> JudgedClaim | None:
        shown = self.lexicon.names[claim.about.measure].display.shown
        one, other = self._plain(claim.about), None if claim.against is None else self._plain(claim.against)
        if one is None or other is None or shown(one) == shown(other):
            return None
        flawed = (shown(one) > shown(other)) != (claim.says == "more")
        return JudgedClaim(claim=claim, truth=None, flawed=flawed, operator="wrong_sign" if flawed else None)

    def _value(self, claim: TextClaim) -> float | None:
        """The true number in the claim's unit."""
        scale = self.lexicon.names[claim.about.measure].display.scale
        now = self._plain(claim.about)
        if now is None or claim.says == "value":
            return None if now is None else now * scale
        before = None if claim.against is None else self._plain(claim.against)
        if before is None:
            return None
        if claim.unit == "%":
            return (now / before - 1) * 100 if before else None
        return (now - before) * scale

    def _plain(self, about: About) -> float | None:
        figure = Figure(self.writer.facts.measures[about.measure], "plain", about.cut, about.week)
        return self.writer.data.value(figure.measure())

    def _other_money(self, claim: TextClaim) -> bool:
        own = self.lexicon.names[claim.about.measure].display.unit
        return own in _MONEY and claim.unit in _MONEY and claim.unit != own

    def _kind(self, claim: TextClaim) -> str:
        """What kind of error a wrong number is: the first of what it may have been taken from that gives it."""
        turned = claim.model_copy(update={"stated": -(claim.stated or 0.0)})
        if claim.says == "change":
            truth = self._value(claim)
            if truth is not None and truth != 0 and _near(truth, turned):
                return "wrong_sign"
        for operator, mistaken in self._mistaken(claim):
            truth = self._value(mistaken)
            if truth is not None and (_near(truth, mistaken) or (claim.says == "change" and _near(-truth, mistaken))):
                return operator
        truth = self._value(claim) or 0.0
        if claim.says == "change" and truth * (claim.stated or 0.0) < 0:
            return "wrong_sign"
        if any(_near(truth * factor, claim) for factor in (0.1, 10.0, 100.0, 0.01)):
            return "wrong_scale"
        return PLAIN_NUMBER

    def _mistaken(self, claim: TextClaim) -> Iterator[tuple[str, TextClaim]]:
        """Other claims that have this number if it was taken from the wrong place; what is nearest first."""
        about = claim.about
        weeks = [week for week in (self.lexicon.week, self.lexicon.before) if week not in (None, about.week)]
        if claim.says == "change":
            if claim.unit in ("%", "points"):
                yield "wrong_unit", claim.model_copy(update={"unit": "points" if claim.unit == "%" else "%"})
        else:
            for week in weeks:
                yield "wrong_period", _about(claim, week=week)
            for cut in self._other_cuts(about):
                yield "wrong_filter", _about(claim, cut=cut)
        for measure in self._others(about):
            yield "mixed_up_record", _moved(claim, measure)

    def _others(self, about: About) -> list[str]:
        """Other measures that can be cut likewise; those shown in the same unit first."""
        names = self.lexicon.names
        unit = names[about.measure].display.unit
        there = [name for name in names if name != about.measure and set(about.cut) <= self.lexicon.cuts[name]]
        return sorted(there, key=lambda name: names[name].display.unit != unit)

    def _other_cuts(self, about: About) -> Iterator[dict[str, str]]:
        if about.cut:
            yield {}
        for _, (field, member) in self.lexicon.members.items():
            if field in about.cut and about.cut[field] != member:
                yield {**about.cut, field: member}
        if not about.cut:
            yield {
                field: member
                for field, member in self.lexicon.subject.items()
                if field in self.lexicon.cuts[about.measure]
            }


def _near(truth: float, claim: TextClaim) -> bool:
    """Whether a number is the stated one, as exactly as that is told."""
    return abs(truth - (claim.stated or 0.0)) <= 0.5 * 10.0**-claim.decimals + _ROUNDING * max(1.0, abs(truth))


def _about(claim: TextClaim, **changed: object) -> TextClaim:
    return claim.model_copy(update={"about": claim.about.model_copy(update=changed)})


def _moved(claim: TextClaim, measure: str) -> TextClaim:
    """The claim about another measure, and so what it is held against."""
    moved = _about(claim, measure=measure)
    against = None if claim.against is None else claim.against.model_copy(update={"measure": measure})
    return moved.model_copy(update={"against": against})
