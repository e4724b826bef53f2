"""Which modules the kernels of a batch may share."""

from __future__ import annotations

import pytest

from mondaylab.labs.building.warm_processes import imports_of, shared_imports

SOURCE = """# %% [markdown]
# import nothing
# %%
import sqlite3, json as j
from mondaylab.lab import open_lab
def later():
    from statistics import mean
"""


def test_imports_are_read_wherever_they_stand():
    assert imports_of(SOURCE) == {"sqlite3", "json", "mondaylab.lab", "statistics"}


@pytest.mark.parametrize("source", ["", "1 / 0", "from . import sibling", "import (", "\0"])
def test_a_source_with_none_or_that_is_no_python_imports_nothing(source):
    assert imports_of(source) == frozenset()


def test_only_what_every_lab_imports_is_shared():
    assert shared_imports(["import json, csv", "import csv\nimport re", "import csv"]) == ("csv",)
    assert shared_imports(["import json", "nothing at all ("]) == ()
    assert shared_imports([]) == ()
