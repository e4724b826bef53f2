"""TOML as practitioners write it: read with errors that say the line, amounts in the company's currency."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mondaylab.errors import Refused
from mondaylab.labs.claims.wording import MONEY


def toml_data(path: Path, text: str) -> dict[str, Any]:
    """What a TOML text holds.

    Args:
        path: Where it stands, for errors.
        text: Its text.

    Raises:
        Refused: It is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = line[1] if line else max(1, len(text.splitlines()))  # tomllib calls the last line the end of the document
        raise Refused(f"not TOML ({error})", where=f"{path}:{at}") from None
    except ValueError:  # a number of thousands of digits
        raise Refused("not TOML (a number is too long)", where=path) from None
    except RecursionError:
        raise Refused("not TOML (nested too deeply)", where=path, fix="write it flatter") from None


def unpriced(display: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """A display in the company's currency in ``money`` again, for a file that other companies read too."""
    return {**display, "unit": MONEY} if display.get("unit") == currency else dict(display)


def priced(part: Any, currency: str) -> Any:
    """The same with every display in ``money`` in the currency."""
    if isinstance(part, list):
        return [priced(one, currency) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: priced(value, currency) for key, value in part.items()}
    display = made.get("display")
    if isinstance(display, dict) and display.get("unit") == MONEY:
        made["display"] = {**display, "unit": currency}
    return made
