"""What labs call their data, and what of a company stands behind it: bindings, derived columns, the handbook."""
