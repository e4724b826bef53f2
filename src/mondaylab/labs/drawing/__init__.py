"""One learner's version of a lab: drawn, shown, keyed and issued."""
