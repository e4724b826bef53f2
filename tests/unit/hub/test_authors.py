"""Authors: what their files may say, plan and apply, and that nobody is author and in a cohort."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mondaylab.errors import MondaylabError, NotFound, Refused
from mondaylab.hub.accounts import Accounts
from mondaylab.hub.authenticator import LocalAuthenticator
from mondaylab.hub.authors import (
    Authors,
    applied_authors,
    apply_authors,
    author_groups,
    declared_authors,
    plan_authors,
    readable_authors,
)
from mondaylab.hub.cohorts import Cohort, applied
from mondaylab.hub.jail import CHECKOUT, Limits
from mondaylab.hub.provision import apply, plan
from mondaylab.hub.spawner import jail_of, prepare
from mondaylab.people import in_a_cohort
from mondaylab.settings import Site

COHORT = "cohort: c1\ncompany: demo\nrole: finance\nquarter: 2026Q4\nlabs: [finance/memo]\n"


@pytest.fixture
def written(tmp_path):
    """Writes the authors of a role in an installation of its own; gives back the installation."""
    site = Site(tmp_path, tmp_path / "var")
    for folder in ("labs/finance/memo", "labs/people", "hub_config/authors", "hub_config/cohorts"):
        (tmp_path / folder).mkdir(parents=True)

    def write(people: str, role: str = "finance", head: str = "role: {role}\ncompany: demo\n") -> Site:
        text = f"{head.format(role=role)}authors: {people}\n"
        (tmp_path / f"hub_config/authors/{role}.yaml").write_text(text)
        return site

    return write


def done(site: Site, role: str = "finance") -> list[str]:
    return apply_authors(site, declared_authors(site, role))


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("[paula, Paula]", r"named twice: paula \(lines 3, 3\)"),
        ("[../etc]", "line 3: '../etc' cannot be an account name"),
        ("paula", "authors"),
        ("[paula]\nlearners: [lena]", "learners"),
        ("[paula]\nauthors: [erik]", "key authors stands twice, lines 3 and 4"),
    ],
)
def test_a_file_is_read_strictly(written, people, said) -> None:
    with pytest.raises(Refused, match=said):
        declared_authors(written(people), "finance")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("company: demo\n", "role"),
        ("role: {role}\n", "company"),
        ("role: people\ncompany: demo\n", "rename one"),
        ("role: {role}\ncompany: ../demo\n", "plain name"),
    ],
)
def test_a_file_says_its_role_and_whose_data(written, head, said) -> None:
    with pytest.raises(Refused, match=said):
        declared_authors(written("[paula]", head=head), "finance")


def test_names_are_read_as_they_stand(written) -> None:
    assert declared_authors(written("[no, 20231234, Paula]"), "finance").authors == ("no", "20231234", "paula")


def test_plan_changes_nothing_and_apply_makes_everything_once(written) -> None:
    site = written("[paula, erik]")
    changes = plan_authors(site, declared_authors(site, "finance"))
    assert {change.kind for change in changes} == {"authors", "account", "folder"}
    assert not site.var.exists()
    assert done(site) == [change.what for change in changes]
    assert done(site) == []
    assert Accounts(site).names() == ["erik", "paula"]
    assert author_groups(site, "paula") == ["mondaylab-authors-finance"] and author_groups(site, "lena") == []
    for folder in ("authors", "authors/paula/home", "authors/erik/builds", "hub"):
        assert (site.var / folder).stat().st_mode & 0o777 == 0o700


def test_the_hub_gives_the_group(written) -> None:
    site = written("[paula]")
    done(site)
    authenticator = LocalAuthenticator(root=str(site.root), var=str(site.var))
    assert authenticator._model("paula")["groups"] == ["mondaylab-authors-finance"]
    assert not in_a_cohort(authenticator._model("paula")["groups"])
    assert in_a_cohort(["nbgrader-c1"]) and in_a_cohort(["formgrade-c1"]) and not in_a_cohort([])
    assert not in_a_cohort(["nbgrader-c1", "mondaylab-authors-finance"])


def test_who_leaves_loses_the_account_first_and_keeps_what_was_written(written) -> None:
    site = written("[paula, erik]")
    done(site)
    (site.authors / "paula/home/notes.txt").write_text("mine")
    changes = done(written("[erik, nora]"))
    assert changes[:2] == [
        "remove account paula (home and labs stay)",
        "let erik, nora write labs of finance without paula",
    ]
    assert Accounts(site).names() == ["erik", "nora"] and author_groups(site, "paula") == []
    assert (site.authors / "paula/home/notes.txt").read_text() == "mine"


def test_a_run_that_was_stopped_half_way_is_gone_on_with(written) -> None:
    site = written("[paula, erik]")
    done(site)
    plan_authors(site, declared_authors(written("[nora]"), "finance"))[0].do()
    assert done(site)[-3:] and Accounts(site).names() == ["nora"]


@pytest.mark.parametrize("state", ["written", "applied"])
def test_who_writes_for_another_role_already_is_refused_until_they_left_it(written, state) -> None:
    site = written("[paula]")
    if state == "applied":
        done(site)
        written("[erik]")
    with pytest.raises(
        Refused, match=r"labs of one role: .* beside the labs of the other: paula \(roles finance, people\)"
    ):
        done(written("[paula]", "people"), "people")
    done(written("[erik]"))
    assert "add account paula" in done(site, "people")
    assert author_groups(site, "paula") == ["mondaylab-authors-people"]


def test_who_stays_keeps_nobody_from_leaving(written) -> None:
    """Erik was named for a cohort and another role after he was applied: these are refused, not Paula's leaving."""
    site = written("[paula, erik]")
    done(site)
    (site.hub_config / "cohorts/c1.yaml").write_text(f"{COHORT}learners: [erik]\ninstructors: []\n")
    written("[erik]", "people")
    assert "remove account paula (home and labs stay)" in done(written("[erik]"))


def test_who_writes_for_two_roles_by_a_state_from_elsewhere_gets_no_server(written) -> None:
    site = written("[paula]")
    done(site)
    (site.hub / "authors/people.json").write_text(
        Authors(role="people", company="demo", authors=("paula",)).canonical()
    )
    with pytest.raises(Refused, match=r"paula \(roles finance, people\)"):
        jail_of(site, "paula", network="shared", limits=Limits())


def test_a_cohort_that_is_only_written_stops_no_authors_server(written) -> None:
    site = written("[paula]")
    done(site)
    cohort(site, "[paula]")
    assert jail_of(site, "paula", network="shared", limits=Limits()).user == "paula"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"role": "people"}', "\udcff"])
def test_a_damaged_record_locks_out_nobody_else_and_is_written_anew(written, damage, caplog) -> None:
    site = written("[paula]")
    done(site)
    written("[nora]", "people")
    done(site, "people")
    record = site.hub / "authors/people.json"
    record.write_bytes(damage.encode(errors="surrogateescape"))
    assert author_groups(site, "nora") == [] and author_groups(site, "paula") == ["mondaylab-authors-finance"]
    assert "nobody is author of people" in caplog.text
    assert apply(site, cohort(site, "[lena]"))
    assert LocalAuthenticator(root=str(site.root), var=str(site.var))._model("lena")["groups"] == ["nbgrader-c1"]
    assert jail_of(site, "paula", network="shared", limits=Limits())
    assert jail_of(site, "lena", network="shared", limits=Limits())
    with pytest.raises(Refused, match="in no cohort"):
        jail_of(site, "nora", network="shared", limits=Limits())
    assert done(site, "people") == ["let nora write labs of people"]
    assert author_groups(site, "nora") == ["mondaylab-authors-people"]
    record.write_text(damage if damage.isprintable() else "x")
    assert done(written("[]", "people"), "people") == ["let nobody write labs of people"]


def test_an_author_is_held_to_what_is_theirs_and_not_to_what_colleagues_wrote(written) -> None:
    site = written("[paula]")
    done(site)
    (site.root / "labs/finance/memo/big").write_bytes(b"x" * 3_000_000)
    jail = jail_of(site, "paula", network="shared", limits=Limits(home_mb=1))
    prepare(jail)
    (site.authors / "paula/builds/big").write_bytes(b"x" * 3_000_000)
    with pytest.raises(Refused, match="home of paula holds 2 MB"):
        prepare(jail)


def test_a_file_that_is_gone_leaves_nobody(written) -> None:
    site = written("[paula]")
    done(site)
    (site.hub_config / "authors/finance.yaml").unlink()
    done(site)
    assert applied_authors(site)["finance"].authors == () and Accounts(site).names() == []
    with pytest.raises(NotFound, match="no authors of people"):
        declared_authors(site, "people")


def test_a_role_without_a_folder_is_refused_for_a_newcomer_only(written) -> None:
    site = written("[paula]")
    done(site)
    (site.root / "labs/finance/memo").rmdir()
    (site.root / "labs/finance").rmdir()
    with pytest.raises(Refused, match="no folder labs/finance"):
        done(written("[paula, erik]"))
    assert "remove account paula (home and labs stay)" in done(written("[]"))


def cohort(site: Site, learners: str, instructors: str = "[iris]") -> Cohort:
    path = site.hub_config / "cohorts/c1.yaml"
    path.write_text(f"{COHORT}learners: {learners}\ninstructors: {instructors}\n")
    from mondaylab.hub.cohorts import declared_cohort

    return declared_cohort(site, "c1")


@pytest.mark.parametrize(("learners", "instructors"), [("[paula]", "[iris]"), ("[lena]", "[paula]")])
@pytest.mark.parametrize("state", ["written", "applied"])
def test_who_is_in_a_cohort_writes_no_labs(written, learners, instructors, state) -> None:
    site = written("[erik]")
    wanted = cohort(site, learners, instructors)
    if state == "applied":
        apply(site, wanted)
        cohort(site, "[lena]")
    site = written("[paula]")
    with pytest.raises(Refused, match=r"cannot write labs, whose items authors know: paula \(cohort c1\)"):
        plan_authors(site, declared_authors(site, "finance"))
    assert applied_authors(site) == {}


@pytest.mark.parametrize(("learners", "instructors"), [("[paula]", "[iris]"), ("[lena]", "[paula]")])
@pytest.mark.parametrize("state", ["written", "applied"])
def test_who_writes_labs_is_in_no_cohort(written, learners, instructors, state) -> None:
    site = written("[paula]")
    if state == "applied":
        done(site)
        written("[erik]")
    with pytest.raises(Refused, match=r"neither learn nor teach in a cohort: paula \(role finance\)"):
        apply(site, cohort(site, learners, instructors))
    assert applied(site) == {}


def test_a_damaged_file_of_authors_stops_no_cohort_and_no_other_role(written) -> None:
    site = written("[paula]")
    done(site)
    (site.hub_config / "authors/people.yaml").write_text("role: people\nrole: people\n")
    wanted = cohort(site, "[lena]")
    assert plan(site, wanted) and apply(site, wanted)
    assert done(written("[paula, erik]"))
    assert set(readable_authors(site)[1]) == {"people"}
    (site.hub_config / "authors/finance.yaml").write_text("a: [")
    with pytest.raises(Refused, match="paula"):  # what was applied still counts
        apply(site, cohort(site, "[lena, paula]"))


def test_who_is_both_by_a_state_from_elsewhere_gets_no_server(written) -> None:
    site = written("[paula]")
    done(site)
    both = Cohort.parse({**cohort(site, "[lena]").model_dump(), "learners": ["paula"]}, where="test")
    (site.hub / "cohorts").mkdir()
    (site.hub / "cohorts/c1.json").write_text(both.canonical())
    with pytest.raises(MondaylabError, match="cannot write labs"):
        jail_of(site, "paula", network="shared", limits=Limits())


def test_an_authors_jail_binds_their_roles_and_companies_only(written) -> None:
    site = written("[paula]")
    for place in ("snapshots/demo", "snapshots/other", "recordings/demo/finance", "recordings/demo/people"):
        (site.var / place).mkdir(parents=True)
    done(site)
    made = jail_of(site, "paula", network="shared", limits=Limits())
    mine = {bind.inside for bind in made.binds if bind.inside.startswith(CHECKOUT)}
    places = ("labs/finance", "var/snapshots/demo", "var/recordings/demo/finance", "var/builds")
    assert mine == {f"{CHECKOUT}/{place}" for place in places}
    assert sorted(bind.inside for bind in made.binds if bind.write) == [
        f"{CHECKOUT}/labs/finance",
        f"{CHECKOUT}/var/builds",
    ]
    assert made.home == site.authors / "paula/home"


def test_a_linked_role_folder_starts_no_server(written) -> None:
    site = written("[paula]")
    done(site)
    (site.root / "labs/finance/memo").rmdir()
    (site.root / "labs/finance").rmdir()
    (site.root / "labs/finance").symlink_to(site.root / "hub_config")
    with pytest.raises(Refused, match="is no folder"):
        jail_of(site, "paula", network="shared", limits=Limits())


def test_authors_is_a_record_of_plain_names() -> None:
    with pytest.raises(Refused, match="plain name"):
        Authors.parse({"role": "a/b", "company": "demo", "authors": ["paula"]}, where=SimpleNamespace())
