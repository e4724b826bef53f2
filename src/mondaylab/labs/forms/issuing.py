"""Issuing forms: each learner of a cohort gets one, and its key goes into the key store. Done once, then kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mondaylab.errors import NotFound
from mondaylab.files import write_file
from mondaylab.labs.forms.form import draw_forms, most_shared
from mondaylab.labs.forms.keys import FormKey, KeyStore
from mondaylab.labs.forms.shown import ShownForm
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


def issued_path(site: Site, cohort: str, lab: str, quarter: str) -> Path:
    """Where a cohort's issued forms are kept."""
    return site.var / "forms" / plain_name(cohort) / plain_name(lab.replace("/", "--")) / f"{plain_name(quarter)}.json"


def issued(site: Site, cohort: str, lab: str, quarter: str) -> Issued:
    """The forms that a cohort was issued.

    Raises:
        NotFound: None were.
    """
    path = issued_path(site, cohort, lab, quarter)
    if not path.is_file():
        raise NotFound(f"cohort {cohort} has no forms of {lab}", fix=f"mondaylab labs build {lab} --cohort {cohort}")
    return Issued.read_json(path)


def issue_forms(site: Site, material: Material, *, cohort: str, learners: Iterable[str]) -> Issued:
    """Draws forms for learners who have none; a form once issued never changes under a running cohort.

    Raises:
        Refused: The lab cannot give a valid form for everyone.
    """
    path = issued_path(site, cohort, material.name, str(material.quarter))
    names = sorted(set(learners))
    if path.is_file():
        kept = Issued.read_json(path)
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
    record = Issued(lab=material.name, quarter=str(material.quarter), forms=shown, most_shared=most_shared(forms))
    write_file(path, record.canonical(), mode=0o600)
    return record


def keys_of(site: Site, cohort: str, record: Issued) -> dict[str, FormKey]:
    """Learner -> key."""
    store = KeyStore(site)
    return {learner: store.get(cohort, form.form_id) for learner, form in record.forms.items()}
