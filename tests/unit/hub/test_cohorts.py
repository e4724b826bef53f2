"""Cohorts: what their files may say, and plan and apply."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from mondaylab.errors import NotFound, Refused
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.cohorts import Cohort, applied, declared_cohort, groups_of, readable
from mondaylab.hub.provision import apply, plan
from mondaylab.settings import Site


def test_the_demo_cohort_is_as_promised(site) -> None:
    demo = declared_cohort(site, "finance-demo")
    assert (demo.instructors, demo.learners) == (("iris",), ("lena", "omar", "tomek"))
    assert demo.assignments() == {"weekly_margin_memo": "finance/weekly_margin_memo"}
    assert demo.quarter == "2026Q4"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"learners": ("Lena",)}, "cannot be an account name"),
        ({"learners": ("../etc",)}, "cannot be an account name"),
        ({"learners": ("lena", "lena")}, "named twice"),
        ({"instructors": ("lena",)}, "named twice"),
        ({"quarter": "2026Q5"}, "not a quarter"),
        ({"labs": ("weekly_margin_memo",)}, "role/lab"),
        ({"labs": ("finance/../x",)}, "plain name"),
        ({"labs": ("finance/a", "hr/a")}, "same name"),
        ({"cohort": "a/b"}, "plain name"),
        ({"teachers": ("iris",)}, "teachers"),
    ],
)
def test_inconsistent_cohorts_are_refused(cohort, change, said) -> None:
    with pytest.raises(Refused, match=said):
        Cohort.parse({**cohort.model_dump(), **change}, where="test")


def test_a_file_has_its_cohorts_name(tmp_path: Path, site) -> None:
    (tmp_path / "hub_config" / "cohorts").mkdir(parents=True)
    copy = tmp_path / "hub_config" / "cohorts" / "other.yaml"
    shutil.copy(site.hub_config / "cohorts" / "finance-demo.yaml", copy)
    other = Site(tmp_path, tmp_path / "var")
    with pytest.raises(Refused, match="rename one"):
        declared_cohort(other, "other")
    with pytest.raises(NotFound, match="known cohorts: other"):
        declared_cohort(other, "missing")


@pytest.fixture
def written(tmp_path):
    """Writes a cohort's file in an installation of its own; gives back the installation."""

    def write(people: str, name: str = "yy", *, mark: bytes = b"") -> Site:
        folder = tmp_path / "hub_config" / "cohorts"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"cohort: {name}\ncompany: demo\nrole: finance\nquarter: 2026Q4\nlabs: [finance/weekly_margin_memo]\n"
        (folder / f"{name}.yaml").write_bytes(mark + f"{text}{people}".encode())
        return Site(tmp_path, tmp_path / "var")

    return write


@pytest.mark.parametrize(
    ("labs", "says"),
    [
        ("[finance/weekly_margin_memo]", "role is 'astronaut', and its labs are of finance"),
        ("[]", "role is 'astronaut', and there are labs only of finance"),
    ],
)
def test_a_role_without_a_lab_is_refused_with_its_line(written, labs, says) -> None:
    site = written("learners: [lena]\ninstructors: [iris]\n")
    (site.root / "labs" / "finance" / "memo").mkdir(parents=True)
    (site.root / "labs" / "finance" / "memo" / "lab.toml").touch()
    path = site.hub_config / "cohorts" / "yy.yaml"
    path.write_text(path.read_text().replace("[finance/weekly_margin_memo]", labs))
    assert declared_cohort(site, "yy").role == "finance"
    path.write_text(path.read_text().replace("role: finance", "role: astronaut"))
    with pytest.raises(Refused, match=says) as caught:
        declared_cohort(site, "yy")
    assert caught.value.where == f"{path}:3" and set(readable(site)[1]) == {"yy"}


def test_names_are_read_as_a_directory_has_them(written) -> None:
    site = written("learners: [anna.smith, Bob.Jones, 4711carl, dora@example.com, no, 20231234]\ninstructors: [IRIS]\n")
    cohort = declared_cohort(site, "yy")
    assert cohort.learners == ("anna.smith", "bob.jones", "4711carl", "dora@example.com", "no", "20231234")
    assert cohort.instructors == ("iris",)
    apply(site, cohort)
    assert applied(site) == {"yy": cohort}
    assert Accounts(site).names() == sorted([*cohort.learners, "iris"])
    assert (site.exchange / "yy" / "inbound" / "dora@example.com").is_dir()


def test_all_bad_names_are_refused_at_once_with_their_lines(written) -> None:
    site = written("learners:\n  - anna\n  - ../etc\n  - Åsa\n  - a b\n  -\ninstructors: [a..b, root, iris]\n")
    with pytest.raises(Refused) as caught:
        declared_cohort(site, "yy")
    said = caught.value.what
    for line, name in ((8, "'../etc'"), (9, "'åsa'"), (10, "'a b'"), (11, "''"), (12, "'a..b'"), (12, "'root'")):
        assert f"line {line}: {name} cannot be an account name" in said
    assert "anna" not in said and "iris" not in said


@pytest.mark.parametrize(
    "people",
    [
        "learners: [anna,\n  Anna]\ninstructors: [iris]\n",
        "learners: [anna]\ninstructors: [iris,\n  ANNA]\n",
    ],
)
def test_two_names_that_are_one_person_are_refused_with_both_lines(written, people) -> None:
    with pytest.raises(Refused, match=r"named twice: anna \(lines 6, [78]\)"):
        declared_cohort(written(people), "yy")


def test_learners_twice_lose_nobody(written) -> None:
    with pytest.raises(Refused, match="key learners stands twice, lines 7 and 8"):
        declared_cohort(written("instructors: [iris]\nlearners: [anna, bob]\nlearners: [carl]\n"), "yy")


def test_a_broken_file_leaves_the_others_readable(written) -> None:
    written("learners: [anna]\ninstructors: [iris]\n", mark=b"\xef\xbb\xbf")
    site = written("title: Gr\u00fcn\n", "broken")
    path = site.hub_config / "cohorts" / "broken.yaml"
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))
    cohorts, broken = readable(site)
    assert list(cohorts) == ["yy"]
    assert "not UTF-8 text (line 6)" in broken["broken"].what


def test_groups_are_nbgraders(cohort) -> None:
    cohorts = {"fin-1": cohort}
    assert groups_of(cohorts, "lena") == ["nbgrader-fin-1"]
    assert groups_of(cohorts, "iris") == ["formgrade-fin-1"]
    assert groups_of(cohorts, "mallory") == []


def test_plan_changes_nothing(site, cohort) -> None:
    changes = plan(site, cohort)
    assert {change.kind for change in changes} == {"account", "folder", "file", "student", "cohort"}
    assert list(site.var.iterdir()) == [site.proxy]


def test_apply_makes_everything_once(site, cohort) -> None:
    assert apply(site, cohort)
    passwords = Accounts(site).initial_passwords()
    assert apply(site, cohort) == []
    assert plan(site, cohort) == []
    assert Accounts(site).initial_passwords() == passwords
    assert set(passwords) == {"iris", "lena", "omar"}
    assert applied(site) == {"fin-1": cohort}
    with sqlite3.connect(site.courses / "fin-1" / "gradebook.db") as gradebook:
        assert {row[0] for row in gradebook.execute("SELECT id FROM student")} == {"lena", "omar"}
    for folder in ("exchange/fin-1/inbound/lena", "exchange/fin-1/feedback/omar", "homes/lena", "keys", "hub"):
        assert (site.var / folder).stat().st_mode & 0o777 == 0o700


def test_apply_repairs_what_was_opened_or_edited(site, cohort) -> None:
    apply(site, cohort)
    (site.var / "homes").chmod(0o755)
    config = site.courses / "fin-1" / "nbgrader_config.py"
    text = config.read_text()
    config.write_text("c.Exchange.root = '/tmp'")
    assert apply(site, cohort) == ["make homes private", "write courses/fin-1/nbgrader_config.py"]
    assert config.read_text() == text


def test_who_leaves_loses_the_account_and_keeps_the_work(site, cohort) -> None:
    apply(site, cohort)
    (site.homes / "omar" / "work.txt").write_text("mine")
    changes = apply(site, cohort.model_copy(update={"learners": ("lena",)}))
    assert "remove account omar (home and work stay)" in changes
    assert Accounts(site).names() == ["iris", "lena"]
    assert (site.homes / "omar" / "work.txt").read_text() == "mine"


def test_who_is_in_another_cohort_too_keeps_the_account(site, cohort) -> None:
    other = cohort.model_copy(update={"cohort": "fin-2", "learners": ("omar",), "instructors": ()})
    apply(site, cohort)
    apply(site, other)
    apply(site, cohort.model_copy(update={"learners": ("lena",)}))
    assert "omar" in Accounts(site).names()
    assert groups_of(applied(site), "omar") == ["nbgrader-fin-2"]
