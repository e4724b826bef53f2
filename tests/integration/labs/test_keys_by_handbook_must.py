"""What a draft must state, read in the handbook's own text; what its sentences say, read in their words and the tables.

Nothing of the engine tells here what is stated: the lists are found in the snapshot's handbook by a regular expression,
the sentences by their phrasings, the truth of a reply by the row that it is about.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from tests.support.sampled import sampled

from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import Refused
from mondaylab.forms.shown import ShownClaim
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.drawing.form import draw_form
from mondaylab.labs.drawing.plan import Planner
from mondaylab.labs.gates.must_state import must_state_gate
from mondaylab.labs.gates.sample import draw_sample
from mondaylab.labs.material import Material
from mondaylab.settings import Site

FINANCE, SUPPORT, PEOPLE = "finance/weekly_margin_memo", "support/refund_reply", "people/screening_summary"
WEEK_TOTAL, SHORT = "the week's total", "what fell short"
DECIDED, WHY, NEXT = "what was decided", "why", "what happens next"
REPLY = {
    DECIDED: r"^On return \w+ it was decided: ",
    WHY: r"^The reason for the decision on return \w+: (a replacement|the goods) ",
    NEXT: r"^What happens next on return \w+: the goods (may come back within|go back with) ",
}
INVITED = "how many were invited"
# the ids of drafts, the section that lists what it states, and how each bullet of it is said
DRAFTS = {
    FINANCE: [
        (
            "memo",
            "1.5",
            {
                WEEK_TOTAL: r"^In week \d+, (the )?gross margin of the whole company (was|came to)",
                SHORT: "kept the lowest share of the value before discount of all regions",
            },
        ),
        (
            "answer",
            "1.5",
            {
                WEEK_TOTAL: r"the whole company had [\d,]+ completed",
                SHORT: r"customers of all regions cancelled [\d,]+ order",
            },
        ),
        (
            "query",
            "1.5",
            {
                WEEK_TOTAL: r"the query for the whole company gives the sum of net over the whole company ",
                SHORT: r"the query for late shipments gives the share of late shipments to ",
            },
        ),
        (
            "freight",
            "1.5",
            {WEEK_TOTAL: "all freight of the company cost €", SHORT: "were the least punctual of all regions"},
        ),
    ],
    SUPPORT: [
        ("faulty unwanted", "3.6", REPLY),
        (
            "note versions",
            "1.5",
            {
                WEEK_TOTAL: r"^Over all regions, \d+ returns? came in ",
                SHORT: r"^Refused were \d+ returns? out of all that came from ",
            },
        ),
        (
            "agent",
            "6.5",
            {
                "what the return is about": r"^Return \w+ is about the article ",
                "why it came back": r"^Why return \w+ came back: ",
            },
        ),
    ],
    PEOPLE: [
        (
            "summary",
            "7.6",
            {
                INVITED: r", \d+ applicants? (has|have) been invited to an interview",
                "what it did not see": r"no structured interview was held with \d+ applicant",
            },
        ),
        (
            "advice",
            "7.7",
            {
                "work sample": r"^The work sample ",
                "structured interview": r"^The structured interview .*(reaches|falls short)",
            },
        ),
        (
            "chart",
            "7.8",
            {
                "how many applied": r"^In the chart of who applied from the .+, the bars show how many .+ applied",
                INVITED: r"^In the chart of invitations, the bars show how many .+ were invited to an interview",
            },
        ),
        (
            "fairness",
            "7.8",
            {
                "how many applied": r"\d+ colleagues? from \w+ at the .+ applied\.$"
                r"|^Over the quarter, applications in \w+ came to",
                INVITED: r"\d+ applicants? from \w+ at the .+ (was|were) invited to an interview\.$"
                r"|^Over the quarter, invitations to an interview in \w+ came to",
            },
        ),
    ],
}


def listed(handbook: str, section: str) -> list[str]:
    """The bullets under a section's heading."""
    body = re.split(rf"^## {re.escape(section)} .*$", handbook, flags=re.MULTILINE)[1]
    return re.findall(r"^- (.+)$", re.split(r"^#", body, maxsplit=1, flags=re.MULTILINE)[0], flags=re.MULTILINE)


def judged(claim: ShownClaim) -> str:
    """The sentence that a place in a draft is judged as."""
    return claim.judged_as or claim.text


def contradictions(material: Material, forms: int) -> tuple[int, list[str]]:
    """Drafts that were read, and those whose key says otherwise than their own words."""
    read, found = 0, []
    for number in range(forms):
        form = draw_form(material, b"h" * 32, cohort="co", learner=f"l{number}", attempt=1)
        keys = {key.claim_id: key for key in form.key.claims}
        for draft in form.shown.drafts:
            [(_, section, said)] = [one for one in DRAFTS[material.name] if draft.draft_id in one[0].split()]
            wanted = listed(material.handbook.text, section)
            assert wanted == list(said), f"section {section} lists {wanted}"
            stated = {name for name, how in said.items() if any(re.search(how, judged(one)) for one in draft.claims)}
            missing = keys[draft.missing.claim_id]
            told = re.match(rf"Left out: (.+) \(handbook {re.escape(section)}\)", missing.why)
            # an assistant's own answer may lack all of them at once
            named = [name for name in wanted if told and told[1] in (name, " and ".join(wanted))]
            if [name for name in wanted if name not in stated] != named or missing.flawed != bool(named):
                found.append(f"{draft.title}: states {sorted(stated)}, and the key says {missing.why}")
            read += 1
    return read, found


def drafts_in_a_form(material: Material) -> int:
    """Those that take turns stand in it one at a time."""
    return len({one.turns or one.id for one in material.declaration.drafts})


@pytest.mark.parametrize("lab", DRAFTS)
def test_a_sound_draft_states_the_whole_list_and_a_flawed_one_lacks_what_its_key_names(
    demo_site: Site, lab: str
) -> None:
    material = Material.open(demo_site, lab, company="demo", quarter="2026Q4")
    read, found = contradictions(material, forms=8)
    assert read == 8 * drafts_in_a_form(material) and found == []


@pytest.mark.deep
@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q4"])
@pytest.mark.parametrize("lab", DRAFTS)
def test_it_holds_over_many_forms(demo_site: Site, lab: str, quarter: str) -> None:
    material = Material.open(demo_site, lab, company="demo", quarter=quarter)
    read, found = contradictions(material, forms=200)
    assert read == 200 * drafts_in_a_form(material) and found == []


def rules_broken(material: Material, forms: int) -> list[str]:
    """Replies that a reader of sections 3.2 to 3.5 and of the row could not follow, or whose key the row belies."""
    rows = material.tables["returns"].set_index("return_id")
    carriers = material.tables["shipments"].set_index("order_id")["carrier"]
    found = []
    for number in range(forms):
        form = draw_form(material, b"h" * 32, cohort="co", learner=f"l{number}", attempt=1)
        keys = {key.claim_id: key for key in form.key.claims}
        for draft in form.shown.drafts:
            if not draft.title.startswith("Reply"):
                continue
            row = rows.loc[draft.title.split()[-1]]
            if not follows(row):
                found.append(f"{draft.title}: {row['decision']} does not follow from the handbook")
            for claim in draft.claims:
                said = judged(claim)
                if held(said, row, str(carriers[row["order_id"]])) is keys[claim.claim_id].flawed:
                    found.append(f"{draft.title}: {said} {keys[claim.claim_id].why}")
    return found


PUTS = {
    "we send you a new one": "replacement",
    "you get your money back": "refund",
    "we cannot refund it": "refused",
}


def held(said: str, row: pd.Series, carrier: str) -> bool | None:
    """Whether the row bears a sentence of a reply out; none for one that is about something else."""
    if m := re.search(r"it was decided: (.+)\.", said):
        return bool(PUTS[m[1]] == row["decision"])
    if m := re.search(r"(?:replacement|goods) (is|is not|have|have not) (in stock|been opened)", said):
        return bool((" not" not in m[1]) == (row["in_stock" if m[2] == "in stock" else "opened"] == 1))
    if m := re.search(r"may come back within (\d+) days of the customer's request", said):
        return bool(row["days_since_delivery"] + int(m[1]) <= 30)
    if m := re.search(r"go back with (.+)\.$", said):
        return m[1] == carrier
    if m := re.search(r"voucher of €(\d+)", said):
        return bool(row["vouchers_before"] + int(m[1]) <= 60)
    return None


def follows(row: pd.Series) -> bool:
    """Sections 3.2 and 3.3: a replacement before a refund while there is one; a change of mind in time and unopened."""
    if row["reason"] == "changed_mind":
        taken_back = row["opened"] == 0 and row["days_since_delivery"] <= 30
        return row["decision"] == ("refund" if taken_back else "refused")
    told_in_time = row["reason"] != "damaged" or (row["days_since_delivery"] <= 5 and row["photo"] == 1)
    return bool(told_in_time and row["decision"] == ("replacement" if row["in_stock"] == 1 else "refund"))


def test_what_was_decided_follows_from_the_rules_that_the_reply_gives(demo_site: Site) -> None:
    assert rules_broken(Material.open(demo_site, SUPPORT, company="demo", quarter="2026Q4"), forms=8) == []


@pytest.mark.deep
@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q4"])
def test_what_was_decided_follows_in_many_forms(demo_site: Site, quarter: str) -> None:
    assert rules_broken(Material.open(demo_site, SUPPORT, company="demo", quarter=quarter), forms=200) == []


# -- the faults, planted: each is refused at build and by the gate, for what it is
COLLEAGUES = """
group = { people = "people", section = "7.3", least = 5 }
display = { unit = "colleagues" }"""
RECORD = 'draft = "advice"\nentity = "application"\nrecord = "person"\n'
FAULTS = [
    pytest.param(
        PEOPLE,
        [
            (f'{RECORD}field = "work_sample"', f'{RECORD}field = "performance"'),
            ("The work sample of application {person} scored", "The last review of application {person} ended with"),
        ],
        "'work sample' is stated by claim 'advice_sample', which is about 'last review', and by chapter 7",
        id="a review, which is no ground",
    ),
    pytest.param(
        SUPPORT,
        [(', "what happens next" = "faulty_deadline"', "")],
        "section 3.6 lists 'what was decided', 'why', 'what happens next', and no claim states 'what happens next'",
        id="a reply that says nothing of what happens next",
    ),
    pytest.param(
        PEOPLE,
        [
            (f'site = "site" }}{COLLEAGUES}', f'age_band = "age" }}{COLLEAGUES}'),
            ('about = ["department", "home", "site"]', 'about = ["department", "home", "site", "age"]'),
            ("from {home} at the {site} applied", "from {home} who are {age} applied"),
        ],
        "'how many applied' is stated by claim 'fairness_applied', which is about 'age'",
        id="an age, which is no ground",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lab", "edits", "says"), sampled(FAULTS, 2))
def test_a_planted_fault_is_refused_for_what_it_is(demo_site: Site, tmp_path, lab, edits, says) -> None:
    for name in ("labs", "grader", "datasets"):
        shutil.copytree(demo_site.root / name, tmp_path / name)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "snapshots").symlink_to(demo_site.snapshots)
    site = Site(tmp_path, tmp_path / "var")
    path = site.lab(lab) / "lab.toml"
    text = path.read_text()
    for old, new in edits:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    path.write_text(text)
    material = Material.open(site, lab, company="demo", quarter="2026Q4")
    with pytest.raises(Refused) as refused:
        proofread(site, material)
    assert says in refused.value.what and re.search(r"lab\.toml:\d+$", str(refused.value.where))
    gate = must_state_gate(material, draw_sample(material, 5)[0])
    assert not gate.passed and says in gate.said


def test_a_key_that_belies_its_draft_fails_the_gate(demo_site: Site, monkeypatch) -> None:
    """A draft that lacks something and is called whole; one that lacks two things."""
    material = Material.open(demo_site, SUPPORT, company="demo", quarter="2026Q4")
    assert must_state_gate(material, draw_sample(material, 5)[0]).passed
    real = Planner._wanted
    without = {"note_total", "note_refused"}

    def wanted(self, draft, version, left_out, **rest):
        return real(self, draft, version, left_out, **rest) - without

    monkeypatch.setattr(Planner, "_wanted", wanted)
    gate = must_state_gate(material, draw_sample(material, 10)[0])
    assert not gate.passed and "it is called whole and does not state" in gate.said
    assert f"it lacks \"{WEEK_TOTAL}\", '{SHORT}', and its key says “Left out: " in gate.said


def test_a_company_whose_handbook_lists_nothing_is_told_so(demo_site: Site) -> None:
    material = Material.open(demo_site, SUPPORT, company="demo", quarter="2026Q4")
    bare = Handbook(
        material.handbook.text.replace("- what was decided\n- why\n- what happens next", "").replace(
            "## 1.5 ", "## 9.5 "
        )
    )
    material = replace(material, handbook=bare)
    gate = must_state_gate(material, draw_sample(material, 5)[0])
    assert not gate.passed and "section 3.6 lists nothing" in gate.said
    assert "the handbook has no section 1.5" in gate.said
