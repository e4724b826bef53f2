"""Texts that a model wrote, kept as they came: `answers`."""
