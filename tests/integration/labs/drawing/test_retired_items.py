"""What grading found out about items changes what forms draw: retired items never, marginal ones less often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from mondaylab.errors import Refused
from mondaylab.forms.items import ItemPlan
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.material import Material
from mondaylab.settings import Site

FORMS = 24  # whatever is drawn: an optional claim is in some of them


def drawn(material: Material, plan: ItemPlan) -> list[str]:
    """The items, ``template|flaw state``, of a few forms."""
    found = []
    for number in range(FORMS):
        form = draw_form(replace(material, items=plan), b"s" * 32, cohort="c", learner=f"l{number}", attempt=1)
        found += [
            f"{claim.template}|{claim.operator or ('foil' if claim.foil else 'sound')}" for claim in form.key.claims
        ]
    return found


@pytest.fixture(scope="module")
def before(finance: Material) -> list[str]:
    """What forms hold while nothing is known of the items."""
    return drawn(finance, ItemPlan())


def most_drawn(items: list[str], material: Material) -> list[str]:
    """The flaws of templates with another one left, one a template, those that come most often first."""
    several = {claim.id for claim in material.declaration.claims if len(claim.operators) > 1}
    flaws = [item for item in items if not item.endswith(("|sound", "|foil")) and item.partition("|")[0] in several]
    found: dict[str, str] = {}
    for item, _ in Counter(flaws).most_common():
        found.setdefault(item.partition("|")[0], item)
    return [*found.values()]


@pytest.mark.deep
def test_a_retired_flaw_is_never_drawn_and_the_form_stays_whole(finance: Material, before: list[str]):
    item = most_drawn(before, finance)[0]
    after = drawn(finance, ItemPlan(retired=(item,)))
    assert before.count(item) >= 2 and item not in after
    assert any(other.startswith(item.partition("|")[0]) for other in after)
    assert abs(len(after) - len(before)) <= FORMS, "a form holds as many claims as before, give or take an optional one"


@pytest.mark.deep
@pytest.mark.parametrize("retired", [("memo_net|sound",), ("memo_swing|wrong_sign",)])
def test_a_template_with_one_state_left_is_left_out_as_it_would_give_itself_away(finance: Material, before, retired):
    template = retired[0].partition("|")[0]
    assert any(item.startswith(f"{template}|") for item in before)
    assert not any(item.startswith(f"{template}|") for item in drawn(finance, ItemPlan(retired=retired)))


@pytest.mark.deep
def test_a_marginal_flaw_is_drawn_less_often(finance: Material, before: list[str]):
    marginal = most_drawn(before, finance)[:6]  # of one template the data may hold no other flaw
    after = drawn(finance, ItemPlan(weights=dict.fromkeys(marginal, 0.25)))
    assert sum(map(after.count, marginal)) < sum(map(before.count, marginal))


def test_a_build_with_too_few_items_left_is_refused_and_names_what_is_retired(demo_site: Site, finance: Material):
    retired = tuple(sorted(f"{claim.id}|{name}" for claim in finance.declaration.claims for name in claim.operators))
    with pytest.raises(Refused, match=r"too few items are left.*retired: answer_") as caught:
        proofread(demo_site, replace(finance, items=ItemPlan(retired=retired)))
    assert "write new claims" in str(caught.value)
