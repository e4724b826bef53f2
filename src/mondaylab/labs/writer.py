"""Writing claims: a template's statement about drawn slices, worded, weighed and held against its predicate."""

from __future__ import annotations

from collections.abc import Mapping

from mondaylab.errors import Refused
from mondaylab.forms.flaws import FlawTable
from mondaylab.forms.items import ItemPlan
from mondaylab.labs.claims.claim import Claim, Numbers, Said
from mondaylab.labs.claims.ground import Ground
from mondaylab.labs.claims.slots import Drawn
from mondaylab.labs.claims.template import Desk, Template
from mondaylab.labs.claims.wording import check_numbers, phrase, says_number
from mondaylab.labs.sources.declaration import LabDeclaration


class ClaimWriter:
    """Makes claims of one lab on one snapshot, sound or with a seeded flaw."""

    def __init__(self, lab: LabDeclaration, flaws: FlawTable, ground: Ground, items: ItemPlan | None = None) -> None:
        self.lab = lab
        self.items = items or ItemPlan()
        self.flaws = flaws
        self.ground = ground
        self.desk = Desk(lab.measures, ground)

    def statements(self, template: Template, drawn: Drawn, operator: str | None, way: bool | None = None) -> list[Said]:
        """What can be stated about these slices, sound or with the operator's flaw.

        Args:
            template: What the claim says.
            drawn: What it says it about.
            operator: The flaw to seed; none for sound statements.
            way: Only statements that go this way (see `Template.direction`); none: any.
        """
        made = template.sound(self.desk, drawn) if operator is None else template.wrong(self.desk, drawn, operator)
        return [said for said in made if way is None or template.direction(said) in (None, way)]

    def write(
        self,
        template: Template,
        drawn: Drawn,
        operator: str | None,
        phrasing: int,
        choice: int,
        way: bool | None = None,
    ) -> Claim | None:
        """One claim, or none when these slices give no valid one.

        Args:
            template: What the claim says.
            drawn: What it says it about.
            operator: The flaw to seed; none for a sound claim.
            phrasing: Which phrasing (taken modulo their number).
            choice: Which of the possible statements (modulo their number).
            way: As in `statements`.

        Raises:
            Refused: The statement's own predicate judges it otherwise than the operator says, or its words do not fit.
        """
        made = self.statements(template, drawn, operator, way)
        if not made:
            return None
        said = made[choice % len(made)]
        if template.holds(self.desk, drawn, said) == (operator is not None):
            raise Refused(f"{said} is not what {operator or 'a sound claim'} must state", where=f"claim {template.id}")
        words = drawn.words() | self._own_words(template, said)
        numbers = template.numbers(self.desk, drawn, said)
        values = (None, None) if numbers is None else (numbers.truth, numbers.stated)
        text = self._sentence(template, words, phrasing)
        if numbers is not None and _gives_away(text, numbers):
            return None
        entry = None if operator is None else self.flaws.entry(operator)
        return Claim(
            template=template.id,
            text=text,
            words=words,
            said=said,
            flawed=operator is not None,
            operator=operator,
            why=template.why(self.desk, drawn, said, None if entry is None else entry.says),
            query=template.query(self.desk, drawn, said),
            fact=template.fact(self.desk, drawn, said),
            numbers=numbers,
            severity=None if operator is None else self.flaws.severity(operator, truth=values[0], stated=values[1]),
            foil=operator is None and template.looks_wrong,
        )

    def _own_words(self, template: Template, said: Said) -> dict[str, str]:
        """A statement's words; authors were told which there are, so it gives all of these and no others."""
        words = template.words(said)
        if set(words) != set(template.own_words):
            given, declared = (", ".join(sorted(names)) or "none" for names in (words, template.own_words))
            raise Refused(
                f"a statement of kind {template.kind!r} gives the words {given}, and the kind declares {declared}",
                where=f"claim {template.id}",
                fix="mend own_words in the package that has the kind",
            )
        return words

    def _sentence(self, template: Template, words: Mapping[str, str], phrasing: int) -> str:
        where = f"claim {template.id}"
        text = phrase(template.phrasings[phrasing % len(template.phrasings)], words, where=where)
        check_numbers(text, words.values(), where=where)
        return text


def _gives_away(text: str, numbers: Numbers) -> bool:
    """Whether a wrong sentence happens to say the true value: *50.0 %* where *50 and over* is an age."""
    return abs(numbers.stated) != abs(numbers.truth) and says_number(text, numbers.truth)
