"""All checks of an export's rows, and what the policy accepts of their findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        unneeded: What the policy accepts though nothing was found, in sentences.
    """

    problems: tuple[str, ...]
    accepted: tuple[str, ...]
    unneeded: tuple[str, ...]


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
    findings = _all(policy, cells, keys, quarter, before or {})
    for finding in findings:
        known = finding.accepted_by(policy)
        if known is None:
            problems.append(finding.sentence())
        else:
            accepted.append(finding.accepted(known.why))
    return Checked(tuple(problems), tuple(accepted), tuple(_unneeded(policy, findings)))


def _unneeded(policy: Policy, findings: list[Finding]) -> Iterator[str]:
    found = {(finding.table, finding.name, finding.column) for finding in findings}
    for table, rules in policy.tables.items():
        for accepted in rules.accepts:
            if (table, accepted.finding, accepted.column) not in found:
                where = f"table {table}" if accepted.column is None else f"table {table}: column {accepted.column!r}"
                yield f"{where}: nothing needs 'accepts: {accepted.finding}': remove it, lest it hides what comes later"


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
