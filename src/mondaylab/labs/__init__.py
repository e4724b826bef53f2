"""Snapshots to forms: measures, facts, claims, flaws, drafts, the keys, and the quarterly build."""
