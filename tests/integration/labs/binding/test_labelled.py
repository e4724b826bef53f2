"""The binder on a real model's answers, against what a reader who saw no value understood of them.

`labelled.json` holds answers of Qwen2.5-Coder-1.5B to requests of all labs about the demo company, unedited, and for each
of their sentences what it claims. Labels were made by reading, with every digit hidden, before the rules were final;
those marked ``unseen`` were made after, and first tried then. In a label ``n`` is the place of a number in the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mondaylab.labs.binding.binder import bind
from mondaylab.labs.binding.claims import BoundText, TextClaim
from mondaylab.labs.binding.lexicon import Lexicon
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.material import Material
from mondaylab.labs.recording.text_asker import TextAsker
from mondaylab.labs.recording.texts import judged_answer
from mondaylab.labs.sources.asking import Asking
from mondaylab.settings import Site

ANSWERS = json.loads(Path(__file__).with_name("labelled.json").read_text())
PRECISION, RECALL = 0.98, 0.80


@pytest.fixture(scope="module")
def opened(demo_site: Site) -> dict[str, tuple[Material, Asking]]:
    """Each lab with what it asks, on the demo company."""
    labs: dict[str, tuple[Material, Asking]] = {}
    for name in sorted({answer["lab"] for answer in ANSWERS}):
        material = Material.open(demo_site, name, company="demo", quarter="2026Q4")
        labs[name] = (material, Asking.of(demo_site.lab(name), material.declaration, material.bindings.currency))
    return labs


def bound(opened: dict[str, tuple[Material, Asking]], answer: dict[str, Any]) -> tuple[BoundText, Lexicon]:
    material, asking = opened[answer["lab"]]
    subject = Slices(answer["subject"], date.fromisoformat(answer["week"]))
    lexicon = Lexicon.of(material.writer(), asking, asking.request(answer["request"]), subject)
    return bind(answer["text"], lexicon), lexicon


def meant(claim: TextClaim, lexicon: Lexicon) -> dict[str, Any]:
    """A claim in the words of a label."""
    told: dict[str, Any] = {"says": claim.says, "measure": claim.about.measure, "cut": claim.about.cut}
    told["when"] = when(claim.about.week, lexicon)
    if claim.says == "change":
        told["way"] = "up" if (claim.stated or 0) > 0 else "down"
    if claim.against is not None:
        other = {field: member for field, member in claim.against.cut.items() if claim.about.cut.get(field) != member}
        same = claim.against.cut == claim.about.cut
        told["against"] = when(claim.against.week, lexicon) if same else next(iter(other.values()), "company")
    return told


def when(week: date | None, lexicon: Lexicon) -> str:
    if week is None:
        return "quarter"
    return {lexicon.week: "now", lexicon.before: "before"}.get(week, f"week {week.isocalendar().week}")


def pairs(opened: dict[str, tuple[Material, Asking]], answers: list[dict[str, Any]]) -> Iterator[tuple[str, Any, Any]]:
    """Sentence, what is bound and what is labelled; one of the two is none where the other stands alone."""
    for answer in answers:
        text, lexicon = bound(opened, answer)
        assert len(text.sentences) == len(answer["labels"])
        for sentence, labels in zip(text.sentences, answer["labels"], strict=True):
            wanted = [dict(label) for label in labels["claims"]]
            said = answer["text"][sentence.start : sentence.end]
            for claim in sentence.claims:
                told = meant(claim, lexicon)
                match = next((one for one in wanted if same(one, claim.number, told)), None)
                if match is not None:
                    wanted.remove(match)
                yield said, told, match
            yield from ((said, None, one) for one in wanted)


def same(label: dict[str, Any], number: int | None, told: dict[str, Any]) -> bool:
    return label.get("n") == number and {key: label.get(key) for key in told} == told


def rates(found: list[tuple[str, Any, Any]]) -> tuple[float, float]:
    right = sum(told is not None and label is not None for _, told, label in found)
    return right / sum(told is not None for _, told, _ in found), right / sum(
        label is not None for _, _, label in found
    )


def test_what_is_bound_is_what_a_reader_understood(opened):
    found = list(pairs(opened, [answer for answer in ANSWERS if not answer.get("unseen")]))
    precision, recall = rates(found)
    assert len({said for said, _, _ in found}) >= 100 and len(ANSWERS) >= 30
    assert precision >= PRECISION, [(said, told) for said, told, label in found if label is None]
    assert recall >= RECALL


def test_a_wrong_number_is_never_bound_to_the_figure_that_it_fits(opened):
    """Every digit is turned into another; what is bound stays what it was, so it never hung on a value."""
    turned = str.maketrans("0123456789", "1234567890")
    for answer in ANSWERS:
        text, lexicon = bound(opened, answer)
        numbers = [claim for claim in text.claims if claim.number is not None]
        changed = answer["text"]
        for claim in numbers:
            for place in range(claim.start, claim.end):
                changed = changed[:place] + changed[place].translate(turned) + changed[place + 1 :]
        again, _ = bound(opened, {**answer, "text": changed})
        assert [meant(claim, lexicon) for claim in again.claims] == [meant(claim, lexicon) for claim in text.claims]


def test_the_requests_are_asked_again_as_they_were(opened):
    """So a recording of today is the answer to what is asked on the same data."""
    for answer in ANSWERS:
        material, asking = opened[answer["lab"]]
        asked = TextAsker(material, asking).ask(asking.request(answer["request"]), answer["number"])
        assert (asked.subject, asked.week.isoformat()) == (answer["subject"], answer["week"])


def test_errors_of_a_real_model_get_a_kind_and_true_claims_get_none(opened):
    kinds = {
        "wrong_sign",
        "wrong_period",
        "wrong_filter",
        "mixed_up_record",
        "wrong_unit",
        "wrong_scale",
        "wrong_number",
    }
    seen: set[str] = set()
    for answer in ANSWERS:
        material, asking = opened[answer["lab"]]
        asked = TextAsker(material, asking).ask(asking.request(answer["request"]), answer["number"])
        for one in judged_answer(material, asking, asked, answer["text"]).claims:
            assert (one.operator is None) == (not one.flawed)
            seen |= {one.operator} if one.operator else set()
    assert seen <= kinds and len(seen) >= 5
