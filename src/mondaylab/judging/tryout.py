"""What a learner's evidence or validator does when it is run as the grader will run it, in plain words."""

from __future__ import annotations

import math
import numbers
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mondaylab.concepts.tables import LabTables
from mondaylab.errors import MondaylabError
from mondaylab.judging.standalone import cell_source, run_cell

PracticeClaim = Mapping[str, "str | float | None"]


@dataclass(frozen=True, repr=False)
class Tried:
    """The outcome of a try; a notebook shows its `text`.

    Attributes:
        ok: Whether the grader could use the result. It does not say that the result is right.
        text: What happened, and what to do next.
        value: The figure, if there is one.
        flagged: Ids that the validator flagged.
    """

    ok: bool
    text: str
    value: float | None = None
    flagged: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"{'✓' if self.ok else '✗'} {self.text}"


class _Watched(dict[str, pd.DataFrame]):
    """Tables and concepts that remember whether anybody looked."""

    def __init__(self, tables: LabTables) -> None:
        # shallow copies: pandas copies on write, so the learner's own tables stay as they are
        super().__init__({name: frame.copy(deep=False) for name, frame in tables.items()})
        self._source = tables
        self.looked = False

    @property
    def concepts(self) -> tuple[str, ...]:
        return self._source.concepts

    def concept(self, name: str) -> pd.DataFrame:
        self.looked = True
        return self._source.concept(name)

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.looked = True
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.looked = True
        return super().get(name, default)

    def values(self) -> Any:
        self.looked = True
        return super().values()

    def items(self) -> Any:
        self.looked = True
        return super().items()


def try_evidence(function: Callable[..., Any], tables: LabTables, unit: str | None = None) -> Tried:
    """Runs ``evidence(tables)`` alone and checks that a finite number comes back.

    Args:
        function: The learner's function.
        tables: The lab's tables; they are not changed.
        unit: Unit of the figure, for the answer's words.
    """
    watched = _Watched(tables)
    result = _call(function, "evidence", lambda run: run(watched))
    if isinstance(result, Tried):
        return result
    if result is None:
        return Tried(False, "evidence returned nothing. Next: end it with return, followed by your figure")
    if isinstance(result, bool) or not isinstance(result, numbers.Real):
        kind = type(result).__name__
        return Tried(False, f"evidence returned a {kind}, not a number. Next: return one figure, such as float(...)")
    value = float(result)
    if not math.isfinite(value):
        return Tried(False, f"evidence returned {value}. Next: look for a division by zero or an empty selection")
    words = f"evidence runs alone and returns {value:,.6g}{f' {unit}' if unit else ''}."
    if not watched.looked:
        return Tried(False, f"{words} But it never looked at tables: on redrawn data a fixed number is wrong", value)
    return Tried(True, f"{words} Whether that is right is for the grader, on redrawn data.", value)


def try_validator(function: Callable[..., Any], claims: Iterable[PracticeClaim], tables: LabTables) -> Tried:
    """Runs ``validator(claims, tables)`` alone and checks that a set of known ids comes back.

    Args:
        function: The learner's function.
        claims: Practice claims, without their truth; empty when a lab is built.
        tables: The lab's tables; they are not changed.
    """
    shown = [dict(claim) for claim in claims]
    result = _call(function, "validator", lambda run: run([dict(claim) for claim in shown], _Watched(tables)))
    if isinstance(result, Tried):
        return result
    if not isinstance(result, (set, frozenset)):
        kind = "nothing" if result is None else f"a {type(result).__name__}"
        return Tried(False, f"validator returned {kind}. Next: return a set of claim ids, such as {{claim['id']}}")
    known = {claim["id"] for claim in shown}
    strange = [repr(one) for one in result if one not in known]
    if strange:
        return Tried(False, f"validator returned ids that no claim has: {', '.join(sorted(strange)[:3])}")
    flagged = frozenset(str(one) for one in result)
    if not shown:
        return Tried(
            True,
            "validator runs alone and returns a set. There are no practice claims here to try it on.",
            None,
            flagged,
        )
    words = f"validator runs alone and flags {len(flagged)} of {len(shown)} practice claims"
    if flagged == known:
        return Tried(
            True, f"{words}. Flagging everything earns nothing: half of the grader's claims are sound.", None, flagged
        )
    lines = [f"  {'flagged' if claim['id'] in flagged else 'passed '}  {claim['text']}" for claim in shown]
    return Tried(True, "\n".join([f"{words}:", *lines]), None, flagged)


def _call(function: Callable[..., Any], name: str, run: Callable[[Callable[..., Any]], Any]) -> Any:
    """The learner's result, or a `Tried` that says why there is none."""
    try:
        return run(run_cell(cell_source(function), name))
    except NotImplementedError:
        return Tried(False, f"{name} is not written yet.")
    except MondaylabError as error:
        return Tried(False, f"{name}: {error}")
    except KeyError as error:
        said = f"{name} stopped{_line(error)}: there is no {error}"
        return Tried(False, f"{said}. Next: look for a misspelt table, concept, column or field")
    except Exception as error:  # whatever the learner's code raises is the answer
        return Tried(False, f"{name} stopped{_line(error)}: {type(error).__name__}: {error}")


def _line(error: BaseException) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "cell"]
    return f" in line {lines[-1]} of its cell" if lines else ""
