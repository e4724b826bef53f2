"""What ``lab.adopt()`` shows: paste or choose an answer, say what is meant, look at what learners would get, add it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import anywidget

from mondaylab.authoring.as_shown import AsShown
from mondaylab.authoring.author import Workplace
from mondaylab.authoring.drawn import DrawnDraft, drawn_drafts
from mondaylab.authoring.in_words import in_words, unforeseen
from mondaylab.authoring.kept import KeptAnswers
from mondaylab.authoring.meaning import Meaning, menus
from mondaylab.authoring.paste import NOT_STATED, pasted
from mondaylab.authoring.sitting import Sitting
from mondaylab.errors import MondaylabError, Refused
from mondaylab.judging.panel import bundle
from mondaylab.judging.told import told_by
from mondaylab.labs.adopting.entries import Entry
from mondaylab.labs.adopting.placing import file_of, free_place, place
from mondaylab.labs.adopting.report import KINDS
from mondaylab.labs.adopting.scrubbing import BY_WORDS, names_are_known
from mondaylab.labs.building.builds import build_command

_SCRIPTS = ("marks.js", "paste.js", "list.js", "place.js", "preview.js", "adopt.js")


class AdoptScreen(anywidget.AnyWidget):
    """One answer on its way into a lab.

    Nothing of an answer is a trait: JupyterLab keeps those in the notebook. The page asks, this answers by a message,
    and what was decided lives here, so that a page that is loaded again shows it again.
    """

    _esm = f"{bundle('dom.js', 'told.js')}\n{bundle(*_SCRIPTS, package=__package__)}"
    _css = f"{bundle('base.css')}\n{bundle('adopt.css', package=__package__)}"

    told = told_by()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._start()
        self.on_msg(self._on_message)

    def _start(self) -> None:
        self._phase = "paste"
        self.sitting: Sitting | None = None
        """The answer that is worked on; none before one is chosen."""
        self._drawn: tuple[DrawnDraft, ...] = ()
        self._added: str | None = None

    def close(self) -> None:
        self.told.close()
        super().close()

    def __repr__(self) -> str:
        return f"Adopting an answer for {self._workplace.lab}: the screen shows in JupyterLab"

    # -- messages
    def _on_message(self, _widget: Any, content: object, buffers: Sequence[memoryview] | None) -> None:
        """Does what the page asks. Whatever fails is told there: a traceback might repeat what was pasted.

        Args:
            content: The order ``do``, its arguments, and ``id``, which the answer repeats.
            buffers: Text and prompt of a paste. A kernel that logs its messages logs their content, and no buffer.
        """
        message = content if isinstance(content, dict) else {}
        self.told.send({"heard": message.get("id")})
        looks = message.get("do") == "look"
        answer: dict[str, Any] = {"place": None} if looks else {}
        error: dict[str, str | None] | None = None
        try:
            if looks:
                answer = {"place": AsShown(self._now, self._workplace.material.flaws).place(self._entry(message))}
            else:
                self._do(message, [bytes(one) for one in buffers or ()])
        except MondaylabError as refused:
            error = in_words(refused)
        except Exception as failed:
            error = unforeseen(failed)
        try:
            reply = {**(answer or {"state": self.state()}), "error": error}
        except Exception as failed:  # without a reply the page would wait for ever
            reply = {"state": None, "error": unforeseen(failed)}
        self.told.send({**reply, "answers": message.get("id")})

    def _do(self, message: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        orders: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "paste": lambda told: self._paste(told, *buffers[:2]),
            "recorded": lambda told: self._recorded(str(told.get("key"))),
            "restart": lambda _: self._start(),
            "bind": lambda _: self._back(),
            "mean": self._mean,
            "nothing": self._nothing,
            "undo": self._undo,
            "state": self._state,
            "preview": lambda _: self._preview(),
            "rename": lambda told: self._rename(str(told.get("name"))),
            "add": lambda told: self._add(told.get("name"), replace=told.get("replace") is True),
        }
        order = message.get("do")
        if order in orders:
            orders[order](message)

    def _paste(self, told: Mapping[str, Any], *texts: bytes) -> None:
        workplace = self._workplace.again()
        self._open(workplace, pasted(workplace, told, *texts), phase="paste")

    def _recorded(self, key: str) -> None:
        workplace = self._workplace.again()
        self._open(workplace, KeptAnswers(workplace).opened(key), phase="bind")

    def _open(self, workplace: Workplace, sitting: Sitting, *, phase: str) -> None:
        self._start()
        self._workplace, self.sitting, self._phase = workplace, sitting, phase

    def _back(self) -> None:
        self._go("paste" if self.sitting is None else "bind")

    def _go(self, phase: str) -> None:
        self._phase, self._added = phase, None  # what is changed from here on is not the file that was written

    @property
    def _now(self) -> Sitting:
        if self.sitting is None:
            raise Refused("no answer is open", where="the screen", fix="paste or choose one first")
        return self.sitting

    def _entry(self, told: Mapping[str, Any]) -> Entry:
        number = told.get("number")
        found = self._now.entry(number) if isinstance(number, int) else None
        if found is None:
            raise Refused("there is no such place", where="the list", fix="choose one of the list")
        return found

    # -- decisions
    def _mean(self, told: Mapping[str, Any]) -> None:
        self._now.mean(self._entry(told).number, Meaning.parse(told.get("meaning"), where="the menus"))
        self._go("bind")

    def _nothing(self, told: Mapping[str, Any]) -> None:
        self._now.call_nothing(self._entry(told).number)
        self._go("bind")

    def _undo(self, told: Mapping[str, Any]) -> None:
        self._now.undo(self._entry(told).number)
        self._go("bind")

    def _state(self, told: Mapping[str, Any]) -> None:
        number, sitting = self._entry(told).number, self._now
        item = str(told.get("item"))
        names = sitting.adoption.states.get(item, ())
        numbers = {one.number for one in sitting.adoption.pieces if one.claim in names}
        sitting.state(item, numbers | {number} if told.get("on") is True else numbers - {number})
        self._go("bind")

    # -- looking and adding
    def _preview(self) -> None:
        self._drawn = drawn_drafts(self._workplace, self._now)
        self._go("preview")
        self._check_name(self._now.version)  # last: the preview is where a name is changed

    def _check_name(self, name: str) -> None:
        at = self._workplace
        free_place(at.site.lab(at.lab), self._now.answered, name, replace=True)

    def _rename(self, name: str) -> None:
        self._check_name(name.strip())
        self._now.rename(name.strip())
        if self._phase == "added":
            self._go("preview")

    def _add(self, name: object, *, replace: bool) -> None:
        if self._phase == "added":  # a second press
            return
        at, now = self._workplace, self._now
        if isinstance(name, str) and name.strip() != now.version:
            self._rename(name)
            replace = False  # the tick was for a file of the old name
        if now.adoption.text is None:
            raise Refused("something still needs you", where="the list", fix="decide what is marked with ?")
        path = place(at.material, at.site.lab(at.lab), now.answered, now.version, now.adoption.text, replace=replace)
        self._added, self._phase = str(path.relative_to(at.site.root)), "added"

    # -- what the page shows
    def state(self) -> dict[str, Any]:
        """All of it, as plain data; nothing of a text before it was scrubbed."""
        at = self._workplace
        head = {
            "lab": at.lab,
            "title": at.material.declaration.title,
            "quarter": at.quarter,
            "company": at.company,
            "sample": at.material.bindings.sample_data is not False,
            "phase": self._phase,
            "kinds": {kind: one for kind, (one, _) in KINDS.items()},
            "by_words": None if names_are_known(at.site) else BY_WORDS,
        }
        if self.sitting is None:
            return {**head, "choices": self._choices(), "answer": None}
        shown = AsShown(self.sitting, at.material.flaws).whole()
        return {**head, "answer": shown, "menus": menus(self.sitting.answered), "preview": self._preview_shown()}

    def _choices(self) -> dict[str, Any]:
        writer, kept = self._workplace.material.writer(), KeptAnswers(self._workplace)
        listed, older = kept.listed()
        weeks = [{"week": one.isocalendar().week, "day": one.isoformat()} for one in writer.data.weeks[1:]]
        requests = []
        for one in self._workplace.asking.requests:
            fields = [(slot, (writer.lab.slots[slot].field or "").partition(".")) for slot in one.about]
            about = [
                {"slot": slot, "names": [*writer.data.catalog.members(of, field)]} for slot, (of, _, field) in fields
            ]
            weekly = any("period" in row.by for row in one.rows)
            requests.append({"id": one.id, "ask": one.ask, "draft": one.draft, "about": about, "weekly": weekly})
        return {
            "requests": requests,
            "weeks": weeks,
            "today": date.today().isoformat(),
            "not_stated": NOT_STATED,
            "recorded": [one.model_dump() for one in listed],
            "older": older,
            "record": kept.command,
        }

    def _preview_shown(self) -> dict[str, Any] | None:
        if self._phase not in ("preview", "added"):
            return None
        at, now = self._workplace, self._now
        folder = at.site.lab(at.lab)
        file = folder / file_of(now.answered.draft, now.version)
        return {
            "file": str(file.relative_to(at.site.root)),
            "taken": file.exists() and self._added is None,
            "text": now.adoption.text,
            "drafts": [one.model_dump() for one in self._drawn],
            "added": self._added,
            "next": build_command(at.lab, at.quarter, at.company),
        }
