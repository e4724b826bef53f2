"""``mondaylab labs``: from a snapshot to built, checked and released labs, quarter after quarter."""

from __future__ import annotations

import click

from mondaylab.cli.labs.adopting import adopt
from mondaylab.cli.labs.baseline import baseline
from mondaylab.cli.labs.building import build, listed
from mondaylab.cli.labs.checking import check
from mondaylab.cli.labs.comparing import diff
from mondaylab.cli.labs.items import items
from mondaylab.cli.labs.making import new
from mondaylab.cli.labs.previewing import preview
from mondaylab.cli.labs.recording import record
from mondaylab.cli.labs.referring import reference
from mondaylab.cli.labs.releasing import release, rollback


@click.group("labs")
def command() -> None:
    """Build labs for a quarter, check, compare, preview and release them.

    \b
    Example:
      mondaylab labs build --quarter 2026Q4
      mondaylab labs check finance/weekly_margin_memo --quarter 2026Q4
      mondaylab labs release finance/weekly_margin_memo --quarter 2026Q4
    """


for _verb in (new, record, adopt, build, baseline, check, preview, diff, release, rollback, items, listed, reference):
    command.add_command(_verb)
