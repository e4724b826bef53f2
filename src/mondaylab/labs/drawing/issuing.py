"""Issuing forms: each learner of a cohort gets one, and its key goes into the key store. Done once, then kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import PlainSerializer

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.forms.keys import FormKey, KeyStore
from mondaylab.forms.shown import ShownForm
from mondaylab.labs.drawing.cohort_forms import draw_forms, most_shared
from mondaylab.labs.material import Material
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name

_Hashes = Annotated[frozenset[str], PlainSerializer(sorted)]
"""A set, written down in one order."""


class RestsOn(Record):
    """What an issued form rests on: a form for somebody who joins later is held against it."""

    facts: _Hashes
    """Hashes of its facts."""
    recordings: _Hashes
    """Of the adopted answers that it uses as they came: their `Manuscript.source`."""


class Issued(Record):
    """Who has which form of a lab: ``forms/<cohort>/<lab>/<quarter>.json``."""

    lab: str
    quarter: str
    forms: dict[str, ShownForm]
    """Learner -> form."""
    rests: dict[str, RestsOn] = {}
    """Learner -> what their form rests on; none of forms from before this was kept."""
    most_shared: float
    """The greatest share of facts that any two of them have in common."""
    release: str
    """The release of the lab that they were drawn from; whoever joins later gets a form of the same."""


def issued_path(site: Site, cohort: str, lab: str, quarter: str) -> Path:
    """Where a cohort's issued forms are kept."""
    return site.forms / plain_name(cohort) / plain_name(lab.replace("/", "--")) / f"{plain_name(quarter)}.json"


def issued(site: Site, cohort: str, lab: str, quarter: str) -> Issued:
    """The forms that a cohort was issued.

    Raises:
        NotFound: None were.
    """
    path = issued_path(site, cohort, lab, quarter)
    if not path.is_file():
        raise NotFound(f"cohort {cohort} has no forms of {lab}", fix=f"mondaylab cohort open {cohort} {lab}")
    return Issued.read_json(path)


def issued_release(site: Site, cohort: str, lab: str) -> str | None:
    """The release that a cohort has of a lab; none if it was not opened to them. Reads one line, no form."""
    path = _release_path(site, cohort, lab)
    return plain_name(path.read_text("utf-8").strip()) if path.is_file() else None


def opened_labs(site: Site, cohort: str) -> list[str]:
    """The labs that were opened to a cohort, sorted; reads names of folders, no form."""
    return sorted(_lab_of(site, path) for path in (site.forms / plain_name(cohort)).glob("*/release"))


def _lab_of(site: Site, opened: Path) -> str:
    """The lab of a folder ``<role>--<lab>``; where either name has ``--`` itself, the one that has the release."""
    name = opened.parent.name
    labs = [f"{name[:at]}/{name[at + 2 :]}" for at in range(1, len(name) - 2) if name[at : at + 2] == "--"]
    if len(labs) > 1:
        release = opened.read_text("utf-8").strip()
        labs = [lab for lab in labs if site.releases.joinpath(lab, release).is_dir()] or labs
    return labs[0]


def issue_forms(site: Site, material: Material, *, cohort: str, learners: Iterable[str], release: str) -> Issued:
    """Draws forms for learners who have none; a form once issued never changes under a running cohort.

    Args:
        site: The installation.
        material: The lab as it was released.
        cohort: Cohort id.
        learners: All of them, those with a form included.
        release: The release that the material is of.

    Raises:
        Refused: The lab cannot give a valid form for everyone, or others of the cohort have another release.
    """
    path = issued_path(site, cohort, material.name, str(material.quarter))
    kept = Issued.read_json(path) if path.is_file() else None
    new = sorted({*learners} - {*(kept.forms if kept else ())})
    if kept:
        if kept.release != release:
            raise Refused(f"cohort {cohort} has release {kept.release} of {material.name}, not {release}", where=path)
        if not new:
            return kept
        _check_rests(kept, cohort, path)
    store = KeyStore(site)
    rests = dict(kept.rests) if kept else {}
    secret = store.secret(cohort)
    forms = draw_forms(material, secret, cohort=cohort, learners=new, attempt=1, beside=[*rests.values()])
    for form in forms:
        store.put(form.key)
        rests[form.key.learner] = RestsOn(facts=form.facts, recordings=form.recordings)
    record = Issued(
        lab=material.name,
        quarter=str(material.quarter),
        forms=(kept.forms if kept else {}) | {form.key.learner: form.shown for form in forms},
        rests=rests,
        most_shared=most_shared(rests.values()),
        release=release,
    )
    write_file(path, record.canonical(), mode=0o600)
    write_file(_release_path(site, cohort, material.name), release, mode=0o600)
    return record


def _check_rests(kept: Issued, cohort: str, path: Path) -> None:
    """Without what the issued forms rest on nobody can tell whether another form is one of its own."""
    if without := sorted({*kept.forms} - {*kept.rests}):
        raise Refused(
            f"cohort {cohort} was opened before it was kept what a form rests on, and nobody can join it: "
            f"{', '.join(without[:3])}{' …' if len(without) > 3 else ''}",
            where=path,
            fix="give whoever joins a cohort file of their own, and open the lab to that cohort",
        )


def _release_path(site: Site, cohort: str, lab: str) -> Path:
    return issued_path(site, cohort, lab, "any").with_name("release")


def keys_of(site: Site, cohort: str, record: Issued) -> dict[str, FormKey]:
    """Learner -> key."""
    store = KeyStore(site)
    return {learner: store.get(cohort, form.form_id) for learner, form in record.forms.items()}
