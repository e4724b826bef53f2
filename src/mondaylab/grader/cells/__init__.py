"""The graded cells: one file each, with what it is scored from and how."""
