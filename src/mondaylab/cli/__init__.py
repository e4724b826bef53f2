"""The command line: thin commands over the packages below, all with one contract.

Every command takes ``--json`` and then prints one JSON object on stdout; progress and logs go to stderr. Exit codes:
0 done, 1 refused or failed, 2 wrong usage.
"""

from mondaylab.cli.main import main

__all__ = ["main"]
