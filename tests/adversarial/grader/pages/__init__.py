"""Notebooks that try to act on whoever reads them."""
