"""Inline suppressions and waivers: found, listed, judged."""

from gate.core.suppression.judge import SUPPRESSION_ADDED, Judgement, judge_suppressions
from gate.core.suppression.markers import Marker, find_markers
from gate.core.suppression.model import Suppression, Waiver
from gate.core.suppression.waivers import WaiverOutcome, apply_waivers

__all__ = [
    "SUPPRESSION_ADDED",
    "Judgement",
    "Marker",
    "Suppression",
    "Waiver",
    "WaiverOutcome",
    "apply_waivers",
    "find_markers",
    "judge_suppressions",
]
