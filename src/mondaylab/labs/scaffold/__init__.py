"""Scaffolds: a new lab that builds from its first minute, for a practitioner to make their own."""
