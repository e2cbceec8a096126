"""Findings of the head compared with those of the base."""

from gate.core.baseline.compare import Comparison, compare

__all__ = ["Comparison", "compare"]
