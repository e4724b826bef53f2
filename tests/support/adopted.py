"""Adopted answers for tests: what an assistant may have said of the finance lab's figures, right or wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import tomlkit

from mondaylab.labs.claims.figures import Figure
from mondaylab.labs.claims.slots import Slices
from mondaylab.labs.claims.wording import Display, spelled
from mondaylab.labs.material import Material
from mondaylab.labs.sources.adopted import words_hash
from mondaylab.labs.sources.manuscript import Manuscript

NAMES = {
    "net": ("net sales", Display(unit="EUR")),
    "orders": ("completed orders", Display(unit="orders")),
    "units": ("units sold", Display(unit="units")),
}
MARGIN = Display(unit="%", scale=100, decimals=1)


def figure(material: Material, measure: str, cut: dict[str, str], week: date, display: Display) -> float:
    """The true figure, as shown."""
    writer = material.writer()
    value = writer.data.value(Figure(writer.facts.measures[measure], "plain", cut, week).measure())
    return display.shown(value or 0.0)


def answer(
    material: Material, region: str, week: date, *, wrong: Collection[str] = (), lacking: bool = True
) -> tuple[str, str]:
    """A manuscript's text about a region's week, and what the assistant wrote, word by word.

    Args:
        material: The finance lab.
        region: What it is about.
        week: Its Monday.
        wrong: Of ``total``, and for each of `NAMES` its name and ``<name>_more``, those that are false: a figure is the
            week before's, a direction is turned.
        lacking: Without what fell short, which the draft must state.
    """
    before, words = week - timedelta(days=7), Slices({"region": region}, week).words()
    said, own, pieces = [], [], []

    def add(name: str, template: dict[str, object] | None, said_words: str, span: str, **claim: object) -> None:
        said.append({"claim": name, "said": said_words, **claim})
        own.extend([] if template is None else [{"id": name, **template}])
        pieces.append((f"[{span}]({name})", said_words))

    def about(measure: str, when: date, cut: dict[str, str]) -> dict[str, object]:
        return {"measure": measure, "cut": cut, "week": when}

    total = figure(material, "margin", {}, before if "total" in wrong else week, MARGIN)
    told = spelled(total, MARGIN)
    add("memo_total", None, f"the company's gross margin was {told}", "the company's gross margin was {value}",
        says="value", about=about("margin", week, {}), stated=total, unit="%", decimals=1)  # fmt: skip
    cut = {"region": region}
    for measure, (name, display) in NAMES.items():
        now, then = (figure(material, measure, cut, when, display) for when in (week, before))
        shown = display.model_dump()
        by = {"by": {"region": "region", "period": "week"}, "measure": measure, "display": shown}
        value = then if measure in wrong else now
        judged = f"In {{week}}, {name} in {{region}} were {{value}}."
        figures = {"kind": "figure", **by, "operators": ["wrong_period"], "judged_as": judged}
        add(measure, figures, f"{name} were {spelled(value, display)}", f"{name} were {{value}}", says="value",
            about=about(measure, week, cut), stated=value, unit=display.unit, decimals=display.decimals)  # fmt: skip
        more = (now > then) != (f"{measure}_more" in wrong)
        judged = f"In {{week}}, {name} in {{region}} {{direction}} against the week before."
        says, rose = ("more", "rose") if more else ("less", "fell")
        add(f"{measure}_more", {"kind": "more", **by, "judged_as": judged}, f"{name} {rose}", f"{name} {{direction}}",
            says=says, about=about(measure, week, cut), against=about(measure, before, cut))  # fmt: skip
    if not lacking:
        least = figure(material, "margin", cut, week, MARGIN)
        add("short", {"kind": "figure", "measure": "margin", "by": {"region": "region", "period": "week"},
                      "display": MARGIN.model_dump(), "operators": ["wrong_filter"],
                      "judged_as": "In {week}, gross margin in {region} was only {value}."},
            f"the region had only {spelled(least, MARGIN)}", "the region had only {value}",
            says="value", about=about("margin", week, cut), stated=least, unit="%", decimals=1)  # fmt: skip
    body = "In {week}, about {region}:\n\n" + "\n".join(f"- {span}" for span, _ in pieces)
    came = f"In {words['week']}, about {region}:\n\n" + "\n".join(f"- {words}" for _, words in pieces)
    states = {"the week's total": ["memo_total"]} | ({} if lacking else {"what fell short": ["short"]})
    front = {
        "answer": {
            "model": "A model of tests", "answered": date(2026, 11, 30), "prompt": "How did {region} do in {week}?",
            "title": "Answer on {region}, {week}", "company": material.bindings.company,
            "quarter": str(material.quarter), "week": week, "subject": cut, "states": states,
            "given": [about(name, when, cut) for name in NAMES for when in (week, before)]
            + [{"measure": "margin", "week": when} for when in (week, before)],
            "sha256": words_hash(Manuscript.parsed("raw", came, where="raw").words()), "claims": said,
        },
        "claims": own,
    }  # fmt: skip
    return f"+++\n{tomlkit.dumps(front)}+++\n{body}\n", came
