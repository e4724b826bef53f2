"""What changed between two builds of a lab, in plain words: data, figures, drafts, rules, items."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mondaylab.concepts.handbook import Handbook
from mondaylab.errors import NotFound, Refused
from mondaylab.labs.building.builds import BuildReport, build_command
from mondaylab.labs.building.contents import BaseFact, Contents
from mondaylab.records import Record

MOVES = 10
"""How many of the biggest moves are told."""
MOVES_EACH = 3
"""How many of them may be of one measure, so that one figure's parts do not hide the rest."""
LINES = 12
"""How many lines of a section's difference are shown."""
_TOLD = ("drafts", "claims", "measures")
"""Parts of ``lab.toml`` that have their own place in the list."""


class Move(Record):
    """A base figure then and now."""

    name: str
    then: float | None
    """In displayed units; none where it had no value."""
    now: float | None
    unit: str | None = None
    relative: float | None
    """(now - then) / |then|; none where it is not defined."""
    said: str
    """Such as ``margin, region North: 31.2 % -> 29.8 % (-1.4 points)``."""


class Change(Record):
    """Something that was added, removed or changed."""

    what: Literal["added", "removed", "changed"]
    name: str
    lines: tuple[str, ...] = ()
    """What changed of it: ``- old`` and ``+ new`` lines."""


class Differences(Record):
    """What an instructor reads before the new quarter's lab goes out."""

    lab: str
    old: str
    """The old build's quarter and snapshot."""
    new: str
    data: tuple[str, ...]
    """Snapshot and rows per table."""
    moves: tuple[Move, ...]
    """The base figures that moved most, the biggest first."""
    drafts: tuple[Change, ...]
    claims: tuple[Change, ...]
    measures: tuple[Change, ...]
    handbook: tuple[Change, ...]
    items: tuple[Change, ...]
    """Claim template | flaw state: new, gone, retired."""
    other: tuple[str, ...]
    """The notebook's text and what else ``lab.toml`` says."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing that a learner or an instructor could notice changed."""
        return not any(
            (self.data, self.moves, self.drafts, self.claims, self.measures, self.handbook, self.items, self.other)
        )


@dataclass(frozen=True)
class Side:
    """One of two builds."""

    report: BuildReport
    contents: Contents
    handbook: Handbook
    cells: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path) -> Side:
        """Reads a build folder.

        Raises:
            NotFound: It holds no build.
            Refused: The build is of a version that kept no contents.
        """
        report = BuildReport.of(folder)
        try:
            contents = Contents.read_json(folder / Contents.FILE)
            text = (folder / "data" / "texts" / "handbook.md").read_text("utf-8")
        except (NotFound, FileNotFoundError):
            raise Refused(
                "this build kept too little to be compared",
                where=folder,
                fix=build_command(report.lab, report.quarter, report.company),
            ) from None
        cells = json.loads((folder / "lab.ipynb").read_text("utf-8"))["cells"]
        own = [cell for cell in cells if "injected-parameters" not in cell["metadata"].get("tags", [])]
        return cls(report, contents, Handbook(text), tuple("".join(cell["source"]) for cell in own))


def differences(old: Side, new: Side) -> Differences:
    """Compares two builds of one lab.

    Raises:
        Refused: They are of different labs.
    """
    if old.report.lab != new.report.lab:
        raise Refused(f"{old.report.lab} and {new.report.lab} are two labs", fix="name two builds of one lab")
    before, after = old.contents.declaration, new.contents.declaration
    return Differences(
        lab=new.report.lab,
        old=f"{old.report.quarter}, {old.report.snapshot}",
        new=f"{new.report.quarter}, {new.report.snapshot}",
        data=tuple(_data(old, new)),
        moves=tuple(_moves(old.contents.facts, new.contents.facts)),
        drafts=tuple(_changes(_by_id(before["drafts"]), _by_id(after["drafts"]))),
        claims=tuple(_changes(_by_id(before["claims"]), _by_id(after["claims"]))),
        measures=tuple(_changes(before["measures"], after["measures"])),
        handbook=tuple(_sections(old.handbook, new.handbook)),
        items=tuple(_items(old, new)),
        other=tuple(_other(old, new)),
    )


def _data(old: Side, new: Side) -> Iterator[str]:
    if old.report.quarter != new.report.quarter:
        yield f"quarter {old.report.quarter} -> {new.report.quarter}"
    if old.report.snapshot != new.report.snapshot:
        yield f"snapshot {old.report.snapshot} -> {new.report.snapshot}"
    for table in sorted({*old.contents.rows, *new.contents.rows}):
        then, now = old.contents.rows.get(table), new.contents.rows.get(table)
        if then is None:
            yield f"table {table} is new: {now:,} rows"
        elif now is None:
            yield f"table {table} is gone"
        elif then != now:
            yield f"{table}: {then:,} -> {now:,} rows ({_percent(now, then)})"


def _moves(old: Iterable[BaseFact], new: Iterable[BaseFact]) -> list[Move]:
    before = {fact.name: fact for fact in old}
    moves = [_move(before[fact.name], fact) for fact in new if fact.name in before]
    moved = [move for move in moves if move.then != move.now]
    told: Counter[str] = Counter()
    biggest = []
    for move in sorted(moved, key=lambda move: -abs(move.relative or 0.0)):
        measure = move.name.partition(",")[0]
        told[measure] += 1
        if told[measure] <= MOVES_EACH:
            biggest.append(move)
    return biggest[:MOVES]


def _move(old: BaseFact, new: BaseFact) -> Move:
    then, now = _shown(old, new), _shown(new, new)
    relative = (now - then) / abs(then) if then and now is not None else None
    said = f"{new.name}: {_figure(then, new)} -> {_figure(now, new)}"
    if then is not None and now is not None:
        size = f"{now - then:+.{max(new.decimals or 0, 1)}f} points" if new.unit == "%" else _percent(now, then)
        said += f" ({size})"
    return Move(name=new.name, then=then, now=now, unit=new.unit, relative=relative, said=said)


def _shown(fact: BaseFact, as_in: BaseFact) -> float | None:
    """The value in the units, and to the decimals, that the new build shows it with."""
    if fact.value is None:
        return None
    value = fact.value * as_in.scale
    return value if as_in.decimals is None else round(value, as_in.decimals) + 0.0


def _figure(value: float | None, fact: BaseFact) -> str:
    if value is None:
        return "no value"
    number = f"{value:,.4g}" if fact.decimals is None else f"{value:,.{max(fact.decimals, 0)}f}"
    return number if fact.unit is None else f"{number} {fact.unit}"


def _percent(now: float, then: float) -> str:
    return f"{100 * (now - then) / abs(then):+.1f} %" if then else "from nothing"


def _by_id(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {part["id"]: part for part in parts}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Added and removed names, and of the others what changed, a line for each old and each new value."""
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield Change(what="removed", name=name)
        elif name not in old:
            yield Change(what="added", name=name)
        elif old[name] != new[name]:
            yield Change(what="changed", name=name, lines=tuple(_fields(old[name], new[name])))


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for field in [*old, *(field for field in new if field not in old)]:
        then, now = _values(old.get(field)), _values(new.get(field))
        yield from (f"- {field}: {value}" for value in then if value not in now)
        yield from (f"+ {field}: {value}" for value in now if value not in then)
        if then != now and sorted(then) == sorted(now):
            yield f"  {field}: in another order"


def _values(value: object) -> list[str]:
    """A field's value as lines: one for each entry of a list."""
    if value is None:
        return []
    parts = value if isinstance(value, list) else [value]
    return [part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in parts]


def _sections(old: Handbook, new: Handbook) -> Iterator[Change]:
    for number in sorted({*old.sections, *new.sections}, key=lambda text: [int(part) for part in text.split(".")]):
        then, now = old.sections.get(number), new.sections.get(number)
        if now is None and then is not None:
            yield Change(what="removed", name=f"{number} {then.title}")
        elif then is None and now is not None:
            yield Change(
                what="added",
                name=f"{number} {now.title}",
                lines=tuple(_text(f"+ {line}" for line in now.body.splitlines() if line.strip())),
            )
        elif then is not None and now is not None and (then.title, then.body) != (now.title, now.body):
            lines = difflib.ndiff([then.title, *then.body.splitlines()], [now.title, *now.body.splitlines()])
            kept = (line for line in lines if line[0] in "+-" and line[2:].strip())
            yield Change(what="changed", name=f"{number} {now.title}", lines=tuple(_text(kept)))


def _text(lines: Iterable[str]) -> list[str]:
    told = list(lines)
    more = len(told) - LINES
    return told if more <= 0 else [*told[:LINES], f"  ... and {more} more lines"]


def _items(old: Side, new: Side) -> Iterator[Change]:
    before, after = _item_ids(old.contents), _item_ids(new.contents)
    yield from (Change(what="added", name=name) for name in sorted(after - before))
    yield from (Change(what="removed", name=name) for name in sorted(before - after))
    then, now = set(old.report.items.retired), set(new.report.items.retired)
    yield from (Change(what="changed", name=name, lines=("retired",)) for name in sorted(now - then))
    yield from (Change(what="changed", name=name, lines=("drawn again",)) for name in sorted(then - now))


def _item_ids(contents: Contents) -> set[str]:
    claims = contents.declaration["claims"]
    return {f"{claim['id']}|{state}" for claim in claims for state in ("sound", *(claim.get("operators") or ()))}


def _other(old: Side, new: Side) -> Iterator[str]:
    before, after = old.contents.declaration, new.contents.declaration
    for name in sorted({*before, *after} - set(_TOLD)):
        if before.get(name) != after.get(name):
            yield f"lab.toml: {name} changed"
    matcher = difflib.SequenceMatcher(None, old.cells, new.cells, autojunk=False)
    changed = sum(max(j - i, b - a) for tag, i, j, a, b in matcher.get_opcodes() if tag != "equal")
    if changed:
        yield f"the notebook's text changed in {changed} of {len(new.cells)} cells"


def in_words(found: Differences) -> str:
    """The differences as text for a person."""
    if found.is_empty:
        return f"{found.lab}: nothing changed between {found.old} and {found.new}."
    lines = [f"{found.lab}: {found.old} -> {found.new}"]
    lines += _part("Data", found.data, "the same data")
    lines += _part("Biggest moves over the whole quarter", [move.said for move in found.moves], "no figure moved")
    told = (
        ("Drafts", found.drafts),
        ("Claim templates", found.claims),
        ("Measures", found.measures),
        ("Policy handbook", found.handbook),
        ("Items", found.items),
    )
    for title, changes in told:
        lines += _part(title, [line for change in changes for line in _told(change)], "no change")
    lines += _part("Other", found.other, "no change")
    return "\n".join(lines)


def _part(title: str, lines: Iterable[str], empty: str) -> list[str]:
    told = list(lines)
    return [f"{title}: {empty}"] if not told else [f"{title}:", *(f"  {line}" for line in told)]


def _told(change: Change) -> list[str]:
    words = {"added": "new", "removed": "gone", "changed": "changed"}[change.what]
    if change.lines and change.lines[0] in ("retired", "drawn again"):
        return [f"{change.lines[0]}: {change.name}"]
    return [f"{words}: {change.name}", *(f"    {line}" for line in change.lines)]
