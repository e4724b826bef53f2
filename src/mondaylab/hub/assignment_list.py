"""Jupyter server extension in a learner's server: nbgrader's assignment list, told in words.

nbgrader's own answers a failure with a traceback, and a hand-in with nothing at all. Ours says what was refused and
what to do, and tells each hand-in's receipt in the list. Switch it on in the place of nbgrader's with
``ServerApp.jpserver_extensions = {"mondaylab.hub.assignment_list": True}``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList, default_handlers

from mondaylab.hub.receipt import read_receipt

_REFUSAL = "ExchangeError: "
_FAILED = "Something went wrong on the way. Nothing of yours was changed; try again, then tell your instructor."
# the list shows what it gets under its own heading, "Assignment not submitted", and knows no other
_DONE = "It WAS submitted, whatever the line above says, but please read this."


class PlainAssignmentList(AssignmentList):
    """What the assignment list asks; answers are ``{"success": ..., "value": ...}`` as nbgrader's are."""

    def list_released_assignments(self, course_id: str | None = None) -> dict[str, Any]:
        return _plain(super().list_released_assignments(course_id))

    def list_submitted_assignments(self, course_id: str | None = None) -> dict[str, Any]:
        """As nbgrader's; where it shows the time of a hand-in, it shows the receipt."""
        answer = _plain(super().list_submitted_assignments(course_id))
        if answer["success"]:
            for submission in (one for entry in answer["value"] for one in entry["submissions"]):
                receipt = read_receipt(Path(submission["path"]))
                submission["timestamp"] = receipt.line() if receipt else submission["timestamp"]
        return answer

    def fetch_assignment(self, course_id: str, assignment_id: str) -> dict[str, Any]:
        return _plain(super().fetch_assignment(course_id, assignment_id))

    def fetch_feedback(self, course_id: str, assignment_id: str) -> dict[str, Any]:
        return _plain(super().fetch_feedback(course_id, assignment_id))

    def submit_assignment(self, course_id: str, assignment_id: str) -> dict[str, Any]:
        """Hands in. What is to be looked at again comes as a failure, the one answer that the list shows."""
        answer = _plain(super().submit_assignment(course_id, assignment_id))
        if not answer["success"]:
            return answer
        listed = AssignmentList.list_submitted_assignments(self, course_id)
        entries = listed["value"] if listed["success"] else []
        paths = [
            Path(one["path"])
            for entry in entries
            if entry["assignment_id"] == assignment_id
            for one in entry["submissions"]
        ]
        receipt = read_receipt(max(paths, key=lambda path: path.name)) if paths else None
        if receipt and (receipt.warnings or receipt.left_out):
            return {"success": False, "value": f"{_DONE}\n\n{receipt.words()}"}
        return answer


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without nbgrader's traceback: the refusal's own words, or a sentence."""
    if answer["success"]:
        return answer
    _, refused, words = str(answer.get("value", "")).rpartition(_REFUSAL)
    return {"success": False, "value": words.strip() if refused else _FAILED}


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "mondaylab.hub.assignment_list"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    web_app = serverapp.web_app
    manager = PlainAssignmentList(parent=serverapp)
    manager.root_dir = serverapp.root_dir
    web_app.settings["assignment_list_manager"] = manager
    base = web_app.settings["base_url"]
    web_app.add_handlers(".*$", [(url_path_join(base, path), handler) for path, handler in default_handlers])
