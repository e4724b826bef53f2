"""A lab.toml spoilt in many ways: each is refused in plain words with its line, or gives forms; none ends otherwise."""

# ruff: noqa: E501  one case a line reads best

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.sampled import sampled

from mondaylab.errors import MondaylabError
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.gates.sample import draw_sample
from mondaylab.labs.material import Material
from mondaylab.labs.preview import as_html, as_text, preview
from mondaylab.labs.scaffold.make import new_lab
from mondaylab.labs.sources.cells import check_source
from mondaylab.settings import Site

LAB = "finance/mutant"
TABLE = """[drafts.must_state]
section = "1.5"
items = { "the week's total" = "plan_total", "what fell short" = "plan_cancelled" }
"""
SALES = 'sales = { kind = "aggregate", how = "sum", entity = "order_line", field = "net", where = { status = ["completed"] } }'
NAMED = "[claims.factors]\n"
GROSS = 'gross = { kind = "minus", left = "sales", right = "cost" }'
REGION = 'region = { field = "order_line.region" }'
CUT = 'by = { region = "region", period = "week" }\ndisplay = { unit = "money", decimals = -2 }'
SHOWN = 'display = { unit = "money", decimals = -2 }'
FLAWS = 'operators = ["wrong_filter", "wrong_period"]\njudged_as = "In {week}, sales in {region}'
SAYS = '"In {week}, sales in {region} came to {value}."'
LAST = 'by = { region = "region", category = "category", segment = "segment", period = "week" }\ndisplay = { unit = "place" }'
ABOUT = 'about = ["segment", "category", "channel"]'
ASKED = 'by = { segment = "segment", category = "category", period = "week" }\ndisplay = { unit = "%", scale = 100, decimals = 1 }\nquestion'
WARM = 'by = { segment = "segment" }\ndisplay = { unit = "money", decimals = 0 }\nphrasing'
END = "# -- ungraded, answered at once"
GROUP = 'group = { people = "orders", section = "7.3", least = 5 }'
LINE = '\n\n[slots.line]\nrecord = "order_line"\n'
HEAD = 'title = "x"\nrole = "finance"\nminutes = 3\nentities = ["order_line"]\nslots = {}\nmeasures = {}\nparameters = {quarter = "quarter"}\n'


def claim(kind: str, more: str, says: str = "One {week}.") -> tuple[str, str]:
    """A further claim, which stands before the warm-up."""
    words = f'judged_as = "{says}"'
    return END, f'[[claims]]\nkind = "{kind}"\nid = "more"\ndraft = "plan"\n{words}\n{more}\n\n{END}'


def chain(of: str, length: int) -> tuple[str, str]:
    lines = [f"m{n} = {of.replace('#', f'm{n - 1}')}" for n in range(1, length)]
    return GROSS, "\n".join([GROSS, SALES.replace("sales", "m0", 1), *lines])


# what is done to lab.toml: old text, new text; what is said of it, and a piece of the line it points at (none: no line)
REFUSED = [
    # -- the head
    (('role = "finance"', 'role = "astronaut"'), "role is 'astronaut', but the lab lies in labs/finance", "^role"),
    (("minutes = 30", "minutes = -4"), "minutes has to be 1 to 240", "^minutes"),
    (("minutes = 30", f"minutes = 9{'9' * 400}"), "minutes has to be 1 to 240", "^minutes"),
    (("minutes = 30", "minutes = 12.5"), "minutes: Input should be a valid integer", "^minutes"),
    (('title = "Mutant"', 'title = ""'), "title is empty", "^title"),
    (('title = "Mutant"', f'title = "{"x" * 100_000}"'), "title has 100,000 characters", "^title"),
    (('title = "Mutant"\n', ""), "title: Field required", None),
    (('entities = ["order_line"]', "entities = []"), "entities is empty", "^entities"),
    (('entities = ["order_line"]', 'entities = "order_line"'), "entities: Input should be a list", "^entities"),
    (('entities = ["order_line"]', 'entities = ["order_line", "planet"]'), "demo has no concept 'planet'.*bound are application", "^entities"),
    (('entities = ["order_line"]', 'entities = ["shipment"]'), "slot 'region' is about concept 'order_line', which 'entities' does not list", "^region"),
    (('entities = ["order_line"]', 'entities = ["order_line"]\nattachments = ["../manifest"]'), "is no text of the snapshot .there are handbook", "^attachments"),
    (('quarter = "quarter"', 'quarter = "season"'), "parameters.quarter: Input should be 'quarter', 'str'", "^quarter"),
    (("[slots]", "[slot]"), "slot: Extra inputs are not permitted .there are attachments, claims", "^.slot"),
    (("[[claims]]", "[claims]"), "not TOML", "claims"),
    ((HEAD, ""), "a lab needs at least 2 drafts, and here is none", "^drafts"),
    # -- slots
    ((REGION, "region = { }"), "uses slot 'region' for a value, but it is a week", "^about"),
    ((REGION, 'region = { field = "region" }'), "slot 'region' is about concept 'region'", "^region"),
    ((REGION, 'region = { field = "order_line." }'), "slot 'region': concept 'order_line' has no field ''.*bound are .*category", "^region"),
    ((REGION, 'region = { field = "order_line.land" }'), "slot 'region': concept 'order_line' has no field 'land'.*bound are .*region", "^region"),
    ((REGION, 'region = { field = "planet.land" }'), "slot 'region' is about concept 'planet'", "^region"),
    ((REGION, 'region = { record = "order_line", field = "order_line.net" }'), "slots.region: a slot draws from a field or a record", "^region"),
    ((REGION, 'region = { record = "order_line", where = { state = ["x"] } }'), "slot 'region': concept 'order_line' has no field state .bound are", "^region"),
    ((REGION, 'region = { record = "order_line", where = { status = ["x"] } }'), "slot 'region' has no row to draw", "^region"),
    ((REGION, 'region = "order_line.region"'), "slots.region: Input should be a table", "^region"),
    ((REGION, 'région = { field = "order_line.region" }'), "not TOML", "gion"),
    ((REGION, '"région" = { field = "order_line.region" }'), "uses slot 'region', which is not declared .there are category, channel, région", "^about"),
    (("week = {}\n", ""), "uses slot 'week', which is not declared .there are category", "^by"),
    # -- measures
    ((SALES, SALES.replace("aggregate", "agregate")), "measures.sales: 'kind' has to be one of 'aggregate', 'minus'", "^sales"),
    ((SALES, SALES.replace('kind = "aggregate", ', "")), "measures.sales: 'kind' is missing .there are aggregate, ", "^sales"),
    ((SALES, SALES.replace('"sum"', '"avg"')), "measures.sales.how: Input should be 'sum', 'mean'", "^sales"),
    ((SALES, SALES.replace('"sum"', '"quantile", q = 7')), "measures.sales.q: Input should be less than or equal to 1", "^sales"),
    ((SALES, SALES.replace('"net"', '"seller"')), "measure 'sales': concept 'order_line' has no field 'seller'.*bound are .*net", "^sales"),
    ((SALES, SALES.replace('field = "net", ', "")), "measure 'sales': sum of order_line needs a field", "^sales"),
    ((SALES, SALES.replace('"net"', '"region"')), "field 'region', .* is no number to compute with", "^sales"),
    ((SALES, SALES.replace("order_line", "planet")), "measure 'sales' is about concept 'planet', which 'entities' does not list .it has order_line", "^sales"),
    ((SALES, SALES.replace('["completed"]', '"completed"')), "measures.sales.where.status: Input should be a list", "^sales"),
    ((SALES, SALES.replace("status =", "colour =")), "measure 'sales': concept 'order_line' has no field 'colour'", "^sales"),
    ((GROSS, GROSS.replace('"cost"', '"costs"')), "measure 'costs' is used but not declared .there are before_discount, cancelled, cost", "^gross"),
    ((GROSS, GROSS.replace('"cost"', '"gross"')), "measure 'gross' is declared by itself", "^gross"),
    ((GROSS, GROSS.replace('"cost"', "-4")), "measures.gross.right: Input should be a table", "^gross"),
    ((GROSS, GROSS.replace('"cost"', '"orders"')), "measure 'gross': unit mismatch", "^gross"),
    ((GROSS, GROSS.replace(', right = "cost"', "")), "measures.gross.right: Field required", "^gross"),
    ((GROSS, 'gross = { kind = "growth_over", of = "sales", periods = 500, days = 1000000 }'), "measures.gross.days: Input should be less than or equal to 366", "^gross"),
    ((GROSS, 'gross = { kind = "growth_over", of = "sales", periods = 3 }'), "measure 'gross': sum of order_line has no period to be moved", "^gross"),
    (chain('{ kind = "minus", left = "#", right = "#" }', 60), "is made of too many others", "^m"),
    (chain('{ kind = "scaled", of = "#", factor = 1.0 }', 2_000), "is made of too many others", "^m"),
    (chain('"#"', 2_000), "is made of too many others", "^m"),
    # -- drafts
    (('id = "plan"\n', 'id = "plän"\n'), "must state claim 'plan_cancelled' of another draft", "must_state"),
    (('id = "plan"\n', 'id = "update"\n'), "id 'update' is used twice", "update"),
    (('= "plan_cancelled" }', '= "nothing" }'), "must state claim 'nothing', which does not exist .there are plan_", "must_state"),
    ((TABLE, 'must_state = "plan_cancelled"\n'), "must_state is a table now, .drafts.must_state.: section = .*= .plan_cancelled. .$", "^must_state"),
    ((TABLE, TABLE.replace('"1.5"', "1.5")), "must_state.section: Input should be text, in quotes", "^section"),
    ((TABLE, TABLE.replace("items = {", "items = { why = 5,")), "must_state.items.why: Input should be a list", "^items"),
    ((TABLE, TABLE + "mood = 1\n"), "must_state.mood: Extra inputs are not permitted .there are items, section", "^mood"),
    ((TABLE, TABLE.replace("items = {", "items = {" + ", ".join(f'"x{n}" = "x{n}"' for n in range(9)) + ",")), "must state claim 'x0'", "must_state"),
    ((TABLE, ""), "must_state: Field required", "plan"),
    ((ABOUT, ABOUT.replace("[", '["week", ')), "is about slot 'week', a week", "^about"),
    ((ABOUT, ABOUT.replace("[", '["planet", ')), "is about slot 'planet', which is not declared .there are category", "^about"),
    ((ABOUT, f'{ABOUT}\nbiggest = {{ slot = "region", measure = "sales" }}'), "'biggest' is about slot 'region', which is none of 'about'", "^biggest"),
    ((ABOUT, f'{ABOUT}\nbiggest = {{ slot = "segment", measure = "sails" }}'), "'biggest' uses measure 'sails', which is not declared", "^biggest"),
    ((ABOUT, f"{ABOUT}\nprompt = 5"), "prompt: Input should be text, in quotes", "^prompt"),
    ((ABOUT, f'{ABOUT}\nprompt = "Why did {{planet}} fall?"'), "draft 'plan', prompt: no word for planet", "^prompt"),
    ((ABOUT, f'{ABOUT}\nformat = "slide"'), "no format 'slide' of drafts .there are: memo, mail, chat, table, summary", "plan|format"),
    ((ABOUT, f'{ABOUT}\nformat = "mail"\nlayout = {{ to = "you" }}'), "layout: sender: Field required", "^layout"),
    ((ABOUT, f'{ABOUT}\nlayout = {{ subject = "x" }}'), "layout: subject: Extra inputs are not permitted .there are heading", "^layout"),
    ((ABOUT, f'{ABOUT}\nformat = "chat"\nlayout = {{ voice = "x" }}'), "layout: format 'chat' takes none", "^layout"),
    (("Update on {region}, {week}", "Update on {region}, {planet}"), "title: no word for planet.*words there are: category", "^title"),
    (("Update on {region}, {week}", "Update on {region}, {week"), "title: a brace stands alone", "^title"),
    (("Update on {region}, {week}", "Margins fell in {region}, {week}"), "title: 'fell' says which way something went", "^title"),
    # -- claims
    (('foil = true\njudged_as = "From', 'pick = "extreme"\njudged_as = "From'), "claim 'update_points' has nothing to pick from", "^pick"),
    (('id = "update_sales"', 'id = "update sales"'), "id 'update sales': write letters of a to z", "^id"),
    (('id = "update_sales"', 'id = "überblick"'), "id 'überblick': write letters of a to z", "^id"),
    (('id = "update_sales"', 'id = ""'), "id '': write letters of a to z", "^id"),
    (('id = "update_sales"', "id = 7"), "id: Input should be text, in quotes", "^id"),
    (('id = "update_sales"', 'id = "update_share"'), "id 'update_share' is used twice", "update_share"),
    (('id = "update_sales"\n', ""), "claims.1.id: Field required", "claims"),
    (('id = "update_sales"\ndraft = "update"', 'id = "update_sales"\ndraft = "updaet"'), "belongs to no declared draft .'updaet'; there are plan, update", "^draft"),
    (('id = "update_sales"', 'id = "update_sales"\nmood = 1'), "claim 'update_sales': mood: Extra inputs are not permitted .there are a_week_before, across, by", "^mood"),
    ((CUT, CUT.replace("region =", "land =")), "claim 'update_sales': concept 'order_line' has no field 'land' .*bound are", "update_sales"),
    ((CUT, CUT.replace('"region"', '"week"')), "claim 'update_sales' uses slot 'week' for a value, but it is a week", "^by"),
    ((CUT, CUT.replace('"region"', '"rejoin"')), "claim 'update_sales' uses slot 'rejoin', which is not declared .there are category", "^by"),
    ((CUT, CUT.replace("by = {", 'view = "rank"\nby = { } #')), "claim 'update_sales': a rank is taken along the first field of 'by'", "^by"),
    ((CUT, CUT.replace("by = {", 'view = "share"\nby = { period = "week" } #')), "a share is taken along the first field of 'by'", "^by"),
    ((CUT, CUT.replace("by = {", 'view = "median"\nby = {')), "view: Input should be 'plain', 'growth'", "^view"),
    ((LAST, LAST.replace("by = {", 'by = { period = "week", channel = "channel" } #')), "may not be a period", "^by"),
    ((SHOWN, 'display = { unit = "money", scale = 0 }'), "claim 'update_sales': display.scale is 0", "^display"),
    ((SHOWN, 'display = { unit = "money", scale = 1e308 }'), "claim 'update_sales': display.scale is 1e.308", "^display"),
    ((SHOWN, 'display = { unit = " " }'), "claim 'update_sales': display.unit is empty", "^display"),
    ((SHOWN, 'display = { unit = "money", decimals = -99 }'), "display.decimals: Input should be greater than or equal to -6", "^display"),
    ((SHOWN, "display = [ ]"), "claim 'update_sales': display: Input should be a table", "^display"),
    ((FLAWS, FLAWS.replace("wrong_filter", "wrong_fitler")), "'wrong_fitler' is no flaw of kind 'figure' .there are fan_out", "^operators"),
    ((FLAWS, FLAWS.replace('["wrong_filter", "wrong_period"]', '"stale"')), "operators: Input should be a list", "^operators"),
    ((FLAWS, FLAWS.replace("wrong_filter", "fan_out")), "'fan_out' needs 'across'", "update_sales"),
    ((SAYS, '"In {week}, {region} sold goods for {value."'), "claim 'update_sales': a brace stands alone", "update_sales"),
    ((SAYS, '"In {week}, {} of {region} sold goods for {value}."'), "no word for {}: .* .words there are: category, direction, region, segment, value, week", "update_sales"),
    ((SAYS, '"In {week}, {region} sold goods for {value:>99999999999}."'), "more than a word stands between braces", "update_sales"),
    ((SAYS, '"In {week}, {region} sold goods for {value.real}."'), "no word for value.real", "update_sales"),
    ((SAYS, '"Sales came to {value}."'), "claim 'update_sales' is cut by {region}, and 'judged_as' does not say it: write {region} in it", "^judged_as"),
    ((SAYS, '""'), "claim 'update_sales': judged_as: ", "^judged_as"),
    ((SAYS, '["a", "b"]'), "claim 'update_sales': judged_as: Input should be text, in quotes", "^judged_as"),
    ((f"judged_as = {SAYS}\n", ""), "claim 'update_sales': judged_as: Field required", "update_sales"),
    (('measure = "sales"\nby = { region', 'measure = "sails"\nby = { region'), "claim 'update_sales' uses measure 'sails', which is not declared .there are before_discount", "^measure"),
    (("least_change = 0.01", "least_change = -1"), "least_change: Input should be greater than 0", "^least_change"),
    (("least = 20", "least = 19"), "claim 'update_cause': section 1.6 no longer states the limit 19 rows", "update_cause"),
    (('outcome = "margin_made"', 'outcome = "weather"'), "uses measure 'weather', which is not declared", "^outcome"),
    (('outcome = "margin_made"', 'outcome = "margin"'), "claim 'update_cause': factor 'discount' is no part of 'margin'", "update_cause"),
    ((f"{NAMED}discount = ", f"{NAMED}weather = "), "uses measure 'weather', which is not declared", "^.claims.factors."),
    ((f"{NAMED}discount = ", f"{NAMED}orders = "), "'orders' is a factor and a bystander", "update_cause"),
    (("[claims.bystanders]\norders = ", "[claims.bystanders]\ncost = "), "bystander 'cost' is a part of 'margin_made'", "update_cause"),
    (('operators = ["cause_other_way", "cause_too_small", "moved_together"]', ""), "'moved_together' needs 'bystanders'", "update_cause"),
    ((f'{NAMED}discount = {{ says = "discounts", display = {{ unit = "%", scale = 100', f'{NAMED}discount = {{ says = "discounts", display = {{ unit = "%", scale = 0'), "claim 'update_cause': factors.discount.display.scale is 0", "^.claims.factors."),
    (('kind = "cause"', 'kind = "because"'), "'kind' has to be one of 'figure', 'more', 'cause'", "kind|claims|update_cause"),
    # -- kinds that the new lab does not have
    (claim("attribute", 'entity = "order_line"\nrecord = "week"\nfield = "order"'), "uses slot 'week' for a value, but it is a week", "^record"),
    (claim("attribute", 'entity = "order_line"\nrecord = "segment"\nfield = "ordre"'), "concept 'order_line' has no field ordre .bound are", "more"),
    (claim("figure", f'measure = "margin"\nby = {{ _key = "line" }}\ndisplay = {{ unit = "%", scale = 100 }}{LINE}'), "claim 'more' is about one order_line, and 'judged_as' does not name it: write {line} in it", "^judged_as"),
    ((ABOUT, f'{ABOUT[:-1]}, "line"]{LINE}'), "draft 'plan' is about one order_line: write {line} into its title", "^about"),
    (claim("figure", 'measure = "orders"\nby = { region = "value" }\ndisplay = { unit = "orders" }\n\n[slots.value]\nfield = "order_line.region"', "One {value} {week}."), "claim 'more' is about slot 'value', and a figure gives a word of that name: name the slot otherwise", "^by"),
    (claim("figure", f'measure = "orders"\nview = "share"\nby = {{ segment = "segment" }}\n{GROUP}\ndisplay = {{ unit = "%", scale = 100 }}', "One {segment} {week}."), "claim 'more' tells a group's share of all, and so of all the others", "^view"),
    (claim("figure", f'measure = "rated"\nby = {{ segment = "segment" }}\n{GROUP}\ndisplay = {{ unit = "%", scale = 100 }}\n\n[measures.rated]\nkind = "ratio"\ntop = "cancelled"\nbottom = "orders"', "One {segment} {week}."), "claim 'more' tells a share, 'rated': name in its group the measure of people in the part", "^group"),
    (claim("comparison", 'measure = "margin"\ncases = "orders"\ngroup = "order_line.region"\nfirst = "week"\nsecond = "region"\nstratum = "channel"'), "uses slot 'week' for a value", "^first"),
    (claim("rule", 'limit = 5.0\nunit = "EUR"\nwithin = [0, 1000000000]\nbeyond = [6, 7]'), "within holds more than 10,000 amounts", "more"),
    (claim("rule", 'section = "99.1"\nlimit = 5.0\nunit = "EUR"\nwithin = [0, 5]\nbeyond = [6, 7]'), "the handbook has no section 99.1", "more"),
    (claim("source", 'sections = ["99.1"]'), "the handbook has no section 99.1", "more"),
    (claim("quote", "sections = []"), "sections: needs at least 1, and has none", "^sections"),
    (claim("forecast", 'measure = "sales"\ndisplay = { unit = "money" }\nwide = [-50, 60]'), "wide.0: Input should be greater than or equal to 1", "^wide"),
    (claim("shortlist", 'entity = "order_line"\nscore = "points"\nbecause = "x"\npassed_over = { region = ["North"] }'), "concept 'order_line' has no field points .bound are", "more"),
    (claim("disclosure", f'measure = "sales"\npeople = "orders"\nsection = "7.3"\nleast = 1{"0" * 400}\ndisplay = {{ unit = "money" }}'), "least: ", "^least"),
    # -- tasks
    (("[evidence]\n", "[evidence]\nmood = 1\n"), "evidence.mood: Extra inputs are not permitted .there are by, display", "^mood"),
    ((ASKED, ASKED.replace('"segment"', '"planet"')), "evidence uses slot 'planet', which is not declared .there are", "^by"),
    ((ASKED, ASKED.replace('"segment"', '"week"')), "evidence uses slot 'week' for a value", "^by"),
    ((ASKED, ASKED.replace("{ segment", "{ land")), "evidence: .*no (word for|field).* (words there|bound) are", "evidence"),
    (('[validator]\nclaim = "update_margin"', '[validator]\nclaim = "update_cause"'), "needs a claim about a figure that can be flawed, and 'update_cause' is none .there are", "^claim"),
    (('[validator]\nclaim = "update_margin"', '[validator]\nclaim = "nothing"'), "validator is about claim 'nothing', which does not exist .there are", "^claim"),
    (("factor = 1.5", "factor = -1e300"), "warm_up: factor is -1e.300", "^factor"),
    (("factor = 1.5", "factor = nan"), "warm_up.1.factor: Input should be a finite number", "^factor"),
    ((WARM, WARM.replace('"segment"', '"week"')), "warm_up uses slot 'week' for a value", "^by"),
    ((WARM, WARM.replace("{ segment", "{ land")), "warm_up: .*has no field 'land'.*bound are", "warm_up"),
    (("An average completed order of {segment}", "An average completed order of {land}"), "warm_up: no word for land.*words there are", "warm_up"),
]  # fmt: skip
# these are odd, and still a lab
FORMS = [
    ('entities = ["order_line"]', 'entities = ["order_line", "order_line"]'),
    (FLAWS, FLAWS.replace('"wrong_filter", "wrong_period"', "")),
    (ABOUT, f'{ABOUT}\nbiggest = {{ slot = "category", measure = "sales" }}'),
]


@pytest.fixture(scope="module")
def bench(demo_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A checkout with a new lab in it, on the demo's snapshots."""
    root = tmp_path_factory.mktemp("mutants")
    for name in ("labs", "grader", "datasets"):
        shutil.copytree(demo_site.root / name, root / name)
    site = Site(root, root / "var")
    site.var.mkdir()
    site.snapshots.symlink_to(demo_site.snapshots)
    new_lab(site, LAB)
    return site


def opened(bench: Site, declared: Path, text: str, drafts: Mapping[str, str] = {}) -> Material:
    """The lab with this text and these manuscripts, as far as a build looks at it before it starts a kernel."""
    more = {"plan/more.md": (declared.parent / "drafts/plan/letter.md").read_text() + "\n\n[More](more).\n"}
    written = {**drafts, **(more if 'id = "more"' in text else {})}
    kept = {
        path: path.read_text() if path.exists() else None
        for path in map(declared.parent.joinpath("drafts").joinpath, written)
    }
    kept[declared] = declared.read_text()
    for path, now in {
        **{declared.parent / "drafts" / name: said for name, said in written.items()},
        declared: text,
    }.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(now)
    try:
        material = Material.open(bench, LAB, company="demo", quarter="2026Q4")
        check_source(bench, LAB, material.declaration.parameters)
        proofread(bench, material)
    finally:
        for path, before in kept.items():
            path.unlink() if before is None else path.write_text(before)
        for folder in declared.parent.glob("drafts/*"):
            if not any(folder.iterdir()):
                folder.rmdir()
    return material


def mutated(text: str, old: str, new: str) -> str:
    if old == HEAD:  # nothing but a head
        return f"drafts = []\nclaims = []\n{HEAD}"
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(("change", "says", "points_at"), sampled(REFUSED, 5, [says[:50] for _, says, _ in REFUSED]))
def test_a_spoilt_lab_is_refused_with_what_and_where(bench: Site, change, says, points_at):
    declared = bench.lab(LAB) / "lab.toml"
    text = mutated(declared.read_text(), *change)
    with pytest.raises(MondaylabError) as caught:
        opened(bench, declared, text)
    said = str(caught.value)
    assert re.search(says, said), said
    assert "Traceback" not in said and "\n" not in caught.value.what
    line = re.search(r"lab\.toml:(\d+)", said)
    if points_at is None:
        assert line is None and "lab.toml" in said
    else:
        assert line and re.search(points_at, text.splitlines()[int(line[1]) - 1]), said


# what is done to a manuscript; what is said of it
WORDS = [
    ("update/letter.md", "Questions to me, please.", "I suggest we go on like this.", "'suggest' recommends or evaluates, and no claim states it"),
    ("update/letter.md", "has moved", "fell", "'fell' says which way something went"),
    ("update/letter.md", "Questions to me", "For the 7th time", "the text holds 7, which no claim states"),
    ("plan/points.md", "For the whole company", "As in North", "'North' is what a claim can be about"),
    ("plan/points.md", "For the whole company", "For {", "a brace stands alone"),
    ("plan/points.md", "[Orders: {value}]", "[Orders: {value}, 3 % of plan]", "the text holds 3, which no claim states"),
    ("plan/points.md", "[Orders: {value}]", "[Orders: {value} or {worth}]", "points.md, line"),
    ("plan/points.md", "[Orders: {value}]", "[Orders: {worth}]", "no word for {worth} in the span of claim"),
    ("plan/points.md", "For the whole company", "password = 'hunter2hunter2'", "a password stands here"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), sampled(WORDS, 3))
def test_a_spoilt_manuscript_is_refused_with_what_and_where(bench: Site, name, old, new, says):
    declared = bench.lab(LAB) / "lab.toml"
    text = mutated((declared.parent / "drafts" / name).read_text(), old, new)
    with pytest.raises(MondaylabError) as caught:
        opened(bench, declared, declared.read_text(), {name: text})
    said = str(caught.value)
    assert says in said and "Traceback" not in said
    line = re.search(r"(?:\.md|lab\.toml):(\d+)", said)
    assert line, said
    if ".md:" in said:  # a claim's words are told with the claim
        found = text.splitlines()[int(line[1]) - 1 :]
        assert new.splitlines()[0] in "\n".join(found), said


@pytest.mark.parametrize(("old", "new"), sampled(FORMS, 3, ["twice", "no flaw", "biggest"]))
def test_an_odd_lab_that_is_taken_gives_forms(bench: Site, old, new):
    declared = bench.lab(LAB) / "lab.toml"
    material = opened(bench, declared, mutated(declared.read_text(), old, new))
    page = preview(material)
    assert as_text(page) and as_html(page)
    assert len(draw_sample(material, 8)[0].forms) >= 5


def test_a_lab_with_one_draft_is_refused_where_its_drafts_begin(bench: Site):
    declared = bench.lab(LAB) / "lab.toml"
    text = declared.read_text()
    parts = re.split(r"(?=^\[\[claims\]\]|^\[\[drafts\]\]|^\[evidence\])", text, flags=re.MULTILINE)
    one = "".join(part for part in parts if 'draft = "plan"' not in part and 'id = "plan"' not in part)
    with pytest.raises(MondaylabError, match="a lab needs at least 2 drafts, and here is one") as caught:
        opened(bench, declared, one)
    line = int(caught.value.where.rpartition(":")[2])
    assert 'id = "update"' in one.splitlines()[line - 1]


def test_more_drafts_than_weeks_and_too_few_flaws_are_told_before_a_kernel_starts(bench: Site):
    declared = bench.lab(LAB) / "lab.toml"
    text = declared.read_text()
    stated = re.findall(r'\[\[claims\]\]\nkind = "figure"\nid = "update_(?:orders|last)".*?\n\n', text, re.DOTALL)
    [draft] = re.findall(r'\[\[drafts\]\]\nid = "update".*?\nitems = .*?\n\n', text, re.DOTALL)
    more = ["".join([draft, *stated]).replace("update", f"d{number}") for number in range(12)]
    said = "[{{value}}](d{0}_orders). [{{segment}} over the {{channel}} channel](d{0}_last).\n"
    drafts = {f"d{number}/one.md": said.format(number) for number in range(12)}
    with pytest.raises(MondaylabError, match="14 drafts need as many weeks, and the quarter has 11"):
        opened(bench, declared, text.replace("[evidence]", f"{''.join(more)}[evidence]", 1), drafts)
    few = re.sub(r"^operators = .*$", 'operators = ["wrong_period"]', text, flags=re.MULTILINE)
    few = few.replace(
        '["wrong_period"]\nfoil = true\njudged_as = "Of the',
        '["cause_too_small", "moved_together"]\nfoil = true\njudged_as = "Of the',
    )
    for claim_id in ("update_last", "plan_last"):
        few = re.sub(rf'(id = "{claim_id}".*?operators = )\["wrong_period"\]', r"\1[]", few, count=1, flags=re.DOTALL)
    with pytest.raises(MondaylabError, match="no form can be drawn from this lab: no form with 4 kinds of flaw"):
        opened(bench, declared, few)
