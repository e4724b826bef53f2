"""The feedback page of one learner: verdicts, reasons, figures and what to practise."""
