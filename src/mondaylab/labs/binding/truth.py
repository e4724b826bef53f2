"""Truth of what was bound: each claim held against the data, and what kind of error a wrong one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mondaylab.labs.binding.claims import MONEY, BoundText
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.text_claim import About, TextClaim
from mondaylab.labs.claims.wording import Display
from mondaylab.labs.writer import ClaimWriter
from mondaylab.records import Record

PLAIN_NUMBER = "wrong_number"
"""A wrong number that nothing which the model was given explains: most often arithmetic, or a slip in copying."""
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


def judge(writer: ClaimWriter, lexicon: Lexicon, bound: BoundText, seen: Sequence[About]) -> JudgedText:
    """Holds every claim of a text against the data.

    Args:
        writer: Of the lab on its snapshot.
        lexicon: What its words mean.
        bound: The text.
        seen: The figures that its writer was given: an error is named after what it was made from. Anything else in
            the company's data may have the wrong number by chance.
    """
    truths = _Truths(writer, {name: named.display for name, named in lexicon.names.items()}, tuple(seen))
    made = [(claim, truths.judged(claim)) for claim in bound.claims]
    return JudgedText(
        bound=bound,
        claims=tuple(judged for _, judged in made if judged is not None),
        undecided=tuple(claim for claim, judged in made if judged is None),
    )


def judge_claim(
    writer: ClaimWriter, displays: Mapping[str, Display], claim: TextClaim, seen: Sequence[About]
) -> JudgedClaim | None:
    """One claim with its truth; none where the data does not settle it.

    Args:
        writer: Of the lab on its snapshot.
        displays: Measure -> how its figures are shown, of all that the claim and `seen` name.
        claim: What is said.
        seen: As in `judge`.
    """
    return _Truths(writer, displays, tuple(one for one in seen if one.measure in displays)).judged(claim)


@dataclass(frozen=True)
class _Truths:
    writer: ClaimWriter
    displays: Mapping[str, Display]
    seen: tuple[About, ...]

    def judged(self, claim: TextClaim) -> JudgedClaim | None:
        """The claim with its truth; none where the data does not settle it."""
        if claim.says in ("more", "less"):
            return self._compared(claim)
        truth = self._true(claim)
        if truth is None or claim.stated is None:
            return None
        if self._other_money(claim):
            return JudgedClaim(claim=claim, truth=truth, flawed=True, operator="wrong_unit")
        flawed = not _near(truth, claim)
        operator = self._kind(claim, truth) if flawed else None
        return JudgedClaim(claim=claim, truth=truth, flawed=flawed, operator=operator)

    def _compared(self, claim: TextClaim) -> JudgedClaim | None:
        shown = self.displays[claim.about.measure].shown
        one, other = self._plain(claim.about), None if claim.against is None else self._plain(claim.against)
        if one is None or other is None or shown(one) == shown(other):
            return None
        flawed = (shown(one) > shown(other)) != (claim.says == "more")
        return JudgedClaim(claim=claim, truth=None, flawed=flawed, operator="wrong_sign" if flawed else None)

    def _true(self, claim: TextClaim) -> float | None:
        """The true number in the claim's unit."""
        if claim.against is None:
            return self._shown(claim.about)
        return self._change(claim.about, claim.against, relative=claim.unit == "%")

    def _plain(self, about: About) -> float | None:
        figure = Figure(self.writer.facts.measures[about.measure], "plain", about.cut, about.week)
        return self.writer.data.value(figure.measure())

    def _shown(self, about: About) -> float | None:
        value = self._plain(about)
        return None if value is None else value * self.displays[about.measure].scale

    def _change(self, now: About, before: About, *, relative: bool) -> float | None:
        late, early = self._shown(now), self._shown(before)
        if late is None or early is None or (relative and early == 0):
            return None
        return (late / early - 1) * 100 if relative else late - early

    def _other_money(self, claim: TextClaim) -> bool:
        own = self.displays[claim.about.measure].unit
        return own in MONEY and claim.unit in MONEY and claim.unit != own

    def _kind(self, claim: TextClaim, truth: float) -> str:
        """What kind of error a wrong number is."""
        made = self._of_change(claim, truth) if claim.against is not None else self._of_figure(claim)
        for operator, value in made:
            if value is not None and _near(value, claim):
                return operator
        if claim.against is not None and truth * (claim.stated or 0.0) < 0:
            return "wrong_sign"
        if truth != 0 and any(_near(truth * factor, claim) for factor in (0.01, 0.1, 10.0, 100.0)):
            return "wrong_scale"
        return PLAIN_NUMBER

    def _of_figure(self, claim: TextClaim) -> Iterator[tuple[str, float | None]]:
        """What was given and may stand there in the figure's place: another week's, another slice's, another one's."""
        about = claim.about
        given = [one for one in self.seen if one != about]
        same = [one for one in given if one.measure == about.measure]
        yield from (("wrong_period", self._shown(one)) for one in same if one.cut == about.cut)
        yield from (("wrong_filter", self._shown(one)) for one in same if one.cut != about.cut)
        yield from (("mixed_up_record", self._shown(one)) for one in given if one.measure != about.measure)

    def _of_change(self, claim: TextClaim, truth: float) -> Iterator[tuple[str, float | None]]:
        """The change the other way round, in the other unit, the figure in place of its change, another's change."""
        now, before = claim.about, claim.against or claim.about
        yield "wrong_sign", -truth
        for sign in (1.0, -1.0):
            other = self._change(now, before, relative=claim.unit != "%")
            yield "wrong_unit", None if other is None else sign * other
        for one in self.seen:
            value = self._shown(one)
            yield from (("mixed_up_record", None if value is None else sign * value) for sign in (1.0, -1.0))
        for late in self.seen:
            for early in self.seen:
                if late.measure == early.measure and late != early and (late, early) != (now, before):
                    yield "mixed_up_record", self._change(late, early, relative=claim.unit == "%")


def _near(truth: float, claim: TextClaim) -> bool:
    """Whether a number is the stated one, as exactly as that is told."""
    return abs(truth - (claim.stated or 0.0)) <= 0.5 * 10.0**-claim.decimals + _ROUNDING * max(1.0, abs(truth))
