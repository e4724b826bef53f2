"""What an ``apply`` did, in words: of a cohort, of a role's authors."""

from __future__ import annotations

from mondaylab.cli.contract import Result


def applied_words(result: Result) -> str:
    """How much was changed, and the passwords of accounts that are new; the changes themselves were told meanwhile."""
    accounts = [f"  {name}  {password}" for name, password in result["new_accounts"].items()]
    said = f"{len(result['changes'])} changes." if result["changes"] else "Nothing to change."
    return "\n".join([said, *(["New accounts, with the passwords to hand out:", *accounts] if accounts else [])])
