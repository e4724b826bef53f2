"""What a page makes hard for people who do not see it, or not as others do: found by axe-core in the page itself."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def barriers(page: Page, within: str | None = None) -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA: each its rule, what it hits, and what axe says of it.

    Args:
        page: As it stands.
        within: A CSS selector of ours, where others' page is around it.
    """
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, context=within, options=rules).response["violations"]
    return [
        f"{one['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
