"""Releases: immutable copies of builds, and which of them a new cohort gets. Running cohorts keep what they have."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from mondaylab.errors import NotFound, Refused
from mondaylab.files import file_hash, staged_folder, write_file
from mondaylab.labs.building.builds import BuildReport, built, whose
from mondaylab.labs.drawing.issuing import issued_release
from mondaylab.labs.quarterly.checks import passed_check
from mondaylab.records import Record, content_hash
from mondaylab.settings import Site, plain_name

RECORD = "release.json"


class Release(Record):
    """``release.json`` of a release."""

    release: str
    """``<quarter>-<12 hex of its files>``: its folder's name."""
    lab: str
    quarter: str
    company: str
    snapshot: str
    made_from: str
    """The inputs' hash of the build."""
    released: str
    """UTC, ISO."""
    unchecked: str | None = None
    """Loud words and the reason, if it went out without a passed check; none: checked and passed."""
    files: dict[str, str]
    """Path -> SHA-256 of everything else in the folder."""

    @classmethod
    def of(cls, folder: Path) -> Release:
        """The record of a release folder; raises as `Record.read_json`."""
        return cls.read_json(folder / RECORD)


class Current(Record):
    """``current-<company>.json`` of a lab."""

    release: str
    """What a new cohort of the company gets."""
    before: tuple[str, ...] = ()
    """What it was before, the latest last: where a rollback goes."""


class Step(Record):
    """What a release or a rollback did, or would do."""

    lab: str
    company: str
    was: str | None
    """The release that new cohorts got until then."""
    now: str
    """The one that they get from then on."""
    unchecked: str | None
    changed: bool
    """False: it was current already."""
    dry_run: bool


def releases_folder(site: Site, lab: str) -> Path:
    """``releases/<role>/<lab>``."""
    role, _, name = lab.partition("/")
    return site.releases / plain_name(role) / plain_name(name)


def current(site: Site, lab: str, *, company: str) -> Current | None:
    """Which release a new cohort of a company gets, if any was made; raises as `Record.read_json`."""
    path = _pointer(site, lab, company)
    return Current.read_json(path) if path.is_file() else None


def current_release(site: Site, lab: str, *, company: str) -> Path:
    """The folder of the release that a new cohort of a company gets; raises as `release_folder`."""
    return release_folder(site, lab, _pointed(site, lab, company).release)


def release_command(lab: str, quarter: str, company: str) -> str:
    """The command that releases a build, for those who have to."""
    return f"mondaylab labs release {lab} --quarter {quarter}{whose(company)}"


def all_releases(site: Site, lab: str) -> list[Release]:
    """The lab's releases, the oldest first."""
    records = [Release.read_json(path) for path in releases_folder(site, lab).glob(f"*/{RECORD}")]
    return sorted(records, key=lambda record: (record.released, record.release))


def release_folder(site: Site, lab: str, release: str) -> Path:
    """The folder of a release; its files are held against its record first.

    Raises:
        NotFound: There is no such release.
        Refused: A file of it was altered, added or removed.
    """
    folder = releases_folder(site, lab) / plain_name(release)
    record = Release.read_json(folder / RECORD)
    found = _hashes(folder)
    wrong = sorted(path for path in {*record.files, *found} if record.files.get(path) != found.get(path))
    if wrong:
        again = release_command(record.lab, record.quarter, record.company)
        raise Refused(
            f"release {release} is not as it went out: {', '.join(wrong)}",
            where=folder,
            fix=f"restore it from a backup; or remove it, and make it again of the same build: {again}",
        )
    return folder


def make_release(
    site: Site, lab: str, quarter: str, *, company: str, unchecked: bool = False, dry_run: bool = False
) -> Step:
    """Copies a build to where nothing changes it, and makes it what a new cohort of the company gets.

    Args:
        site: The installation.
        lab: ``<role>/<lab>``.
        quarter: Which build.
        company: On whose data it was built.
        unchecked: Whether it may go out without a passed check; its record then says so for good.
        dry_run: Only say what would be done.

    Raises:
        NotFound: The lab is not built for that quarter on the company's data.
        Refused: Exactly this build has not passed `mondaylab labs check`.
    """
    folder = built(site, lab, quarter, company=company)
    report = BuildReport.of(folder)
    reason = _unchecked(folder, report, allowed=unchecked)
    files = _hashes(folder)
    release = f"{report.quarter}-{content_hash(files)[:12]}"
    pointed = current(site, lab, company=company)
    was = None if pointed is None else pointed.release
    step = Step(
        lab=lab, company=company, was=was, now=release, unchecked=reason, changed=was != release, dry_run=dry_run
    )
    if dry_run:
        return step
    record = Release(
        release=release,
        lab=lab,
        quarter=report.quarter,
        company=report.company,
        snapshot=report.snapshot,
        made_from=report.made_from,
        released=datetime.now(UTC).isoformat(timespec="seconds"),
        unchecked=reason,
        files=files,
    )
    place = releases_folder(site, lab) / release
    if not (place / RECORD).is_file():
        _copy(folder, place, record)
    release_folder(site, lab, release)
    if step.changed:
        before = () if pointed is None else (*pointed.before, pointed.release)
        _point(site, lab, company, Current(release=release, before=before))
    return step


def roll_back(site: Site, lab: str, *, company: str, dry_run: bool = False) -> Step:
    """Makes the release before the current one what a company's new cohorts get; the current one stays on disk.

    Raises:
        NotFound: Nothing was released.
        Refused: There is no release before, or it was altered.
    """
    pointed = _pointed(site, lab, company)
    if not pointed.before:
        raise Refused(f"{pointed.release} is the first release of {lab}: there is none before it", where=lab)
    target = pointed.before[-1]
    record = Release.read_json(release_folder(site, lab, target) / RECORD)
    if not dry_run:
        _point(site, lab, company, Current(release=target, before=pointed.before[:-1]))
    return Step(
        lab=lab,
        company=company,
        was=pointed.release,
        now=target,
        unchecked=record.unchecked,
        changed=True,
        dry_run=dry_run,
    )


def _unchecked(folder: Path, report: BuildReport, *, allowed: bool) -> str | None:
    try:
        passed_check(folder, report.made_from)
    except Refused as error:
        if not allowed:
            raise
        return f"RELEASED WITHOUT A PASSED CHECK: {error.what}"
    return None


def _copy(source: Path, place: Path, record: Release) -> None:
    with staged_folder(place) as stage:
        shutil.copytree(source, stage, dirs_exist_ok=True, symlinks=True)
        if _hashes(stage) != record.files:
            raise Refused(
                "the build changed while it was copied",
                where=source,
                fix=release_command(record.lab, record.quarter, record.company),
            )
        write_file(stage / RECORD, record.canonical())
        for path in stage.rglob("*"):
            if path.is_file():
                path.chmod(0o444)


def _pointer(site: Site, lab: str, company: str) -> Path:
    return releases_folder(site, lab) / f"current-{plain_name(company)}.json"


def _pointed(site: Site, lab: str, company: str) -> Current:
    pointed = current(site, lab, company=company)
    if pointed is None:
        raise NotFound(f"{lab} has no release for {company}", fix=release_command(lab, "QUARTER", company))
    return pointed


def _point(site: Site, lab: str, company: str, pointed: Current) -> None:
    write_file(_pointer(site, lab, company), pointed.canonical())


def _hashes(folder: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file below, but the release's own record."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / RECORD)
    return {str(path.relative_to(folder)): file_hash(path) for path in files}


def released_folder(site: Site, cohort: str, lab: str) -> Path:
    """The release that a cohort has of a lab, held against its hashes.

    Raises:
        NotFound: The lab was not opened to the cohort, or its release is gone.
        Refused: The release was altered.
    """
    release = issued_release(site, cohort, lab)
    if release is None:
        raise NotFound(f"{lab} is not open to {cohort}", fix=f"mondaylab cohort open {cohort} {lab}")
    return release_folder(site, lab, release)
