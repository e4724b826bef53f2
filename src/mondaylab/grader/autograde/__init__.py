"""Grading as a batch and as nbgrader's converters: from submitted/ to autograded/, the gradebook and feedback."""
