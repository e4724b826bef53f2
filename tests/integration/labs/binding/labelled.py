"""A real model's answers with what a reader who saw no value understood of them, and the binder's reading beside.

`labelled.json` holds answers of Qwen2.5-Coder-1.5B to requests of all labs about the demo company, unedited; for each
sentence of them it says what is claimed. Other language models labelled them by reading, with every digit hidden,
before the rules were final; those marked ``unseen`` were labelled after, and first tried then. In a label ``n`` is a
number's place; ``kinds`` are what a reader of sheet, sentence and true value called the errors that begin there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from mondaylab.labs.binding.binder import bind
from mondaylab.labs.binding.claims import BoundText
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.text_claim import TextClaim
from mondaylab.labs.material import Material
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

ANSWERS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("labelled.json").read_text())
Opened = dict[str, tuple[Material, Asking]]
Found = list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]


def open_labs(site: Site) -> Opened:
    """Each lab with what it asks, on the demo company."""
    labs: Opened = {}
    for name in sorted({answer["lab"] for answer in ANSWERS}):
        material = Material.open(site, name, company="demo", quarter="2026Q4")
        labs[name] = (material, Asking.of(site.lab(name), material.declaration, material.bindings.currency))
    return labs


def bound(opened: Opened, answer: dict[str, Any]) -> tuple[BoundText, Lexicon]:
    """An answer, read by the binder."""
    material, asking = opened[answer["lab"]]
    subject = Slices(answer["subject"], date.fromisoformat(answer["week"]))
    lexicon = Lexicon.of(material.writer(), asking, asking.request(answer["request"]), subject)
    return bind(answer["text"], lexicon), lexicon


def meant(claim: TextClaim, lexicon: Lexicon) -> dict[str, Any]:
    """A claim in the words of a label."""
    told: dict[str, Any] = {"says": claim.says, "measure": claim.about.measure, "cut": claim.about.cut}
    told["when"] = _when(claim.about.week, lexicon)
    if claim.says == "change":
        told["way"] = "up" if (claim.stated or 0) > 0 else "down"
    if claim.against is not None:
        other = [member for field, member in claim.against.cut.items() if claim.about.cut.get(field) != member]
        same = claim.against.cut == claim.about.cut
        told["against"] = _when(claim.against.week, lexicon) if same else next(iter(other), "company")
    return told


def _when(week: date | None, lexicon: Lexicon) -> str:
    if week is None:
        return "quarter"
    return {lexicon.week: "now", lexicon.before: "before"}.get(week, f"week {week.isocalendar().week}")


def pairs(opened: Opened, answers: list[dict[str, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """Sentence, what is bound and what is labelled; one of the two is none where the other stands alone."""
    for answer in answers:
        text, lexicon = bound(opened, answer)
        assert len(text.sentences) == len(answer["labels"])
        for sentence, labels in zip(text.sentences, answer["labels"], strict=True):
            wanted = list(labels["claims"])
            said = answer["text"][sentence.start : sentence.end]
            for claim in sentence.claims:
                told = meant(claim, lexicon)
                same = [one for one in wanted if one.get("n") == claim.number and told.items() <= one.items()]
                if same:
                    wanted.remove(same[0])
                yield said, told, same[0] if same else None
            yield from ((said, None, one) for one in wanted)
