"""A package that adds a claim kind, an operator, a text source and two formats, installed and used as people would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.support.sampled import sampled

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tests" / "packages" / "mondaylab_more"
PAGE = (ROOT / "docs" / "howto" / "extend.md").read_text()
LAB = "finance/cash_forecast"


def install(package: Path, folder: Path) -> None:
    """What an installer leaves of a package: its modules, its name, its entry points."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text("\n".join(groups))
    for module in (*package.glob("*.py"), *package.glob("*.js")):
        shutil.copy(module, folder)


def block(language: str, containing: str, page: str = PAGE) -> str:
    """The code of a page that holds some words."""
    return next(text for text in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL) if containing in text)


class Installation:
    """A copy of what people edit, in an environment with the package."""

    def __init__(self, root: Path, snapshots: Path) -> None:
        self.root = root
        for part in ("datasets", "grader", "hub_config"):
            shutil.copytree(ROOT / part, root / part)
        (root / "var").mkdir()
        (root / "labs").mkdir()
        (root / "var" / "snapshots").symlink_to(snapshots)
        install(PACKAGE, root / "site")
        self.environment = {**os.environ, "MONDAYLAB_ROOT": str(root), "MONDAYLAB_VAR": str(root / "var")}

    def run(self, *words: str | Path, without: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment | more | ({} if without else {"PYTHONPATH": str(self.root / "site")})
        command = [sys.executable, *map(str, words)]
        return subprocess.run(
            command, env=environment, cwd=self.root, capture_output=True, text=True, timeout=300, check=False
        )

    def mondaylab(self, *words: str | Path, without: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run(Path(sys.executable).parent / "mondaylab", *words, without=without, **more)

    def append(self, path: str, text: str) -> None:
        with (self.root / path).open("a") as file:
            file.write(f"\n{text}")


@pytest.fixture(scope="module")
def installation(demo_site, tmp_path_factory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("added"), demo_site.snapshots)
    assert made.mondaylab("labs", "new", LAB).returncode == 0
    made.append(f"labs/{LAB}/lab.toml", block("toml", 'kind = "ahead"'))
    for version in (made.root / "labs" / LAB / "drafts" / "plan").iterdir():
        made.append(f"labs/{LAB}/drafts/plan/{version.name}", block("markdown", "(plan_more)"))
    declared = made.root / "labs" / LAB / "lab.toml"
    ticket = block("toml", 'format = "ticket"')
    declared.write_text(declared.read_text().replace('[[drafts]]\nid = "plan"\n', f'[[drafts]]\nid = "plan"\n{ticket}'))
    flaws = made.root / "grader" / "flaws.yaml"
    flaws.write_text(flaws.read_text().replace("\noperators:\n", f"\noperators:\n{block('yaml', 'wrong_winner')}", 1))
    declared.write_text(declared.read_text().replace('["wrong_filter"', '["weekend_left_out", "wrong_filter"'))
    return made


DRAW = """
import more_than  # before mondaylab: which of the two is imported first must not matter
import json, sys
from mondaylab.labs.drawing.drawer import Drawer
from mondaylab.labs.drawing.cohort_forms import draw_forms
from mondaylab.labs.gates.twins import twins_gate
from mondaylab.judging.page import drafts_page
from mondaylab.judging.panel import JudgementPanel
from mondaylab.labs.material import Material
from mondaylab.settings import Site

material = Material.open(Site.find(), sys.argv[1], company="demo", quarter="2026Q4")
forms = draw_forms(material, b"s" * 32, cohort="c", learners=[f"l{n}" for n in range(8)], attempt=1)
keys = [claim for form in forms for claim in form.key.claims]
[kind] = [claim for claim in material.declaration.claims if claim.kind == "ahead"]
assert type(kind) is more_than.MoreTemplate
print(json.dumps({
    "more": [[claim.flawed, claim.operator, claim.text, claim.why] for claim in keys if claim.template == kind.id],
    "operators": sorted({claim.operator for claim in keys if claim.operator}),
    "page": drafts_page(forms[0].shown)._repr_html_(),
    "panel": ["LAYOUTS.ticket = " in JudgementPanel.of(form)._esm for form in (forms[0].shown, None)],
    "twins": twins_gate(material, each=5).model_dump(mode="json"),
}))
"""
OTHER_WORDS = """
import json, sys
import more_than
from mondaylab.errors import Refused
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.material import Material
from mondaylab.settings import Site

def tried():
    try:
        proofread(Site.find(), Material.open(Site.find(), sys.argv[1], company="demo", quarter="2026Q4"))
    except Refused as error:
        return error.what

more_than.MoreTemplate.own_words = ("winner",)
told = [tried()]
more_than.MoreTemplate.own_words = ("winner", "loser", "margin")
print(json.dumps([*told, tried()]))
"""


@pytest.mark.deep
def test_a_kind_with_an_operator_of_its_own_builds_previews_and_is_drawn(installation):
    built = installation.mondaylab("labs", "build", LAB, "--quarter", "2026Q4", "--json")
    assert built.returncode == 0, built.stderr
    preview = installation.mondaylab(
        "labs", "preview", LAB, "--quarter", "2026Q4", "--out", installation.root / "x.html"
    )
    assert preview.returncode == 0, preview.stderr
    page = (installation.root / "x.html").read_text()
    assert "plan_more" in page and '<div class="ticket-note">' in page and "As ticket note:" in page
    drawn = installation.run("-c", DRAW, LAB)
    assert drawn.returncode == 0, drawn.stderr
    told = json.loads(drawn.stdout)
    assert {(flawed, operator) for flawed, operator, _, _ in told["more"]} == {(False, None), (True, "wrong_winner")}
    for flawed, _, text, why in told["more"]:
        winner, loser = re.search(r"(\w+) has more than (\w+)", why).groups()
        member, said = re.search(r"(\w+) sold (more|less) ", text).groups()
        assert (member == (winner if said == "more" else loser)) == (not flawed)
    assert "weekend_left_out" in told["operators"]
    assert told["twins"]["passed"], told["twins"]
    line = re.search(r'<p class="ticket-line">Plan after week \d+</p>', told["page"])
    assert line and told["page"].count('<div class="ticket-note">') == 1 and told["panel"] == [True, False]
    claim_needs = [PACKAGE / "pyproject.toml", PACKAGE / "more_than.py", installation.root / "grader" / "flaws.yaml"]
    format_needs = [PACKAGE / "pyproject.toml", PACKAGE / "ticket_note.py", PACKAGE / "ticket_note.js"]
    assert all(len(needs) <= 3 and all(path.is_file() for path in needs) for needs in (claim_needs, format_needs))


@pytest.mark.deep
def test_a_phrasing_may_hold_the_words_that_a_kind_declares_and_the_reference_lists_them(installation):
    told = json.loads(installation.mondaylab("labs", "reference", "--json").stdout)
    kinds = {
        entry["name"]: entry for entry in next(one for one in told["sections"] if one["title"] == "Claims")["entries"]
    }
    assert kinds["ahead"]["words"] == ["winner", "loser"] and "`{winner}`, `{loser}`" in told["page"]
    few, many = json.loads(installation.run("-c", OTHER_WORDS, LAB).stdout)
    assert "no word for {loser} in the span of claim 'plan_more' (there are {winner}, " in few
    assert "declares loser, margin, winner" in many
    declared = installation.root / "labs" / LAB / "lab.toml"
    whole = declared.read_text()
    declared.write_text(whole.replace("{winner} sold more {category} than {loser}", "{direction} sold {category}"))
    built = installation.mondaylab("labs", "build", LAB, "--quarter", "2026Q4")
    declared.write_text(whole)
    assert built.returncode == 1 and "no word for direction" in built.stderr
    assert "loser" in built.stderr and "winner" in built.stderr, "it lists those that there are"


@pytest.mark.deep
def test_a_changed_package_is_another_build_and_without_it_the_lab_says_what_is_missing(installation):
    installation.mondaylab("labs", "build", LAB, "--quarter", "2026Q4")
    again = installation.mondaylab("labs", "build", LAB, "--quarter", "2026Q4")
    assert "unchanged" in again.stdout, again.stdout + again.stderr
    module = installation.root / "site" / "more_than.py"
    text = module.read_text()
    module.write_text(f"{text}\n# changed\n")
    changed = installation.mondaylab("labs", "build", LAB, "--quarter", "2026Q4")
    module.write_text(text)
    assert "unchanged" not in changed.stdout and changed.returncode == 0, changed.stdout + changed.stderr
    without = installation.mondaylab("labs", "preview", LAB, "--quarter", "2026Q4", without=True)
    assert without.returncode == 1 and "kind" in without.stderr and "Traceback" not in without.stderr


@pytest.mark.parametrize(
    ("module", "old", "new", "says"),
    sampled(
        [
            (
                "more_than.py",
                'return f"{self.measure} by',
                'return {}["x"] + f"',
                "'ahead' of mondaylab.claims raised KeyError",
            ),
            ("weekdays.py", "timedelta(days=4)", "timedelta(days='4')", "of mondaylab.operators raised TypeError"),
            (
                "ticket_note.py",
                "escape(layout.ticket)",
                "escape(3)",
                "'ticket' of mondaylab.formats raised AttributeError",
            ),
        ],
        3,
    ),
)
def test_what_a_package_raises_names_the_package(installation, module, old, new, says):
    path = installation.root / "site" / module
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    shown = installation.mondaylab("labs", "preview", LAB, "--quarter", "2026Q4")
    path.write_text(text)
    assert shown.returncode == 1 and "Traceback" not in shown.stderr, shown.stderr
    assert shown.stderr.startswith("mondaylab: package mondaylab-more: ") and f"{says} ({module}:" in shown.stderr


@pytest.mark.deep
def test_a_text_source_is_asked_and_held_against_the_data(installation, tmp_path):
    """The lab is asked about as the page on writing one says."""
    words = ("labs", "record", LAB, "--quarter", "2026Q4", "--each", "2", "--source")
    asking = installation.root / "labs" / LAB / "asking.toml"
    asking.write_text(block("toml", "[[requests]]", (ROOT / "docs" / "howto" / "write_a_lab.md").read_text()))
    (tmp_path / "region-1.txt").write_text("The gross margin was 99.9 %.")
    told = json.loads(installation.mondaylab(*words, "archive", "--json", MORE_ARCHIVE=str(tmp_path)).stdout)
    assert [text["state"] for text in told["texts"]] == ["asked", "failed"]
    assert told["counts"] == {"answers": 1, "usable": 1, "claims": 1, "doubtful": 0, "wrong": 1}
    assert told["texts"][0]["answer"]["model"] == "the model that answered"
    priced = installation.mondaylab(
        *words, "archive", "--price-in", "1", "--price-out", "1", MORE_ARCHIVE=str(tmp_path)
    )
    assert priced.returncode == 1 and "does not count its tokens" in priced.stderr
    unknown = installation.mondaylab(*words, "attic")
    assert unknown.returncode == 1 and "no text source 'attic'" in unknown.stderr and "archive" in unknown.stderr
    assert installation.mondaylab(*words, "archive", "--llama").returncode == 2
    asking.unlink()
    shutil.rmtree(installation.root / "var" / "recordings")


EXPORT = """
import sys
from pathlib import Path
from mondaylab.grader.report.export import Exported, write_table

write_table(Exported(("learner", "points"), (("a|b", 1.5), ("c", None))), "markdown", Path(sys.argv[1]))
"""


@pytest.mark.deep
def test_an_exporter_writes_a_format(installation, tmp_path):
    done = installation.run("-c", EXPORT, tmp_path / "table.md")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "table.md").read_text() == "| learner | points |\n| --- | --- |\n| a\\|b | 1.5 |\n| c |  |\n"
    missing = installation.mondaylab("grade", "export", "x", "--format", "pdf", "--out", tmp_path / "y")
    assert missing.returncode == 1 and "no format 'pdf'" in missing.stderr and "csv, json, markdown" in missing.stderr


def test_the_page_shows_the_package_as_it_is():
    for path in PACKAGE.glob("*.*"):
        assert path.read_text() in re.findall(r"```\w+\n(.*?)```", PAGE, re.DOTALL), path.name
