"""All checks of an export's rows, and what the policy accepts of their findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mondaylab.datasets.integrity import days, joins, oddities, rows
from mondaylab.datasets.integrity.cells import Cells
from mondaylab.datasets.integrity.findings import Finding
from mondaylab.datasets.integrity.keys import Keys
from mondaylab.datasets.policy import Policy
from mondaylab.quarter import Quarter


@dataclass(frozen=True)
class Checked:
    """What the checks of the rows came to.

    Attributes:
        problems: Sentences that refuse.
        accepted: What was found and does not refuse, with the policy's reason: for the manifest.
    """

    problems: tuple[str, ...]
    accepted: tuple[str, ...]


def check(
    policy: Policy, tables: Mapping[str, pd.DataFrame], quarter: Quarter, before: Mapping[str, int] | None = None
) -> Checked:
    """Looks at the rows of an export, before anything is made of them.

    Args:
        policy: Keys, bounds, and what it accepts.
        tables: Raw tables, every cell a string.
        quarter: The quarter that they are the export of.
        before: Table -> rows in the snapshot of the quarter before, if there is one.
    """
    cells = Cells(tables)
    keys = Keys(policy, cells)
    problems = list(rows.too_few(policy, cells))
    accepted = []
    for finding in _all(policy, cells, keys, quarter, before or {}):
        known = finding.accepted_by(policy)
        if known is None:
            problems.append(finding.sentence())
        else:
            accepted.append(finding.accepted(known.why))
    return Checked(tuple(problems), tuple(accepted))


def _all(
    policy: Policy,
    cells: Cells,
    keys: Keys,
    quarter: Quarter,
    before: Mapping[str, int],
) -> list[Finding]:
    return [
        *rows.blank(policy, cells),
        *rows.totals(policy, cells),
        *rows.twice(policy, cells, keys),
        *joins.null_like(policy, cells, keys),
        *joins.orphans(policy, cells, keys),
        *joins.domains_apart(policy, cells, keys),
        *joins.cut_short(policy, cells, keys),
        *days.days(policy, cells, quarter),
        *rows.lost(policy, cells, before),
        *oddities.oddities(policy, cells),
    ]
