"""Kinds of claims: each a template that states something sound or wrong, and a predicate that judges statements.

`registry` says which kinds there are. Nothing is imported here, so that a package which adds a kind can import
`template` while the registry loads it.
"""
