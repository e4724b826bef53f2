"""mondaylab: a lab for one skill, judging AI outputs, on a company's own sanitized data.

The packages follow the flow: ``datasets`` (raw exports to snapshots) -> ``labs`` (snapshots to forms and keys) ->
``judging`` (what learners see and say) -> ``grader`` (judgements to scores and feedback), with ``hub`` around them
and ``cli`` on top. Imports point down that list only.
"""

__version__ = "0.1.0"
