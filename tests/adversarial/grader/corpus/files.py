"""What lies beside the notebook, or in its place: links, pipes, giants, other people's files."""

from __future__ import annotations

import os
from pathlib import Path

from .attack import HandIn, attack

UNREAD = {"prompt": "unreadable", "evidence": "unreadable", "validator": "unreadable"}


@attack(put_right=("a link or cannot be opened",), shows=True, **UNREAD)
def links_its_notebook_to_a_key(it: HandIn) -> None:
    """Hands in a link to a key, and waits for it to come back with the feedback."""
    it.gone().symlink_to(it.key)


@attack(put_right=("a link or cannot be opened",), **UNREAD)
def links_its_notebook_to_a_neighbour(it: HandIn) -> None:
    """Hands in a link to the honest learner's notebook, by a path with ``..``."""
    it.gone().symlink_to(f"../../{it.victim}/{it.box.name}/{it.box.name}.ipynb")


@attack(put_right=("a link or cannot be opened",), **UNREAD)
def links_its_notebook_to_itself(it: HandIn) -> None:
    """Hands in a link that leads to itself."""
    path = it.gone()
    path.symlink_to(path.name)


@attack()
def links_beside_the_notebook(it: HandIn) -> None:
    """Links to keys, the gradebook and all of the disk beside the notebook: nbgrader copies what they lead to."""
    folder = it.write().parent
    (folder / "key.json").symlink_to(it.key)
    (folder / "keys").symlink_to(it.box.site.keys)
    (folder / "up").symlink_to("../../..")
    (folder / "loop").symlink_to(".")
    (folder / "book").symlink_to(it.box.course.folder / "gradebook.db")
    (folder / "timestamp.txt").symlink_to(it.key)
    (folder / "deep").mkdir()
    (folder / "deep" / "disk").symlink_to("/")


@attack(put_right=("the notebook is not a plain file",), **UNREAD)
def is_a_folder(it: HandIn) -> None:
    """Hands in a folder by the notebook's name."""
    it.gone().mkdir()


@attack(put_right=("the notebook is not a plain file",), **UNREAD)
def is_a_pipe(it: HandIn) -> None:
    """Hands in a pipe, at which a reader waits for ever."""
    os.mkfifo(it.gone())


@attack()
def puts_pipes_beside_it(it: HandIn) -> None:
    """Puts pipes and a socket beside the notebook."""
    folder = it.write().parent
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "other.ipynb")


@attack(failed="holds no weekly_margin_memo.ipynb")
def hands_in_no_notebook(it: HandIn) -> None:
    """Hands in a notebook by another name."""
    it.gone().with_name("my_memo.ipynb").write_text("{}")


@attack()
def brings_giants(it: HandIn) -> None:
    """Puts files beside the notebook that claim to be terabytes."""
    folder = it.write().parent
    for name in ("data.bin", "more.ipynb"):
        with (folder / name).open("wb") as file:
            file.truncate(2 * 10**12)


@attack()
def brings_very_many_files(it: HandIn) -> None:
    """Puts thousands of files beside the notebook, some of them very deep."""
    folder = it.write().parent
    for number in range(3_000):
        (folder / f"{number}.txt").touch()
    deep = folder
    for _ in range(100):
        deep = deep / "deeper"
    deep.mkdir(parents=True)
    (deep / "x").touch()


@attack()
def brings_names_that_are_no_text(it: HandIn) -> None:
    """Gives files names that are no UTF-8, hold line ends, options and terminal codes."""
    folder = os.fsencode(it.write().parent)
    for name in (
        b"\xff\xfe.txt",
        b"a\nb",
        b"-rf",
        b"--help",
        b"\x1b[31mred",
        b"=1+1.csv",
        b" ",
        b"~",
        b"$(id)",
        b"a+b",
    ):
        Path(os.fsdecode(folder + b"/" + name)).write_text("x")


@attack()
def brings_modules(it: HandIn) -> None:
    """Puts modules beside the notebook that would be imported in the place of ours."""
    folder = it.write().parent
    ran = f"open({str(it.box.site.var / 'ran')!r}, 'w').write('x')\nraise SystemExit\n"
    for name in ("pandas", "json", "sitecustomize", "usercustomize", "mondaylab", "nbgrader_config", "conftest"):
        (folder / f"{name}.py").write_text(ran)
    (folder / "jupyter_server_config.json").write_text("{}")


@attack()
def brings_a_gradebook(it: HandIn) -> None:
    """Puts a gradebook, a key and graded folders beside the notebook."""
    folder = it.write().parent
    (folder / "gradebook.db").write_bytes((it.box.course.folder / "gradebook.db").read_bytes())
    for name in ("autograded", "feedback", "keys", "submitted", ".ipynb_checkpoints"):
        (folder / name / it.box.name).mkdir(parents=True)
        (folder / name / it.box.name / f"{it.box.name}.ipynb").write_text("{}")
    (folder / f"{it.box.name}.html").write_text("<script>alert('planted')</script>")


@attack()
def brings_folders_where_pages_go(it: HandIn) -> None:
    """Puts folders, with a file in each, where the feedback page and the list of what was left out are written."""
    folder = it.write().parent
    for name in (f"{it.box.name}.html", "LEFT_OUT.txt"):
        (folder / name).mkdir()
        (folder / name / "planted.html").write_text("<script>alert('planted')</script>")
    (folder / "link").symlink_to("/etc/passwd")  # so that there is something to leave out


@attack()
def brings_a_forged_journal(it: HandIn) -> None:
    """Writes a recovery journal by hand, in which every row was judged rightly and in time."""
    folder = it.write().parent
    rows = [
        {"claim_id": claim.claim_id, "stage": stage, "p": 100 * claim.flawed, "receipt": "0" * 20, "seq": 1}
        for claim in it.truth.claims
        for stage in ("first", "check")
    ]
    it.notebook.metadata["mondaylab"] = {"journal": rows, "answers": rows}
    it.write()
    for name in ("journal.jsonl", "judgements.json", "judgements.sqlite", f"{it.form.form_id}.json"):
        (folder / name).write_text("\n".join(map(str, rows)))


@attack(failed="holds no time")
def forges_its_time(it: HandIn) -> None:
    """Writes another time of hand-in, which is none."""
    (it.write().parent / "timestamp.txt").write_text("before the deadline")


@attack(put_right=("there is no notebook in the submission",), **UNREAD)
def is_a_link_to_a_neighbour(it: HandIn) -> None:
    """Makes its whole submission a link to the honest learner's."""
    it.replaced_by(it.box.place(it.victim))
