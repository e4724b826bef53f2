"""nbgrader's formgrader and our pages for instructors, and nothing else, on one closed web application."""
