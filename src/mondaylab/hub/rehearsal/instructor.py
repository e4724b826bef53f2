"""The scripted instructor: collects, autogrades, grades by rubric, closes the lab, releases feedback."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mondaylab.errors import Refused
from mondaylab.hub.rehearsal.learner import Lesson
from mondaylab.hub.rehearsal.visitor import Visitor


class Instructor:
    """An instructor at the formgrader of one cohort."""

    def __init__(self, visitor: Visitor, lesson: Lesson) -> None:
        self._visitor = visitor
        self._lesson = lesson
        self._base = f"/services/{lesson.cohort}"

    async def collect(self) -> list[str]:
        """Collects submissions; returns who handed in."""
        await self._formgrader("POST", f"assignment/{self._lesson.assignment}/collect")
        submissions = await self._formgrader("GET", f"submissions/{self._lesson.assignment}")
        return [entry["student"] for entry in submissions if entry.get("submitted")]

    async def autograde(self, learner: str) -> None:
        """Presses Autograde for one learner."""
        await self._formgrader("POST", f"submission/{self._lesson.assignment}/{learner}/autograde")

    async def grade_by_hand(self, learner: str) -> int:
        """Gives every oversight cell two thirds of its points; returns how many there were."""
        graded = 0
        for grade in await self._grades(learner):
            if grade["name"].startswith("oversight_"):
                points = round(grade["max_score"] * 2 / 3, 1)
                await self._formgrader("PUT", f"grade/{grade['id']}", {"manual_score": points})
                graded += 1
        return graded

    async def shares(self, learner: str, cells: Collection[str]) -> dict[str, float]:
        """Cell -> the learner's share of its points, in [0, 1], as the gradebook has it.

        Raises:
            Refused: One of the cells is not there, or not graded.
        """
        found = {grade["name"]: grade for grade in await self._grades(learner) if grade["auto_score"] is not None}
        if lacking := sorted(set(cells) - set(found)):
            raise Refused(f"{', '.join(lacking)} of {learner} is not graded", where=self._lesson.assignment)
        return {cell: float(found[cell]["auto_score"]) / float(found[cell]["max_score"]) for cell in cells}

    async def close(self) -> None:
        """Closes the lab for the cohort."""
        path = f"{self._base}/mondaylab/cohort/close"
        await self._visitor.call("POST", path, {"lab": self._lesson.lab})

    async def release_feedback(self) -> None:
        """Generates and releases everyone's feedback."""
        for step in ("generate_feedback", "release_feedback"):
            await self._formgrader("POST", f"assignment/{self._lesson.assignment}/{step}")

    async def _grades(self, learner: str) -> list[dict[str, Any]]:
        notebooks = await self._formgrader(
            "GET", f"submitted_notebooks/{self._lesson.assignment}/{self._lesson.assignment}"
        )
        mine = next(entry for entry in notebooks if entry["student"] == learner)
        grades: list[dict[str, Any]] = await self._formgrader("GET", f"grades?submission_id={mine['id']}")
        return grades

    async def _formgrader(self, method: str, path: str, body: object = None) -> Any:
        """Calls formgrader's API; a failed nbgrader operation answers 200 with success false."""
        answer = await self._visitor.call(method, f"{self._base}/formgrader/api/{path}", body)
        if isinstance(answer, dict) and answer.get("success") is False:
            raise Refused(f"{path}: {answer.get('error') or str(answer.get('log'))[-1500:]}", where="formgrader")
        return answer
