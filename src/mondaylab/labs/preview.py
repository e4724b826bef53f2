"""A preview for practitioners: one form as a learner would see it and, beside it, its key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from mondaylab.errors import Refused
from mondaylab.files import write_file
from mondaylab.forms.formats import draft_format, html_of, prompt_apart, text_of
from mondaylab.forms.keys import ClaimKey, EvidenceKey
from mondaylab.forms.shown import ShownClaim, ShownForm, ShownQuestion
from mondaylab.labs.building.builds import build_command, build_folder, report_of
from mondaylab.labs.building.inputs import inputs_of
from mondaylab.labs.building.proofread import proofread
from mondaylab.labs.drawing.form import Form, draw_form
from mondaylab.labs.material import Material
from mondaylab.labs.sources.cells import check_source
from mondaylab.measures import describe
from mondaylab.settings import Site
from mondaylab.templates import templates_in

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Row:
    """One sentence that a learner judges, and its truth.

    Attributes:
        number: Its place among all rows, 1 for the first.
        text: As it stands in the draft.
        state: ``flawed``, ``foil`` or ``sound``.
        verdict: The state in words, with kind and severity.
        template: The claim template.
        operator: What seeded the flaw; none for a true row.
        values: Stated and true value in words, if it states a wrong number.
        why: What feedback will say.
        query: What shows the truth.
        judged_as: What of it is judged, where the text does not stand alone.
    """

    number: int
    text: str
    state: str
    verdict: str
    template: str
    operator: str | None
    values: str | None
    why: str
    query: str
    judged_as: str | None = None


@dataclass(frozen=True)
class Draft:
    """One AI output with its provenance: as learners see it, and its rows in reading order."""

    title: str
    audience: str
    provenance: str
    label: str
    """What its format is called."""
    html: str
    """Plain elements only; see `mondaylab.forms.formats`. Claims have their rows' numbers."""
    text: str
    """The same for a terminal."""
    prompt: str | None
    """What the assistant was asked, where the format does not show it."""
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Task:
    """A task beside the judging: its words, and what the answer must come to."""

    name: str
    text: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """Everything that the page and the text show."""

    lab: str
    title: str
    quarter: str
    snapshot: str
    seed: int
    sample: bool
    minutes: int
    summary: str
    drafts: tuple[Draft, ...]
    warm_up: tuple[Row, ...]
    tasks: tuple[Task, ...]
    unbuilt: str | None = None
    """In words, that no build has what is shown; none: it is what is built."""


def preview_of(site: Site, lab: str, *, company: str, quarter: str, seed: int = 0) -> Preview:
    """Previews a lab's files as they stand, and says so where no build was made from these.

    Args:
        site: The installation.
        lab: ``<role>/<lab>``.
        company: Whose data.
        quarter: Such as ``2026Q4``.
        seed: Which form.

    Raises:
        Refused: What a build would refuse too, before it starts a kernel.
    """
    material = Material.open(site, lab, company=company, quarter=quarter)
    check_source(site, lab, material.declaration.parameters, material.declaration.minutes)
    proofread(site, material)
    return replace(preview(material, seed), unbuilt=unbuilt(site, material))


def unbuilt(site: Site, material: Material) -> str | None:
    """Says so where the lab's files, as they stand, are not what its build was made from; none where they are.

    Raises:
        Refused: The build cannot be compared with them.
    """
    lab, quarter, company = material.name, str(material.quarter), material.bindings.company
    report = report_of(build_folder(site, lab, quarter, company=company))
    again = f"Next: {build_command(lab, quarter, company)}"
    if report is None:
        return f"Not built: this shows the lab's files as they stand. {again}"
    made = report.inputs
    now = inputs_of(
        site,
        lab,
        company=company,
        quarter=quarter,
        snapshot=material.snapshot.id,
        parameters=made.parameters,
        items=made.items,
    )
    changed = now.changed(made)
    if not changed:
        return None
    return f"Not what is built: {', '.join(changed)} changed since. This shows the lab's files as they stand. {again}"


def preview(material: Material, seed: int = 0) -> Preview:
    """Draws a form that no learner has, and puts its key beside it.

    Args:
        material: The lab on its snapshot.
        seed: Which form; the same seed gives the same one. No cohort's forms can be had from any seed.

    Raises:
        Refused: The lab cannot give a valid form on this data.
    """
    form = draw_form(material, f"mondaylab preview {seed}".encode(), cohort="preview", learner="nobody", attempt=1)
    shown, keys = form.shown, {claim.claim_id: claim for claim in form.key.claims}
    labels = {kind.id: kind.label for group in shown.groups for kind in group.kinds}
    drafts, number = [], 1
    for draft in shown.drafts:
        rows = [_row(place, row, keys[row.claim_id], labels) for place, row in enumerate(draft.rows(), number)]
        places = {row.claim_id: place for place, row in enumerate(draft.rows(), number)}
        number += len(rows)
        drafts.append(
            Draft(
                title=draft.title,
                audience=draft.audience,
                provenance=draft.provenance.words(),
                label=draft_format(draft.format).label,
                html=html_of(draft, places),
                text=text_of(draft, places),
                prompt=prompt_apart(draft),
                rows=tuple(rows),
            )
        )
    return Preview(
        lab=material.name,
        title=shown.title,
        quarter=shown.quarter,
        snapshot=shown.snapshot,
        seed=seed,
        sample=shown.sample_data,
        minutes=material.declaration.minutes,
        summary=_summary(form),
        drafts=tuple(drafts),
        warm_up=tuple(_warm_up(shown)),
        tasks=tuple(_tasks(form, material)),
    )


def as_html(page: Preview) -> str:
    """The preview as one self-contained page; all words of the lab are escaped."""
    return templates_in(_TEMPLATES).get_template("preview.html.j2").render(page=page)


def as_text(page: Preview) -> str:
    """The preview for a terminal."""
    lines = [
        f"{page.title} ({page.lab}), {page.quarter} on {page.snapshot}, seed {page.seed}, about {page.minutes} minutes",
        "This shows a key. It is for you, never for a learner.",
        *([] if page.unbuilt is None else [page.unbuilt]),
        page.summary,
    ]
    for draft in page.drafts:
        lines += ["", draft.title, f"for {draft.audience}", draft.provenance, ""]
        asked = [] if draft.prompt is None else ["What was asked:", *draft.prompt.splitlines(), ""]
        lines += [*(f"     {line}".rstrip() for line in (*asked, *draft.text.splitlines())), ""]
        for row in draft.rows:
            lines += _row_lines(row)
    if page.warm_up:
        lines += ["", "Warm-up (ungraded, answered at once)", ""]
        for row in page.warm_up:
            lines += _row_lines(row)
    for task in page.tasks:
        lines += ["", task.name, f"     {task.text}", *(f"       {line}" for line in task.key)]
    return "\n".join(lines)


def write_preview(site: Site, path: Path, html: str) -> None:
    """Writes the page, readable by its owner only.

    Raises:
        Refused: The place is one that learners' servers, releases or hand-out come from.
    """
    place = path.resolve()
    for folder in (site.homes, site.builds, site.exchange, site.courses, site.releases):
        if place.is_relative_to(folder.resolve()):
            raise Refused(
                "a preview holds a key and must not lie where learners get files from",
                where=path,
                fix="name a file outside var/, such as ~/preview.html",
            )
    write_file(place, html, mode=0o600)


def _row(number: int, shown: ShownClaim, key: ClaimKey, labels: dict[str, str]) -> Row:
    state = "flawed" if key.flawed else "foil" if key.foil else "sound"
    kinds = [labels.get(kind, kind) for kind in key.kinds]
    verdict = {"flawed": "Flawed", "foil": "Sound, but looks wrong (foil)", "sound": "Sound"}[state]
    if kinds:
        also = f" (fair too: {', '.join(kinds[1:]).lower()})" if kinds[1:] else ""
        verdict += f": {kinds[0].lower()}{also}; severity {key.severity}"
    values = None
    if key.flawed and key.stated is not None and key.truth is not None:
        values = f"states {_value(key.stated, key.unit)}, true is {_value(key.truth, key.unit)}"
    return Row(
        number, shown.text, state, verdict, key.template, key.operator, values, key.why, key.query, shown.judged_as
    )


def _value(value: float, unit: str | None) -> str:
    if unit == "place":
        return f"place {value:g} from the top"
    return f"{value:,.10g}" + (f" {unit}" if unit else "")


def _summary(form: Form) -> str:
    claims = form.key.claims
    flawed = [claim for claim in claims if claim.flawed]
    operators = Counter(claim.operator for claim in flawed if claim.operator)
    foils = sum(claim.foil for claim in claims)
    return (
        f"{len(claims)} rows to judge, {len(flawed)} of them flawed ({form.key.flawed_share():.0%}) "
        f"in {len(operators)} ways, and {foils} foils"
    )


def _warm_up(form: ShownForm) -> list[Row]:
    return [
        Row(
            number=number,
            text=item.text,
            state="flawed" if item.flawed else "sound",
            verdict="Flawed" if item.flawed else "Sound",
            template="warm-up",
            operator=None,
            values=None,
            why=item.why,
            query="",
        )
        for number, item in enumerate(form.warm_up, 1)
    ]


def _tasks(form: Form, material: Material) -> list[Task]:
    tasks = []
    if (sheet := form.shown.sheet) is not None:
        tasks.append(Task("Fact sheet", f"What goes with a request to the assistant: {sheet.about}", sheet.figures))
    if form.shown.evidence is not None and form.key.evidence is not None:
        tasks.append(Task("Evidence", form.shown.evidence.text, _evidence(form.key.evidence, material)))
    if form.shown.validator is not None and form.key.validator is not None:
        tasks.append(
            Task(
                "Validator",
                form.shown.validator.text,
                (f"claims of template {form.key.validator.template}", *_examples(form.shown.validator)),
            )
        )
    return tasks


def _evidence(key: EvidenceKey, material: Material) -> tuple[str, ...]:
    value = material.catalog.evaluate(key.measure) * key.scale
    return (f"{value:,.6g} {key.unit}, give or take {key.tolerance:g}", describe(key.measure))


def _examples(question: ShownQuestion) -> tuple[str, ...]:
    return tuple(f"practice claim: {example.get('text', '')}" for example in question.examples)


def _row_lines(row: Row) -> list[str]:
    mark = {"flawed": "◆", "foil": "◎", "sound": "○"}[row.state]
    source = row.template if row.operator is None else f"{row.template} | {row.operator}"
    lines = [f"{row.number:3}  {row.text}"]
    if row.judged_as:
        lines.append(f"     judged as: {row.judged_as}")
    lines.append(f"     {mark} {row.verdict}  [{source}]")
    if row.values:
        lines.append(f"       {row.values}")
    lines.append(f"       {row.why}")
    return [*lines, f"       {row.query}"] if row.query else lines
