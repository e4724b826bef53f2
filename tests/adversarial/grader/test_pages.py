"""What learners wrote, opened by an instructor in a real browser: nothing of it runs, asks for anything or leads away.

Cleaning is tried with the content policy switched off, the policy with everything planted uncleaned, so that each
holds by itself. Before that each payload is shown to do something on a page without either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlparse

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, BrowserContext, Error, expect
from tests.support.formgrader import TOKEN, formgrader
from tests.support.sampled import sampled

from mondaylab.grader.autograde.batch import Batch
from mondaylab.grader.course.cohort_lab import CohortLab
from mondaylab.grader.course.gradebook import read_marked
from mondaylab.grader.feedback.exporter import page
from mondaylab.grader.scorer import Scorer

from .pages.payloads import PAYLOADS, filled

NAME = "weekly_margin_memo"
# everything in the page that a person could press, focus or pass over, and then a moment for what comes late
PROVOKE = """async (place) => {
  const parts = [...document.querySelectorAll(place + ' *')];
  for (const part of parts) {
    for (const kind of ['mouseover', 'pointerenter', 'mouseenter', 'toggle', 'animationstart'])
      part.dispatchEvent(new MouseEvent(kind, {bubbles: true}));
    if (part.focus) part.focus({preventScroll: true});
    if (part.matches('a, area, button:not(.btn), summary, [onclick], svg *, math *')) part.dispatchEvent(
      new MouseEvent('click', {bubbles: true, cancelable: true}));
  }
  await new Promise((done) => setTimeout(done, 20));
}"""
# nothing that could ever act: whatever a browser of tomorrow makes of it
ACTIVE = """(place) => [...document.querySelectorAll(place + ' *')].filter((part) =>
  !part.closest('.nbgrader_cell > .panel-heading, .nbgrader_cell > .panel-footer')).filter((part) =>
  part.matches('script, style, link, meta, base, iframe, object, embed, form, svg, math, template, video, audio')
  || part.matches('a[href]')
  || (part.matches('button, input, textarea') && !part.matches('.btn, .tabbable'))
  || [...part.attributes].some(({name, value}) => /^(on|style|srcset|formaction)/.test(name)
    || (name === 'src' && !/^data:image\\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+\\/=]*$/.test(value))
    || (name === 'class' && part.parentElement.closest('.nbgrader_cell .panel-body') && !part.closest('.code'))
    || (name === 'id' && !/^oversight_check_point(_extra_credit|-comment)?$/.test(value)))
).map((part) => part.outerHTML.slice(0, 200))"""


class Watch:
    """A browser page and what was done in it that the instructor did not do."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base, self.ran, self.asked, self.went, self.opened = base, [], [], [], []
        context.expose_function("pwned", lambda number: self.ran.append(number))  # noqa: PLW0108 - playwright needs its name
        context.on("request", self._asked)
        context.on("requestfailed", self._stopped)
        self.page = context.new_page()
        context.on("page", lambda page: (self.opened.append(page.url), page.close()))
        self.page.on("dialog", lambda dialog: (self.ran.append(dialog.message), dialog.dismiss()))

    def _asked(self, request) -> None:
        url = urlparse(request.url)
        inside = f"{url.scheme}://{url.netloc}{url.path}".startswith(f"{self.base}/")
        if not inside and url.scheme not in ("data", "about", "blob"):
            (self.went if _leads_away(request) else self.asked).append(request.url)

    def _stopped(self, request) -> None:
        """What the policy stopped before it left the browser was not asked."""
        if "csp" in str(request.failure).lower() and request.url in self.asked:
            self.asked.remove(request.url)

    def open(self, path: str, place: str = "#notebook") -> dict[str, object]:
        """Opens a page, tries everything in it; whatever happened besides."""
        address = f"{self.base}/{path}"
        for seen in (self.ran, self.asked, self.went, self.opened):
            seen.clear()
        self.page.goto(address, wait_until="load")
        title = self.page.title()
        self.page.evaluate(PROVOKE, place)
        found = {name: list(getattr(self, name)) for name in ("ran", "asked", "went", "opened")}
        if _place(self.page.url) != _place(address):
            found["went"].append(self.page.url)
        if self.page.title() != title:
            found["title"] = self.page.title()
        return {name: what for name, what in found.items() if what}

    def plant(self, html: str, policy: str | None) -> dict[str, object]:
        """As `open`, of a page with this HTML in it as it is."""
        headers = {"Content-Type": "text/html", **({"Content-Security-Policy": policy} if policy else {})}
        address = f"{self.base}/planted"
        body = f"<!doctype html><title>t</title><div id=notebook>{html}</div>"
        self.page.route(address, lambda route: route.fulfill(body=body, headers=headers))
        try:
            return self.open("planted", "body")
        except Error:
            return {"went": "left while it was tried", "ran": list(self.ran), "asked": list(self.asked)}
        finally:
            self.page.unroute(address)


def _leads_away(request) -> bool:
    """Whether it is for another page, here or in a new window, and not for a part of this one."""
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except Error:  # a window so new that it has no frame yet
        return True


def _place(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].rstrip("/")


@pytest.fixture(scope="module")
def course(own_box):
    own_box.hand_in("careful", own_box.released())
    Batch.open(own_box.site, own_box.cohort, own_box.lab).grade("careful")
    return own_box


@pytest.fixture(scope="module")
def base(course, tmp_path_factory) -> Iterator[str]:
    with formgrader(course, tmp_path_factory.mktemp("server")) as address:
        yield address


@contextmanager
def watched(chromium: Browser, base: str, *, policy: bool) -> Iterator[Watch]:
    context = chromium.new_context(bypass_csp=not policy)
    watch = Watch(context, base)
    watch.page.goto(f"{base}/?token={TOKEN}")
    yield watch
    context.close()


@pytest.fixture(scope="module")
def unguarded(chromium, base) -> Iterator[Watch]:
    """The instructor's browser, made not to heed any content policy."""
    with watched(chromium, base, policy=False) as watch:
        watch.page.route(
            "**/formgrader/api/*?submission_id=*", lambda route: route.fulfill(body="[]")
        )  # no marks: quicker
        yield watch


@pytest.fixture(scope="module")
def submission(course) -> str:
    with Gradebook(course.database) as gradebook:
        return f"formgrader/submissions/{gradebook.find_submission_notebook(NAME, NAME, 'careful').id}/"


@pytest.fixture
def graded(course) -> Path:
    path = course.course.folder / "autograded" / "careful" / NAME / f"{NAME}.ipynb"
    path.chmod(0o644)  # nbgrader leaves it read-only
    return path


def test_the_corpus_is_large_enough():
    assert len(PAYLOADS) >= 160 and len({one.name for one in PAYLOADS}) == len(PAYLOADS)


def _together(size: int = 12) -> list[list[int]]:
    """Payloads by number that one notebook can hold; one that is about the notebook itself stays alone."""
    alone = [number for number, one in enumerate(PAYLOADS) if set(one.notebook(number)["metadata"])]
    cells = [number for number in range(len(PAYLOADS)) if number not in alone]
    return [*(cells[place : place + size] for place in range(0, len(cells), size)), *([number] for number in alone)]


def _shown(watch: Watch, submission: str, graded: Path, numbers: list[int]) -> None:
    """Opens one notebook of these payloads' cells: nothing acts, nothing could, and no cell swallows the next."""
    notebook = PAYLOADS[numbers[0]].notebook(numbers[0])
    for number in numbers[1:]:
        notebook["cells"] += PAYLOADS[number].notebook(number)["cells"]
    graded.write_text(json.dumps(notebook), "utf-8")
    names = [PAYLOADS[number].name for number in numbers]
    assert watch.open(submission) == {}, names
    assert watch.page.evaluate(ACTIVE, "#notebook") == [], names
    assert watch.page.locator("#notebook .cell").count() >= len(numbers), names


def test_every_payload_is_in_one_notebook():
    assert sorted(number for numbers in _together() for number in numbers) == list(range(len(PAYLOADS)))


@pytest.mark.parametrize("numbers", sampled(_together(), 6, [PAYLOADS[them[0]].name for them in _together()]))
def test_cleaning_alone_leaves_nothing_active(unguarded: Watch, submission: str, graded: Path, numbers: list[int]):
    _shown(unguarded, submission, graded, numbers)


@pytest.mark.deep
@pytest.mark.parametrize("number", [pytest.param(number, id=one.name) for number, one in enumerate(PAYLOADS)])
def test_cleaning_alone_leaves_nothing_active_of_each(unguarded: Watch, submission: str, graded: Path, number: int):
    """Alone: none depends on what stands before it."""
    _shown(unguarded, submission, graded, [number])


RAW = [(number, one) for number, one in enumerate(PAYLOADS) if one.html is not None]
PARTS = sampled([RAW[place::8] for place in range(8)], 8, [f"part {place}" for place in range(8)])


@pytest.fixture(scope="module")
def guarded(chromium, base) -> Iterator[Watch]:
    """The instructor's browser as it is."""
    with watched(chromium, base, policy=True) as watch:
        yield watch


@pytest.fixture(scope="module")
def policy(guarded: Watch, submission: str) -> str:
    """The policy of the grading page."""
    return guarded.page.goto(f"{guarded.base}/{submission}").headers["content-security-policy"]


@pytest.mark.parametrize("raw", PARTS)
def test_the_policy_alone_stops_what_is_planted(guarded: Watch, policy: str, raw):
    """Links may still lead away when pressed; nothing runs, and nothing is fetched."""
    harm = {}
    for number, payload in raw:
        found = guarded.plant(filled(payload.html, number), policy)
        if found.get("ran") or found.get("asked"):
            harm[payload.name] = found
    assert harm == {}


@pytest.mark.parametrize("raw", PARTS)
def test_without_both_they_do_act(unguarded: Watch, raw):
    """Otherwise the two tests above would prove nothing."""
    idle = []
    for number, payload in raw:
        if not unguarded.plant(filled(payload.html, number), None):
            idle.append(payload.name)
    assert len(raw) - len(idle) >= 7, idle


# -- names, addresses, feedback
MARKED = "<img src=x onerror=pwned(901)>'\"{{7*7}}"


@pytest.fixture(scope="module")
def named(course) -> str:
    """A learner whose every name is markup, who handed a file in whose name is, too."""
    with Gradebook(course.database) as gradebook:
        gradebook.add_student(MARKED, first_name=MARKED, last_name=f"</script>{MARKED}", email=MARKED)
    folder = course.place(MARKED)
    folder.mkdir(parents=True)
    (folder / f"{MARKED}.html").write_text("<script>pwned(902)</script>")
    (folder / f"{NAME}.ipynb").write_text(json.dumps(PAYLOADS[0].notebook(903)))
    (folder / "timestamp.txt").write_text("2026-11-27 09:00:00 UTC")
    return MARKED


@pytest.mark.parametrize(
    "path",
    sampled(
        [
            "mondaylab/cohort",
            "mondaylab/cohort/report?lab=finance/weekly_margin_memo",
            "mondaylab/cohort/close?lab=finance/weekly_margin_memo",
            "formgrader/manage_assignments",
            f"formgrader/manage_submissions/{NAME}",
            f"formgrader/gradebook/{NAME}/{NAME}",
            "formgrader/manage_students",
            "formgrader/manage_students/{name}",
            f"formgrader/manage_students/{{name}}/{NAME}",
            # addresses that nbgrader's own templates write into a script
            "formgrader/gradebook/%22;pwned(904)%2f%2f",
            "formgrader/gradebook/{name}",
            "formgrader/gradebook/{name}/{name}",
            "formgrader/gradebook/%5C/;pwned(905);%2F%2F",
            "formgrader/manage_submissions/{name}",
            "formgrader/manage_students/%3C%2Fscript%3E%3Cscript%3Epwned(906)%3C%2Fscript%3E",
            "mondaylab/cohort/report?lab={name}",
            "no/such/{name}",
        ],
        3,
    ),
)
def test_names_and_addresses_are_text(unguarded: Watch, named: str, path: str):
    unguarded.page.goto("about:blank")
    for seen in (unguarded.ran, unguarded.asked, unguarded.opened):
        seen.clear()
    unguarded.page.goto(f"{unguarded.base}/{path.replace('{name}', quote(named, safe=''))}", wait_until="networkidle")
    assert (unguarded.ran, unguarded.asked, unguarded.opened) == ([], [], [])
    assert unguarded.page.locator("img").count() == 0


def test_what_a_button_says_of_such_a_hand_in_is_text(unguarded: Watch, named: str):
    unguarded.page.goto(f"{unguarded.base}/formgrader/manage_submissions/{NAME}")
    row = unguarded.page.locator("tr", has=unguarded.page.locator("td.student-id", has_text="onerror"))
    row.locator(".autograde a").click()
    expect(unguarded.page.locator(".modal.in")).to_contain_text("onerror", timeout=60_000)
    assert (unguarded.ran, unguarded.asked, unguarded.opened) == ([], [], [])
    assert unguarded.page.locator("img").count() == 0


def test_feedback_holds_all_of_it_as_text(unguarded: Watch, course):
    """Answers and comments that are every payload at once, on the page that goes to the learner."""
    texts = [filled(one.html or "", number) for number, one in RAW]
    notebook = course.released()
    criteria = ("check_point", "accountability", "disclosure")
    for place, criterion in enumerate(criteria):
        course.cell(notebook, f"oversight_{criterion}").source = "\n\n".join(texts[place::3])
    course.hand_in("perfect", notebook)
    course.autograde("perfect")
    marked = read_marked(Gradebook(course.database), NAME, NAME, "perfect")
    marked = replace(marked, comments={f"oversight_{one}": "\n".join(texts) for one in criteria})
    scorer = Scorer(CohortLab(course.site, course.cohort, course.lab))
    html = page(scorer, "perfect", course.autograded("perfect"), marked, where="here")
    assert html.count("&lt;script&gt;pwned(0)") == 1 + len(criteria)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)[1]
    assert policy.startswith("default-src 'none'") and "script" not in policy
    unguarded.page.route("**/feedback.html", lambda route: route.fulfill(body=html, content_type="text/html"))
    assert unguarded.open("feedback.html", "body") == {}
    assert unguarded.page.locator("script, iframe, img, form, a:not([href^='#'])").count() == 0
