"""``mondaylab grade``: score a cohort's submissions, tell what its answers say, export them."""

from __future__ import annotations

import click

from mondaylab.cli.grade.exporting import export
from mondaylab.cli.grade.reporting import report
from mondaylab.cli.grade.running import run


class _RunByDefault(click.Group):
    """``mondaylab grade COHORT LAB`` is ``mondaylab grade run COHORT LAB``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [run.name or "", *args]
        return super().parse_args(ctx, args)


@click.group("grade", cls=_RunByDefault)
def command() -> None:
    """Score a cohort's submissions; tell what its answers say; export them (instructors).

    "mondaylab grade COHORT LAB" scores: the word "run" may be left out.

    \b
    Example:
      mondaylab grade finance-demo weekly_margin_memo
      mondaylab grade report finance-demo --out report
      mondaylab grade export finance-demo --format csv --out finance-demo.csv
    """


for _verb in (run, report, export):
    command.add_command(_verb)
