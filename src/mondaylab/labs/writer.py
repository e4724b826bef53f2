"""Writing claims: a template's statement about drawn slices, worded, weighed and held against its predicate."""

from __future__ import annotations

from collections.abc import Mapping

from mondaylab.errors import Refused
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.items import ItemPlan
from mondaylab.labs.claims.claim import Claim, Numbers, Statement
from mondaylab.labs.claims.company_data import CompanyData
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.template import LabFacts, Template
from mondaylab.labs.claims.wording import check_numbers, phrase, says_number
from mondaylab.labs.sources.declaration import LabDeclaration


class ClaimWriter:
    """Makes claims of one lab on one snapshot, sound or with a seeded flaw."""

    def __init__(self, lab: LabDeclaration, flaws: FlawTable, data: CompanyData, items: ItemPlan | None = None) -> None:
        self.lab = lab
        self.items = items or ItemPlan()
        self.flaws = flaws
        self.data = data
        self.facts = LabFacts(lab.measures, data, flaws)

    def statements(
        self, template: Template, slices: Slices, operator: str | None, way: bool | None = None
    ) -> list[Statement]:
        """What can be stated about these slices, sound or with the operator's flaw.

        Args:
            template: What the claim says.
            slices: What it says it about.
            operator: The flaw to seed; none for sound statements.
            way: Only statements that go this way (see `Template.direction`); none: any.
        """
        made = template.sound(self.facts, slices) if operator is None else template.wrong(self.facts, slices, operator)
        return [statement for statement in made if way is None or template.direction(statement) in (None, way)]

    def usable(self, claim: Template) -> list[str]:
        """The claim's operators that are not retired; `stale` needs last quarter's data."""
        fresh = [name for name in claim.operators if not self.items.is_retired(claim.id, name)]
        return [name for name in fresh if name != "stale" or self.data.previous is not None]

    def write(
        self,
        template: Template,
        slices: Slices,
        operator: str | None,
        choice: int,
        way: bool | None = None,
        span: str | None = None,
    ) -> Claim | None:
        """One claim, or none when these slices give no valid one.

        Args:
            template: What the claim says.
            slices: What it says it about.
            operator: The flaw to seed; none for a sound claim.
            choice: Which of the possible statements (modulo their number).
            way: As in `statements`.
            span: How the draft says it, with words in braces; none: as it is judged.

        Raises:
            Refused: The statement's own predicate judges it otherwise than the operator says, or its words do not fit.
        """
        made = self.statements(template, slices, operator, way)
        if not made:
            return None
        statement = made[choice % len(made)]
        if template.holds(self.facts, slices, statement) == (operator is not None):
            raise Refused(
                f"{statement} is not what {operator or 'a sound claim'} must state", where=f"claim {template.id}"
            )
        words = slices.words() | self._own_words(template, statement)
        numbers = template.numbers(self.facts, slices, statement)
        values = (None, None) if numbers is None else (numbers.truth, numbers.stated)
        judged_as = self._worded(template.judged_as, words, template)
        text = judged_as if span is None else self._worded(span, words, template)
        if numbers is not None and (_gives_away(text, numbers) or _gives_away(judged_as, numbers)):
            return None
        entry = None if operator is None else self.flaws.entry(operator)
        return Claim(
            template=template.id,
            text=text,
            judged_as=judged_as,
            slices=slices,
            words=words,
            statement=statement,
            flawed=operator is not None,
            operator=operator,
            why=template.why(self.facts, slices, statement, None if entry is None else entry.says),
            query=template.query(self.facts, slices, statement),
            fact=template.fact(self.facts, slices, statement),
            numbers=numbers,
            severity=None
            if operator is None
            else self.flaws.severity(template.weighed_as(operator, statement), truth=values[0], stated=values[1]),
            foil=operator is None and template.looks_wrong,
        )

    def _own_words(self, template: Template, statement: Statement) -> dict[str, str]:
        """A statement's words; authors were told which there are, so it gives all of these and no others."""
        words = template.words(statement)
        if set(words) != set(template.own_words):
            given, declared = (", ".join(sorted(names)) or "none" for names in (words, template.own_words))
            raise Refused(
                f"a statement of kind {template.kind!r} gives the words {given}, and the kind declares {declared}",
                where=f"claim {template.id}",
                fix="mend own_words in the package that has the kind",
            )
        return words

    def _worded(self, said: str, words: Mapping[str, str], template: Template) -> str:
        where = f"claim {template.id}"
        text = phrase(said, words, where=where)
        check_numbers(text, words.values(), where=where)
        return text


def _gives_away(text: str, numbers: Numbers) -> bool:
    """Whether a wrong sentence happens to say the true value: *50.0 %* where *50 and over* is an age."""
    return abs(numbers.stated) != abs(numbers.truth) and says_number(text, numbers.truth)
