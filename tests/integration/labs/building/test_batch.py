"""Many builds: in worker processes, only what changed, one bad lab never stopping another."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from tests.support.sampled import sampled

from mondaylab.cli import main
from mondaylab.errors import NotFound, Refused
from mondaylab.forms.cells import answer_cells, declared_cells
from mondaylab.labs.building.batch import Order, build_labs
from mondaylab.labs.building.build import build_lab
from mondaylab.labs.building.builds import BuildReport, build_folder, declared_labs, report_of
from mondaylab.labs.building.warm_processes import Warm
from mondaylab.labs.material import Material
from mondaylab.labs.sources.declaration import LabDeclaration
from mondaylab.settings import ROOT_VARIABLE, VAR_VARIABLE, Site

LAB, QUARTER = "finance/weekly_margin_memo", "2026Q4"
GOOD, BAD, BROKEN = "finance/good", "finance/bad", "finance/broken"
NOTEBOOK = """# %% tags=["parameters"]
quarter = "2026Q4"

# %%
import os
begun_with = [entry.partition("=")[0] for entry in open("/proc/self/environ").read().split(chr(0))]
seen = {{*os.environ, *begun_with}}
print(sorted(name for name in seen if name.startswith(("OPENAI_", "JUPYTERHUB_"))), os.getcwd() != "{cwd}")
{line}
"""


@pytest.fixture(scope="module")
def site(demo_site: Site, tmp_path_factory) -> Site:
    """A checkout with a good lab, one whose cell raises, and one whose lab.toml is none."""
    root = tmp_path_factory.mktemp("batch")
    for part in ("datasets", "grader", "hub_config", f"labs/{LAB}"):
        shutil.copytree(demo_site.root / part, root / part)
    site = Site(root, root / "var")
    site.var.mkdir()
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    cells = (*answer_cells(), *declared_cells())
    tasks = "\n".join(f'# %% task="{task}"\n# {task}\n' for task in cells)
    hand = ("check_point", "accountability", "disclosure")
    tasks += "\n".join(f'# %% [markdown] task="oversight_{name}"\n# ?\n' for name in hand)
    for lab, line in ((GOOD, "print('well')"), (BAD, "x = 1\n1 / 0"), (BROKEN, "")):
        shutil.copytree(site.lab(LAB), site.lab(lab))
        (site.lab(lab) / "lab.py").write_text(NOTEBOOK.format(line=line, cwd=Path.cwd()) + tasks)
    (site.lab(BROKEN) / "lab.toml").write_text("title = ")
    shutil.rmtree(site.lab(LAB))
    return site


@pytest.fixture(scope="module")
def first(site):
    said: list[str] = []
    os.environ["OPENAI_API_KEY"] = "not for a lab"
    try:
        outcomes = build_labs(site, declared_labs(site), Order(QUARTER), say=said.append)
    finally:
        del os.environ["OPENAI_API_KEY"]
    return {outcome.lab: outcome for outcome in outcomes}, said


def test_one_bad_lab_stops_no_other_and_each_error_names_its_place(site, first):
    outcomes, said = first
    assert {lab: outcome.state for lab, outcome in outcomes.items()} == {BAD: "failed", BROKEN: "failed", GOOD: "built"}
    error = outcomes[BAD].error
    line = (site.lab(BAD) / "lab.py").read_text().splitlines().index("1 / 0") + 1
    assert error["what"] == "cell 2 raised ZeroDivisionError: division by zero"
    assert error["where"] == f"{site.lab(BAD) / 'lab.py'}:{line}"
    assert "not TOML" in outcomes[BROKEN].error["what"] and "lab.toml" in outcomes[BROKEN].error["where"]
    assert not build_folder(site, BAD, QUARTER, company="demo").exists()
    assert any(words.startswith(f"{GOOD}: built in") for words in said)


def test_a_kernel_sees_no_hub_no_model_and_not_our_folder(site, first):
    notebook = nbformat.read(build_folder(site, GOOD, QUARTER, company="demo") / "lab.ipynb", as_version=4)
    printed = "".join(out.get("text", "") for cell in notebook.cells for out in cell.get("outputs", []))
    assert printed == "[] True\nwell\n"


def test_the_report_proves_what_the_build_was_made_from(site, first):
    report = BuildReport.of(build_folder(site, GOOD, QUARTER, company="demo"))
    assert report.made_from == report.inputs.hash
    assert report.inputs.snapshot == report.snapshot


def test_an_unchanged_lab_is_not_built_again(site, first):
    report = build_folder(site, GOOD, QUARTER, company="demo") / "report.json"
    before = report.stat().st_mtime_ns
    outcome = build_labs(site, [GOOD, GOOD], Order(QUARTER))
    assert [one.state for one in outcome] == ["unchanged"]
    assert report.stat().st_mtime_ns == before


def test_an_edit_while_a_lab_is_looked_at_is_neither_hashed_nor_run_nor_kept(site, first, tmp_path):
    source = site.lab(GOOD) / "lab.py"
    text, ran = source.read_text(), tmp_path / "ran"

    def looked(_: Site, __: str) -> None:
        source.write_text(text.replace("print('well')", f"open({str(ran)!r}, 'w')"))

    try:
        for out in (None, tmp_path / "out"):
            (outcome,) = build_labs(site, [GOOD], Order(QUARTER, out=out), review=looked)
            assert outcome.report == first[0][GOOD].report, outcome.error
            source.write_text(text)
    finally:
        source.write_text(text)
    assert not ran.exists()
    kept = build_folder(site, GOOD, QUARTER, tmp_path / "out", company="demo") / "sources/labs" / GOOD
    assert (kept / "lab.py").read_text() == text


@pytest.mark.deep
def test_a_build_from_the_copy_is_the_one_from_the_lab_itself(site, first, tmp_path):
    build_lab(site, Material.open(site, GOOD, company="demo", quarter=QUARTER), out=tmp_path)
    folders = [build_folder(site, GOOD, QUARTER, out, company="demo") for out in (None, tmp_path)]
    copied, live = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in folders
    )
    assert copied.keys() == live.keys()
    assert {name for name in live if copied[name] != live[name]} <= {"lab.ipynb"}, "its cells' times differ"


def test_a_failed_rebuild_leaves_the_last_good_build(site, first):
    source = site.lab(GOOD) / "lab.py"
    text = source.read_text()
    report = build_folder(site, GOOD, QUARTER, company="demo") / "report.json"
    before = report.read_bytes()
    try:
        source.write_text(text.replace("print('well')", "print('well'"))
        said: list[str] = []
        outcome = build_labs(site, [GOOD], Order(QUARTER), say=said.append)[0]
        assert outcome.state == "failed" and outcome.report is not None
        assert said[0] == f"{GOOD}: building again: the lab's own folder changed"
        assert report.read_bytes() == before
    finally:
        source.write_text(text)
    assert build_labs(site, [GOOD], Order(QUARTER))[0].state == "unchanged"


def test_after_a_failure_nothing_is_said_of_another_companys_build(site, first):
    """Of its own company's it is: see the failed rebuild."""
    copy = build_folder(site, BROKEN, QUARTER, company="other")
    shutil.copytree(build_folder(site, GOOD, QUARTER, company="demo"), copy)
    try:
        (outcome,) = build_labs(site, [BROKEN], Order(QUARTER))
    finally:
        shutil.rmtree(copy)
    assert outcome.state == "failed" and outcome.report is None


@pytest.mark.deep
def test_a_damaged_or_older_report_is_built_again(site, first, tmp_path):
    order = Order(QUARTER, out=tmp_path)
    folder = build_folder(site, GOOD, QUARTER, tmp_path, company="demo")
    shutil.copytree(build_folder(site, GOOD, QUARTER, company="demo"), folder)
    assert build_labs(site, [GOOD], order)[0].state == "unchanged"
    data = json.loads((folder / "report.json").read_text())
    del data["made_from"]
    (folder / "report.json").write_text(json.dumps(data))
    assert report_of(folder) is None
    assert build_labs(site, [GOOD], order)[0].state == "built"
    assert report_of(folder) is not None


KILL_SERVER = """
import os, signal
os.kill(os.getppid(), signal.SIGKILL)
"""
KILL_WORKERS = """
import os, signal, time
from pathlib import Path
def children(pid):
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
for pid in children(BUILDER):
    if "warm_server" in Path(f"/proc/{pid}/cmdline").read_text():
        for worker in children(pid):
            os.kill(worker, signal.SIGKILL)
time.sleep(60)
"""


@pytest.mark.parametrize(("killer", "state"), sampled([(KILL_SERVER, "built"), (KILL_WORKERS, "failed")], 2))
@pytest.mark.deep
def test_a_process_that_is_killed_fails_its_lab_at_most(site, first, tmp_path, killer, state):
    shutil.copytree(site.lab(GOOD), site.lab("finance/killer"))
    source = site.lab("finance/killer") / "lab.py"
    source.write_text(source.read_text().replace("print('well')", killer.replace("BUILDER", str(os.getpid()))))
    try:
        outcomes = build_labs(site, ["finance/killer", GOOD], Order(QUARTER, out=tmp_path), jobs=2)
    finally:
        shutil.rmtree(site.lab("finance/killer"))
    assert [outcome.state for outcome in outcomes] == [state, "built"], outcomes
    if state == "failed":
        assert outcomes[0].error["what"] == "the process that built it died"


KILL_ITS_WORKER_ONCE = """
import os, signal, time
from pathlib import Path
if not Path("MARK").exists():
    Path("MARK").touch()
    builds = int(Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()[1])
    for task in Path(f"/proc/{builds}/task").iterdir():
        for child in (task / "children").read_text().split():
            if int(child) != os.getppid():
                os.kill(int(child), signal.SIGKILL)
    time.sleep(60)
"""


@contextmanager
def _edited(site: Site, line: str) -> Iterator[str]:
    """A lab like the good one, but for what its cell does."""
    lab = "finance/edited"
    shutil.copytree(site.lab(GOOD), site.lab(lab))
    source = site.lab(lab) / "lab.py"
    source.write_text(source.read_text().replace("print('well')", line))
    try:
        yield lab
    finally:
        shutil.rmtree(site.lab(lab))


@pytest.mark.deep
def test_a_lab_whose_worker_is_killed_is_built_once_more(site, first, tmp_path):
    mark = tmp_path / "mark"
    with _edited(site, KILL_ITS_WORKER_ONCE.replace("MARK", str(mark))) as lab:
        (outcome,) = build_labs(site, [lab], Order(QUARTER, out=tmp_path / "out"))
    assert mark.exists() and outcome.state == "built"


def test_servers_that_do_not_start_are_started_once_more_for_all_labs_and_never_two_at_a_time(
    site, first, tmp_path, monkeypatch
):
    happened = []

    @contextmanager
    def none(modules: Sequence[str]) -> Iterator[Warm]:
        happened.append("begin")
        yield Warm(tmp_path / "none", tmp_path / "none", lambda: happened.append("end"))

    monkeypatch.setattr("mondaylab.labs.building.batch.warm_processes", none)
    with none([]) as early:
        outcomes = build_labs(site, [GOOD, BAD], Order(QUARTER, out=tmp_path), warm=early)
    assert {outcome.error["what"] for outcome in outcomes} == {"the process that built it died"}
    assert happened == ["begin", "end", "begin"]


@pytest.mark.parametrize("number", sampled([signal.SIGINT, signal.SIGKILL, signal.SIGTERM], 2))
def test_no_build_outlives_its_command_or_takes_the_old_ones_place(site, first, tmp_path, number):
    with _edited(site, f"open({str(tmp_path / 'mark')!r}, 'w').close()\nimport time; time.sleep(8)") as lab:
        old = build_folder(site, lab, QUARTER, tmp_path, company="demo")
        shutil.copytree(build_folder(site, GOOD, QUARTER, company="demo"), old)
        before = (old / "report.json").read_bytes()
        program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        program += "from mondaylab.cli import main; main()"
        command = subprocess.Popen(
            [sys.executable, "-c", program, "labs", "build", lab, "--quarter", QUARTER, "--out", str(tmp_path)],
            env={**os.environ, ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)},
        )
        until = time.monotonic() + 60
        while not (tmp_path / "mark").exists() and time.monotonic() < until:
            time.sleep(0.05)
        begun = _below(command.pid)
        assert len(begun) >= 4, "two halves of a server, a worker and its kernel"
        command.send_signal(number)
        assert command.wait(20) != 0
        until = time.monotonic() + 20
        while any(_runs(pid) for pid in begun) and time.monotonic() < until:
            time.sleep(0.05)
        assert not [pid for pid in begun if _runs(pid)]
    assert (old / "report.json").read_bytes() == before
    assert [path.name for path in old.parent.iterdir()] == [old.name], "nothing staged is left"


def _below(pid: int) -> list[int]:
    children = [
        int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()
    ]
    return [*children, *(below for child in children for below in _below(child))]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_package_that_raises_when_it_is_imported_is_told_and_no_memory_is_blamed(
    site, first, tmp_path, monkeypatch, capfd
):
    info = tmp_path / "wild-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wild\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mondaylab.claims]\nwild = ext_wild:Wild\n")
    (tmp_path / "ext_wild.py").write_text("print('loud')\n{}['no such key']\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    (outcome,) = build_labs(site, [GOOD], Order(QUARTER, out=tmp_path / "out"))
    assert outcome.state == "failed" and "raised KeyError (ext_wild.py:2)" in outcome.error["what"]
    assert outcome.error["where"] == "package wild"
    assert "loud" not in capfd.readouterr().out, "a command's result stands there"


def test_what_builds_are_forked_from_starts_early_only_for_a_lab_that_was_never_built(site, first, monkeypatch):
    started = []

    @contextmanager
    def recorded(modules: Sequence[str]) -> Iterator[None]:
        started.append([*modules])
        yield None

    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    monkeypatch.setattr("mondaylab.labs.building.warm_processes.warm_processes", recorded)
    assert CliRunner().invoke(main, ["labs", "build", GOOD, "--quarter", QUARTER]).exit_code == 0
    assert CliRunner().invoke(main, ["labs", "build", "no lab's name", "--quarter", QUARTER]).exit_code == 1
    assert started == []
    # refused when it has begun, so that nothing is built here
    never = ["labs", "build", GOOD, BAD, "--quarter", QUARTER, "--snapshot", "demo-2026Q3-000000000000"]
    assert CliRunner().invoke(main, never).exit_code == 1
    assert started == [["os"]]


def test_a_quarter_without_a_snapshot_or_a_foreign_snapshot_is_refused(site):
    with pytest.raises(NotFound, match="no snapshot of demo for 2031Q1"):
        build_labs(site, [GOOD], Order("2031Q1"))
    with pytest.raises(Refused, match="is not one of demo for 2026Q4"):
        build_labs(site, [GOOD], Order(QUARTER, snapshot="demo-2026Q3-000000000000"))
    with pytest.raises(Refused, match="not a quarter"):
        build_labs(site, [GOOD], Order("2026-4"))


@pytest.mark.deep
def test_the_command_prints_one_object_tells_progress_and_exits_1_after_a_failure(site, first, tmp_path):
    script = "from mondaylab.cli import main\nif __name__ == '__main__':\n    main()\n"
    (tmp_path / "run.py").write_text(script)
    run = subprocess.run(
        [sys.executable, tmp_path / "run.py", "labs", "build", "--quarter", QUARTER, "--json"],
        env={**os.environ, ROOT_VARIABLE: str(site.root), VAR_VARIABLE: str(site.var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    states = {lab["lab"]: lab["state"] for lab in json.loads(run.stdout)["labs"]}
    assert states == {GOOD: "unchanged", BAD: "failed", BROKEN: "failed"}
    assert f"{BAD}: failed: cell 2 raised ZeroDivisionError" in run.stderr
    assert "encryption" not in run.stderr and "WARNING" not in run.stderr


def test_in_words_the_summary_has_a_line_a_lab(site, first, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    result = CliRunner().invoke(main, ["labs", "build", GOOD, BROKEN, "--quarter", QUARTER])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{GOOD}    unchanged") and lines[-1] == f"{QUARTER}: 1 unchanged, 1 failed"
    assert "no build of it on data of demo exists" in result.stdout and "not TOML" in result.stdout
    result = CliRunner().invoke(main, ["labs", "list", "--json"])
    listed = {lab["lab"]: [build["quarter"] for build in lab["builds"]] for lab in json.loads(result.stdout)["labs"]}
    assert listed == {BAD: [], BROKEN: [], GOOD: [QUARTER]}


@pytest.mark.deep
def test_diff_tells_what_an_edit_changed_between_two_builds(site, first, tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    declared = site.lab(GOOD) / "lab.toml"
    text = declared.read_text()
    told = LabDeclaration.of(site.lab(GOOD)).claim("answer_cancelled").judged_as
    try:
        declared.write_text(text.replace(told, "In {week}, {line_segment} customers called off {value} anywhere."))
        assert build_labs(site, [GOOD], Order(QUARTER, out=tmp_path))[0].state == "built"
    finally:
        declared.write_text(text)
    old, new = (
        build_folder(site, GOOD, QUARTER, company="demo"),
        build_folder(site, GOOD, QUARTER, tmp_path, company="demo"),
    )
    result = CliRunner().invoke(main, ["labs", "diff", str(old), str(new), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)["labs"][0]
    assert [change["name"] for change in found["claims"]] == ["answer_cancelled"]
    edited = "In {week}, {line_segment} customers called off {value} anywhere."
    assert f"+ judged_as: {edited}" in found["claims"][0]["lines"]
    assert not any(found[part] for part in ("data", "moves", "drafts", "measures", "handbook", "items", "other"))
    said = CliRunner().invoke(main, ["labs", "diff", str(old), str(new)]).stdout
    assert f"- judged_as: {told}" in said and "no figure moved" in said
    none = CliRunner().invoke(main, ["labs", "diff", "2026Q3", QUARTER])
    assert none.exit_code == 1 and "no lab is built for both" in none.stderr


def test_a_build_keeps_contents_beside_its_data_and_no_secret(site, first, found_in):
    folder = build_folder(site, GOOD, QUARTER, company="demo")
    names = {path.name for path in folder.iterdir()}
    assert names == {"contents.json", "data", "lab.ipynb", "report.json", "sources"}
    facts = {fact["measure"] for fact in json.loads((folder / "contents.json").read_text())["facts"]}
    assert {"net", "margin", "late_rate"} <= facts
    assert not found_in(folder / "data", ["wrong_period", "operators"])


@pytest.mark.deep
def test_item_statistics_retire_items_and_only_they_make_another_build(site, first, tmp_path, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(site.root))
    monkeypatch.setenv(VAR_VARIABLE, str(site.var))
    told = {"item": "memo_margin|wrong_period", "n": 44, "difficulty": 0.5, "discrimination": 0.01}
    kept = {"item": "memo_net|sound", "n": 44, "difficulty": 0.7, "discrimination": 0.4}
    path = tmp_path / "items.json"
    command = [
        "labs",
        "build",
        GOOD,
        "--quarter",
        QUARTER,
        "--out",
        str(tmp_path / "out"),
        "--items",
        str(path),
        "--json",
    ]
    path.write_text(json.dumps({"labs": [{"lab": GOOD, "items": [told, kept]}]}))
    made = CliRunner().invoke(main, command)
    assert json.loads(made.stdout)["labs"][0]["report"]["items"]["retired"] == ["memo_margin|wrong_period"]
    path.write_text(json.dumps({"labs": [{"lab": GOOD, "items": [told | {"n": 60}]}]}))
    assert json.loads(CliRunner().invoke(main, command).stdout)["labs"][0]["state"] == "unchanged"
    path.write_text(json.dumps({"labs": [{"lab": GOOD, "items": [kept]}]}))
    again = CliRunner().invoke(main, command)
    assert json.loads(again.stdout)["labs"][0]["report"]["items"]["retired"] == []
    assert "the item statistics changed" in again.stderr
    path.write_text("{}")
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 1 and "labs: Field required" in refused.stderr


def test_a_skip_loads_no_data_and_no_notebook_tools():
    code = (
        "import sys, mondaylab.labs.building.batch, mondaylab.cli.labs; print([m for m in HEAVY if m in sys.modules])"
    )
    heavy = ("pandas", "pyarrow", "papermill", "nbformat", "jupytext", "sklearn")
    command = [sys.executable, "-c", code.replace("HEAVY", repr(heavy))]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
