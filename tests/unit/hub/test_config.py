"""The hub's configuration: its values, and names that do not exist."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets.config import Config

from mondaylab.errors import Refused
from mondaylab.hub import config
from mondaylab.hub.checks import check
from mondaylab.hub.provision import apply
from mondaylab.hub.settings import HubSettings
from mondaylab.settings import Site


@pytest.fixture
def settings(site, cohort, monkeypatch) -> HubSettings:
    apply(site, cohort)
    monkeypatch.setattr(config, "ensure_proxy", lambda site: ["node", "proxy"])
    return HubSettings.choose(site, port=0)


def test_every_name_that_we_set_exists(settings) -> None:
    c = Config()
    config.assign(c, config.defaults(settings))
    config.refuse_unknown_names(c)


@pytest.mark.parametrize(
    ("name", "trait", "said"),
    [
        ("Spawnr", "mem_limit", r"c\.Spawnr: no such class \(did you mean Spawner\?\)"),
        ("Spawner", "mem_limt", r"c\.Spawner\.mem_limt: no such setting \(did you mean mem_limit\?\)"),
        ("JailedSpawner", "limit", r"did you mean limits"),
        ("JupyterHub", "servces", r"did you mean services"),
    ],
)
def test_a_typo_is_refused_with_the_nearest_name(settings, name, trait, said) -> None:
    c = Config()
    config.assign(c, config.defaults(settings))
    c[name][trait] = 1
    with pytest.raises(Refused, match=said):
        config.refuse_unknown_names(c)


def test_another_spawner_and_its_settings_may_be_chosen(settings) -> None:
    c = Config()
    config.assign(c, config.defaults(settings))
    c.JupyterHub.spawner_class = SimpleLocalProcessSpawner
    c.SimpleLocalProcessSpawner.home_dir_template = "/srv/{username}"
    config.refuse_unknown_names(c)
    c.SimpleLocalProcessSpawner.home_dir = "/srv"
    with pytest.raises(Refused, match="did you mean home_dir_template"):
        config.refuse_unknown_names(c)


def test_only_one_port_is_public_and_ports_differ(settings) -> None:
    values = config.defaults(settings)
    addresses = [service["url"] for service in values["JupyterHub"]["services"]]
    addresses += [values["JupyterHub"][name] for name in ("bind_url", "hub_bind_url")]
    addresses.append(values["ConfigurableHTTPProxy"]["api_url"])
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert len({address.rstrip("/") for address in addresses}) == len(addresses) == 6


def test_no_service_asks_this_machine_through_a_proxy(settings) -> None:
    for service in config.defaults(settings)["JupyterHub"]["services"]:
        assert {"127.0.0.1", "localhost", ".localhost"} <= set(service["environment"]["NO_PROXY"].split(","))


def test_formgrader_opens_to_its_instructors_only(settings, cohort) -> None:
    roles = config.defaults(settings)["JupyterHub"]["load_roles"]
    assert [(role["scopes"], role["groups"]) for role in roles] == [
        (["access:services!service=fin-1"], ["formgrade-fin-1"])
    ]
    assert config.defaults(settings)["Authenticator"]["admin_users"] == set()


def test_whose_account_is_gone_starts_nothing(settings) -> None:
    people = config.defaults(settings)["Authenticator"]
    assert people["refresh_pre_spawn"] and people["auth_refresh_strict"] and people["auth_refresh_age"] <= 60


@pytest.mark.parametrize(
    ("groups", "page"),
    [([], ""), (["nbgrader-fin-1"], ""), (["formgrade-fin-1"], "/services/fin-1/mondaylab/cohort")],
)
def test_people_land_where_they_work(groups, page) -> None:
    user = SimpleNamespace(groups=[SimpleNamespace(name=name) for name in groups])
    assert config.start_page(SimpleNamespace(current_user=user)) == page
    assert config.start_page(SimpleNamespace(current_user=None)) == ""


def test_taken_port_is_refused(site, cohort) -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(Refused, match="is taken"):
            HubSettings.choose(site, port=listener.getsockname()[1])


def test_check_names_what_is_not_well(site, cohort) -> None:
    found = {one.name: one for one in check(site, port=0)}
    assert not found["cohorts"].ok
    assert "mondaylab cohort apply" in found["cohorts"].said
    apply(site, cohort)
    site.keys.chmod(0o755)
    found = {one.name: one for one in check(site, port=0)}
    assert found["cohorts"].ok
    assert not found["permissions"].ok
    assert "keys" in found["permissions"].said


def test_judgements_go_where_the_address_file_says(site, cohort) -> None:
    apply(site, cohort)
    assert site.judgement_database.startswith("sqlite:///")
    (site.hub / "judgement.url").write_text("postgresql://hub:geheim@127.0.0.1:1/judgements\n")
    (site.hub / "judgement.url").chmod(0o644)
    assert site.judgement_database == "postgresql://hub:geheim@127.0.0.1:1/judgements"
    found = {one.name: one for one in check(site, port=0)}
    assert not found["judgements"].ok and "does not open" in found["judgements"].said
    assert "geheim" not in found["judgements"].said, "a password is never shown"
    assert "judgement.url" in found["permissions"].said, "others could read the password"


def test_an_address_file_without_an_address_is_refused(site, cohort) -> None:
    apply(site, cohort)
    for text in ("", "judgements"):
        (site.hub / "judgement.url").write_text(text)
        with pytest.raises(Refused, match="holds no database address"):
            site.judgement_database  # noqa: B018  raises
        assert not {one.name: one for one in check(site, port=0)}["judgements"].ok


@pytest.mark.parametrize(("chosen", "says"), [("", False), ("c.JupyterHub.authenticator_class = 'dummy'\n", True)])
def test_check_says_what_an_authenticator_of_ones_own_has_to_give(site, tmp_path, chosen, says) -> None:
    root = tmp_path / "checkout"
    shutil.copytree(site.hub_config, root / "hub_config")
    written = root / "hub_config/jupyterhub_config.py"
    written.write_text(written.read_text().replace("# -- yours: here\n", chosen))
    [found] = [one for one in check(Site(root, site.var), port=0) if one.name == "configuration"]
    assert found.ok and ("nbgrader-COHORT" in found.said) == says
