"""A cohort's nbgrader course: its folders, assignments and gradebook."""
