"""What several suites share and no fixture is: plain modules, imported by name."""
