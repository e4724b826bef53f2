"""The fictitious distributor that every installation starts with: raw exports as a real company's would be."""

from mondaylab.datasets.demo_company.export import generate

__all__ = ["generate"]
