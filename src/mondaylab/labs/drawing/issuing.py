"""Issuing forms: each learner of a cohort gets one, and its key goes into the key store. Done once, then kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.files import write_file
from mondaylab.forms.keys import FormKey, KeyStore
from mondaylab.forms.shown import ShownForm
from mondaylab.labs.drawing.form import draw_forms, most_shared
from mondaylab.labs.material import Material
from mondaylab.records import Record
from mondaylab.settings import Site, plain_name


class Issued(Record):
    """Who has which form of a lab: ``forms/<cohort>/<lab>/<quarter>.json``."""

    lab: str
    quarter: str
    forms: dict[str, ShownForm]
    """Learner -> form."""
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
    names = sorted(set(learners))
    if path.is_file():
        kept = Issued.read_json(path)
        if kept.release != release:
            raise Refused(f"cohort {cohort} has release {kept.release} of {material.name}, not {release}", where=path)
        if set(names) <= set(kept.forms):
            return kept
    material.check_recordings()
    store = KeyStore(site)
    forms = draw_forms(material, store.secret(cohort), cohort=cohort, learners=names, attempt=1)
    shown = {form.key.learner: form.shown for form in forms}
    if path.is_file():
        shown |= Issued.read_json(path).forms
    for form in forms:
        if shown[form.key.learner].form_id == form.shown.form_id:
            store.put(form.key)
    record = Issued(
        lab=material.name,
        quarter=str(material.quarter),
        forms=shown,
        most_shared=most_shared(forms),
        release=release,
    )
    write_file(path, record.canonical(), mode=0o600)
    write_file(_release_path(site, cohort, material.name), release, mode=0o600)
    return record


def _release_path(site: Site, cohort: str, lab: str) -> Path:
    return issued_path(site, cohort, lab, "any").with_name("release")


def keys_of(site: Site, cohort: str, record: Issued) -> dict[str, FormKey]:
    """Learner -> key."""
    store = KeyStore(site)
    return {learner: store.get(cohort, form.form_id) for learner, form in record.forms.items()}
