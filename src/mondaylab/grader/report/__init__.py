"""What a cohort's answers say: figures by item and kind, a page for people, items for the next build, tables to export.

Nothing here names a learner but `export`, and no group below `groups.MIN_GROUP` shows, not by subtraction either.
"""
