"""The contracts of a form: what a learner is shown, its key, its items, what flaws there are, what cells are worth."""
