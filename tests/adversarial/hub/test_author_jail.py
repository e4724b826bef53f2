"""What an author's jail shows, and what an author tries from inside, in a real jail."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from tests.adversarial.hub.test_jail import TRY
from tests.support.workshop import HIDDEN, jailed, workshop

from mondaylab.errors import Refused
from mondaylab.hub.authors import apply_authors, declared_authors
from mondaylab.hub.jail import CHECKOUT
from mondaylab.labs.building.inputs import edited_inputs
from mondaylab.labs.sources.manuscript import Manuscript

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
FOLDER = f"{CHECKOUT}/labs/{LAB}"


@pytest.fixture(scope="module")
def paula(demo_site, finance, tmp_path_factory):
    return workshop(demo_site, finance, tmp_path_factory.mktemp("workshop"))


def attempts(prison, statements: list[str]) -> dict[str, str]:
    done = prison.command([f"{sys.prefix}/bin/python", "-I", "-c", TRY, json.dumps(statements)])
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    return {statement: said.get(statement, "refused by the kernel") for statement in statements}


def run(prison, code: str, timeout: float = 120) -> str:
    done = prison.run(f"import sys; sys.path.insert(0, {str(prison.site.root / 'src')!r})\n{code}", timeout=timeout)
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(prison, *words: str) -> str:
    """What a command prints, on either stream, as in the jail's terminal."""
    told = f"from mondaylab.cli import main; main({[*words]!r}, standalone_mode=False)"
    done = prison.run(f"import sys; sys.path.insert(0, {str(prison.site.root / 'src')!r})\n{told}", timeout=300)
    return done.stdout + done.stderr


SEEN = """
import os
for folder in ("", "/labs", "/labs/finance", "/grader", "/datasets", "/datasets/demo", "/hub_config", "/var",
               "/var/snapshots", "/var/recordings/demo"):
    place = "/srv/mondaylab" + folder
    print(folder or "/", *sorted(os.listdir(place)) if os.path.isdir(place) else ["-"])
print("srv", *sorted(os.listdir("/srv")), "home", *os.listdir("/home"), *os.listdir("/home/paula"))
"""


def test_sees_the_labs_of_the_role_and_what_they_are_made_from(paula) -> None:
    assert run(paula, SEEN).splitlines() == [
        "/ datasets grader hub_config labs var",
        "/labs finance",
        "/labs/finance weekly_margin_memo",
        "/grader flaws.yaml scoring.yaml",
        "/datasets demo",
        "/datasets/demo bindings.yaml",
        "/hub_config",
        "/var builds recordings snapshots",
        "/var/snapshots demo",
        "/var/recordings/demo finance",
        "srv jupyter mondaylab home paula labs",
    ]


def test_nothing_of_cohorts_or_of_the_state_is_there(paula) -> None:
    var = paula.site.var
    assert all((var / place).exists() for place in HIDDEN)
    places = [*(var / place for place in HIDDEN), *(Path(CHECKOUT, "var", place) for place in HIDDEN)]
    places += [paula.site.root / name for name in ("labs", "grader", "hub_config", "datasets", "var")]
    places += [Path(CHECKOUT, "labs", role) for role in ("people", "support")]
    places += [Path(CHECKOUT, name) for name in ("grader/nbgrader_config.py", "datasets/demo/policy.yaml")]
    said = attempts(paula, [f"os.stat({str(place)!r})" for place in places])
    assert set(said.values()) == {"refused FileNotFoundError"}, said
    searched = f"grep -rIl {paula.secret} /home /srv /etc /run /tmp /dev/shm 2>/dev/null; echo searched"
    assert paula.command(["/bin/sh", "-c", searched]).stdout == "searched\n"


def test_writes_labs_home_and_builds_and_nothing_else(paula) -> None:
    may = [f"{FOLDER}/drafts/memo/mine.md", "/home/paula/x", f"{CHECKOUT}/var/builds/x"]
    not_ = [
        f"{CHECKOUT}/labs/other",
        f"{CHECKOUT}/grader/flaws.yaml",
        f"{CHECKOUT}/grader/x",
        f"{CHECKOUT}/datasets/demo/bindings.yaml",
        f"{CHECKOUT}/hub_config/x",
        f"{CHECKOUT}/var/snapshots/demo/x",
        f"{CHECKOUT}/x",
        "/srv/jupyter/jupyter_server_config.py",
        str(paula.site.root / "src/mondaylab/errors.py"),
    ]
    tries = {place: f"open({place!r}, 'a').close()" for place in (*may, *not_)}
    said = attempts(paula, list(tries.values()))
    assert {said[tries[place]] for place in may} == {"DONE"}
    assert all(said[tries[place]].startswith("refused") for place in not_), said
    assert attempts(paula, [f"os.rename('{CHECKOUT}/labs/finance', '{CHECKOUT}/labs/f')"]).popitem()[1] != "DONE"
    (paula.site.lab(LAB) / "drafts/memo/mine.md").unlink()


@pytest.mark.deep
def test_the_adopting_screen_opens_and_shows_paths_of_inside(paula) -> None:
    said = run(
        paula,
        "from mondaylab.authoring import Author\n"
        f"lab = Author({LAB!r}, quarter={QUARTER!r}); print(lab); print(lab.adopt().state()['phase'])\n"
        "try: Author('people/screening_summary', quarter='2026Q4')\n"
        "except Exception as error: print('refused', error)",
    )
    lines = said.splitlines()
    assert lines[0].startswith(f"{LAB} for its author") and lines[1] == "paste"
    assert lines[2].startswith("refused") and str(paula.site.root) not in said


def test_a_pasted_text_is_adopted_and_tells_nobody_who_stands_in_the_exports(paula, demo_site) -> None:
    with (demo_site.raw / "demo" / QUARTER / "customers.csv").open(encoding="utf-8", newline="") as file:
        customer = next(iter(csv.DictReader(file)))["contact_name"].strip()
    text = "In week 43, net sales in Central came to €74,780. Gross margin was 27.0%. "
    text += "The whole company's gross margin was 29.2%."
    (paula.site.authors / "paula" / "home" / "answer.txt").write_text(
        f"{text} Ask {customer} or Zdravko Quxley.", "utf-8"
    )
    told = command(
        paula,
        *("labs", "adopt", LAB, "--quarter", QUARTER, "--text", "/home/paula/answer.txt", "--request", "region"),
        *("--about", "region=Central", "--week", "43", "--tool", "x", "--model", "y", "--answered", "2026-11-17"),
        "--dry-run",
    )
    assert "No raw exports are here" in told and "would be written" in told, told
    assert not [part for part in (*customer.split(), "Zdravko", "Quxley") if part in told], told


@pytest.mark.deep
def test_a_recorded_answer_becomes_a_version_of_a_draft(paula) -> None:
    words = ("labs", "adopt", LAB, "--quarter", QUARTER, "--recorded", "category", "5", "--name", "real")
    told = command(paula, *words, "--states", "the week's total=1")
    assert f"written: {FOLDER}/drafts/memo/real.md" in told, told
    written = paula.site.lab(LAB) / "drafts/memo/real.md"
    assert Manuscript.read(written).answer is not None
    written.unlink()


@pytest.mark.deep
def test_builds_and_looks_at_a_lab(paula) -> None:
    assert "1 built" in command(paula, "labs", "build", LAB, "--quarter", QUARTER)
    assert "weekly_margin_memo" in command(paula, "labs", "preview", LAB, "--quarter", QUARTER)


PLANTED = {
    "symlink": "os.symlink('/etc/hosts', {0!r})",
    "folder link": "os.symlink('/etc', {0!r})",
    "hard link": "os.link('{1}/lab.toml', {0!r})",
    "pipe": "os.mkfifo({0!r})",
    "socket": "s = socket.socket(socket.AF_UNIX); os.chdir(os.path.dirname({0!r})); s.bind(os.path.basename({0!r}))",
}


@pytest.mark.parametrize("place", ["notes.md", "drafts/memo/planted.md"])
@pytest.mark.parametrize("kind", PLANTED)
def test_what_is_planted_in_a_lab_is_followed_by_nobody_outside(paula, kind, place) -> None:
    assert attempts(paula, [PLANTED[kind].format(f"{FOLDER}/{place}", FOLDER)]).popitem()[1] == "DONE"
    planted = paula.site.root / "labs" / LAB / place
    try:
        with pytest.raises(Refused, match="no plain file") as caught:
            edited_inputs(paula.site, LAB, company="demo")
        assert caught.value.where == str(planted) or kind == "hard link"
    finally:
        planted.unlink()
    edited_inputs(paula.site, LAB, company="demo")


def test_a_device_cannot_be_made(paula) -> None:
    assert attempts(paula, [f"os.mknod('{FOLDER}/disk', 0o60600, os.makedev(8, 0))"]).popitem()[1] != "DONE"


def test_what_editors_leave_about_stops_nobody(paula) -> None:
    before = edited_inputs(paula.site, LAB, company="demo")
    planted = [".#lab.toml", "drafts/memo/.#letter.md", ".ipynb_checkpoints"]
    said = attempts(paula, [f"os.symlink('paula@lab.7:1', '{FOLDER}/{name}')" for name in planted])
    assert set(said.values()) == {"DONE"}
    try:
        assert edited_inputs(paula.site, LAB, company="demo") == before
    finally:
        for name in planted:
            (paula.site.root / "labs" / LAB / name).unlink()


def test_a_home_or_builds_replaced_by_links_lead_nowhere(paula) -> None:
    """Mount points cannot be replaced from inside, and the link to the labs is only made where nothing lies."""
    tries = [f"os.rmdir('{CHECKOUT}/var/builds')", "os.rename('/home/paula', '/home/x')"]
    assert all(said != "DONE" for said in attempts(paula, tries).values())
    assert (
        attempts(paula, ["os.unlink('/home/paula/labs'); os.symlink('/etc', '/home/paula/labs')"]).popitem()[1]
        == "DONE"
    )
    again = jailed(paula.site)
    assert again.run("import os; print(os.readlink('/home/paula/labs'))").stdout.strip() == "/etc"


def test_who_was_removed_gets_no_jail_whatever_lies_in_the_labs(paula) -> None:
    """Last in the module. Nothing that an author can write keeps them in."""
    (paula.site.hub_config / "authors").mkdir(exist_ok=True)
    written = paula.site.hub_config / "authors/finance.yaml"
    written.write_text("role: finance\ncompany: demo\nauthors: []\n")
    attempts(paula, [f"import shutil; shutil.rmtree('{FOLDER}')", f"os.symlink('/', '{FOLDER}')"])
    apply_authors(paula.site, declared_authors(paula.site, "finance"))
    with pytest.raises(Refused, match="in no cohort"):
        jailed(paula.site)
