"""Judgements to scores and feedback: the scorer, the sandbox for learner code, nbgrader's plug-ins."""
