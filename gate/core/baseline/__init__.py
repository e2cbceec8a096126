"""Findings of the head compared with those of the base, and of a tree with those of a baseline file."""

from gate.core.baseline.compare import Comparison, compare
from gate.core.baseline.known import Baseline, Known, Recognised, is_within, recognise

__all__ = ["Baseline", "Comparison", "Known", "Recognised", "compare", "is_within", "recognise"]
