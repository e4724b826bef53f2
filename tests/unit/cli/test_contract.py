"""The contract of every command: exit codes, one JSON object, help with an example."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from mondaylab.cli import main
from mondaylab.cli.contract import reports
from mondaylab.cli.main import GROUPS
from mondaylab.errors import Refused


def commands() -> Iterator[tuple[str, ...]]:
    for name in GROUPS:
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ((name, sub) for sub in command.commands)
        else:
            yield (name,)


def test_the_map_lists_every_group_in_the_order_of_the_flow():
    text = CliRunner().invoke(main, ["--help"]).output
    places = [text.index(f"  {name} ") for name in GROUPS]
    assert places == sorted(places)


def test_every_command_asks_this_machine_without_a_proxy(monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "a.example")
    assert CliRunner().invoke(main, ["data", "--help"]).exit_code == 0
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "a.example,127.0.0.1,localhost,.localhost,::1"


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_takes_json_and_shows_an_example(path):
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    assert "--json" in result.output
    assert f"mondaylab {' '.join(path)}" in result.output.partition("Example:")[2]


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_wrong_usage_is_exit_2(path):
    assert CliRunner().invoke(main, [*path, "--no-such-option"]).exit_code == 2


@click.command()
@click.option("--fail", is_flag=True)
@reports(lambda result: f"made {result['n']}")
def toy(fail: bool) -> dict[str, int]:
    if fail:
        raise Refused("a column is unlisted", where="orders.csv", fix="list it")
    return {"n": 3}


def test_done_is_exit_0_in_words_or_as_one_object():
    assert CliRunner().invoke(toy).stdout == "made 3\n"
    assert json.loads(CliRunner().invoke(toy, ["--json"]).stdout) == {"n": 3}


def test_refused_is_exit_1_with_what_where_and_next():
    result = CliRunner().invoke(toy, ["--fail"])
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr == "mondaylab: orders.csv: a column is unlisted. Next: list it\n"
    as_json = CliRunner().invoke(toy, ["--fail", "--json"])
    assert json.loads(as_json.stdout) == {
        "error": {"what": "a column is unlisted", "where": "orders.csv", "fix": "list it"}
    }
