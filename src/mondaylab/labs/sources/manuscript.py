"""Manuscripts: a draft as its author wrote it, ``drafts/<draft>/<version>.md``, Markdown with claims as links.

``In {week} the company earned [a gross margin of {value}](memo_total).`` states the claim ``memo_total``. The words in
braces are those of the claim inside its link, and those of the draft's subject elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mondaylab.errors import Refused
from mondaylab.forms.sentences import ENDED, PIECE, holds_blocks, is_text, said_together, sentences
from mondaylab.forms.shown import DraftPart, Tag
from mondaylab.labs.claims.wording import phrase, words_of
from mondaylab.labs.sources.adopted import AdoptedAnswer, FrontMatter, parted
from mondaylab.records import Record
from mondaylab.texts import read_text

FOLDER = "drafts"
LONGEST = 20_000
"""Characters of one manuscript."""
_TAGS: dict[str, Tag] = {
    "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li", "blockquote": "blockquote",
    "strong": "strong", "em": "em", "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr", "th": "th",
    "td": "td",
}  # fmt: skip
_HEADINGS: dict[str, Tag] = {"h1": "h3", "h2": "h3"}


class Manuscript(Record):
    """One version of a draft."""

    version: str
    """The file's name without ``.md``."""
    parts: tuple[DraftPart, ...]
    """Its elements; a claim's part has its id and the words of its span, still with braces."""
    lines: tuple[int, ...] = ()
    """The line at which each of `parts` begins."""
    answer: AdoptedAnswer | None = None
    """What an assistant really wrote, if these are its words and nobody else's."""
    templates: tuple[dict[str, Any], ...] = ()
    """Of an answer the claims that the lab has not, as they would stand in ``lab.toml``."""

    @classmethod
    def read(cls, path: Path) -> Manuscript:
        """Reads a manuscript; raises as `parsed`."""
        return cls.parsed(path.stem, read_text(path), where=str(path))

    @classmethod
    def parsed(cls, version: str, text: str, *, where: str) -> Manuscript:
        """Reads Markdown: paragraphs, headings, lists, quotes, tables, emphasis; claims are links to their ids.

        What was read once is kept: a lab is opened again and again, and few of its manuscripts changed meanwhile.

        Args:
            version: Its name.
            text: The Markdown.
            where: Named in errors.

        Raises:
            Refused: It is empty or too long, or holds what no draft can show, such as an image or HTML.
        """
        try:
            return cls._known(version, text)
        except Refused:
            return cls._parsed(version, text, where)  # the same again, for the place that it tells

    @classmethod
    @lru_cache(maxsize=500)
    def _known(cls, version: str, text: str) -> Manuscript:
        """By what it says alone: the copies of a lab that are built and tried are read once."""
        return cls._parsed(version, text, "")

    @classmethod
    def _parsed(cls, version: str, text: str, where: str) -> Manuscript:
        if len(text) > LONGEST:
            raise Refused(f"{len(text):,} characters, {LONGEST:,} at the most", where=where)
        if PIECE in text or ENDED in text:
            raise Refused("a character that no font has", where=where, fix="take out what U+E000 and U+E001 stand for")
        front, text, above = parted(text, where)
        reader = _Reader(MarkdownIt("commonmark", {"html": False}).enable("table").parse(text), where, above)
        parts = reader.blocks()
        if not parts:
            raise Refused("the manuscript is empty", where=where, fix="write the draft in Markdown, claims as links")
        read = cls(version=version, parts=tuple(parts), lines=tuple(reader.lines))
        return read if front is None else read._adopted(front, where)

    def _adopted(self, front: Mapping[str, Any], where: str) -> Self:
        """With the answer's own figures; its own claims get the version's name before theirs."""
        read = FrontMatter.parse(front, where=where)
        names = {str(one.get("id")): f"{self.version}_{one.get('id')}" for one in read.claims}
        templates = tuple({**one, "id": names[str(one.get("id"))]} for one in read.claims)
        parts = tuple(_renamed(part, names) for part in self.parts)
        return self.model_copy(update={"parts": parts, "answer": read.answer.renamed(names), "templates": templates})

    @property
    def source(self) -> str:
        """Under which name an answer is known that is given to one learner of a cohort as it came."""
        return "" if self.answer is None else self.answer.sha256

    @property
    def varies(self) -> bool:
        """Whether it may be drawn for any slices, and not only stand in a form as it came."""
        return self.answer is None or self.answer.varies

    def as_it_came(self) -> str:
        """An answer's words, without space: claims as they were said, the subject's words in place of the braces.

        Raises:
            Refused: It is no answer, or a word in braces has no value.
        """
        if self.answer is None:
            raise Refused("nobody's answer", where=self.version)
        said, words = self.answer.said(), self.answer.slices.words()
        told = (
            said[part.claim_id].said if part.claim_id in said else phrase(part.text or "", words, where=self.version)
            for part in self._all()
            if part.text is not None
        )
        return "".join("".join(told).split())

    def words(self) -> str:
        """Its words as they stand there, claims as their spans, an element a line."""
        return "\n".join("".join(one.text or "" for one in part.walk()) for part in self.parts)

    def claims(self) -> tuple[str, ...]:
        """Ids of its claims, in reading order."""
        return tuple(part.claim_id for part in self._all() if part.claim_id is not None)

    def spans(self) -> dict[str, str]:
        """Claim -> the words of its span."""
        return {part.claim_id: part.text or "" for part in self._all() if part.claim_id is not None}

    def line(self, claim: str) -> int:
        """The line of the element in which a claim stands."""
        for line, part in zip(self.lines, self.parts, strict=False):
            if any(one.claim_id == claim for one in part.walk()):
                return line
        return 1

    def connecting(self) -> Iterator[tuple[int, str]]:
        """The words between claims, each piece with the line of its element."""
        for line, part in zip(self.lines or (1,) * len(self.parts), self.parts, strict=True):
            for one in part.walk():
                if one.text is not None and one.claim_id is None:
                    yield line, one.text

    def lines_of_text(self) -> tuple[str, ...]:
        """Each element on one line, claims as links: what two quarters' versions are compared by."""
        told = (
            "".join(f"[{one.text}]({one.claim_id})" if one.claim_id else one.text or "" for one in part.walk())
            for part in self.parts
        )
        return tuple(f"{self.version}: {line}" for line in told)

    def together(self) -> Iterator[frozenset[str]]:
        """Claims that stand in one sentence, or in one row of a table: who leaves out one leaves out all."""
        for part in self.parts:
            yield from filter(None, map(_claims_in, said_together(part)))

    def without(self, claims: frozenset[str]) -> tuple[DraftPart, ...]:
        """Its elements without the sentences, and the rows of tables, that state any of these claims."""
        return tuple(kept for part in self.parts if (kept := _without(part, claims)) is not None)

    def _all(self) -> Iterator[DraftPart]:
        for part in self.parts:
            yield from part.walk()


def manuscripts(folder: Path) -> dict[str, tuple[Manuscript, ...]]:
    """Draft -> its versions, by name; nothing where a lab has none.

    Args:
        folder: The lab's.

    Raises:
        Refused: A manuscript cannot be read, or something else lies among them.
    """
    found: dict[str, tuple[Manuscript, ...]] = {}
    for draft in sorted((folder / FOLDER).iterdir()) if (folder / FOLDER).is_dir() else ():
        if draft.name.startswith("."):
            continue
        files = sorted(path for path in draft.iterdir() if not path.name.startswith(".")) if draft.is_dir() else [draft]
        for path in files:
            if path.suffix != ".md" or path == draft:
                raise Refused("no manuscript", where=path, fix=f"{FOLDER}/<draft>/<version>.md is the place of each")
        found[draft.name] = tuple(Manuscript.read(path) for path in files)
    return found


class _Reader:
    """Turns Markdown's tokens into parts."""

    def __init__(self, tokens: Sequence[Token], where: str, above: int = 0) -> None:
        self._tokens = list(tokens)
        self._where, self._above = where, above
        self.lines: list[int] = []

    def blocks(self) -> list[DraftPart]:
        """The elements at the top."""
        parts = []
        while self._tokens:
            line = self._above + (self._tokens[0].map or [0])[0] + 1
            parts += self._block(line)
            self.lines += [line] * (len(parts) - len(self.lines))
        return parts

    def _block(self, line: int) -> list[DraftPart]:
        token = self._tokens.pop(0)
        if token.type == "inline":
            return self._inline(list(token.children or ()), line)
        if token.type == "fence":
            return [DraftPart(tag="pre", parts=(DraftPart(text=token.content.rstrip("\n")),))]
        name = token.type.removesuffix("_open")
        tag = _HEADINGS.get(token.tag, "h4") if name == "heading" else _TAGS.get(name)
        if tag is None or token.nesting != 1:
            raise self._refused(token, line)
        inner: list[DraftPart] = []
        while self._tokens[0].type != f"{name}_close":
            at = self._tokens[0].map
            inner += self._block(line if at is None else self._above + at[0] + 1)
        self._tokens.pop(0)
        if tag == "p" and token.hidden:  # the text of a tight list's entry
            return inner
        return [DraftPart(tag=tag, parts=tuple(inner))]

    def _inline(self, tokens: list[Token], line: int) -> list[DraftPart]:
        parts: list[DraftPart] = []
        while tokens:
            token = tokens.pop(0)
            if token.type in ("text", "softbreak"):
                parts.append(DraftPart(text="\n" if token.type == "softbreak" else token.content))
            elif token.type == "hardbreak":
                parts.append(DraftPart(tag="br"))
            elif token.type == "code_inline":
                parts.append(DraftPart(tag="code", parts=(DraftPart(text=token.content),)))
            elif token.type == "link_open":
                parts.append(self._span(str(token.attrs["href"]), _until(tokens, "link_close"), line))
            elif token.type in ("strong_open", "em_open"):
                name = token.type.removesuffix("_open")
                inner = self._inline(_until(tokens, f"{name}_close"), line)
                parts.append(DraftPart(tag=_TAGS[name], parts=tuple(inner)))
            else:
                raise self._refused(token, line)
        return _joined(parts)

    def _span(self, claim: str, tokens: list[Token], line: int) -> DraftPart:
        if any(token.type not in ("text", "softbreak") for token in tokens):
            raise Refused(
                f"the span of claim {claim!r} holds more than words",
                where=f"{self._where}:{line}",
                fix="put emphasis around the link, not into it",
            )
        text = " ".join("".join(" " if one.type == "softbreak" else one.content for one in tokens).split())
        if not text or not claim:
            raise Refused("a link without words, or without a claim", where=f"{self._where}:{line}")
        return DraftPart(claim_id=claim, text=text)

    def _refused(self, token: Token, line: int) -> Refused:
        what = token.type.removesuffix("_open").replace("_", " ")
        return Refused(
            f"a draft cannot hold {what}",
            where=f"{self._where}:{line}",
            fix="write paragraphs, headings, lists, quotes, tables, code between ``` and emphasis",
        )


def _renamed(part: DraftPart, names: Mapping[str, str]) -> DraftPart:
    """The same with other ids for its claims."""
    parts = tuple(_renamed(one, names) for one in part.parts)
    claim = None if part.claim_id is None else names.get(part.claim_id, part.claim_id)
    return part.model_copy(update={"parts": parts, "claim_id": claim})


def _until(tokens: list[Token], close: str) -> list[Token]:
    """Takes the tokens up to the one that closes, and that one away."""
    depth, taken = 0, list[Token]()
    while True:
        token = tokens.pop(0)
        if token.type == close and depth == 0:
            return taken
        depth += (token.type == close.replace("_close", "_open")) - (token.type == close)
        taken.append(token)


def _joined(parts: list[DraftPart]) -> list[DraftPart]:
    """With texts that follow one another made one, their line ends being spaces."""
    joined: list[DraftPart] = []
    for part in parts:
        if joined and part.text is not None and part.claim_id is None and is_text(joined[-1]):
            joined[-1] = DraftPart(text=f"{joined[-1].text}{part.text}")
        else:
            joined.append(part)
    return [DraftPart(text=re.sub(r"\s+", " ", one.text or "")) if is_text(one) else one for one in joined]


def _claims_in(parts: Sequence[DraftPart]) -> frozenset[str]:
    return frozenset(one.claim_id for part in parts for one in part.walk() if one.claim_id is not None)


def _about(parts: Sequence[DraftPart]) -> frozenset[str]:
    """The claims in it, and those whose words it says without stating them: what two answers say, for one."""
    said = (one.text for part in parts for one in part.walk() if one.claim_id is None and "." in (one.text or ""))
    words = (word.partition(".") for text in said for word in words_of(text or ""))
    return _claims_in(parts) | {name for name, dot, _ in words if dot}


def _without(part: DraftPart, claims: frozenset[str]) -> DraftPart | None:
    if part.tag == "pre":  # the code that a claim is about goes with it
        about = (word.partition(".")[0] for one in part.parts for word in words_of(one.text or ""))
        return None if claims & {*about} else part
    if not _about([part]) & claims:
        return part
    if part.tag in ("tr", None):
        return None
    if holds_blocks(part):
        inner = [kept for one in part.parts if (kept := _without(one, claims)) is not None]
    else:
        inner = [one for group in sentences(part.parts) if not _about(group) & claims for one in group]
    inner = _trimmed(inner)
    if not inner or all(one.tag == "thead" for one in inner):
        return None
    return part.model_copy(update={"parts": tuple(inner)})


def _trimmed(parts: list[DraftPart]) -> list[DraftPart]:
    """Without the space that a sentence which is gone has left before and behind."""
    joined = _joined(parts)
    if joined and is_text(joined[0]):
        joined[0] = DraftPart(text=(joined[0].text or "").lstrip())
    if joined and is_text(joined[-1]):
        joined[-1] = DraftPart(text=(joined[-1].text or "").rstrip())
    return [one for one in joined if one.text != ""]
