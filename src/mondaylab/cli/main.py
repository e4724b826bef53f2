"""The map of commands, in the order of the flow; a command's module is imported only when it is called."""

from __future__ import annotations

import importlib
import os

import click

from mondaylab.loopback import unproxied

# name -> (module, one line); the order is the order of `mondaylab --help`
GROUPS: dict[str, tuple[str, str]] = {
    "data": ("mondaylab.cli.data", "Raw exports to sanitized snapshots (data stewards)"),
    "labs": ("mondaylab.cli.labs", "Build labs for a quarter, look at them (practitioners)"),
    "cohort": ("mondaylab.cli.cohort", "Learners, instructors, courses; close a lab (admins, instructors)"),
    "author": ("mondaylab.cli.author", "Who writes the labs of a role in the hub (admins)"),
    "grade": ("mondaylab.cli.grade", "Score a cohort's submissions, report on them, export them (instructors)"),
    "model": ("mondaylab.cli.model", "Fetch the assistant's model, see what is here (admins)"),
    "hub": ("mondaylab.cli.hub", "Run and check the hub (admins)"),
    "demo": ("mondaylab.cli.demo", "Everything above on the fictitious company, in one go"),
}


class Map(click.Group):
    """A group that imports its commands late and lists them in the order of the flow."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in GROUPS:
            return None
        command: click.Command = importlib.import_module(GROUPS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands, in the order of the flow"):
            formatter.write_dl([(name, line) for name, (_, line) in GROUPS.items()])


@click.group(cls=Map, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mondaylab")
def main() -> None:
    """Judge AI outputs: labs on your company's own sanitized data, graded on judgement.

    \b
    raw exports --data--> snapshot --labs--> lab --cohort--> learners judge --grade--> feedback
    """
    os.environ.update(unproxied(os.environ))  # also for whatever a command starts
