"""What learners see and say: the lab as opened in a notebook, the panel, the judgement service and its store."""
