"""Nothing that a learner can read holds a key: not the build's data, not the release, not the form."""

from __future__ import annotations

import base64
import gzip
import io
import json
import shutil
import tarfile

import pytest

from mondaylab.forms.flaws import FlawTable
from mondaylab.hub import provision
from mondaylab.hub.cohorts import declared_cohort
from mondaylab.hub.opening import open_lab_to
from mondaylab.labs.building.builds import build_folder
from mondaylab.labs.drawing.issuing import keys_of
from mondaylab.labs.quarterly.releases import current_release, make_release
from mondaylab.settings import Site

LAB, QUARTER, COHORT = "finance/weekly_margin_memo", "2026Q4", "finance-demo"


@pytest.fixture(scope="module")
def opened(demo_site, finance_build, tmp_path_factory):
    """The demo cohort with its lab released, and everybody's keys."""
    site = Site(demo_site.root, tmp_path_factory.mktemp("leak-var"))
    (site.var / "snapshots").symlink_to(demo_site.snapshots)
    shutil.copytree(finance_build, build_folder(site, LAB, QUARTER, company="demo"))
    make_release(site, LAB, QUARTER, unchecked=True, company="demo")
    cohort = declared_cohort(site, COHORT)
    provision.apply(site, cohort)
    record = open_lab_to(site, cohort, LAB)
    return site, record, keys_of(site, COHORT, record)


def secrets(site, keys) -> list[str]:
    """Canaries, operator names, the cohort's secret in hex and base64, and every claim text and id of every form."""
    cohort_secret = (site.keys / COHORT / "cohort.secret").read_bytes()
    words = [key.canary for key in keys.values()]
    words += [cohort_secret.hex(), base64.b64encode(cohort_secret).decode()]
    # an operator that is a plain word, such as stale, is a kind of flaw that learners choose from
    words += [name for name in FlawTable.of(site.grader).operators if "_" in name]
    return words


def test_release_exchange_and_data_hold_no_key_and_no_form(opened, found_in):
    site, record, keys = opened
    forms = [form.form_id for form in record.forms.values()]
    claims = [claim.text for key in keys.values() for claim in key.claims if "{" not in claim.text]
    own = [*secrets(site, keys), *forms, *(text for text in claims if not text.startswith("Nothing material"))]
    for place in (
        site.exchange,
        site.homes,
        site.courses / COHORT / "release",
        site.courses / COHORT / "source",
        current_release(site, LAB, company="demo") / "data",  # what a jail is given of a release
        site.logs,
    ):
        assert found_in(place, own) == []


def test_a_form_as_shown_holds_no_truth(opened):
    site, record, keys = opened
    for learner, form in record.forms.items():
        text = json.dumps(form.model_dump(mode="json"))
        assert not [word for word in secrets(site, keys) if word in text]
        for claim in keys[learner].claims:
            if claim.flawed and claim.truth is not None:
                shown = form.rows()[claim.claim_id].model_dump_json()
                assert (
                    f"{abs(claim.truth):,.1f}" not in shown or f"{abs(claim.truth):,.1f}" in f"{abs(claim.stated):,.1f}"
                )
            assert set(form.rows()[claim.claim_id].model_dump()) == {
                "claim_id", "text", "judged_as", "unit", "looks_in"}  # fmt: skip


def test_no_form_holds_anything_of_anothers(opened):
    _, record, _ = opened
    ids = [set(form.rows()) | {form.form_id} for form in record.forms.values()]
    assert all(not one & other for n, one in enumerate(ids) for other in ids[n + 1 :])


def test_keys_and_forms_are_for_their_owner_only(opened):
    site, _, _ = opened
    for place in (site.keys, site.var / "forms"):
        for path in place.rglob("*"):
            if path.is_file():
                assert path.stat().st_mode & 0o077 == 0, path
    assert site.keys.stat().st_mode & 0o077 == 0


def test_the_search_itself_finds_what_is_packed(tmp_path, found_in):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("x")
        member.size = 8
        archive.addfile(member, io.BytesIO(b"canary-1"))
    (tmp_path / "a.tgz").write_bytes(packed.getvalue())
    (tmp_path / "b.json").write_text(json.dumps({"m": base64.b64encode(gzip.compress(b"a canary-1 in here")).decode()}))
    (tmp_path / "canary-1").touch()
    hits = found_in(tmp_path, ["canary-1"])
    assert all(any(name in hit for hit in hits) for name in ("a.tgz: ", "b.json: ", "name of "))
